"""The desk: four panes, a line above and a line below, all showing one moment. What the keys do is in `tui/actions`."""

from collections import deque
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.theme import Theme
from textual.worker import Worker

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.moment import Moment
from backprop_tui.debugger.task import Task
from backprop_tui.tui import bars
from backprop_tui.tui.arrange import (
    EQUATION,
    MEDIUM,
    NETWORK,
    PARAMETERS,
    PROGRAM,
    SMALLEST,
    Arrangement,
    arrange,
)
from backprop_tui.tui.bars import Bar
from backprop_tui.tui.keys import KEYS, Key
from backprop_tui.tui.notation import Notation
from backprop_tui.tui.noting import Noting
from backprop_tui.tui.panes.equation import EquationPane
from backprop_tui.tui.panes.listing import ListingPane
from backprop_tui.tui.panes.network import NetworkPane
from backprop_tui.tui.panes.pane import Pane
from backprop_tui.tui.panes.parameters import ParametersPane
from backprop_tui.tui.scrubber import ROOM, Scrubber
from backprop_tui.tui.text_line import Run, size
from backprop_tui.tui.theme import styles
from backprop_tui.tui.view import View
from backprop_tui.tui.watching import Watching

if TYPE_CHECKING:
    from backprop_tui.debugger.line.line_session import LineSession

MOST_COUNT = 10_000_000
HITS = 1000  # stops that are marked, the latest: far more than the line of steps has cells


@lru_cache(maxsize=4)
def _covered(width: int) -> Strip:
    return Strip.blank(width)


class Ground(Container):
    """What the panes lie on. Where they cover it, it is not painted for every key."""

    def render_lines(self, crop: Region) -> list[Strip]:
        covered = isinstance(self.screen, Desk) and self.screen.arrangement.regions
        return [_covered(crop.width)] * crop.height if covered else super().render_lines(crop)


