"""The table of parameters: four columns that mean the same at every step, and what a scenario or a mistake adds."""

import re
from pathlib import Path

import pytest
from textual.strip import Strip

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario, load
from backprop_tui.tui.panes.tables.parameters import ParametersPane
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View
from tests.tui.harness import asynchronous, network, opened
from tests.tui.panes.drawn import STYLES

FROZEN = load(Path(__file__).parents[3] / "data" / "valid" / "all-frozen.toml")
FOUR = ["value", "gradient", "change", "after"]
WIDTHS = (58, 64, 78, 118)
"""What the pane has inside at 60, 120, 80 and 200 columns."""


class Table:
    """The pane's rows at every step, without the application."""

    def __init__(self, scenario: Scenario, mistake: str | None = None) -> None:
        self.debugger = Debugger(scenario)
        if mistake is not None:
            self.debugger.make_mistake(mistake)
        self.notation = Notation(self.debugger.program.symbols)
        self.pane = ParametersPane("parameters")

    def strips(self, width: int) -> list[Strip]:
        """The table now, the heading first."""
        lines = self.pane.build(View(self.debugger.moment(), self.notation, STYLES), width, 20)
        return [lines.line(row) for row in range(lines.count)]

    def rows(self, width: int) -> list[str]:
        return [strip.text for strip in self.strips(width)]


def ends(text: str) -> list[int]:
    """Where each word ends: numbers stand under the end of their heading."""
    return [i + 1 for i, c in enumerate(text) if c != " " and text[i + 1 : i + 2] in ("", " ")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["article", "adam"])
def test_a_column_means_the_same_at_every_step(name: str, width: int) -> None:
    table = Table(load(name))
    program = table.debugger.program
    first = table.rows(width)[0]
    assert first.split()[:4] == FOUR
    for step in range(table.debugger.timeline.length + 3):
        table.debugger.seek(step)
        moment = table.debugger.moment()
        header, *rows = table.rows(width)
        assert header == first
        for row in rows:
            label, *cells = row.replace("▸", " ").split()
            variable = program.symbols.resolve(label.partition("[")[0])
            if variable in program.parameters:
                done = program.by_name[variable].index <= moment.index
                known = moment.value(f"dL_d{variable}") is not None
                assert [cell != "·" for cell in cells[:4]] == [True, known, done, done], (step, row)
                assert ends(row)[-len(cells) :][:4] == ends(first)[:4], (step, row)
                if done:
                    value, _, change, after = (float(cell.replace("−", "-")) for cell in cells[:4])
                    assert after - value == pytest.approx(change, abs=2e-2)


def test_the_rows_that_the_operation_wrote_are_bold() -> None:
    table = Table(load("article"))
    for at, written in (("b1", "b₁"), ("dL_dW1", "W₁"), ("z1", "no")):
        table.debugger.seek(at)
        for strip in table.strips(118)[1:]:
            label, *cells = [
                (segment.text.strip(), bool(segment.style and segment.style.bold))
                for segment in strip
                if segment.text.strip() not in ("", "▸")
            ]
            numbers = [bold for text, bold in cells[:4] if text != "·"]
            assert [label[1], *numbers] == [written in label[0]] * (1 + len(numbers)), (at, label)


@pytest.mark.parametrize(
    ("scenario", "mistake", "more"),
    [
        (network(2, 2, 1), None, []),
        (network(2, 2, 1), "gradient-ascent", ["mistaken"]),
        (load("article"), None, ["printed"]),
        (load("article"), "gradient-ascent", ["printed", "mistaken"]),
    ],
    ids=["plain", "mistake", "source", "both"],
)
def test_there_is_no_column_for_what_no_row_has(scenario: Scenario, mistake: str | None, more: list[str]) -> None:
    table = Table(scenario, mistake)
    assert table.rows(118)[0].split() == FOUR + more
    assert table.rows(56)[0].split() == FOUR + more[-1:]  # where there is room for one, the mistake


