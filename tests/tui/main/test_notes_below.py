"""A note can be read whole where it stands: beside the equation where there is room, else across the screen."""

import pytest
from msgspec.structs import replace

from backprop_tui.scenario import load
from backprop_tui.scenario.library import names
from backprop_tui.tui.main.notes_below import MARGIN, MOST
from backprop_tui.tui.shared.styled_line import wrap
from tests.tui.harness import Session, asynchronous, opened
from tests.tui.test_sizes import check_frame


async def go(s: Session, position: str) -> None:
    await s.press("g", *position, "enter")
    await s.wait_for(lambda: not s.travelling)


def below(s: Session) -> str:
    """What stands between the panes and the footer."""
    rows = s.screen.noting.rows
    return " ".join(" ".join(s.rows[-1 - rows : -1]).split()) if rows else ""


def words(s: Session) -> list[str]:
    return [" ".join(note.text.split()) for note in s.debugger.moment().notes]


@pytest.mark.parametrize("size", [(80, 24)])
@asynchronous
async def test_without_room_it_stands_below_the_panes(size: tuple[int, int]) -> None:
    async with opened("xor", size) as s:
        await go(s, "1:dy_hat_dz2")
        regions = s.screen.arrangement.regions
        assert not below(s)
        await s.press("n")
        assert words(s) == [below(s)]
        assert "All four" not in s.pane("equation")
        check_frame(s, size)
        higher = s.screen.arrangement.regions
        assert all(higher[name] == regions[name] for name in ("network", "equation"))
        await s.press("n")
        assert not below(s)
        assert s.screen.arrangement.regions == regions
        check_frame(s, size)


@asynchronous
async def test_with_room_it_stands_beside_the_equation() -> None:
    async with opened("xor", (200, 60)) as s:
        await go(s, "1:delta2")
        assert not below(s)
        assert "All four samples count" in s.pane("equation")
        await s.resize(80, 24)
        assert words(s) == [below(s)]
        s.screen.focus_pane("network")
        await s.press("plus")  # the network alone: the note stays
        assert s.seen() == ("network",)
        assert words(s) == [below(s)]
        check_frame(s, (80, 24))
        await s.resize(70, 20)
        assert not below(s)


@pytest.mark.parametrize("lesson", names())
def test_every_note_of_the_library_has_room_below(lesson: str) -> None:
    for note in load(lesson).notes:
        assert len(wrap(note.text, 80 - 2 * MARGIN)) <= MOST


@asynchronous
async def test_a_long_note_stays_in_the_pane_which_scrolls() -> None:
    scenario = load("xor")
    (note,) = (note for note in scenario.notes if note.at == "delta2")
    long = replace(note, text=f"{note.text} {'and so on ' * 60} finally.")
    async with opened(replace(scenario, notes=(long,)), (80, 24)) as s:
        await go(s, "1:delta2")
        assert not below(s)
        await s.press("tab", "tab")
        top = s.pane("equation")
        assert "more below" in s.text
        await s.press("ctrl+d", "ctrl+d")
        assert s.pane("equation").rstrip().endswith("…")  # in the middle of the note
        for _ in range(12):
            await s.press("ctrl+d")
        assert s.pane("equation").rstrip().endswith("finally.")
        assert "more above" in s.text
        assert "more below" not in s.text
        for _ in range(12):
            await s.press("ctrl+u")
        assert s.pane("equation") == top


@pytest.mark.parametrize(("lesson", "size"), [("digits", (120, 36)), ("batch-norm", (120, 36)), ("xor", (100, 30))])
@asynchronous
async def test_numbers_make_room_for_the_result(lesson: str, size: tuple[int, int]) -> None:
    """Of an iteration of matrices all is seen: formula, numbers put in, and the result."""
    async with opened(lesson, size) as s:
        for operation in s.debugger.program.operations:
            await s.press("n")
            if operation.stage != "update":
                said = s.pane("equation")
                assert f"{operation.symbol} " in said, operation.name
                assert "[[" not in said, operation.name
                assert "=" in said, operation.name
