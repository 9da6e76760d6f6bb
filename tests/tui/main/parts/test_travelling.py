"""Continuing on the screen: in slices, with progress, and ended at once by Esc with nothing lost."""

import msgspec
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.tui.main.parts import travelling
from tests.tui.harness import Session, asynchronous, opened

LONG = msgspec.structs.replace(load("article"), iterations=1_000_000)


async def continuing(s: Session, *typed: str) -> None:
    """Set breakpoints, and continue until it is under way."""
    for line in typed:
        await s.press("colon", *line, "enter")
    await s.press("c")
    await s.wait_for(lambda: "Esc stops" in s.footer)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@asynchronous
async def test_a_continue_with_a_condition_is_stopped_by_escape(size: tuple[int, int]) -> None:
    async with opened(LONG, size=size, at="5") as s:
        await continuing(s, "b delta1 if norm(delta1) > 9", "watch W1[0,0]")
        assert "iterations/s" in s.footer
        await s.press("escape")
        assert "stopped at the end of iteration" in s.footer
        assert not s.screen.busy
        assert s.debugger.step % 19 == 0
        assert [bp.typed for bp in s.debugger.breakpoints] == ["delta1 if norm(delta1) > 9", "change W1[0,0]"]
        await s.press("grave_accent")
        assert s.debugger.step == 5
        await s.press("g", "G")
        await s.wait_for(lambda: "Esc stops" in s.footer)
        await s.press("escape", "C")
        await s.wait_for(lambda: not s.screen.busy)
        assert s.debugger.step == 0


@asynchronous
async def test_the_screen_answers_while_it_goes_on() -> None:
    async with opened(LONG, at="8") as s:
        await continuing(s, "b L if loss < 0")
        assert "0.7685" in s.pane("equation")
        await s.press("d", "d", "tab", "v")
        assert s.screen.busy
        assert "0.768525" in s.pane("equation")
        assert "np." in s.pane("program")
        assert "Esc stops" in s.footer
        await s.press("escape")


@asynchronous
async def test_an_edit_ends_a_continue_and_is_made_where_that_has_come() -> None:
    async with opened(LONG, at="5") as s:
        await continuing(s, "b L if loss < 0")
        await s.press("e")
        assert not s.screen.busy
        reached = s.debugger.step
        assert reached > 5
        await s.press(*"eta = 0.05", "enter")
        assert s.debugger.branches.current.since_step == s.debugger.step == reached
        assert "η = 0.05 at " in s.footer


@asynchronous
async def test_why_it_stopped_is_in_the_status_line_and_in_words_below() -> None:
    async with opened(msgspec.structs.replace(LONG, iterations=3)) as s:
        for line, status, footer in (
            ("b delta1 hit 2", "stop (1)", "stopped at breakpoint 1 on δ₁"),
            ("watch W2[0,1]", "change (2)", "stopped at breakpoint 2: W2[0,1] changed, −0.8924 → "),
            ("b vanishing 9", "stop (3)", "stopped at breakpoint 3: vanishing at ∂L/∂W₂"),
        ):
            await s.press("colon", *line, "enter", "c")
            assert status in s.status
            assert footer in s.footer
            await s.press("n")
            assert "breaks" in s.status or "1 break" in s.status
        await s.press("colon", *"disable", "enter", "escape", "c")
        assert s.debugger.step == s.debugger.last_step
        await s.press("c")
        assert "the scenario's 3 iterations are over; 10c goes on for ten more" in s.footer


@asynchronous
async def test_the_latest_stops_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(travelling, "HITS", 3)
    async with opened(LONG) as s:
        await s.press("colon", *"b L", "enter", *"ccccc")
        assert list(s.screen.travel.hits) == [19 * iteration + 5 for iteration in (2, 3, 4)]
        assert set(s.screen.travel.hits) == s.screen.status.marked.keys()


@asynchronous
async def test_what_log_points_print_is_seen() -> None:
    async with opened() as s:
        await s.press("colon", *"b L log loss", "enter", "c")
        assert "1:L: loss = 1.4633" in s.footer
        await s.press("5", "c")
        assert "6:L: loss = " in s.footer
        assert "(5 messages, :messages has all)" in s.footer
        await s.press("colon", *"messages", "enter")
        assert "1:L: loss = 1.4633" in s.text
        assert "6:L: loss = " in s.text


@asynchronous
async def test_a_script_with_a_long_continue_is_stopped_as_a_whole() -> None:
    async with opened(LONG) as s:
        await s.press("colon", *"b L if loss < 0", "enter")
        await s.press("colon", *"c", "enter")
        await s.wait_for(lambda: "Esc stops" in s.footer)
        await s.press("escape")
        await s.wait_for(lambda: "stopped at the end of iteration" in s.footer)
        fresh = Debugger(LONG)
        fresh.seek(s.debugger.step)
        assert (fresh["W1"] == s.debugger["W1"]).all()


@asynchronous
async def test_autoplay_stops_where_a_continue_would() -> None:
    async with opened(at="16") as s:
        await s.press("colon", *"b b2 if loss > 9", "enter", "colon", *"watch W1[1,0]", "enter")
        await s.press("1", "0", "0", "a")
        await s.wait_for(lambda: not s.in_dialog)
        assert "autoplay stopped at breakpoint 2: W1[1,0] changed" in s.footer
        assert s.debugger.position == "1:W1"
