"""The status line, with the whole run as a line in its middle that can be dragged."""

from itertools import groupby
from operator import itemgetter

from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from backprop_tui.tui.shared.bars import Bar
from backprop_tui.tui.shared.styled_line import Run, size, strip
from backprop_tui.tui.shared.theme import Styles

LEAST, MOST = 8, 60  # cells of the line
BESIDE = 3  # cells between it and what is on either side
ROOM = LEAST + BESIDE
GLYPHS = {False: ("━", "─", "█", "┿"), True: ("=", "-", "#", "+")}  # past, to come, here, a stop


class Scrubber(Bar):
    """Between what is run and where we are: the line of all steps."""

    class Dragged(Message):
        """Somebody points at a step, having begun at another; `released` once it is chosen."""

        def __init__(self, step: int, began: int, *, released: bool) -> None:
            super().__init__()
            self.step, self.began = step, began
            self.released = released

    def __init__(self, id: str, classes: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id, classes)
        self.step, self.last = 0, 0
        self.marked: dict[int, str] = {}
        self.paint: Styles | None = None
        self.ascii = False
        self.region_of_line = (0, 0)
        """Its first cell, and how many there are; none where there is no room."""
        self.dragged_from: int | None = None
        """The step that was shown when dragging began."""

    def track(self, step: int, last: int, marked: dict[int, str], paint: Styles, *, ascii_only: bool) -> None:
        """Show a step out of all; `marked` has the letter of a mark by step, or an empty text for a stop."""
        state = (step, max(last, step), marked, paint, ascii_only)
        if state != (self.step, self.last, self.marked, self.paint, self.ascii):
            self.step, self.last, self.marked, self.paint, self.ascii = state
            self.changed([0])

    def row(self, y: int) -> Strip:
        width, right = self.inside.width, size(self.right)
        room = min(width - size(self.runs) - right - BESIDE, MOST)
        if room < LEAST or self.paint is None or not self.last:
            self.region_of_line = (0, 0)
            return super().row(y)
        start = width - right - room - 2
        self.region_of_line = (start, room)
        gaps: list[Run] = [(" " * wide, Style.null()) for wide in (start - size(self.runs), 2)]
        return strip([*self.runs, gaps[0], *self._line(room, self.paint), gaps[1], *self.right], width)

    def _cell(self, step: int, room: int) -> int:
        return round(min(step, self.last) * (room - 1) / self.last)

    def _line(self, room: int, paint: Styles) -> list[Run]:
        past, coming, here, stop = GLYPHS[self.ascii]
        at = self._cell(self.step, room)
        cells: list[tuple[str, Style]] = [
            (past, paint.accent) if n < at else (coming, paint.muted) for n in range(room)
        ]
        for step, letter in sorted(self.marked.items(), key=lambda row: row[1]):
            cells[self._cell(step, room)] = (letter or stop, paint.strong if letter else paint.bad)
        cells[at] = (here, paint.strong)
        alike = groupby(cells, key=itemgetter(1))  # fewer runs mean fewer colours sent to the terminal
        return [("".join(character for character, _ in run), style) for style, run in alike]

    def _step_at(self, x: int) -> int:
        start, room = self.region_of_line
        return round(min(max(x - start, 0), room - 1) * self.last / max(1, room - 1))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        start, room = self.region_of_line
        if start <= event.x < start + room:
            self.dragged_from = self.step
            self.capture_mouse()
            self.post_message(self.Dragged(self._step_at(event.x), self.dragged_from, released=False))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.dragged_from is not None:
            self.post_message(self.Dragged(self._step_at(event.x), self.dragged_from, released=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self.dragged_from is not None:
            began, self.dragged_from = self.dragged_from, None
            self.release_mouse()
            self.post_message(self.Dragged(self._step_at(event.x), began, released=True))
