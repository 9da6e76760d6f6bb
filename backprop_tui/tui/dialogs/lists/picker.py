"""The picker: the bundled scenarios in learning order, when none was named; a filter, and what each of them is."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from backprop_tui.debugger.sessions.session import place, position_in
from backprop_tui.scenario.library import find, lessons
from backprop_tui.text import clean
from backprop_tui.tui.dialogs.basics.prompt import LONGEST
from backprop_tui.tui.dialogs.lists.preview import preview
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE
from backprop_tui.tui.shared.styled_line import within, wrap
from backprop_tui.tui.terminal.textual_private import Options, Parting

LOW = 20  # rows of a terminal, from which on there is room for a preview


class Filter(Input):
    """The line that picks among the lessons."""

    BINDINGS = [
        Binding("escape", "clear_all", "all", show=False),
        Binding("down,tab", "to_list", "to the list", show=False),
    ]

    def action_clear_all(self) -> None:
        self.value = ""
        self.action_to_list()

    def action_to_list(self) -> None:
        self.screen.query_one(Options).focus()


class Preview(Widget):
    """What a scenario is, in as many rows as there are; where that is more, it is cut."""

    lines: Sequence[str] = ()
    cut = "…"

    def show(self, lines: Sequence[str], cut: str) -> None:
        """Show other lines."""
        self.lines, self.cut = lines, cut
        self.refresh()

    def render(self) -> Content:
        width, height = self.size
        if not (width and height):
            return Content("")
        rows = [row for line in self.lines for row in wrap(line, width)]
        if len(rows) > height:
            rows[height - 1 :] = [within([(" ".join(rows[height - 1 :]), Style.null())], width, self.cut)[0][0]]
        return Content("\n".join(rows))


class PickerScreen(Parting):
    """The library, a line each under the headings of its groups; one that is picked is opened."""

    DEFAULT_CSS = """
    PickerScreen { padding: 0 2; overflow: hidden; }
    PickerScreen Filter, PickerScreen Filter:focus {
        border: none; padding: 0; height: 1; display: none; background: $surface;
    }
    PickerScreen.-filtering Filter { display: block; }
    PickerScreen OptionList, PickerScreen OptionList:focus {
        height: 1fr; margin: 0; padding: 0; border: round $primary; text-wrap: nowrap; text-overflow: ellipsis;
    }
    PickerScreen Preview { height: 3; margin: 0 1; color: $text-muted; }
    PickerScreen.-low Preview { display: none; }
    """
    BINDINGS = [
        Binding("q,escape", "app.quit", "quit", show=False),
        Binding("j", "move(1)", "down", show=False),
        Binding("k", "move(-1)", "up", show=False),
        Binding("slash", "filter", "filter", show=False),
    ]

    def __init__(self, pick: Callable[[str], object], *, ascii_only: bool = False) -> None:
        super().__init__()
        self.pick = pick
        self.glyphs = ASCII if ascii_only else UNICODE

    def compose(self) -> ComposeResult:
        yield Static("Which scenario? Enter opens it, / filters, q quits.", markup=False)
        yield Filter(placeholder="a word of its name or title; Esc shows all", max_length=LONGEST)
        yield Options(*self._options(), markup=False)
        yield Preview()
        yield Static(
            "A file of your own: backprop-tui new my.toml writes a commented one, backprop-tui my.toml opens it.",
            markup=False,
        )

    def _options(self, word: str = "") -> list[Option]:
        """The lessons whose name, title or group has a word in it, under their headings."""
        grouped = lessons()
        width = max((len(name) for found in grouped.values() for name, _ in found), default=0)
        options: list[Option] = []
        for group, found in grouped.items():
            kept = [
                (name, self.glyphs.text(title))
                for name, title in found
                if word.lower() in f"{name} {title} {group}".lower()
            ]
            options += [Option(Content.styled(self.glyphs.text(group), "bold"), disabled=True)] if kept else []
            options += [Option(Content(f"  {name:<{width}}  {title}{_resumes(name)}"), id=name) for name, title in kept]
        return options

    def on_screen_resume(self) -> None:
        """Look again where each resumes, where one was left."""
        for options in self.query(Options):
            self._show(options, options.highlighted)

    def _show(self, options: Options, at: int | None) -> None:
        word = self.query_one(Filter).value.strip()
        options.set_options(self._options(word))
        first = next((place for place, option in enumerate(options.options) if not option.disabled), None)
        known = at is not None and at < options.option_count and not options.options[at].disabled
        options.highlighted = at if known else first

    def on_mount(self) -> None:
        options = self.query_one(Options)
        self._show(options, None)
        options.focus()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < LOW, "-low")

    def action_move(self, by: int) -> None:
        options = self.query_one(Options)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    def action_filter(self) -> None:
        self.add_class("-filtering")
        self.query_one(Filter).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.set_class(bool(event.value) or event.input.has_focus, "-filtering")
        self._show(self.query_one(Options), None)

    def on_input_submitted(self) -> None:
        """Open the first of those that are left."""
        options = self.query_one(Options)
        options.focus()
        if options.highlighted is not None:
            options.action_select()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if not self.has_class("-low"):
            lines = [self.glyphs.text(clean(line)) for line in preview(event.option.id or "")]
            self.query_one(Preview).show(lines, self.glyphs.cut)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.pick(event.option.id or "")


def _resumes(name: str) -> str:
    """That there is a session of a scenario, and where it is."""
    file = find(name)
    session = place(name, file, "") if isinstance(file, Path) else None
    position = position_in(session) if session is not None and session.exists() else None
    return f"  (resumes at {position})" if position else ""
