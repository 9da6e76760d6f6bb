"""The panels of breakpoints, watches and branches, the comparison, and what is edited or stale in the panes."""

from asyncio import CancelledError
from collections.abc import Sequence

import msgspec
import pytest
from rich.cells import cell_len
from textual.messages import InvokeLater

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import load
from backprop_tui.tui.dialogs.views.compare_view import CompareScreen
from backprop_tui.tui.shared.background import rest
from backprop_tui.tui.shared.watches_below import LEVELS, spark
from tests.sampled import crossed, some
from tests.tui.harness import Session, asynchronous, opened

SIZES = [(60, 15), (80, 24), (120, 36), (200, 60)]
LONG = msgspec.structs.replace(load("article"), iterations=200_000)


async def typed(s: Session, *lines: str) -> None:
    for line in lines:
        await s.press("colon", *line, "enter")


def run_together(text: str) -> str:
    """A text with one space where there are several."""
    return " ".join(text.split())


def whole(s: Session, size: tuple[int, int]) -> bool:
    """Whether the screen is exactly as large as the terminal."""
    return [cell_len(row) for row in s.rows] == [size[0]] * size[1]


@asynchronous
async def test_a_breakpoint_is_added_changed_and_removed_in_its_panel() -> None:
    async with opened() as s:
        await s.press("B")
        assert "There are none" in s.text
        await s.press("a", *"delta1 if nope > 1", "enter")
        assert "there is no variable 'nope'" in s.text  # and the text is still there
        await s.press(*["backspace"] * 8, *"loss > 1 hit 1", "enter")
        assert "1  delta1 if loss > 1 hit 1" in s.text
        await s.press("e", *" log loss", "enter")
        assert "delta1 if loss > 1 hit 1 log loss" in s.text
        await s.press("a", *"ch", "tab", *" W1[1,0]", "enter")
        await s.press("a", *"vanishing 9", "enter", "j", "space", "j")
        assert [(bp.typed, bp.enabled) for bp in s.debugger.breakpoints] == [
            ("delta1 if loss > 1 hit 1 log loss", True),
            ("change W1[1,0]", False),
            ("vanishing 9.0", True),
        ]
        await s.press("enter")
        assert s.debugger.position == "1:dL_dW2"
        assert not s.in_dialog
        await s.press("B", "k", "k", "k", "d", "d", "d")
        assert "There are none" in s.text
        await s.press("e", "d", "space", "enter", "b", "escape")
        assert [bp.typed for bp in s.debugger.breakpoints] == ["dL_dW2"]


