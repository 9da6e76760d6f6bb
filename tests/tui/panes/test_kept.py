"""What is kept of the steps around: it is what would be made anew, and it is not made anew."""

import random
from functools import partial

import pytest
from msgspec.structs import replace

from backprop_tui.scenario import load
from backprop_tui.tui.panes.equation import equation
from backprop_tui.tui.panes.equation.equation import EquationPane, equation_strips
from backprop_tui.tui.panes.kept import MOST, MOST_GROUNDS, Kept
from backprop_tui.tui.panes.network import network_pane
from backprop_tui.tui.panes.network.network_pane import NetworkPane
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, opened

KEYS = (*"nnnnnNNNiIfu", "left", "right", "up", "down", "enter", "escape", "plus", "minus", "v", "b", "r", "U")
LINES = (":set x[0] 0.25", ":set eta 0.2", ":set W1 0.5", ":digits 6", ":undo", ":mistake loss-sign", ":theme light")


def anew(s: Session) -> None:
    """Both panes show what they would if nothing were kept."""
    for pane in s.panes.values():
        view, room = pane.built, pane.inside
        match pane:
            case EquationPane() if pane.display and view:
                _, fresh = equation_strips(view, *room)
                assert [pane.lines.line(row) for row in range(pane.lines.count)] == fresh, s.text
            case NetworkPane() if pane.display and view and not view.graph:
                shown, pane.kept.grounds = [*pane.drawing.strips], []
                assert shown == [*pane.strips(view, *room)], s.text


async def walked(name: str, seed: int, gusts: int) -> None:
    choose = random.Random(seed)
    async with opened(load(name)) as s:
        for _ in range(gusts):
            if choose.random() < 0.2:
                await s.press(":", *choose.choice(LINES)[1:], "enter")
            for key in choose.choices(KEYS, k=6):
                await s.press(key)
                if s.in_dialog:
                    await s.press("escape")
            s.screen.rehearse()
            if not s.in_dialog:
                anew(s)


@pytest.mark.parametrize("name", some(["article", "xor", "softmax-iris", "momentum", "minibatch"], 2))
@asynchronous
async def test_it_is_what_would_be_made_anew(name: str) -> None:
    await walked(name, 1, 8)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["article", "xor", "softmax-iris", "wrong-on-purpose"])
@asynchronous
async def test_it_is_on_long_walks(name: str, seed: int) -> None:
    await walked(name, seed + 2, 40)


@asynchronous
async def test_a_step_that_was_made_ready_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        for key in "nNnn":
            await s.press(key)  # what the source printed is judged after the first of them
        s.screen.rehearse()
        made: list[str] = []
        monkeypatch.setattr(network_pane, "draw", lambda *_: made.append("diagram"))
        monkeypatch.setattr(equation, "equation_rows", lambda *_: made.append("equation"))
        await s.press("n")
        assert s.debugger.step == 3
        await s.press("N", "N")
        assert s.debugger.step == 1
        assert not made


@asynchronous
async def test_it_keeps_no_more_than_it_says() -> None:
    kept: Kept[int] = Kept()
    async with opened() as s:
        view = s.screen.view()
        for room in range(MOST + 5):
            assert kept.of(view, room, partial(abs, room)) == room
        assert [len(made) for _, made in kept.grounds] == [5]
        for digits in range(3, 8):
            other = replace(view, notation=view.notation.with_digits(digits))
            assert kept.of(other, 0, partial(abs, -digits)) == digits
        assert len(kept.grounds) == MOST_GROUNDS
