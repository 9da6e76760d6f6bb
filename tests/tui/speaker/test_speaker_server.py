"""The session's end of the socket: what it tells, what it hears, and that nothing which is sent to it does harm."""

import asyncio
from asyncio import StreamReader, StreamWriter

import pytest
from msgspec.structs import replace

from backprop_tui.tui.speaker import speaker_server
from backprop_tui.tui.speaker.messages import LONGEST_WISH, State, Wish, read_state, written
from backprop_tui.tui.speaker.speaker_server import MOST, SpeakerServer
from tests.tui.harness import asynchronous
from tests.tui.speaker.test_messages import STATE


class Session:
    """A server with a state to tell, and what it was asked."""

    def __init__(self) -> None:
        self.state, self.wishes = STATE, list[str]()
        self.server = SpeakerServer()
        self.server.state = lambda: self.state
        self.server.asked = self.wishes.append

    async def asked(self, count: int) -> None:
        """Wait until so much was asked for."""
        for _ in range(30_000):
            if len(self.wishes) >= count:
                return
            await asyncio.sleep(0.001)

    async def view(self) -> tuple[StreamReader, StreamWriter]:
        await self.server.open()
        assert self.server.place is not None
        return await asyncio.open_unix_connection(str(self.server.place))


async def heard(reader: StreamReader) -> State:
    return read_state(await asyncio.wait_for(reader.readline(), 30))


async def is_over(reader: StreamReader) -> bool:
    try:
        while await asyncio.wait_for(reader.readline(), 30):
            pass
    except ConnectionError:
        pass
    return True


@asynchronous
async def test_it_tells_what_is_shown_and_hears_what_is_to_be_done() -> None:
    session = Session()
    reader, writer = await session.view()
    assert await heard(reader) == STATE
    session.state = replace(STATE, step=9)
    session.server.tell()
    session.server.tell()  # nothing new
    session.state = replace(STATE, step=10)
    session.server.tell()
    assert [(await heard(reader)).step for _ in range(2)] == [9, 10]
    writer.write(written(Wish("on")) + written(Wish("blank")))
    await session.asked(2)
    assert session.wishes == ["on", "blank"]
    place = session.server.place
    session.server.close()
    session.server.close()
    assert await is_over(reader)
    assert place is not None
    assert not place.exists()
    writer.close()


@pytest.mark.parametrize(
    "data", [b"\0\n", b"{}\n", b"x" * (LONGEST_WISH * 3), b'{"do":"on","version":9}\n', b"\xff" * 50 + b"\n", b""]
)
@asynchronous
async def test_what_is_no_message_ends_that_view_alone(data: bytes) -> None:
    session = Session()
    good, wishing = await session.view()
    bad, sending = await session.view()
    await heard(bad)
    sending.write(data)
    if not data:
        sending.write_eof()
    assert await is_over(bad)
    await heard(good)
    wishing.write(written(Wish("back")))
    await session.asked(1)
    assert session.wishes == ["back"]
    assert len(session.server.views) == 1
    session.server.close()
    for writer in (wishing, sending):
        writer.close()


@asynchronous
async def test_there_are_only_so_many_views() -> None:
    session = Session()
    views = [await session.view() for _ in range(MOST)]
    for reader, _ in views:
        await heard(reader)
    views.append(await session.view())
    assert await is_over(views[-1][0])
    session.server.close()
    for _, writer in views:
        writer.close()


@asynchronous
async def test_somebody_else_is_sent_away() -> None:
    session = Session()
    monkeypatch = pytest.MonkeyPatch()
    with monkeypatch.context() as patched:
        patched.setattr(speaker_server, "is_mine", lambda _: False)
        reader, writer = await session.view()
        assert await reader.readline() == b""
    assert session.wishes == []
    session.server.close()
    writer.close()


@asynchronous
async def test_a_view_that_does_not_read_is_given_up() -> None:
    session = Session()
    reader, writer = await session.view()
    await heard(reader)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    text = "x" * 19_000
    for number in range(2000):
        session.state = replace(STATE, step=number, notes=[text])
        session.server.tell()
        await asyncio.sleep(0)
        if not session.server.views or session.server.views[0].is_closing():
            break
    assert number < 1999
    session.server.close()
    writer.close()
