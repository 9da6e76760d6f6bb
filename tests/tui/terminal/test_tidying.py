"""Garbage is collected after the answer to a key, never within it."""

import asyncio
import gc

import pytest

from backprop_tui.tui.terminal import tidying
from backprop_tui.tui.terminal.tidying import Tidying

READY = -1  # what stands among the rounds where the next frame was got ready


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The generations that were looked through."""
    found: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: found.append(generation))
    monkeypatch.setattr(tidying, "REST", 0.0)
    monkeypatch.setattr(tidying, "PAUSE", 0.0)
    return found


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0.001)


def test_once_after_several_keys(rounds: list[int]) -> None:
    async def story() -> None:
        tidy = Tidying(lambda: rounds.append(READY))
        tidy.keyed()
        await turns()
        assert not rounds  # before it has begun
        tidy.begin()
        for _ in range(3):
            tidy.keyed()
        assert rounds == [2]
        await turns()
        assert rounds == [2, 1, READY]
        tidy.keyed()
        tidy.end()
        await turns()
        assert rounds == [2, 1, READY]

    before = gc.get_threshold()
    asyncio.run(story())
    assert gc.get_threshold() == before


def test_all_of_it_when_that_has_added_up(rounds: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        tidy = Tidying(lambda: rounds.append(READY))
        tidy.begin()
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, tidying.OFTEN + 1))
        tidy.keyed()
        await turns()
        assert rounds == [2, 1, READY, 2]
        tidy.end()

    asyncio.run(story())
