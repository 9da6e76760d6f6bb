"""The desk: four panes, a line above and a line below, all showing one moment. What the keys do is in `actions`."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.theme import Theme

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.moving.task import Outcome, Task
from backprop_tui.tui.main.chain_rows import ChainRows, chain_strips
from backprop_tui.tui.main.notes_below import Noting
from backprop_tui.tui.main.parts.audit_ahead import AuditAhead
from backprop_tui.tui.main.parts.file_watch import FileWatch
from backprop_tui.tui.main.parts.last_change import LastChange
from backprop_tui.tui.main.parts.line_runner import LineRunner
from backprop_tui.tui.main.parts.playing import Autoplay
from backprop_tui.tui.main.parts.presenting import Presenting
from backprop_tui.tui.main.parts.session_keeper import SessionKeeper
from backprop_tui.tui.main.parts.text_search import TextSearch
from backprop_tui.tui.main.parts.travelling import Travelling
from backprop_tui.tui.main.scrubber import Scrubber
from backprop_tui.tui.main.status_line import status_runs
from backprop_tui.tui.panes.equation.equation import EquationPane
from backprop_tui.tui.panes.network.network_pane import NetworkPane, wanted_rows
from backprop_tui.tui.panes.pane import Pane
from backprop_tui.tui.panes.tables.listing import ListingPane, listed_rows
from backprop_tui.tui.panes.tables.parameters import ParametersPane
from backprop_tui.tui.shared import bars
from backprop_tui.tui.shared.bars import Bar
from backprop_tui.tui.shared.folding import Folds
from backprop_tui.tui.shared.keys import Count, Key, cap
from backprop_tui.tui.shared.painted import Painted, at_once
from backprop_tui.tui.shared.pane_layout import (
    EQUATION,
    NETWORK,
    PANES,
    SMALLEST,
    Arrangement,
    Rows,
    arrange,
    is_medium,
)
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import styles
from backprop_tui.tui.shared.view import View
from backprop_tui.tui.shared.watches_below import Watching
from backprop_tui.tui.terminal.textual_private import Parting, TiledScreen

if TYPE_CHECKING:
    from backprop_tui.debugger.console.console import LineSession
    from backprop_tui.debugger.expressions.series import Series

CLICKER = ("pageup", "pagedown")  # what its buttons send
MOST_COUNT = 10_000_000  # more is a key held down, not a count


@lru_cache(maxsize=4)
def _covered(width: int) -> Strip:
    return Strip.blank(width)


class Ground(Container):
    """What the panes lie on. Where they cover it, it is not painted for every key."""

    def render_lines(self, crop: Region) -> list[Strip]:
        covered = isinstance(self.screen, DeskScreen) and self.screen.arrangement.regions
        return [_covered(crop.width)] * crop.height if covered else super().render_lines(crop)


class DeskScreen(Parting, TiledScreen):
    """What is debugged and how it is shown; its parts, each of which keeps what one group of commands needs; and the
    dispatcher, which takes the count that was typed and calls the function of a command.
    """

    DEFAULT_CSS = """
    DeskScreen { layers: body; overflow: hidden; }
    DeskScreen #body { height: 1fr; width: 1fr; overflow: hidden; }
    """
    AUTO_FOCUS = ""
    tiles = (Painted, Ground, TiledScreen)

    def __init__(
        self,
        debugger: Debugger,
        rows: tuple[Key, ...],
        without_key: Mapping[str, Callable[..., None]],
        *,
        ascii_only: bool = False,
    ) -> None:
        """`rows` is the key table in force; `without_key` has the commands of the `:` line that need a screen but have
        no key, by name.
        """
        super().__init__()
        self.debugger = debugger
        self.rows = rows
        self.commands = {row.id: row for row in rows}
        self.caps = {row.id: cap(row.keys[0]) for row in rows if row.keys}
        self.without_key = without_key
        self.notation = Notation(debugger.program.symbols, ascii=ascii_only)
        self.code = False
        self.graph = False
        self.folds = Folds()
        self.pending = ""
        """The digits of a count that is being typed."""
        self.enlarged = False
        self.unfocused = False  # lost to a terminal that is too small
        self.current = NETWORK
        self.moment: Moment | None = None  # that was shown last
        self.said = ""
        self.shown: list[Callable[[], None]] = []
        self.travel = Travelling(self)
        self.line = LineRunner(self, self.travel)
        self.presenting = Presenting(self, self.line)
        self.keeper = SessionKeeper(self, self.travel)
        self.autoplay = Autoplay(self, self.travel)
        self.last_change = LastChange(self)
        self.search = TextSearch(self)
        self.file = FileWatch(self)
        self.audit = AuditAhead(self)
        self.plotted: dict[tuple[str, ...], Series] = {}
        """What was gathered for the plots."""
        self.keeper.instead = lambda: self.line.before
        self.travel.listeners += [self._arrived, self.keeper.finished, self.last_change.finished]
        self.panes: dict[str, Pane] = {
            "network": NetworkPane("network"),
            "equation": EquationPane("equation"),
            "program": ListingPane("program"),
            "parameters": ParametersPane("parameters"),
        }
        self.arrangement = Arrangement({})
        self.placed = Size(0, 0)
        """The size that the panes were laid out for."""

    @cached_property
    def session(self) -> "LineSession":
        """What runs the commands of the `:` line."""
        from backprop_tui.debugger.console.commands.word_table import WORDS
        from backprop_tui.debugger.console.console import LineSession

        return LineSession(self.debugger, WORDS)

    def compose(self) -> ComposeResult:
        yield Scrubber("status", "-top")
        yield ChainRows("chain")
        with Ground(id="body"):
            yield from self.panes.values()
        yield Noting("notes")
        yield Watching("watches")
        yield Bar("footer", "-bottom")

    def on_mount(self) -> None:
        self.status, self.footer = self.query_one("#status", Scrubber), self.query_one("#footer", Bar)
        self.watching, self.noting = self.query_one("#watches", Watching), self.query_one("#notes", Noting)
        self.chain = self.query_one("#chain", ChainRows)
        self.paint = styles(self.app.current_theme, colourless=self.app.no_color)
        for pane in self.panes.values():
            pane.set_class(self.notation.ascii, "-ascii")
        self.app.theme_changed_signal.subscribe(self, self.repaint)
        self.place()
        if self.presenting.server is not None:
            self.presenting.take_over()
        self.file.begin()
        self.keeper.begin()

    def on_unmount(self) -> None:
        """Let go of what would keep it, and with it the whole run, while the program goes on to another scenario."""
        self.app.theme_changed_signal.unsubscribe(self)
        self.presenting.let_go()

    # showing

    def render_lines(self, crop: Region) -> list[Strip]:
        return [_covered(crop.width)] * crop.height if self.arrangement.regions else super().render_lines(crop)

    def repaint(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self.paint = styles(theme, colourless=self.app.no_color)
        self.show()

    def view(self) -> View:
        """What the panes are given now; while a step is still to be computed, the moment that was there before."""
        if self.moment is None or self.travel.task is None or self.debugger.is_computed:
            self.moment = (self.debugger.quiz or self.debugger).moment()
        return View(
            self.moment, self.notation, self.paint, self.code, self.graph, bool(self.noting.rows), self.caps, self.folds
        )

    def show(self) -> None:
        """Show the current moment in every pane."""
        with at_once(self):
            self._show()
        self.audit.look()
        for follow in [*self.shown]:
            follow()

    def _show(self) -> None:
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
        step, reason = self.travel.reason
        reason = reason if step == view.moment.step else ""
        said = status_runs(view, self.pending, reason, self.size.width)
        self.status.show(said.left, said.right)
        self.chain.show(view, said.elsewhere)
        marked = dict.fromkeys(self.travel.hits, "") | {step: letter for letter, step in self.debugger.marks.items()}
        moment = view.moment
        self.status.track(moment.step, moment.last_step, marked, self.paint, ascii_only=self.notation.ascii)
        self.show_footer()

    def show_footer(self) -> None:
        """Show how far a task is, or what is said, or which keys there are."""
        paint = self.paint
        announced = "  ".join(text for text in (self.line.notice, self.file.notice) if text)
        if self.travel.progress:
            self.footer.show(self.travel.progress)
        elif self.said:
            self.footer.show([(f" {self.notation.text(self.said)}", paint.accent)])
        else:
            notice = [(f"{announced} ", paint.bad)] if announced else []
            self.footer.show(bars.keys(self.rows, paint, self.size.width - len(announced)), notice)

    def rehearse(self) -> None:
        """Get ready for the next key while nobody waits: judge what was printed, and make what the next step shows
        without showing it, so that it is there, with what it imports, measures and lays out.
        """
        self.audit.look_ahead()
        coming, debugger = self.debugger.step + 1, self.debugger
        idle = not self.travel.under_way and debugger.quiz is None
        if idle and self.arrangement.regions and debugger.timeline.has(coming):
            view = replace(self.view(), moment=debugger.moment_at(coming))
            view = replace(view, notes_below=bool(self._wanted(view)[1]))
            status_runs(view, "", "", self.size.width)
            chain_strips(view, self.size.width)
            for name in self.arrangement.regions:
                self.panes[name].rehearse(view)

    def kept_view(self) -> dict[str, int]:
        """What a session keeps of how things are shown."""
        return {"digits": self.notation.digits, "code": int(self.code), **self.folds.kept()}

    def take_view(self) -> None:
        """Show things as a session that was resumed has it."""
        view = self.kept_view() | self.debugger.view
        self.folds = Folds.of(self.debugger.view)
        self.notation, self.code = self.notation.with_digits(view["digits"]), bool(view["code"])

    def look(self) -> dict[str, int]:
        """How the panes lie: which was looked at last, whether it is enlarged, and what the network is drawn as."""
        return {
            "current": PANES.index(self.current),
            "enlarged": int(self.enlarged),
            "graph": int(self.graph),
        }

    def take_look(self, look: Mapping[str, int]) -> None:
        """Lay the panes as they were."""
        if look and look != self.look():
            self.current = PANES[look["current"]]
            self.enlarged, self.graph = bool(look["enlarged"]), bool(look["graph"])
            self.place()
            self.panes[self.current].focus()

    def say(self, text: str) -> None:
        """Say something in the footer until the next key."""
        self.said = text

    def on_resize(self, event: events.Resize) -> None:
        if self.app.size != self.placed:  # told once more when it is there for the first time
            self.place()

    def place(self) -> None:
        """Give every pane its region; only after a change of size, of the focus, or of what is enlarged."""
        self._place(*self._wanted(self.view()))

    def _place(self, watches: int, notes: int) -> None:
        self.placed = self.app.size
        self.watching.take(watches)
        self.noting.take(notes)
        self.chain.take(self.chain.wants(self.view(), *self.app.size))
        self.arrangement = self._arranged(watches, notes)
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
                pane.set_class(name in self.arrangement.bare, "-bare")
                pane.border_title = self._title(name)
        self.call_after_refresh(self.show)

    def _arranged(self, watches: int, notes: int = 0) -> Arrangement:
        """Where the panes are, with watches and notes below them; nowhere in too small a terminal."""
        width, height = self.app.size
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return Arrangement({})
        return arrange(
            width,
            height - 2 - self.chain.rows - watches - notes,
            self.current,
            enlarged=self.enlarged,
            beside=Rows(self.chain.rows, watches, notes),
            wanted=wanted_rows(self.view()),
            listed=listed_rows(self.debugger.program.plain),
        )

    def _wanted(self, view: View) -> tuple[int, int]:
        """How many rows below the panes watches and notes are worth."""
        width, height = self.app.size
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return 0, 0
        watches = self.watching.wants(len(self.debugger.watches), width, height)
        if not view.moment.notes or not is_medium(width, height):
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
        self.place()
        # At once: `Widget.focus` is done later, and of two that are under way each would call for the other's end.
        self.set_focus(self.panes[name])

    def pane_beside(self, by: int) -> str:
        """The pane a number of places after the current one, in the order of Tab."""
        return PANES[(PANES.index(self.current) + by) % len(PANES)]

    def select(self, address: Address | None) -> None:
        """Select a scalar, in every pane."""
        self.debugger.selection = address
        self.said = ""
        if address is not None:
            value = self.debugger.moment().scalar(address)
            worth = "is not computed yet" if value is None else f"= {self.notation.number(value)}"
            self.say(f"{self.notation.address(address)} {worth}")
        self.show()

    def tell(self, text: str) -> None:
        """Show a text in the footer, or in a panel where it is too long for that."""
        text = self.notation.text(text)
        if not text:
            self.show()
        elif "\n" not in text and len(text) < self.size.width - 1:
            self.say(text)
            self.show()
        else:
            from backprop_tui.tui.dialogs.views.output_view import OutputScreen

            self.show()
            self.app.push_screen(OutputScreen(text, CLICKER if self.line.lecture is not None else ()))

    # doing

    @property
    def busy(self) -> bool:
        """Whether a task goes on in the background."""
        return self.travel.under_way

    def go(self, step: int, *, jump: bool = False) -> None:
        """Go to a step; after a jump there is a way back."""
        self.travel.go(step, jump=jump)

    def do(self, task: Task, *, jump: bool = False) -> None:
        """Do what may take long: in the background after a moment, with progress."""
        self.travel.do(task, jump=jump)

    def stop(self) -> None:
        """End what goes on in the background where it has got to, and a script along with it."""
        self.line.drop()
        self.travel.stop()

    async def finished(self) -> None:
        """Wait until nothing goes on in the background."""
        await self.travel.ended()

    def command(self, text: str) -> None:
        """Run a line as if it had been typed after `:`."""
        self.line.run(text)

    def _arrived(self, outcome: Outcome) -> None:
        """Say what a task found, and the last of what log points printed; a script gathers that."""
        if self.debugger.step == 0:
            for pane in self.panes.values():
                pane.top = 0
        if self.line.finished(outcome):
            return
        logged = self.travel.logged()
        if len(logged) > 1:
            logged = [f"{logged[-1]} ({len(logged):,} messages, :messages has all)"]
        self.say("; ".join([*self.travel.told(outcome), *logged]))

    # keys

    def on_key(self, event: events.Key) -> None:
        """Digits make a count; `0` only extends one."""
        digit = event.character or ""
        if digit.isdecimal() and digit.isascii() and (self.pending or digit != "0"):
            event.stop()
            self.pending = str(min(int(self.pending + digit), MOST_COUNT))
            self.said = ""
            self.show()

    def action_perform(self, name: str) -> Awaitable[None] | None:
        """Do what a row of the key table does, with the count that was typed; what it returns is to be awaited."""
        row, count = self.commands[name], Count(self.pending)
        self.pending = ""
        if not row.keeps_said:
            self.said = ""
        return row.do(self, count) if row.counted else row.do(self)

    def perform(self, name: str, count: int | None = None, arguments: tuple[str, ...] = ()) -> None:
        """Do what a row of the key table does, or one of the commands that have no key."""
        if name in self.without_key:
            self.without_key[name](self, *arguments)
            return
        self.pending = str(count or "")
        waiting = self.action_perform(name)
        if waiting is not None:
            self.call_later(lambda: waiting)
