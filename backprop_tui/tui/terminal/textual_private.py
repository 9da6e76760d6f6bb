"""All that is used of Textual's private parts, so that a new version of it is looked through in one place.

Tried with Textual 8.2; a test fails where another is installed. What is used, and what to do where it goes:

- `keys._character_to_key`, for the user's own keys: `key_of_character`. Else: `ord` and `unicodedata.name`, which it
  makes its names from.
- `Widget._pruning` and `_closing`, and `App._exit`, for what was left before all of it was there: `is_going`. Else: a
  flag of our own, set in `dismiss`.
- `MessagePump._get_dispatch_methods`, so that what was left hears of nothing more: `Sifted`. Else: each handler of a
  dialog asks whether that was left.
- `OptionList._move_page` and `_index_to_line`, which crash while a list has no rows or no room: `Options`. Else: the
  same around `action_page_up` and `action_page_down`; and first see whether it still crashes.
- `CommandPalette._action_command_list`, which crashes for the same reason, and `_gather_commands` with its
  `_GATHER_COMMANDS_GROUP`, which crashes where the list is gone already: `PagedPalette`. Else: see whether they do.
- `App._check_bindings`, so that a key is dealt with before the next one: `TerminalApp.is_bound`. Else: look the key up
  in `Screen.active_bindings`, and run its action.
- `App._background_screens`, which each task keeps that has drawn: `Below`. Else: see with `gc.get_referrers` whether
  what was drawn and left is kept.
- `Screen._refresh_layout` and `_compositor_refresh`, with `_repaint_required`, `_layout_required` and `_dirty_widgets`,
  and `App._batch_count`: `FrugalScreen` and `Beneath`, which draw no frame twice. Else: Textual's own screens do.
- `App._handle_exception` and `_driver`, so that a crash leaves in order: `TerminalApp`. Else: `sys.excepthook` and the
  loop's exception handler; and the driver that our `get_driver_class` made last.
- `App._display` with a `CompositorUpdate`, which writes a frame in the cursor's and the driver's ways; the screen's
  `_compositor`, `_layout_required` and `_dirty_widgets`, which tell where widgets are and whether Textual is about to
  paint: `TiledScreen`. Else: without it, all goes by `refresh`, later and slower.
- `Widget._styles_cache`, which has the rows that Textual made: `forget_rows`. Else: `refresh`.
- `LinuxDriver`: `_file`, which its writer writes to; `_size`, which the app takes for its own; `_get_terminal_size`;
  `_must_signal_resume`, which says that SIGTSTP has suspended it; `_mouse_pixels`; `_sigcont_application`; `_loop` and
  `_app`; and `exit_event`, which ends the thread that reads keys: `OutlivingDriver`, which outlives its terminal. Else:
  Textual's own driver does, but a terminal that goes away leaves the process waiting for it.

What is private of textual-plot stands in `textual_plot_private.py`, because it is imported only when a plot is opened.
"""

import os
import sys
from asyncio import AbstractEventLoop, Event
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import suppress
from contextvars import Context, copy_context
from time import monotonic
from typing import Any, ClassVar, Literal, ParamSpec, SupportsIndex, TextIO, TypeVar
from weakref import ref

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual import work
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.command import CommandList, CommandPalette
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.events import Click, Unmount
from textual.geometry import Region, Size
from textual.keys import _character_to_key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import UPDATE_PERIOD, Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList

TRIED_WITH = "8.2"

P = ParamSpec("P")
Returned = TypeVar("Returned")
OneWidget = TypeVar("OneWidget", bound=Widget)
HERE = "\x00"  # where text stands between what is written before and after it


def key_of_character(character: str) -> str:
    """Textual's name of the key that types a character."""
    return _character_to_key(character)


def is_going(node: Widget) -> bool:
    """Whether it is being removed: its widgets are gone, or never come."""
    return node._pruning or node._closing or node.app._exit  # noqa: SLF001


class Sifted(MessagePump):
    """A message pump that can choose which of its classes hear of a message."""

    def hears(self, own: type, message: Message) -> bool:
        """Whether the handlers of one of its classes are called."""
        return True

    def _get_dispatch_methods(
        self, method_name: str, message: Message
    ) -> Iterable[tuple[type, Callable[[Message], Awaitable[Any]]]]:
        for own, method in super()._get_dispatch_methods(method_name, message):
            if self.hears(own, message):
                yield own, method


class Parting(Sifted, Screen[None]):
    """A screen that hears of nothing once the program ends, not even its mounting: its widgets may never come."""

    def hears(self, own: type, message: Message) -> bool:
        """Messages go to Textual's classes alone then."""
        ours = own is not Parting and issubclass(own, Parting)
        return not ours or not is_going(self) or isinstance(message, Unmount)


