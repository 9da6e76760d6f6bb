"""Presenting: what each key reveals, that no other key does anything, and what is never shown."""

from itertools import pairwise

import pytest

from backprop_tui.scenario import load
from backprop_tui.scenario.library import names
from backprop_tui.tui.dialogs.views.blank_view import BlankScreen
from backprop_tui.tui.dialogs.views.present_view import PresentScreen
from backprop_tui.tui.drawing.large_digits import large
from backprop_tui.tui.main.actions.key_table import KEYS
from backprop_tui.tui.panes.equation.large_lines import SENTENCE, large_lines
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import THEMES, styles
from backprop_tui.tui.shared.view import View
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, opened

MOVES = {
    "n",
    "space",
    "right",
    "pagedown",
    "f10",
    "N",
    "backspace",
    "left",
    "pageup",
    "f",
    "F",
    "i",
    "I",
    "home",
    "end",
}
OTHERS = {"L", "colon", "full_stop", "b", "t", "T", "d", "D", "tab", "shift+tab", "ctrl+q", "ctrl+p"}


def presented(s: Session) -> PresentScreen:
    return next(screen for screen in s.app.screen_stack if isinstance(screen, PresentScreen))


@asynchronous
async def test_a_key_reveals_a_part_after_the_other() -> None:
    async with opened(at="1:dL_dy_hat", size=(80, 24), present=True) as s:
        await s.press("pagedown", "pagedown", "pagedown", "pagedown")
        assert s.debugger.position == "1:dy_hat_dz2"
        assert "∂ŷ/∂z₂ = ŷ(1 − ŷ)" in s.text
        assert "0.2315" not in s.text
        await s.press("pagedown")
        assert "0.2315" in s.text
        assert large("0.1779")[0] not in s.text
        await s.press("space")
        assert large("0.1779")[0] in s.text
        await s.press("n")
        assert presented(s).revealed == SENTENCE
        assert s.debugger.position == "1:dy_hat_dz2"
        await s.press("n")
        assert s.debugger.position == "1:delta2"
        assert "−4.3201" not in s.text
        await s.press("pageup")
        assert s.debugger.position == "1:dy_hat_dz2"
        assert presented(s).revealed == SENTENCE
        await s.press("pageup", "N")  # a slip of the clicker takes back what it would reveal, and no more
        assert s.debugger.position == "1:dy_hat_dz2"
        assert large("0.1779")[0] not in s.text
        assert "0.2315" in s.text
        await s.press("N", "N")
        assert s.debugger.position == "1:dL_dy_hat"


@asynchronous
async def test_a_long_note_is_seen_to_go_on_and_an_edit_is_told() -> None:
    async with opened(at="1:z1", size=(80, 24), present=True) as s:
        await s.press("n", "n", "n")
        assert "the first sum without its bias…" in s.text
        await s.press("colon", *"set z1[0] = 3", "enter")
        assert "✎ z₁[0] was set to 3" in s.text


@asynchronous
async def test_nothing_moves_when_more_is_revealed() -> None:
    async with opened(at="1:L", size=(80, 24), present=True) as s:
        await s.press("n", "n", "n", "n")
        rows = [s.rows]
        for _ in range(3):
            await s.press("n")
            rows.append(s.rows)
        assert presented(s).revealed == SENTENCE
        for before, after in pairwise(rows):
            kept = [(a, b) for a, b in zip(before[1:-1], after[1:-1], strict=True) if a.strip()]
            assert all(a == b for a, b in kept)


@asynchronous
async def test_no_other_key_does_anything() -> None:
    async with opened(at="1:delta2", present=True) as s:
        s.debugger.breakpoints.add("delta1")
        for key in [*sorted({key for row in KEYS for key in row.keys} - MOVES - OTHERS), "5", "0"]:
            await s.press(key)
            assert isinstance(s.app.screen, PresentScreen), key
        assert s.debugger.position == "1:delta2"
        assert len(s.debugger.branches) == 1
        assert s.debugger.breakpoints.names() == {"delta1"}
        assert s.debugger.selection is None
        await s.press("L")
        assert not s.in_dialog


