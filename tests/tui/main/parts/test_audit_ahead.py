"""Getting ready for the first key: nothing is seen of it, and nothing is left to do for that key but to show."""

import pytest

from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.scenario import load
from tests.tui.harness import asynchronous, opened


@asynchronous
async def test_nothing_is_seen_of_it() -> None:
    async with opened() as s:
        before, moment = s.text, s.screen.moment
        s.screen.rehearse()
        await s.settle()
        assert s.text == before
        assert s.debugger.step == 0
        assert moment is not None
        assert s.screen.moment is not None
        assert s.screen.moment.step == moment.step
        await s.press("n")
        shown = s.text
    async with opened() as s:
        await s.press("n")
        assert s.text == shown


@asynchronous
async def test_what_was_printed_is_judged_before_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        s.screen.rehearse()
        await s.settle()
        monkeypatch.setattr(Audit, "reach", None)  # which the first key would call
        await s.press("n")
        assert s.debugger.moment().verdicts


@asynchronous
async def test_a_quiz_is_not_looked_behind() -> None:
    async with opened() as s:
        await s.press("Q")
        if s.in_dialog:
            await s.close()
        before = s.text
        s.screen.rehearse()
        await s.settle()
        assert s.text == before


@asynchronous
async def test_within_an_operation_the_next_one_is_got_ready_as_a_whole() -> None:
    async with opened(load("xor"), at="1:z2") as s:
        await s.press("n", "s", "s")  # the second of four elements; L, which comes next, has one
        assert s.debugger.cursor.element == 1
        s.screen.rehearse()
        await s.press("n")
        assert s.debugger.position == "1:L"