@asynchronous
async def test_nothing_that_is_trained_leaves_the_values_alone() -> None:
    async with opened(FROZEN) as s:
        for position in ("0", "3", "5", "2:"):
            await s.press("g", *position, "enter")
            header, *rows = s.pane("parameters").splitlines()
            assert header.split() == FOUR
            assert rows[0].split()[1:] == ["0.2000", "·", "·", "·"]
            assert "new parameters" not in s.text
        await s.press("tab", "tab", "tab", *"jjGl")
        assert s.debugger.selection is not None


@asynchronous
async def test_the_first_row_that_an_operation_writes_is_in_sight_and_what_is_above_is_said() -> None:
    async with opened("mazur", (120, 36)) as s:
        for position, first in (("W2", "W₂[0,0]"), ("2:W1", "W₁[0,0]"), ("2:W2", "W₂[0,0]")):
            await s.press("g", *position, "enter")
            rows = s.pane("parameters").splitlines()
            assert next(row.split()[1] for row in rows if row.startswith("▸")) == first
            above = s.panes["parameters"].top
            assert ("above" in s.frame_below("parameters")) == bool(above)
            assert not above or f"{above} rows above" in s.frame_below("parameters")


def test_numbers_keep_their_digits_beside_a_longer_one_of_the_source() -> None:
    table = Table(load("mazur"))
    table.debugger.seek("W2")
    _, *rows = table.rows(52)
    written = [row for row in rows if row.startswith("▸")]
    assert [row.split()[3] for row in written] == ["0.0822", "0.0827", "−0.0226", "−0.0227"]
    assert len({row.index(".", 20) for row in written}) == 1  # the points are below each other
    assert all("… ✓" in row for row in written)


@asynchronous
async def test_a_line_says_how_many_rows_are_below() -> None:
    async with opened(network(3, 20, 1), size=(120, 36)) as s:
        pane = s.panes["parameters"]
        below = 3 * 20 + 20 + 20 + 1 - (pane.size.height - 1)
        for scrolled, said in ((0, f" {below} rows below "), (below - 1, " 1 row below "), (1, "──────")):
            pane.scroll_lines(scrolled)
            await s.settle()
            border = s.part(pane.region)[-1].text
            assert said in border
            assert ("below" in border) == ("below" in said)


def test_at_120x36_there_is_room_for_what_the_source_printed() -> None:
    table = Table(load("article"))
    table.debugger.seek("W1")
    head, *rows = table.rows(52)
    assert head.split() == ["value", "grad", "change", "after", "printed"]
    row = next(row for row in rows if "W₁[1,2]" in row)
    assert row.split()[1:] == ["W₁[1,2]", "−0.5000", "−1.1528", "0.1153", "−0.3847", "−0.385", "✓"]


@pytest.mark.parametrize("mistake", [None, "gradient-ascent"])
@pytest.mark.parametrize("name", ["mazur", "article"])
def test_no_column_runs_into_the_one_before(name: str, mistake: str | None) -> None:
    for width in (46, 50, 52, 56, 60):
        table = Table(load(name), mistake)
        for at in ("L", "W1"):
            table.debugger.seek(at)
            head, *rows = table.rows(width)
            columns = head.split()
            assert set(columns) <= {*FOUR, "grad", "printed", "mistaken", "mistake", "wrong"}, (width, head)
            for row in rows:
                assert not re.search(r"·[^ ]|[^ ▸]·|✓[^ ]", row), (width, row)


def test_what_stays_infinite_changes_by_nothing_that_is_known_and_warns_of_nothing() -> None:
    layers = [
        {"weights": [[1.0]], "bias": [0.0], "activation": "relu"},
        {"weights": [[3.0]], "bias": [0.0], "activation": "identity", "freeze": ["weights", "bias"]},
    ]
    scenario = load(
        {
            "format": 1,
            "network": {"inputs": 1, "layers": layers},
            "loss": {"name": "half-squared-error"},
            "optimizer": {"name": "sgd", "learning_rate": 1e308},
            "training": {"iterations": 2},
            "data": {"x": [1.0], "y": [0.0]},
        }
    )
    table = Table(scenario)
    table.debugger.seek("2:")
    row = next(row for row in table.rows(52) if "W₁[0]" in row)
    assert row.split() == ["W₁[0]", "−inf", "0.0000", "nan", "−inf"]