@asynchronous
async def test_the_screen_is_blank_until_the_next_key() -> None:
    async with opened(at="1:delta2", present=True) as s:
        for key in ("full_stop", "b"):
            await s.press(key)
            assert isinstance(s.app.screen, BlankScreen)
            assert not s.text.strip()
            await s.press("pagedown")
            assert isinstance(s.app.screen, PresentScreen)
            assert s.debugger.position == "1:delta2"
        await s.press("L", "full_stop")
        assert not s.text.strip()
        await s.press("e")
        assert not s.in_dialog


@asynchronous
async def test_the_clock_stops() -> None:
    async with opened(present=True) as s:
        clock = s.screen.presenting.clock
        assert clock.running
        await s.press("t")
        assert not clock.running
        assert "0:00 stopped" in s.status
        await s.press("L", "L")
        assert not clock.running  # it is the same
        await s.press("t")
        assert clock.running


@asynchronous
async def test_tab_shows_a_pane_alone_and_all_is_as_it_was_afterwards() -> None:
    async with opened(at="1:delta2", size=(120, 36)) as s:
        await s.press("tab", "L", "tab")
        assert s.seen() == ("network",)
        await s.press("n")
        assert s.debugger.position == "1:dL_dW2"
        await s.press("L")
        assert len(s.seen()) == 4
        assert not s.screen.enlarged


@asynchronous
async def test_a_lecture_goes_on_in_it() -> None:
    async with opened(size=(80, 24), present=True, begins="source article") as s:
        await s.wait_for(lambda: s.screen.line.lecture is not None and s.screen.line.script is None)
        assert "Three inputs, two hidden units, one output" in s.text
        await s.press("pagedown")
        await s.wait_for(lambda: s.screen.line.script is None)
        assert s.debugger.position == "1:z1"
        assert presented(s).revealed == 1
        await s.press("n", "n", "n", "n")
        await s.wait_for(lambda: s.screen.line.script is None)
        assert s.debugger.position == "1:h1"


@asynchronous
async def test_what_the_line_changes_is_shown() -> None:
    async with opened(at="1:L", present=True) as s:
        await s.press("colon", *"goto 1:delta1", "enter")
        assert "δ₁ = ∂L/∂h ⊙ f′(z₁)" in s.text
        await s.press("ctrl+c")
        assert any(note.message.startswith("L closes this, then q quits") for note in s.app._notifications)


@pytest.mark.parametrize("name", ["article", *some([name for name in names() if name != "article"], 2)])
@pytest.mark.parametrize("size", [(56, 13), (116, 34)])
def test_everything_fits(name: str, size: tuple[int, int]) -> None:
    from backprop_tui.debugger.debugger import Debugger

    debugger = Debugger(load(name))
    paint = styles(THEMES[0])
    for step in range(debugger.timeline.length + 1):
        debugger.seek(step)
        view = View(debugger.moment(), Notation(debugger.program.symbols), paint)
        lines = large_lines(view, *size, SENTENCE)
        assert len(lines) <= size[1]
        assert max((sum(len(text) for text, _ in line) for line in lines), default=0) <= size[0]
        assert any(line for line in lines)


@asynchronous
async def test_what_stands_beside_is_shown_with_the_sentence() -> None:
    async with opened(at="1:dL_dh1", size=(80, 24), mistake="updates-first", present=True) as s:
        assert "0.6858" not in s.text
        await s.press("N", "n", "n", "n", "n")
        assert "≠ updates-first: ∂L/∂h = W₂ᵀδ₂ = [−0.3843 0.6858], with the new W₂" in s.text
        assert "goes on" not in s.text


@asynchronous
async def test_a_result_that_is_asked_for_is_not_shown() -> None:
    async with opened(at="1:z2", first="predict on") as s:
        await s.press("n", "escape")
        await s.press("N", "L", "N", "n")
        assert s.debugger.quiz is not None
