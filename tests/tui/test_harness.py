"""The harness itself: it waits no longer than its patience, and says for what."""

import asyncio

import pytest

from tests.tui import harness
from tests.tui.harness import asynchronous, is_over, opened


@asynchronous
async def test_what_never_comes_to_rest_fails_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        monkeypatch.setattr(harness, "PATIENCE", 0.05)
        monkeypatch.setattr(s.screen.audit, "looking", object())
        with pytest.raises(AssertionError, match=r"it never comes to rest: .*DebuggerScreen.* is looking"):
            await s.settle()
        monkeypatch.setattr(s.screen.audit, "looking", None)
        await s.settle()


@asynchronous
async def test_what_is_waited_for_in_vain_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        monkeypatch.setattr(harness, "PATIENCE", 0.05)
        with pytest.raises(AssertionError, match=r"in vain:\n.*article"):
            await s.wait_for(lambda: False)


@asynchronous
async def test_a_widget_that_is_taken_away_is_not_waited_for() -> None:
    async with opened() as s:
        await s.press("B")
        panel = s.app.screen
        assert not is_over(panel)
        s.app.simulate_key("escape")
        task = asyncio.create_task(s.dealt_with())
        await panel.dismiss(None)
        await task
        assert is_over(panel)


@asynchronous
async def test_a_widget_that_deals_with_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        monkeypatch.setattr(harness, "PATIENCE", 0.05)
        monkeypatch.setattr(s.panes["equation"], "call_later", lambda *_: True)
        with pytest.raises(AssertionError, match=r"in vain for \[EquationPane"):
            await s.dealt_with()
