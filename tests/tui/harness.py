"""The application under test: keys are pressed fast, and the screen is read as text and as styled cells."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import chain, pairwise, repeat
from pathlib import Path
from time import monotonic
from typing import Any, ParamSpec

import numpy as np
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region, Size
from textual.keys import key_to_character
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.scenario import Scenario, load
from backprop_tui.tui.app import BackpropApp
from backprop_tui.tui.dialogs.views.present_view import PresentScreen
from backprop_tui.tui.main_screen import DebuggerScreen
from backprop_tui.tui.panes.pane import Pane
from backprop_tui.tui.shared.pane_layout import PANES

LAPTOP = (120, 36)
PATIENCE = 30.0  # seconds that anything may take on a busy machine
DATA = Path(__file__).parents[1] / "data" / "valid"

P = ParamSpec("P")


def asynchronous(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A test that is a coroutine function, as one that pytest can call."""
    from asyncio import run

    @wraps(test)
    def run_it(*args: P.args, **kwargs: P.kwargs) -> None:
        run(test(*args, **kwargs))

    return run_it


def is_busy(screen: Screen[Any]) -> bool:
    """Whether a screen has something left to lay out, to paint or to call."""
    return bool(screen._layout_required or screen._callbacks or screen._dirty_widgets)


def is_over(pump: MessagePump) -> bool:
    """Whether a widget has been taken away, so that it deals with nothing any more."""
    return pump._closed or (pump._task is not None and pump._task.done())


