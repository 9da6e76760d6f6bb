"""Keys that come before there is anything to see are kept, and done in order."""

import pytest
from textual import events

from backprop_tui.scenario import load
from backprop_tui.tui.app import BackpropApp
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, opened

CHARACTERS = {"plus": "+", "colon": ":", "enter": "\r", "ctrl+j": "\n", "tab": "\t", "space": " "}


class Impatient(BackpropApp):
    """Keys are in its queue before any screen is."""

    ahead: tuple[str, ...] = ()

    def on_load(self) -> None:
        super().on_load()
        for key in self.ahead:
            self.post_message(events.Key(key, CHARACTERS.get(key, key)))


async def after(*keys: str, scenario: str | None = "article") -> tuple[Impatient, int, str]:
    """The app, its step and its screen when these keys were typed before it came up."""
    app = Impatient(load(scenario) if scenario else None)
    app.ahead = keys
    async with app.run_test(size=(120, 36)) as pilot:
        session = Session(app, pilot)
        if "q" not in keys:
            await session.settle()
            await session.settle()
        text = session.text if app.screen_stack else ""
        step = app.opened.debugger.step if app.opened is not None else -1
    if app._exception is not None:
        raise app._exception
    return app, step, text


@pytest.mark.parametrize("key", some(["tab", "s", "V", "plus", "d", "K", "question_mark", "8"], 4))
@asynchronous
async def test_any_key_may_be_the_first(key: str) -> None:
    _, step, text = await after(key, "escape", "n")
    async with opened(size=(120, 36)) as session:
        await session.press(key, "escape", "n")
        assert (step, text) == (session.debugger.step, session.text)


@asynchronous
async def test_they_are_done_in_order() -> None:
    _, step, text = await after("3", "n", "N", "colon", *"goto", "space", *"1:L", "enter", "n")
    assert step == 6
    assert "step 6/19" in text


@asynchronous
async def test_enter_is_one_before_the_terminal_gives_single_keys_too() -> None:
    _, step, _ = await after("g", "5", "ctrl+j")
    assert step == 5


@asynchronous
async def test_the_picker_takes_them() -> None:
    app, step, _ = await after("enter", "n", scenario=None)
    assert app.opened is not None
    assert step == 1


@asynchronous
async def test_nothing_is_done_after_q() -> None:
    app, step, _ = await after("n", "q", "n", "n")
    assert app.return_code == 0
    assert step == 1
