"""A panel: a list at the foot of the screen, and keys that do something with the row that is chosen."""

from collections.abc import Callable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.strip import Strip

from backprop_tui.tui.dialogs.basics.ask_until_right import AskScreen
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.shared.bars import Bar, hints
from backprop_tui.tui.shared.desk import Desk
from backprop_tui.tui.shared.scroll_area import Area
from backprop_tui.tui.shared.styled_line import Run, strip, wrap

SHARE = 0.6  # share of the screen's height, at most: the panes stay in sight
PAGE = 10  # rows


class Panel(Dialog[None]):
    """A list over the debugger. A row is its text; what is chosen is shown in reverse and marked."""

    marked = 100
    """How many of a row's parts are in reverse where it is chosen; what is drawn beside them stays as it is."""

    DEFAULT_CSS = """
    Panel { align: left bottom; background: transparent; }
    Panel #panel { width: 100%; height: 4; background: $surface; border: none; }
    Panel #panel Bar { dock: none; }
    """
    BINDINGS = [
        Binding("escape,q", "dismiss", "close", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("pagedown,ctrl+d", f"move({PAGE})", "page down", show=False),
        Binding("pageup,ctrl+u", f"move({-PAGE})", "page up", show=False),
        Binding("home", "move(-1000000)", "first", show=False),
        Binding("end", "move(1000000)", "last", show=False),
    ]
    title_text = ""
    nothing = ""
    """What to say where the list is empty."""
    KEYS: tuple[tuple[str, str], ...] = ()
    """The keys of the panel and their words, for its last line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.at = 0
        self.said = ""

    # what a panel is made of

    def rows(self) -> Sequence[Sequence[Run]]:
        """The rows, as runs of styled text: none, unless it lists something."""
        return ()

    def details(self) -> Sequence[str]:
        """What else to say of the chosen row, below the list."""
        return ()

    # showing

    def compose(self) -> ComposeResult:
        with Vertical(id="panel"):
            yield Bar("titles", "")
            yield Area()
            yield Bar("keys", "")

    def on_mount(self) -> None:
        self.draw()

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw the list anew."""
        view = self.desk.view()
        notation, paint = view.notation, view.styles
        width, cut = self.size.width, notation.mark("cut")
        rows = self.rows()
        self.at = max(0, min(self.at, len(rows) - 1))
        strips = [self._row(row, width, cut, chosen=place == self.at) for place, row in enumerate(rows)]
        if not rows:
            strips = [
                strip([(f"  {line}", paint.muted)], width, cut) for line in wrap(self.nothing, max(10, width - 4))
            ]
        details = [line for text in self.details() for line in wrap(notation.text(text), max(10, width - 4))]
        more = [strip([(f"    {line}", paint.muted)], width, cut) for line in details]
        self.query_one("#panel").styles.height = max(3, min(len(strips) + len(more) + 2, int(self.size.height * SHARE)))
        for bar in self.query(Bar):
            bar.cut = cut
        self.query_one("#titles", Bar).show([(f" {self.title_text} ", paint.strong)], [(f"{len(rows)} ", paint.bar)])
        keys = hints(self.KEYS, paint, width)
        said: list[Run] = [(f" {notation.text(self.said)}", paint.accent)]
        self.query_one("#keys", Bar).show(said if self.said else keys)
        area = self.query_one(Area)
        area.show([*strips, *more])
        self.call_after_refresh(self._in_sight)

    def _row(self, row: Sequence[Run], width: int, cut: str, *, chosen: bool) -> Strip:
        paint, notation = self.desk.paint, self.desk.notation
        runs: list[Run] = [(f"{notation.mark('current')} " if chosen else "  ", paint.accent)]
        runs += [
            (notation.text(text), paint.selected if chosen and place < self.marked else style)
            for place, (text, style) in enumerate(row)
        ]
        return strip(runs, width, cut)

    def _in_sight(self) -> None:
        """Scroll to the row that is chosen."""
        area = self.query_one(Area)
        if self.at < area.top:
            area.scroll_rows(self.at - area.top)
        elif self.at >= area.top + area.size.height > 0:
            area.scroll_rows(self.at - area.top - area.size.height + 1)

    def say(self, text: str) -> None:
        """Say something in the last line until the next key."""
        self.said = text
        self.draw()

    # doing

    def changed(self, text: str = "") -> None:
        """Show what has changed, here and in the panes below."""
        self.desk.show()
        self.say(text)

    def ask(self, sign: str, take: Callable[[str], object], word: str, initial: str = "", say: str = "") -> None:
        """Ask for a text until it can be taken."""

        def answered(answer: str | None) -> None:
            self.changed()
            self.answered(answer)

        def unless_left(answer: str | None) -> None:
            self.unless_left(answered, answer)

        screen = AskScreen(sign, take, self.desk.session, word=word, initial=initial, say=say)
        self.app.push_screen(screen, unless_left)

    def answered(self, answer: str | None) -> None:
        """A question was answered, or left with None."""

    def attempt(self, do: Callable[[], object], done: str = "") -> None:
        """Do something, and say what went wrong with it."""
        try:
            do()
        except (ValueError, KeyError) as error:
            self.say(self.desk.session.message(error))
        else:
            self.changed(done)

    def action_move(self, by: int) -> None:
        self.said = ""
        self.at += by
        self.draw()

    def on_click(self, event: events.Click) -> None:
        """Choose a row."""
        area = self.query_one(Area)
        if area.region.contains(event.screen_x, event.screen_y):
            self.at = event.screen_y - area.region.y + area.top
            self.draw()