def forget_rows(widget: Widget, rows: Region) -> None:
    """Have Textual make some rows of a widget again when it is asked for them."""
    widget._styles_cache.set_dirty(rows)  # noqa: SLF001


def written(app: App[Any], style: Style) -> tuple[str, str]:
    """What is written to the terminal before and after text of a style."""
    colours = app.console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001
    before, _, after = Strip.render_style(style, HERE, colours).partition(HERE)
    return before, after


class Pieces(CompositorUpdate):
    """Pieces of rows, each with its row and column, as they go to the terminal."""

    def __init__(self, pieces: Iterable[tuple[int, int, str]]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        return "".join([f"\x1b[{y + 1};{x + 1}H{text}" for y, x, text in self.pieces])


class Options(OptionList):
    """A list to choose from, which can be paged through before it has rows, and without room for any."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        if self._index_to_line:
            super()._move_page(direction)


class PagedPalette(CommandPalette):
    """Textual's palette, which can be paged through before its list has room, closed as it opens, and clicked at where
    the terminal no longer is.
    """

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region.area:
            super()._action_command_list(action)

    def _on_click(self, event: Click) -> None:  # type: ignore[override]  # as in Textual
        """What Textual calls before its own, which asks for the widget there."""
        if not self.region.contains(event.screen_x, event.screen_y):  # the terminal has become smaller meanwhile
            event.prevent_default()

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)  # noqa: SLF001
    async def _gather_commands(self, search_value: str) -> None:
        with suppress(NoMatches):  # the list is gone before the work began
            await CommandPalette._gather_commands.__wrapped__(self, search_value)  # type: ignore[attr-defined]  # noqa: SLF001


# What Textual and we switch on, switched off; then the keyboard, the screen that was there before, and the cursor.
OFF = "".join(f"\x1b[?{mode}l" for mode in (1000, 1003, 1015, 1006, 1016, 1004, 2004, 2048))
GIVEN_BACK = f"{OFF}\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"


class Outliving:
    """A file that is a terminal. What is written after it has gone is forgotten, so that whoever writes goes on.

    Textual's writer would end with the error, and the main thread wait for room in a queue that nobody empties.
    """

    def __init__(self, file: TextIO) -> None:
        self.file, self.gone = file, False

    def write(self, text: str) -> None:
        self._try(lambda: self.file.write(text))

    def flush(self) -> None:
        self._try(self.file.flush)

    def fileno(self) -> int:
        return self.file.fileno()

    def _try(self, act: Any) -> None:
        if not self.gone:
            try:
                act()
            except OSError:
                self.gone = True


if sys.platform != "win32":
    import termios

    from textual.drivers.linux_driver import LinuxDriver

    class OutlivingDriver(LinuxDriver):
        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            self._file: Any = Outliving(self._file)
            self.drawing = False
            # Else the app asks rich, which takes 80×25 for a terminal that tells no size, where this takes 80×24: the
            # two would answer each other with a new layout for ever.
            self._size = self._size or self._get_terminal_size()

        def start_application_mode(self) -> None:
            self.drawing = True
            super().start_application_mode()  # type: ignore[no-untyped-call]

        def stop_application_mode(self) -> None:
            if self._mouse_pixels:
                self.write("\x1b[?1016l")  # Textual leaves it on
            super().stop_application_mode()

        def close(self) -> None:
            super().close()
            self.drawing = False  # not before all is written

        def give_back(self) -> None:
            """Give the terminal back, whatever state this is in; from any thread, and more than once."""
            self.exit_event.set()
            if self.drawing:
                if self.attrs_before is not None:
                    with suppress(termios.error):
                        termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
                self._file.gone = True  # for what would still be drawn
                with suppress(OSError):
                    os.write(self._file.fileno(), GIVEN_BACK.encode())

        def _sigcont_application(self, *_: object) -> None:
            """Take the terminal again, where SIGTSTP gave it away. SIGCONT comes after a SIGHUP too, and after SIGSTOP.

            A second start would leave a thread that reads keys for ever, and take for the terminal's settings ours.
            """
            if self._must_signal_resume:
                super()._sigcont_application()
            else:
                loop: AbstractEventLoop = self._loop
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(lambda: self._app.refresh(layout=True))


class Below(list[Any]):
    """The screens below the one in front, as Textual wants to have them; none of them is kept."""

    def __init__(self, screens: Iterable[Screen[Any]]) -> None:
        super().__init__(map(ref, screens))

    def __iter__(self) -> Iterator[Any]:
        screens = (kept() for kept in super().__iter__())
        return (screen for screen in screens if screen is not None)

    def __contains__(self, screen: object) -> bool:
        return any(one is screen for one in self)

    def pop(self, place: SupportsIndex = -1) -> Any:
        """The last one; None where it is gone."""
        return super().pop(place)()


class FrugalScreen(Screen[None]):
    """A screen that draws what is asked for once.

    Textual lays a screen out anew where its size was told, and draws it; and then does so again for what had been asked
    for before. While an update is held back it makes frames that it never shows.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_drawn = Event()
        """Whether its first frame is there."""

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's
        draws = self.is_current and not self.app._batch_count  # noqa: SLF001
        if draws and self._repaint_required:
            self._dirty_widgets.add(self)
            self._repaint_required = False
        super()._refresh_layout(size, scroll)
        if draws:
            self._layout_required = False

    def _compositor_refresh(self) -> None:
        if not self.app._batch_count:  # noqa: SLF001
            super()._compositor_refresh()
            self.is_drawn.set()


class TiledScreen(FrugalScreen):
    """A screen whose widgets lie beside each other, and may write their rows to the terminal."""

    tiles: ClassVar[tuple[type[Widget], ...]] = ()
    """Kinds of widgets that cover none of those that write."""
    wrote = 0.0
    """When one wrote last."""

    def open_regions(self, widgets: Collection[OneWidget]) -> dict[OneWidget, Region] | None:
        """Where widgets are; None where one may be covered, or where Textual is about to paint, or would not yet: it
        keeps to so many frames a second.
        """
        about_to = self._layout_required or self._dirty_widgets or self.app._batch_count  # noqa: SLF001
        if about_to or not self.is_active or monotonic() - self.wrote < UPDATE_PERIOD:
            return None
        seen = self._compositor.visible_widgets
        if not all(isinstance(widget, self.tiles) for widget in seen) or not all(widget in seen for widget in widgets):
            return None
        found = {widget: seen[widget] for widget in widgets}
        if not all(clip.contains_region(region) for region, clip in found.values()):
            return None
        return {widget: region for widget, (region, _) in found.items()}

    def write(self, pieces: Iterable[tuple[int, int, str]]) -> None:
        """Write pieces of rows to the terminal, in one frame."""
        self.wrote = monotonic()
        self.app._display(self, Pieces(pieces))  # type: ignore[arg-type]  # noqa: SLF001


class Beneath(Screen[None]):
    """Textual's own empty screen, which lies under all others and is never seen.

    It is not laid out: what it has to draw, the screen in front draws, all of it once more.
    """

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's
        pass

    def _compositor_refresh(self) -> None:
        self._dirty_widgets.clear()


class TerminalApp(App[int]):
    """An app that says when it leaves, in whatever way, and gives its terminal back."""

    leaving = False
    """Whether it is about to end: no key means anything any more."""
    crash: BaseException | None = None
    beginning = Context()
    """The context variables that it began with."""

    def on_load(self) -> None:
        self.beginning = copy_context()

    def anew(self, call: Callable[P, Returned], *args: P.args, **kwargs: P.kwargs) -> Returned:
        """Call it as if nothing had led to it.

        A task keeps the context that it was begun in, a timer even after it was stopped, until its time; and in that
        Textual has the widget which was active.
        """
        return self.beginning.copy().run(call, *args, **kwargs)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        return Below(super()._background_screens)

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver made to outlive the terminal; any other, such as for Windows or a browser, as it is."""
        driver = super().get_driver_class()
        if sys.platform != "win32" and driver is LinuxDriver:
            return OutlivingDriver
        return driver

    def leaves(self, status: int) -> None:
        """Begin to leave; the first status given is the process's."""
        self.leaving = True

    def exit(self, result: int | None = None, return_code: int = 0, message: Any = None) -> None:
        """Leave in order."""
        if not self.leaving:
            self.leaves(return_code)
            super().exit(result, return_code, message)

    def _handle_exception(self, error: Exception) -> None:
        """All that goes wrong comes here, in a handler, a timer or a worker."""
        self.crash = self.crash or error
        self.leaves(1)
        super()._handle_exception(error)

    async def is_bound(self, key: str) -> bool:
        """Do what a key is bound to; returns whether it is bound to anything."""
        return await self._check_bindings(key, priority=True) or await self._check_bindings(key)

    def give_back(self) -> None:
        """Give the terminal back, if it has not been."""
        if sys.platform != "win32" and isinstance(self._driver, OutlivingDriver):
            self._driver.give_back()