class Desk(Screen[None]):
    """What every group of commands stands on: the debugger, the panes, and showing the moment."""

    DEFAULT_CSS = """
    Desk { layers: body; overflow: hidden; }
    Desk #body { height: 1fr; width: 1fr; overflow: hidden; }
    """
    AUTO_FOCUS = ""

    def __init__(self, debugger: Debugger, rows: tuple[Key, ...] = KEYS, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.debugger = debugger
        self.rows = rows
        self.notation = Notation(debugger.program.symbols, ascii=ascii_only)
        self.code = False
        self.graph = False
        self.pending = ""
        self.enlarged = False
        self.unfocused = False  # by a terminal that is too small
        self.beside = PROGRAM
        self.current = NETWORK
        self.origin: int | None = None  # where one was before the last jump, or move of more than a step
        self.travel: Worker[None] | None = None
        self.doing: Task | None = None  # that is under way,
        self.since, self.printed = 0, 0  # the step and the messages when it began,
        self.jumps = False  # whether one can go back to there,
        self.progress: list[Run] = []  # and how far it is
        self.moment: Moment | None = None  # that was shown last
        self.said: str = ""
        self.notice = ""  # what stands in the footer until it is done
        self.hits: deque[int] = deque(maxlen=HITS)  # where a continue stopped,
        self.reason = (0, "")  # and where and why the last did
        self.panes: dict[str, Pane] = {
            "network": NetworkPane("network"),
            "equation": EquationPane("equation"),
            "program": ListingPane("program"),
            "parameters": ParametersPane("parameters"),
        }
        self.arrangement = Arrangement({})

    @cached_property
    def session(self) -> "LineSession":
        """What runs the commands of the `:` line."""
        from backprop_tui.debugger.line.line_session import LineSession
        from backprop_tui.debugger.line.words import WORDS

        return LineSession(self.debugger, WORDS)

    def compose(self) -> ComposeResult:
        yield Scrubber("status", "-top")
        with Ground(id="body"):
            yield from self.panes.values()
        yield Noting("notes")
        yield Watching("watches")
        yield Bar("footer", "-bottom")

    def on_mount(self) -> None:
        self.status, self.footer = self.query_one("#status", Scrubber), self.query_one("#footer", Bar)
        self.watching, self.noting = self.query_one("#watches", Watching), self.query_one("#notes", Noting)
        self.paint = styles(self.app.current_theme)
        for pane in self.panes.values():
            pane.set_class(self.notation.ascii, "-ascii")
        self.app.theme_changed_signal.subscribe(self, self.repaint)
        self.place()

    # showing

    def render_lines(self, crop: Region) -> list[Strip]:
        return [_covered(crop.width)] * crop.height if self.arrangement.regions else super().render_lines(crop)

    def repaint(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self.paint = styles(theme)
        self.show()

    def view(self) -> View:
        """What the panes are given now; while a step is still to be computed, the moment that was there before."""
        if self.moment is None or self.doing is None or self.debugger.timeline.has(self.debugger.step):
            self.moment = (self.debugger.quiz or self.debugger).moment()
        return View(self.moment, self.notation, self.paint, self.code, self.graph, bool(self.noting.rows))

    def show(self) -> None:
        """Show the current moment in every pane."""
        view = self.view()
        self.status.cut = self.footer.cut = self.notation.mark("cut")
        if not self.arrangement.regions:
            self._ask_for_room(view)
            return
        wanted = self._wanted(view)
        if wanted != (self.watching.rows, self.noting.rows):
            self._place(*wanted)
            return
        for name in self.arrangement.regions:
            self.panes[name].show(view)
        self.watching.show(self.debugger, view)
        self.noting.show(view)
        step, reason = self.reason
        reason = reason if step == view.moment.step else ""
        whereabouts = bars.whereabouts(view, self.pending, reason, self.size.width)
        line = ROOM if view.moment.last_step > view.moment.timeline.length else 0  # of one iteration it tells little
        self.status.show(bars.heading(view, self.size.width - size(whereabouts) - line), whereabouts)
        marked = dict.fromkeys(self.hits, "") | {step: letter for letter, step in self.debugger.marks.items()}
        moment = view.moment
        self.status.track(moment.step, moment.last_step, marked, self.paint, ascii_only=self.notation.ascii)
        self._show_footer()

    def _show_footer(self) -> None:
        paint = self.paint
        if self.progress:
            self.footer.show(self.progress)
        elif self.said:
            self.footer.show([(f" {self.notation.text(self.said)}", paint.accent)])
        else:
            room = self.size.width - len(self.notice)
            notice = [(f"{self.notice} ", paint.bad)] if self.notice else []
            self.footer.show(bars.keys(self.rows, paint, room), notice)

    def kept_view(self) -> dict[str, int]:
        """What a session keeps of how things are shown."""
        return {"digits": self.notation.digits, "code": int(self.code)}

    def take_view(self) -> None:
        """Show things as a session that was taken up has it."""
        view = self.kept_view() | self.debugger.view
        self.notation, self.code = self.notation.with_digits(view["digits"]), bool(view["code"])

    def say(self, text: str) -> None:
        """Say something in the footer until the next key."""
        self.said = text

    def on_resize(self, event: events.Resize) -> None:
        self.place()

    def place(self) -> None:
        """Give every pane its region; only after a change of size, of the focus, or of what is enlarged."""
        self._place(*self._wanted(self.view()))

    def _place(self, watches: int, notes: int) -> None:
        self.watching.take(watches)
        self.noting.take(notes)
        self.arrangement = self._arranged(watches + notes)
        if not self.arrangement.regions:
            self.unfocused = self.unfocused or self.focused is not None
        elif self.unfocused:  # Textual takes the focus from what is hidden
            self.unfocused = False
            self.call_after_refresh(self.panes[self.current].focus)
        view = self.view()
        for name, pane in self.panes.items():
            region = self.arrangement.regions.get(name)
            pane.display = region is not None
            if region is not None:
                pane.view = view  # what it shows as soon as it has its size
                pane.styles.offset = (region.x, region.y)
                pane.styles.width, pane.styles.height = region.width, region.height
                pane.border_title = self._title(name)
        self.call_after_refresh(self.show)

    def _arranged(self, taken: int) -> Arrangement:
        """Where the panes are, with so many rows below them; nowhere in too small a terminal."""
        width, height = self.app.size
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return Arrangement({})
        return arrange(width, height - 2 - taken, self.current, self.beside, enlarged=self.enlarged, taken=taken)

    def _wanted(self, view: View) -> tuple[int, int]:
        """How many rows below the panes watches and notes are worth."""
        width, height = self.app.size
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return 0, 0
        watches = self.watching.wants(len(self.debugger.watches), width, height)
        if not view.moment.notes or width < MEDIUM[0] or height < MEDIUM[1]:
            return watches, 0
        return watches, self.noting.wants(view, self._arranged(watches).regions.get(EQUATION), width)

    def _ask_for_room(self, view: View) -> None:
        """Below the smallest size, one sentence instead of panes."""
        width, height = SMALLEST
        self.status.show(
            [(self.notation.text(f"Please make the terminal at least {width}×{height}."), view.styles.strong)]
        )
        self.footer.show([])

    def _title(self, name: str) -> Any:
        """A pane's title; where it shares its place, those of all that do, its own in brackets."""
        deck = self.arrangement.deck(name)
        titles = [f"[{self._word(n)}]" if n == name and len(deck) > 1 else self._word(n) for n in deck]
        from textual.content import Content

        return Content(" ".join(titles))

    def _word(self, name: str) -> str:
        """What a pane is called."""
        return "Graph" if name == NETWORK and self.graph else self.panes[name].title

    def focus_pane(self, name: str) -> None:
        """Make a pane the one that arrows move in, and show it where it was hidden."""
        self.current = name
        if name in (PROGRAM, PARAMETERS):
            self.beside = name
        self.place()
        self.panes[name].focus()

    # keys

    def on_key(self, event: events.Key) -> None:
        """Digits make a count; `0` only extends one."""
        digit = event.character or ""
        if digit.isdecimal() and digit.isascii() and (self.pending or digit != "0"):
            event.stop()
            self.pending = str(min(int(self.pending + digit), MOST_COUNT))
            self.said = ""
            self.show()

    def count(self) -> int:
        """The count that was typed, 1 without one; used up by asking."""
        count, self.pending = int(self.pending or 1), ""
        return count
