"""The debugger's screen: keys become calls of the debugger, and all panes show the moment that results."""

from collections.abc import Iterator
from time import perf_counter
from typing import Any

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import Worker

from backprop_tui.debugger.address import Address
from backprop_tui.debugger.debugger import Debugger, Stop
from backprop_tui.tui import bars
from backprop_tui.tui.arrange import NETWORK, PANES, PARAMETERS, PROGRAM, SMALLEST, Arrangement, arrange
from backprop_tui.tui.bars import Bar
from backprop_tui.tui.clipboard import copy
from backprop_tui.tui.keys import KEYS, Key
from backprop_tui.tui.notation import Notation
from backprop_tui.tui.panes.equation import EquationPane
from backprop_tui.tui.panes.listing import ListingPane
from backprop_tui.tui.panes.network import SAMPLE, NetworkPane
from backprop_tui.tui.panes.pane import Pane
from backprop_tui.tui.panes.parameters import ParametersPane
from backprop_tui.tui.theme import styles
from backprop_tui.tui.view import View

PATIENCE = 0.05  # seconds of computing before a move goes on in the background
SLICE = 0.03
MOST_COUNT = 10_000_000


class DebuggerScreen(Screen[None]):
    """Four panes, a line above and a line below."""

    DEFAULT_CSS = """
    DebuggerScreen { layers: body; overflow: hidden; }
    DebuggerScreen #body { height: 1fr; width: 1fr; overflow: hidden; }
    """
    AUTO_FOCUS = ""
    BINDINGS = [
        Binding(",".join(row.keys), row.action, row.text, id=row.id, show=False, priority=row.id.endswith("-pane"))
        for row in KEYS
    ]

    def __init__(self, debugger: Debugger, rows: tuple[Key, ...] = KEYS, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.debugger = debugger
        self.rows = rows
        self.notation = Notation(debugger.program.symbols, ascii=ascii_only)
        self.code = False
        self.pending = ""
        self.enlarged = False
        self.unfocused = False  # by a terminal that is too small
        self.beside = PROGRAM
        self.current = NETWORK
        self.origin: int | None = None  # where one was before the last jump
        self.travel: Worker[None] | None = None
        self.said: str = ""
        self.panes: dict[str, Pane] = {
            "network": NetworkPane("network"),
            "equation": EquationPane("equation"),
            "program": ListingPane("program"),
            "parameters": ParametersPane("parameters"),
        }
        self.arrangement = Arrangement({})

    def compose(self) -> ComposeResult:
        yield Bar("status", "-top")
        with Container(id="body"):
            yield from self.panes.values()
        yield Bar("footer", "-bottom")

    def on_mount(self) -> None:
        self.status, self.footer = self.query_one("#status", Bar), self.query_one("#footer", Bar)
        self.paint = styles(self.app.current_theme)
        for pane in self.panes.values():
            pane.set_class(self.notation.ascii, "-ascii")
        self.app.theme_changed_signal.subscribe(self, self.repaint)
        self.place()

    # showing

    def repaint(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self.paint = styles(theme)
        self.show()

    def view(self) -> View:
        """What the panes are given now."""
        return View(self.debugger.moment(), self.notation, self.paint, self.code)

    def show(self) -> None:
        """Show the current moment in every pane."""
        view = self.view()
        self.status.cut = self.footer.cut = self.notation.mark("cut")
        if not self.arrangement.regions:
            self._ask_for_room(view)
            return
        for name in self.arrangement.regions:
            self.panes[name].show(view)
        self.status.show(bars.heading(view), bars.whereabouts(view, self.pending))
        self._show_footer()

    def _show_footer(self) -> None:
        paint = self.paint
        if self.said:
            self.footer.show([(f" {self.notation.text(self.said)}", paint.accent)])
        else:
            self.footer.show(bars.keys(self.rows, paint, self.size.width))

    def say(self, text: str) -> None:
        """Say something in the footer until the next key."""
        self.said = text

    def on_resize(self, event: events.Resize) -> None:
        self.place()

    def place(self) -> None:
        """Give every pane its region; only after a change of size, of the focus, or of what is enlarged."""
        width, height = self.app.size
        if width < SMALLEST[0] or height < SMALLEST[1]:
            self.arrangement = Arrangement({})
        else:
            self.arrangement = arrange(width, height - 2, self.current, self.beside, enlarged=self.enlarged)
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
        batch = self.debugger.program.network.x.shape[1] > 1
        words = {
            n: f"{self.panes[n].title}, sample {SAMPLE}" if n == NETWORK and batch else self.panes[n].title
            for n in deck
        }
        titles = [f"[{word}]" if n == name and len(deck) > 1 else word for n, word in words.items()]
        from textual.content import Content

        return Content(" ".join(titles))

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

    # stepping

    def go(self, step: int, stop: Stop | None = None, *, jump: bool = False) -> None:
        """Go to a step; where that takes long, in the background, with progress."""
        self.said = ""
        if self.travel is not None:  # a move ends one that is still under way where that is, as Esc does
            self.stop()
            return
        if jump and step != self.debugger.step:
            self.origin = self.debugger.step
        iteration = self.debugger.timeline.locate(step)[0]
        route = self.debugger.timeline.reach(iteration)
        if self._walk(route, PATIENCE):
            self._arrive(step, stop)
        else:
            self.travel = self.run_worker(self._travel(route, step, iteration, stop), exclusive=True)

    def _walk(self, route: Iterator[int], seconds: float) -> bool:
        """Compute iterations for so long; whether that was all."""
        limit = perf_counter() + seconds
        for at in route:
            self.reached = at
            if perf_counter() > limit:
                return False
        return True

    async def _travel(self, route: Iterator[int], step: int, iteration: int, stop: Stop | None) -> None:
        from asyncio import sleep

        began, first = perf_counter(), self.reached
        while not self._walk(route, SLICE):
            rate = (self.reached - first) / max(perf_counter() - began, 1e-9)
            self.say(f"Esc stops: iteration {self.reached:,} of {iteration:,}, {rate:,.0f} a second")
            self._show_footer()
            await sleep(0)
        self.travel = None
        self.said = ""
        self._arrive(step, stop)

    def _arrive(self, step: int, stop: Stop | None) -> None:
        self.debugger.seek(step)
        if step == 0:
            for pane in self.panes.values():
                pane.top = 0
        if stop is not None and stop.reason == "breakpoint":
            self.say(f"stopped at the breakpoint on {self.notation.symbol(stop.which)}")
        self.show()

    def action_advance(self) -> None:
        self.go(self.debugger.step + self.count())

    def action_rewind(self) -> None:
        self.go(max(0, self.debugger.step - self.count()))

    def action_finish(self) -> None:
        self.go(self.debugger.after_finish(self.count()))

    def action_unfinish(self) -> None:
        self.go(self.debugger.after_unfinish(self.count()))

    def action_later(self) -> None:
        self.go(self.debugger.after_skip(self.count()))

    def action_earlier(self) -> None:
        self.go(self.debugger.after_skip(-self.count()))

    def action_home(self) -> None:
        self.pending = ""
        self.go(self.debugger.iteration_steps()[0])

    def action_end(self) -> None:
        self.pending = ""
        self.go(self.debugger.iteration_steps()[-1])

    def action_resume(self) -> None:
        count = self.count() if self.pending else None
        debugger = self.debugger
        if count is None and debugger.step >= debugger.last_step:
            total = debugger.scenario.iterations
            over = "the scenario's iteration is over" if total == 1 else f"the scenario's {total:,} iterations are over"
            self.say(f"{over}; 10c goes on for ten more")
            self.show()
            return
        step, stop = debugger.target(iterations=count)
        self.go(step, stop, jump=True)

    def action_resume_back(self) -> None:
        self.pending = ""
        step, stop = self.debugger.target(back=True)
        self.go(step, stop, jump=True)

    def action_jump_back(self) -> None:
        self.pending = ""
        if self.origin is None:
            self.say("there was no jump yet")
            self.show()
        else:
            self.go(self.origin, jump=True)

    async def action_goto(self) -> None:
        from backprop_tui.tui.screens.goto import GotoScreen

        self.pending = ""
        await self.app.push_screen(GotoScreen(self.debugger), self._go_to)  # keys that follow at once are for it

    def _go_to(self, step: int | None) -> None:
        if step is not None:
            self.go(step, jump=True)

    def action_break(self) -> None:
        self.pending = ""
        operation = self.debugger.moment().operation
        if operation is None:
            self.say("there is no operation at step 0 to stop at")
            self.show()
        else:
            self.toggle(operation.name)

    def toggle(self, name: str) -> None:
        """A breakpoint on an operation, or none any more."""
        symbol = self.notation.symbol(name)
        there = self.debugger.breakpoints.toggle(name)
        self.say(f"breakpoint on {symbol}" if there else f"no breakpoint on {symbol} any more")
        self.show()

    def on_listing_pane_gutter_clicked(self, message: ListingPane.GutterClicked) -> None:
        self.toggle(message.operation)

    # selecting

    def select(self, address: Address | None) -> None:
        """Select a scalar, in every pane."""
        self.debugger.selection = address
        self.said = ""
        if address is not None:
            value = self.debugger.moment().scalar(address)
            worth = "is not computed yet" if value is None else f"= {self.notation.number(value)}"
            self.say(f"{self.notation.address(address)} {worth}")
        self.show()

    def _move(self, across: int, down: int) -> None:
        if self.current in self.arrangement.regions:
            self.select(self.panes[self.current].move(self.view(), across, down))

    def action_up(self) -> None:
        self._move(0, -self.count())

    def action_down(self) -> None:
        self._move(0, self.count())

    def action_left(self) -> None:
        self._move(-self.count(), 0)

    def action_right(self) -> None:
        self._move(self.count(), 0)

    def action_page_up(self) -> None:
        self._move(0, -self.count() * max(1, self.panes[self.current].size.height // 2))

    def action_page_down(self) -> None:
        self._move(0, self.count() * max(1, self.panes[self.current].size.height // 2))

    def on_pane_chosen(self, message: Pane.Chosen) -> None:
        self.select(message.address)

    def on_pane_title_clicked(self, message: Pane.TitleClicked) -> None:
        deck = self.arrangement.deck(self.current)
        if len(deck) > 1:
            self.focus_pane(deck[(deck.index(self.current) + 1) % len(deck)])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget.id in self.panes and event.widget.id != self.current:
            self.focus_pane(event.widget.id)

    # looking

    def focus_pane(self, name: str) -> None:
        """Make a pane the one that arrows move in, and show it where it was hidden."""
        self.current = name
        if name in (PROGRAM, PARAMETERS):
            self.beside = name
        self.place()
        self.panes[name].focus()

    def action_next_pane(self) -> None:
        self.pending = ""
        self.focus_pane(self._beside(1) if self.focused else self.current)

    def action_previous_pane(self) -> None:
        self.pending = ""
        self.focus_pane(self._beside(-1))

    def _beside(self, by: int) -> str:
        return PANES[(PANES.index(self.current) + by) % len(PANES)]

    def action_enlarge(self) -> None:
        self.pending, self.said = "", ""
        self.enlarged = not self.enlarged
        self.place()

    def action_code(self) -> None:
        self.pending, self.said = "", ""
        self.code = not self.code
        self.show()

    def toggle_ascii(self) -> None:
        """Draw with ASCII characters alone, or with all."""
        self.notation = replace(self.notation, ascii=not self.notation.ascii)
        for pane in self.panes.values():
            pane.set_class(self.notation.ascii, "-ascii")
        self.app.set_class(self.notation.ascii, "-ascii")
        self.place()

    def action_more_digits(self) -> None:
        self._digits(self.count())

    def action_fewer_digits(self) -> None:
        self._digits(-self.count())

    def _digits(self, by: int) -> None:
        self.notation = self.notation.with_digits(self.notation.digits + by)
        count = self.notation.digits
        self.say(f"{count} digit{'s' if count > 1 else ''} after the point")
        self.show()

    def action_copy(self) -> None:
        self.pending = ""
        view = self.view()
        event = view.moment.event
        if event is None:
            self.say("nothing is computed yet, so there is nothing to copy")
        else:
            numbers = "".join(
                p.text for p in self.notation.numeric_pieces(event.operation.tree, event.inputs.__getitem__)
            )
            symbol, formula = self.notation.symbol(event.name), self.notation.formula(event.operation.tree)
            self.say(copy(self.app, f"{symbol} = {formula} = {numbers} = {self.notation.array(event.value, most=200)}"))
        self.show()

    def action_palette(self) -> None:
        self.pending = ""
        self.app.action_command_palette()

    def action_help(self) -> None:
        from backprop_tui.tui.screens.help import HelpScreen

        self.pending = ""
        self.app.push_screen(HelpScreen(self.rows, self.notation))

    def stop(self) -> None:
        """End a move that goes on in the background at the iteration that it has reached."""
        if self.travel is not None:
            self.travel.cancel()
            self.travel = None
            self.debugger.seek(self.debugger.timeline.step_at(self.reached, self.debugger.timeline.length - 1))
            self.say(f"stopped at the end of iteration {self.reached:,}")
            self.show()

    def action_cancel(self) -> None:
        """The first that applies: a running continue, a count, an enlarged pane."""
        if self.travel is not None:
            self.stop()
        elif self.pending:
            self.pending = ""
        elif self.enlarged:
            self.enlarged = False
            self.place()
        else:
            self.said = ""
        self.show()

    def action_quit(self) -> None:
        self.app.exit()