@dataclass(repr=False)
class Session:
    """A running application."""

    app: BackpropApp
    pilot: Pilot[int]

    # doing

    async def press(self, *keys: str) -> None:
        """Press keys, by Textual's names, and wait until all that follows from them is on the screen."""
        waiting = [*reversed(keys)]
        while waiting:
            if self.is_typed(waiting[-1]):
                with self.app.batch_update():  # what is typed is dealt with in one go, and painted once
                    while waiting and self.is_typed(waiting[-1]):
                        self.app.simulate_key(waiting.pop())
                    for _ in range(2):  # until the application has passed it on, and the line has taken it
                        await self.pilot.pause(0)
            else:
                self.app.simulate_key(waiting.pop())
                await self.pilot.pause(0)
        await self.settle()

    def is_typed(self, key: str) -> bool:
        """Whether a key is a character for the line that has the focus."""
        return isinstance(self.app.focused, Input) and (key_to_character(key) or "\0").isprintable()

    async def type(self, text: str) -> None:
        """Type characters as they come."""
        await self.press(*text)

    async def leave(self, key: str) -> None:
        """Press a key that quits."""
        from asyncio import sleep

        limit = monotonic() + PATIENCE
        self.app.simulate_key(key)
        while not self.app._exit:
            assert monotonic() < limit, f"{key} does not quit"
            await sleep(0.005)

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        size = Size(width, height)
        assert self.app._driver is not None
        self.app._driver._size = (width, height)
        self.app.post_message(Resize(size, size))
        await self.wait_for(lambda: self.app._resize_event is None and self.app.size == size)

    async def click(self, pane: str, x: int, y: int) -> None:
        """Click on a cell of a pane's inside."""
        place = self.panes[pane].content_region.offset
        await self.pilot.click(offset=(place.x + x, place.y + y))
        await self.settle()

    async def click_on(self, pane: str, text: str) -> None:
        """Click on the first cell of a text in a pane."""
        rows = self.pane(pane).splitlines()
        y, row = next((y, row) for y, row in enumerate(rows) if text in row)
        await self.click(pane, row.index(text), y)

    async def dealt_with(self) -> bool:
        """Wait until the screen in front and its widgets have dealt with all that was sent to them before.

        In place of the pilot's own, which waits in vain for a widget that is taken away meanwhile.
        """
        from asyncio import sleep

        if not self.app.screen_stack:
            return False
        waiting: set[MessagePump] = set()

        def has_dealt(pump: MessagePump) -> None:
            waiting.discard(pump)

        for pump in (self.app, *self.app.screen.walk_children(with_self=True)):
            if pump.call_later(has_dealt, pump):
                waiting.add(pump)
        limit, pauses = monotonic() + PATIENCE, chain([0.0] * 50, repeat(0.002))
        while self.app._exception is None and (left := [pump for pump in waiting if not is_over(pump)]):
            assert monotonic() < limit, f"in vain for {left}"
            await sleep(next(pauses))
        return not waiting

    async def settle(self) -> None:
        """Wait until there is nothing left to lay out or to paint, in front or behind a dialog."""
        quiet, limit = 0, monotonic() + PATIENCE
        while quiet < 2:
            assert monotonic() < limit, f"it never comes to rest: {self.unrest()}\n{self.text}"
            await self.pilot.pause(0)  # which paints what is in front; what is behind waits for its timer, or for ever
            self.check()
            for screen in self.app._background_screens:
                if is_busy(screen):
                    screen._on_timer_update()
            quiet = 0 if self.unrest() and not self.travelling else quiet + 1

    def unrest(self) -> list[str]:
        """The screens that have something left to do."""
        front = self.app.screen
        busy = [str(screen) for screen in (front, *self.app._background_screens) if is_busy(screen)]
        # Behind a dialog Textual leaves this set when it has painted: see Screen._compositor_refresh.
        busy += [f"{front} has something to repaint"] if front._repaint_required else []
        audit = front.audit if isinstance(front, DebuggerScreen) else front
        return busy + ([f"{front} is looking"] if getattr(audit, "looking", None) is not None else [])

    async def wait_for(self, what: Callable[[], object]) -> None:
        """Wait for something that happens in the background."""
        limit = monotonic() + PATIENCE
        while not what():
            assert monotonic() < limit, f"in vain:\n{self.text}"
            await self.pilot.pause(0.005)
            self.check()
        await self.settle()

    def is_at_work(self, group: str) -> bool:
        """Whether something of a group goes on in the background."""
        return any(worker.group == group and worker.is_running for worker in self.app.workers)

    def check(self) -> None:
        """Raise what the application has crashed with, if it has."""
        if self.app._exception is not None:
            raise self.app._exception

    async def close(self) -> None:
        """Leave whatever dialog is open by Esc, and presenting, which no stray Esc ends, by its own key."""
        for _ in range(3):
            if self.in_dialog:
                await self.press("L" if isinstance(self.app.screen, PresentScreen) else "escape")
        await self.wait_for(lambda: not self.in_dialog)

    def copied(self) -> str:
        """What is in the clipboard."""
        return self.app.clipboard

    # looking

    @property
    def screen(self) -> DebuggerScreen:
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, DebuggerScreen))

    @property
    def in_dialog(self) -> bool:
        return self.app.screen is not self.screen

    @property
    def travelling(self) -> bool:
        """Whether a move goes on in the background, telling how far it is."""
        return isinstance(self.app.screen_stack[-1], DebuggerScreen) and self.screen.busy

    @property
    def debugger(self) -> Debugger:
        return self.screen.debugger

    @property
    def panes(self) -> dict[str, Pane]:
        return self.screen.panes

    def seen(self) -> tuple[str, ...]:
        """The panes that are on the screen."""
        return tuple(name for name in PANES if self.panes[name].display and self.screen.arrangement.regions)

    @property
    def strips(self) -> list[Strip]:
        """The screen, dialogs included, a strip per row."""
        update = self.app.screen._compositor.render_update(full=True, screen_stack=self.app._background_screens)
        return [Strip.join(row) for row in update.strips]  # type: ignore[union-attr]

    @property
    def rows(self) -> list[str]:
        return [strip.text for strip in self.strips]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    @property
    def status(self) -> str:
        return self.rows[0]

    @property
    def notes(self) -> int:
        """How many rows of notes there are below the panes."""
        return self.screen.noting.rows

    @property
    def footer(self) -> str:
        return self.rows[-1]

    def part(self, region: Region) -> list[Strip]:
        """A part of the screen."""
        return [strip.crop(region.x, region.right) for strip in self.strips[region.y : region.bottom]]

    def pane(self, name: str) -> str:
        """The inside of a pane, as text."""
        pane = self.panes[name]
        assert pane.display, f"the {name} pane is not seen"
        return "\n".join(strip.text for strip in self.part(pane.content_region))

    def frame(self, name: str) -> str:
        """A pane's upper border, which holds its title."""
        return self.part(self.panes[name].region)[0].text

    def frame_below(self, name: str) -> str:
        """A pane's lower border, which may say something."""
        return self.part(self.panes[name].region)[-1].text

    def cells(self, widget: Widget | None = None) -> list[list[tuple[str, Style]]]:
        """Every character with its style: of the screen, or of a widget's region."""
        strips = self.strips if widget is None else self.part(widget.region)
        return [[(c, segment.style or Style()) for segment in strip for c in segment.text] for strip in strips]

    def marked(self, pane: str) -> list[str]:
        """The texts of a pane that are shown in reverse: what is selected."""
        return [
            segment.text.strip()
            for strip in self.part(self.panes[pane].content_region)
            for segment in strip
            if segment.style and segment.style.reverse and segment.text.strip()
        ]


@asynccontextmanager
async def opened(
    scenario: Scenario | str | None = "article", size: tuple[int, int] = LAPTOP, theme: str | None = None, **more: Any
) -> AsyncIterator[Session]:
    """The application on a scenario, or on the picker where it is None, after its first frame."""
    app = BackpropApp(load(scenario) if isinstance(scenario, str) else scenario, **more)
    if theme is not None:
        app.theme = theme
    async with app.run_test(size=size) as pilot:
        session = Session(app, pilot)
        pilot._wait_for_screen = session.dealt_with  # type: ignore[assignment, method-assign]
        await session.settle()
        yield session


def network(*units: int, batch: int = 1, iterations: int = 3) -> Scenario:
    """A scenario of a net of any size: how many inputs, then the units of each layer."""
    random, last = np.random.default_rng(0), len(units) - 2
    layers = tuple(
        Layer(
            random.normal(size=(after, before)) / np.sqrt(before),
            np.full((after, 1), 0.1),
            "sigmoid" if place == last else ("relu", "tanh")[place % 2],
        )
        for place, (before, after) in enumerate(pairwise(units))
    )
    x, y = random.normal(size=(units[0], batch)), random.uniform(size=(units[-1], batch))
    net = Network(layers, x, y, "half-squared-error", "sgd", {"learning_rate": 0.1})
    return Scenario("made.toml", None, "made", b"", "A net", "", net, iterations)
