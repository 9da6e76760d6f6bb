"""The session's end of the socket: it tells every speaker's view what is shown, and hears what is to be done."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from backprop_tui.tui.speaker.messages import LONGEST_WISH, MessageError, State, read_wish, written
from backprop_tui.tui.speaker.rendezvous import bound, is_mine

MOST = 4  # views at a time
MOST_WAITING = 4_000_000  # bytes that a view may leave unread before it is given up


class SpeakerServer:
    """Closed until it is opened; what is to be told comes from `state`, what is wished for goes to `asked`."""

    def __init__(self) -> None:
        self.state: Callable[[], State] | None = None
        self.asked: Callable[[str], None] | None = None
        self.place: Path | None = None
        """Where its socket is, while it is open."""
        self.views: list[StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._last = b""

    @property
    def is_open(self) -> bool:
        """Whether views can find it."""
        return self.place is not None

    async def open(self) -> None:
        """Open it, if it is not. Raises OSError, a line that says why there is no safe place for it."""
        if self.is_open:
            return
        found, self.place = bound()
        try:
            server = await asyncio.start_unix_server(self._met, sock=found, limit=LONGEST_WISH)
        except BaseException:  # also where the program ends meanwhile
            found.close()
            self.close()
            raise
        if self.is_open:
            self._server = server
        else:  # it was closed meanwhile
            server.close()

    def close(self) -> None:
        """Take the socket away, and let the views go; at any time, and more than once."""
        if self.place is not None:
            with suppress(OSError):
                self.place.unlink()
            self.place = None
        server, self._server = self._server, None
        with suppress(RuntimeError):  # the loop has ended
            if server is not None:
                server.close()
            for view in self.views:
                view.close()

    def tell(self) -> None:
        """Tell all views what is shown, where that has changed."""
        if not self.views or self.state is None:
            return
        line = written(self.state())
        if line != self._last:
            self._last = line
            for view in [*self.views]:
                self._write(view, line)

    def _write(self, view: StreamWriter, line: bytes) -> None:
        if view.is_closing():
            return
        if view.transport.get_write_buffer_size() > MOST_WAITING:  # it does not read
            view.transport.abort()
        else:
            view.write(line)

    async def _met(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Somebody has connected: this user, or they are sent away."""
        connection = writer.get_extra_info("socket")
        if connection is None or len(self.views) >= MOST or not is_mine(connection):
            writer.close()
            return
        self.views.append(writer)
        try:
            if self.state is not None:
                self._write(writer, written(self.state()))
            while line := await reader.readline():
                wish = read_wish(line)
                if self.asked is not None:
                    self.asked(wish.do)
        except (OSError, ValueError, MessageError):  # ValueError: a line that is too long
            pass
        finally:
            self.views.remove(writer)
            with suppress(RuntimeError):
                writer.close()
