"""A scenario that was left is let go with its run, however it was left and whatever was done there."""

import asyncio
import gc
from contextvars import Context
from functools import partial
from pathlib import Path
from time import monotonic
from weakref import ref

import pytest

from backprop_tui.scenario.library import names
from backprop_tui.tui import app
from backprop_tui.tui.main.parts import file_watch
from tests.tui.harness import PATIENCE, Session, asynchronous, opened
from tools.storm import resident

SETTLE = app.BackpropApp._settle  # which is left out of the other tests of the screen
MOST = 250.0  # megabytes that going on from scenario to scenario may add to what the tests before this took


@pytest.fixture(autouse=True)
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped timer keeps what it was begun with until its time: here that is never."""
    monkeypatch.setattr(file_watch, "EVERY", 1e6)
    monkeypatch.setattr(gc, "unfreeze", lambda: None)  # it would have to go through all tests again


async def gone(s: Session, *left: "ref[object]") -> None:
    """Wait until what was left is let go."""
    limit = monotonic() + PATIENCE
    while any(one() is not None for one in left):
        assert monotonic() < limit, [one() for one in left]
        s.check()
        await asyncio.sleep(0.02)
        gc.collect()


async def hover(s: Session) -> None:
    """Move the mouse over what is in front, from a task of its own, as a terminal does."""
    for y in (3, 18, 34):
        await asyncio.create_task(s.pilot.hover(offset=(60, y)), context=Context())


async def go_on(s: Session, *keys: str) -> list["ref[object]"]:
    """Leave a scenario by some keys; what was left."""
    left: list[ref[object]] = [ref(s.app.opened), ref(s.debugger), ref(s.debugger.timeline)]
    await s.press(*keys)
    return left


@asynchronous
async def test_whatever_was_done_there(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("next 2\nscenario xor\n", "utf-8")
    to_xor = ("colon", *"scenario xor", "enter")
    async with opened("article") as s:
        await s.press("n", "p", "escape")
        await gone(s, *await go_on(s, *to_xor))  # the one that Textual began with
        await s.press("question_mark")
        await hover(s)
        await s.press("escape", "colon")
        await hover(s)
        await gone(s, *await go_on(s, *to_xor[1:]))
        await s.press("L", "n", "L")  # which opens a socket for the speaker's view
        await s.wait_for(lambda: s.app.speaker is not None and s.app.speaker.is_open)
        await gone(s, *await go_on(s, *to_xor))
        await s.press("R")
        await gone(s, *await go_on(s, *to_xor))
        await gone(s, *await go_on(s, "colon", *f"source {tmp_path / 'script'}", "enter"))


@asynchronous
async def test_back_in_the_picker() -> None:
    async with opened(None) as s:
        await s.press("enter", "L", "n", "L")
        await gone(s, *await go_on(s, "q"))
        assert s.app.opened is None


@asynchronous
async def test_what_is_exempt_from_the_collector_is_not_what_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for what in ("freeze", "unfreeze"):
        monkeypatch.setattr(gc, what, partial(done.append, what))
    monkeypatch.setattr(app.BackpropApp, "_settle", SETTLE)
    monkeypatch.setattr(app, "GONE", 0.6)
    async with opened() as s:
        await s.wait_for(lambda: done == ["freeze"])
        left = await go_on(s, "colon", *"scenario xor", "enter", "n")
        await s.wait_for(lambda: done == ["freeze", "unfreeze", "freeze"])
        assert not [one() for one in left if one() is not None]


@pytest.mark.exhaustive
@asynchronous
async def test_a_hundred_scenarios_one_after_the_other_take_no_more_than_a_few() -> None:
    before = resident()
    async with opened() as s:
        for number in range(100):
            await s.press("colon", *f"scenario {names()[number % len(names())]}", "enter", *"40n")
            gc.collect()
            assert resident() < before + MOST, number
