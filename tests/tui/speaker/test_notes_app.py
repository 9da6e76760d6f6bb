"""The speaker's view: what it shows of a state, and what its keys ask for."""

import asyncio
import socket

from msgspec.structs import replace
from textual.pilot import Pilot

from backprop_tui.tui.shared.scroll_area import Area
from backprop_tui.tui.shared.theme import THEMES, styles
from backprop_tui.tui.speaker.messages import Talk, Wish, written
from backprop_tui.tui.speaker.notes_app import ENDED, NotesApp
from backprop_tui.tui.speaker.notes_lines import notes_lines
from tests.tui.harness import asynchronous
from tests.tui.speaker.test_messages import STATE

PAINT = styles(THEMES[0])


def text(width: int = 80, **changes: object) -> str:
    lines = notes_lines(replace(STATE, **changes), width, PAINT)
    return "\n".join("".join(part for part, _ in line) for line in lines)


def test_what_to_say_comes_first_and_then_what_is_next_with_its_result() -> None:
    shown = text()
    wanted = (
        "Say",
        "say this",
        "for me",
        "On the screen",
        "δ₂ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₂ (1:delta2)",
        "= −4.3201 ⊙ 0.1779 = −0.7685",
        "(shown: the formula and the numbers)",
        "What all can read",
        "for all",
        "Next",
        "∂L/∂W₂ = δ₂hᵀ (1:dL_dW2)",
        "= [0 −1.0759]",
        "The next part of article.demo",
        "goto 1:dL_dW2",
    )
    places = [shown.index(part) for part in wanted]
    assert places == sorted(places)


def test_where_there_is_nothing_to_say() -> None:
    shown = text(remarks=[], talk=None, notes=[], next=None, blank=True, parts=0)
    assert shown.startswith("The screen is blank.\n\nSay\n  (nothing is noted here)")
    assert "Next" not in shown
    assert "(this is the last pause)" in text(talk=Talk("a.demo", 3, 3))


def test_lines_fit_and_text_is_clean() -> None:
    lines = notes_lines(replace(STATE, remarks=["\x1b[31mred " * 40, "a\nb"]), 30, PAINT)
    assert max(sum(len(part) for part, _ in line) for line in lines) <= 30
    assert not any("\x1b" in part for line in lines for part, _ in line)


async def until(pilot: Pilot[int], wanted: str) -> str:
    """The screen as soon as this is on it."""
    for _ in range(3000):
        await pilot.pause(0.005)
        update = pilot.app.screen._compositor.render_update(full=True)
        rows = ["".join(strip.text for strip in row) for row in update.strips]  # type: ignore[union-attr]
        if wanted in "\n".join(rows):
            return "\n".join(rows)
    raise AssertionError(f"in vain for {wanted}")


@asynchronous
async def test_it_follows_and_drives() -> None:
    session, view = socket.socketpair(socket.AF_UNIX)
    session.setblocking(False)
    app = NotesApp(view)
    async with app.run_test(size=(80, 24)) as pilot:
        reader, writer = await asyncio.open_unix_connection(sock=session)
        writer.write(written(STATE))
        shown = await until(pilot, "say this")
        assert "article · δ₂ · step 8/19 · pause 8/19" in shown
        assert "1:01" in shown
        for key, do in (("pagedown", "on"), ("N", "back"), ("b", "blank"), ("t", "clock"), ("T", "anew")):
            await pilot.press(key)
            assert await asyncio.wait_for(reader.readline(), 30) == written(Wish(do))  # type: ignore[arg-type]
        writer.write(written(replace(STATE, running=False, remarks=["line " * 400])))
        await until(pilot, "stopped")
        await pilot.press("j", "ctrl+d", "k")
        writer.close()
        for _ in range(3000):
            await pilot.pause(0.005)
            if app._exit:
                break
    assert app.ended == ENDED


@asynchronous
async def test_a_state_that_came_before_there_was_room_is_drawn_with_it() -> None:
    session, view = socket.socketpair(socket.AF_UNIX)
    app = NotesApp(view)
    async with app.run_test(size=(80, 24)) as pilot:
        area = app.query_one(Area)
        area.styles.width = 0
        while area.size.width:
            await pilot.pause(0.005)
        session.sendall(written(STATE))
        assert "say this" not in await until(pilot, "step 8/19")
        area.styles.width = "100%"
        await until(pilot, "say this")
    session.close()


@asynchronous
async def test_a_session_of_another_version() -> None:
    session, view = socket.socketpair(socket.AF_UNIX)
    session.sendall(written(STATE).replace(b'"version":1', b'"version":2'))
    app = NotesApp(view)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(3000):
            await pilot.pause(0.005)
            if app._exit:
                break
    assert app.farewell().startswith("the session is of another version")
    session.close()
