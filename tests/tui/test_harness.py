"""The harness itself: it waits no longer than its patience, and says for what."""

import pytest

from tests.tui import harness
from tests.tui.harness import asynchronous, opened


@asynchronous
async def test_what_never_comes_to_rest_fails_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        monkeypatch.setattr(harness, "PATIENCE", 0.05)
        monkeypatch.setattr(s.screen, "looking", object(), raising=False)
        with pytest.raises(AssertionError, match=r"it never comes to rest: .*DebuggerScreen.* is looking"):
            await s.settle()
        monkeypatch.setattr(s.screen, "looking", None)
        await s.settle()


@asynchronous
async def test_what_is_waited_for_in_vain_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        monkeypatch.setattr(harness, "PATIENCE", 0.05)
        with pytest.raises(AssertionError, match=r"in vain:\n.*article"):
            await s.wait_for(lambda: False)
