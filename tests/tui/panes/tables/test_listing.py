"""The program pane: formulas have the first claim on a line, and what comes next is always in sight."""

import re

import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.tui.panes.pane import Lines
from backprop_tui.tui.panes.tables.listing import ListingPane
from backprop_tui.tui.shared.folding import Folds
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View
from tests.lessons.models import MODELS
from tests.tui.harness import asynchronous, opened
from tests.tui.panes.drawn import STYLES


class Shown:
    """The pane of a run, as high as it is said to be, without a screen."""

    def __init__(self, lesson: str, width: int, height: int) -> None:
        self.debugger, self.pane = Debugger(load(lesson)), ListingPane("program")
        self.width, self.height, self.top = width, height, 0
        self.folds, self.digits = Folds(), 4

    def rows(self) -> list[str]:
        lines = self.lines()
        self.top = lines.scrolled(self.top, self.height)
        seen = range(max(0, self.top), min(lines.count, self.top + self.height))
        return [lines.line(row).text.rstrip() for row in seen]

    def lines(self) -> Lines:
        notation = Notation(self.debugger.program.symbols).with_digits(self.digits)
        return self.pane.build(
            View(self.debugger.moment(), notation, STYLES, folds=self.folds), self.width, self.height
        )


@pytest.mark.parametrize("lesson", ["article", "adam", "softmax-iris", "clipping"])
@pytest.mark.parametrize("width", [40, 54, 78])
def test_no_value_takes_room_from_a_formula(lesson: str, width: int) -> None:
    shown = Shown(lesson, width, 100)
    shown.debugger.seek(shown.debugger.timeline.length)
    by_number = {row.split()[0].lstrip("▶"): row for row in shown.rows() if row.split()[0].lstrip("▶").isdigit()}
    for operation in shown.debugger.program.operations:
        formula = f"{operation.symbol} = {operation.formula}"
        row = by_number.get(str(operation.index + 1))
        assert row is None or formula in row or row.endswith("…"), row


@pytest.mark.parametrize("height", [2, 3, 4, 8])
def test_there_is_always_something_of_what_comes_next(height: int) -> None:
    shown = Shown("article", 78, height)
    for step in range(1, shown.debugger.timeline.length):
        shown.debugger.seek(step)
        rows = shown.rows()
        place = next(place for place, row in enumerate(rows) if "▶" in row)
        assert place + 1 < len(rows), rows
        following = f"{step + 1} {shown.debugger.program.operations[step].symbol}"
        assert any(row.strip().startswith(following) for row in rows), rows


def test_what_is_selected_comes_into_sight_and_a_step_leads_back() -> None:
    shown = Shown("article", 78, 4)
    shown.debugger.seek(18)
    assert any("▶18" in row for row in shown.rows())
    shown.debugger.selection = Address("z1", (0, 0))
    assert any(" 1 z₁ = W₁x + b₁" in row for row in shown.rows())
    assert any(" 1 z₁ = W₁x + b₁" in row for row in shown.rows())
    shown.debugger.advance()
    for _ in range(2):  # where it is painted once more, as when a verdict comes, nothing has been selected since
        assert any("▶19" in row for row in shown.rows())


@asynchronous
async def test_the_border_says_how_much_of_a_program_is_out_of_sight() -> None:
    async with opened("vanishing-gradient", (200, 60)) as s:
        assert re.search(r"\d+ rows below", s.frame_below("program"))
        await s.press("g", *"1:W1", "enter")
        assert re.search(r"\d+ rows above", s.frame_below("program"))


def test_that_l_has_fallen_is_seen_however_little_it_is() -> None:
    shown = Shown("saturation", 78, 4)
    shown.debugger.seek(shown.debugger.timeline.length)
    shown.digits = 3
    assert shown.rows()[-1].split("parameters")[1].strip() == "0.4822 → 0.4821"


def whole(shown: Shown) -> list[str]:
    """All rows of the listing."""
    lines = shown.lines()
    return [lines.line(row).text.rstrip() for row in range(lines.count)]


@pytest.mark.parametrize("lesson", MODELS)
def test_of_a_model_the_block_of_the_current_operation_is_unfolded(lesson: str) -> None:
    shown = Shown(lesson, 90, 12)
    program = shown.debugger.program
    blocks, operations = program.blocks, program.operations
    firsts = {(blocks.get(o.name), o.variable.phase): o.index for o in reversed(operations)}
    for step in sorted(index + 1 for index in firsts.values()):
        shown.debugger.seek(step)
        here = blocks.get(operations[step - 1].name, "")
        rows = whole(shown)
        numbers = [int(found[1]) for row in rows if (found := re.match(r" ▶? *(\d+) ", row))]
        assert numbers == [o.index + 1 for o in operations if blocks.get(o.name, "") in ("", here)]
        folded = [row for row in rows if "operation" in row.rpartition("  ")[2]]
        assert sum(int(row.rpartition("  ")[2].split()[0]) for row in folded) + len(numbers) == len(operations)
        assert sum("▶" in row for row in rows) == 1
        assert any("▶" in row for row in shown.rows()), "the current operation is in sight"


def test_what_is_selected_goes_from_row_to_row_over_what_is_folded() -> None:
    shown = Shown("makemore", 90, 40)
    shown.debugger.seek("1:h")
    seen = []
    for _ in range(3):
        view = View(shown.debugger.moment(), Notation(shown.debugger.program.symbols), STYLES)
        shown.debugger.selection = shown.pane.move(view, 0, -1)
        seen.append(shown.debugger.selection.name if shown.debugger.selection else "")
    assert seen == ["hpreact", "hprebn", "embcat"]  # the last of each block


def test_a_block_that_was_folded_by_hand_stays_so() -> None:
    shown = Shown("attention", 90, 40)
    shown.debugger.seek("1:k")
    shown.folds = Folds().toggled("look", is_folded=False)
    assert any(re.match(r" ▶ *▸ look", row) for row in whole(shown))
    shown.folds = shown.folds.toggled("look", is_folded=True)
    shown.debugger.seek("1:o")
    assert any("4 a = softmax(s)" in row for row in whole(shown)), "so does one that was unfolded too"