@pytest.mark.parametrize("key", ["B", "w", "E", "p", "t", "enter"])
@asynchronous
async def test_what_was_to_be_drawn_in_a_panel_that_is_left_by_then_is_not(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(at="8") as s:
        await typed(s, "display loss")
        await s.press(key)
        panel = s.app.screen
        late: list[InvokeLater] = []
        with monkeypatch.context() as held:
            held.setattr(panel, "post_message", late.append)
            panel.on_resize()  # type: ignore[attr-defined]
        await s.press("escape")
        assert s.app.screen is s.screen
        assert not panel.children
        assert [message.callback() for message in late] == [None]


@pytest.mark.parametrize("size", some(SIZES, 2))
@asynchronous
async def test_what_has_no_room_in_the_last_line_is_left_out_whole(size: tuple[int, int]) -> None:
    async with opened(size=size, at="8") as s:
        await typed(s, "display loss")
        for key in ("B", "w", "E", "p", "t", "enter"):
            await s.press(key)
            assert s.footer.rstrip().endswith("Esc close")
            assert "…" not in s.footer
            await s.press("escape")
            assert not s.in_dialog


@asynchronous
async def test_watches_stand_in_columns() -> None:
    async with opened(at="40", size=(80, 24)) as s:
        await typed(s, "display loss", "display W1 > 0", "display dL_dW2", "goto 57")
        await s.press("w")
        rows = s.text.splitlines()[-4:-1]
        assert len({min(place for place, c in enumerate(row) if c in LEVELS[False]) for row in rows}) == 1
        assert "[[true false true] [tru…" in rows[1]


@pytest.mark.parametrize(("size", "optimizer"), [((80, 24), False), ((120, 36), True)])
@asynchronous
async def test_the_line_of_a_long_run_has_room_beside_whole_words(size: tuple[int, int], optimizer: bool) -> None:
    async with opened(msgspec.structs.replace(LONG, iterations=400), size=size, at="30:delta1") as s:
        await typed(s, "b L", "set eta = 0.05")
        assert s.screen.status.region_of_line[1] >= 8
        assert "…" not in s.status
        assert ("SGD η 0.05✎" in s.status) is optimizer


@asynchronous
async def test_going_to_a_breakpoint_passes_the_others() -> None:
    async with opened() as s:
        await typed(s, "b z1", "b delta1", "disable 2")
        await s.press("B", "j", "enter")
        assert s.debugger.position == "1:delta1"
        await s.press("B", "enter")
        assert s.debugger.position == "2:z1"


@asynchronous
async def test_a_watch_is_added_changed_and_removed_in_its_panel() -> None:
    async with opened(at="5") as s:
        s.screen.select(Address("W1", (1, 0)))
        await s.press("w")
        assert "watch W1[1,0]" in s.footer  # the selected number is proposed
        await s.press("enter", "a", *["backspace"] * 7, *"dead units", "enter")
        assert [text for _, text in s.debugger.watches] == ["W1[1,0]", "dead units"]
        await s.press("e", "enter", "k", "e", *" * 2", "enter", "b")
        assert "a continue stops where W1[1,0] * 2 changes" in s.footer
        await s.press("j", "d", "escape")
        assert [text for _, text in s.debugger.watches] == ["W1[1,0] * 2"]
        await s.press("c")
        assert "W1[1,0] * 2 changed, 1.4 → 1.2463" in s.footer
        assert "1.2463  Δ −0.1537" in s.text


@pytest.mark.parametrize(("size", "ascii_only"), crossed(2, SIZES, (False, True)))
@asynchronous
async def test_watches_are_seen_at_every_step_and_hide_nothing(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened(size=size, at="40", ascii_only=ascii_only) as s:
        before = s.seen()
        await typed(s, "display loss", "display W1[1,0]", "display norm(dW1)", "display dead units", "display W1 > 0")
        await s.press("n")
        assert s.seen() == before
        assert whole(s, size)
        assert "loss" in s.text or " L " in s.text
        assert ("more: w lists all" in s.text) == (size[0] < 120)
        assert not ascii_only or s.text.isascii()
        await s.press("w")
        assert whole(s, size)
        assert not ascii_only or s.text.isascii()
        await s.press("escape", "colon", *"undisplay", "enter", "escape")
        assert "more: w lists all" not in s.text
        regions = s.screen.arrangement.regions.values()
        assert sum(region.area for region in regions) == size[0] * (size[1] - 2 - s.screen.chain.rows)


def test_a_course_of_values() -> None:
    assert spark([1, 2, 3, 8], ascii_only=False) == "▁▂▂▆"
    assert spark([2, 2], ascii_only=False) == "▄▄"
    assert spark([-1e308, 1e308], ascii_only=True) == "_#"
    assert spark([], ascii_only=True) == ""


MARKS: Sequence[tuple[str, str, str]] = (  # the pane, what it shows of an edit of W₂ at z₂, and in ASCII
    ("program", "z₂ = W₂h + b₂ ↻ −1.2", "! -1.2"),
    ("equation", "✎ W₂[0,1] was set to −0.5", "= W2[0,1] was set to -0.5"),
    ("equation", "↻ stale, computed before that: r does", "! stale, computed before that: r does"),
    ("network", "W₂ ✎", "W2 ="),
    ("parameters", "✎−0.5000", "=-0.5000"),
)


@pytest.mark.parametrize("ascii_only", [False, True])
@asynchronous
async def test_what_is_edited_and_what_is_stale_is_marked(ascii_only: bool) -> None:
    async with opened(at="3", ascii_only=ascii_only, size=(200, 60)) as s:
        await typed(s, "set W2[0,1] = -0.5")
        for pane, mark, plain in MARKS:
            assert (plain if ascii_only else mark) in run_together(s.pane(pane))
        await s.press("r")
        assert not any(mark in s.text for mark in ("↻", "! "))
        await s.press("end")
        assert "−0.5000" in s.pane("parameters") or ascii_only


@asynchronous
async def test_a_line_of_the_program_is_that_of_the_branch() -> None:
    async with opened(at="4") as s:
        await typed(s, "set W2[0,1] = -0.5")
        await s.press("r", "n")
        assert "4 ŷ = σ(z₂) 0.3775" in run_together(s.pane("program"))
        await typed(s, "switch main")
        assert "4 ŷ = σ(z₂) 0.2315" in run_together(s.pane("program"))
        await s.press("E", "j", "r", *["backspace"] * 8, *"mine", "enter", "enter")
        assert "mine" in s.status
        assert "4 ŷ = σ(z₂) 0.3775" in run_together(s.pane("program"))


@pytest.mark.parametrize(("size", "ascii_only"), crossed(2, SIZES, (False, True)))
@asynchronous
async def test_branches_are_compared_side_by_side(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened(size=size, at="2:z2", ascii_only=ascii_only) as s:
        await typed(s, "set W2[0,1] = -0.5", "goto 5:b1")
        await s.press("E", "c")
        await s.wait_for(lambda: "scroll" in s.text)
        assert isinstance(s.app.screen, CompareScreen)
        assert whole(s, size)
        text = run_together(s.text)
        assert "they part at 2:z2 step 22:" in text
        assert "numbers differ at this step" in text
        losses = [loss for _, *both in s.debugger.compare("main", "branch-1").losses(5, 5) for loss in both]
        number = s.screen.notation.number
        assert f"L of iteration 5: {number(losses[0])} in main, {number(losses[1])} in branch-1" in text
        assert not ascii_only or s.text.isascii()
        await s.press("I", "L", "j", "pagedown")
        assert s.debugger.position == "4:b1"
        await s.press("s")
        assert s.debugger.branches.current.name == "main"
        await typed(s, "compare main branch-1")
        await s.press("escape")
        assert not s.in_dialog


@asynchronous
async def test_a_long_answer_swallows_no_keys() -> None:
    async with opened(size=(60, 15), at="8") as s:
        await typed(s, "set W2[0,1] = -0.5", "help", "goto 3:L")
        assert s.debugger.position == "3:L"
        await typed(s, "help")
        await s.press("j", "n")
        assert not s.in_dialog
        assert s.debugger.position == "3:dL_dy_hat"


@asynchronous
async def test_a_long_comparison_is_ended_by_escape_and_closed_by_another() -> None:
    async with opened(LONG) as s:
        await typed(s, "set W2[0,1] = -0.5")
        s.debugger.cursor.step = 19 * 12_000  # what no machine has compared before Esc is pressed
        s.app.push_screen(CompareScreen(s.screen, "main", "branch-1"))
        await s.wait_for(lambda: "Esc stops: iteration" in s.text)
        await s.press("escape")
        assert "stopped after iteration" in s.text
        s.debugger.cursor.step = 0
        await s.press("escape")
        assert not s.in_dialog


@asynchronous
async def test_the_work_of_a_dialog_that_is_left_ends() -> None:
    async with opened() as s:
        await s.press("B")
        panel = s.app.screen
        await rest(panel)
        await s.press("escape")
        with pytest.raises(CancelledError):
            await rest(panel)


@asynchronous
async def test_a_plot_that_is_turned_away_from_gathers_no_more() -> None:
    """Nor does it draw its curves into the next one, of which there may be fewer rows than plots."""
    scenario = msgspec.structs.replace(load("xor"), iterations=50_000)
    async with opened(scenario, size=(80, 24)) as s:
        await s.press("p")
        await s.wait_for(lambda: "of 50,000" in s.text)
        await s.press("shift+tab")
        assert "[Map]" in s.text
        assert not s.is_at_work("gather")
        await s.press("escape", "n")
        assert s.debugger.step == 1


@asynchronous
async def test_a_plot_that_is_left_gathers_no_more() -> None:
    async with opened(LONG) as s:
        for _ in range(3):
            await s.press("p")
            await s.wait_for(lambda: " iteration " in s.footer)
            await s.press("escape")
            assert not s.in_dialog
            await s.pilot.pause(0.2)  # for what still goes on, and would fail
            s.check()
        assert not s.is_at_work("gather")


@asynchronous
async def test_an_edit_that_cannot_be_is_said_above_it_and_nothing_is_lost() -> None:
    async with opened(at="8") as s:
        before = s.text
        await s.press("e", *"nope[0] = 3", "enter")
        assert "there is no variable 'nope'" in s.text
        await s.press("escape")
        assert s.text == before
        s.screen.select(Address("L"))
        await s.press("e", *"1/0", "enter")
        assert "is not finite" in s.text
        await s.press("escape")
        assert len(s.debugger.branches) == 1


@asynchronous
async def test_switching_to_a_far_step_of_another_branch_goes_on_in_the_background() -> None:
    async with opened(LONG) as s:
        await typed(s, "set eta = 0.01", "goto 20000:L")
        await s.wait_for(lambda: s.debugger.iteration == 20_000)
        await typed(s, "switch main")
        await s.wait_for(lambda: "Esc stops" in s.footer)
        await s.resize(100, 30)
        await s.press("escape")
        assert "stopped at the end of iteration" in s.footer
        assert s.debugger.branches.current.name == "main"
        assert 1 <= s.debugger.iteration < 20_000


@asynchronous
async def test_one_breakpoint_too_many_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backprop_tui.debugger.breakpoints.breakpoints.MOST_BREAKPOINTS", 1)
    async with opened() as s:
        await s.press("n", "b", "n", "b")
        assert "there are 1 breakpoints already" in s.text
        await s.press("B", "b")
        assert "there are 1 breakpoints already" in s.text
        assert len(s.debugger.breakpoints) == 1
