"""A tree that unfolds, over the whole screen: where a number comes from, or what it touches."""

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.explain.origin import History, Spot
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.dialogs.views.unfolding import TREES, Folding, Knot, Row
from backprop_tui.tui.shared.bars import Bar, hints
from backprop_tui.tui.shared.keys import cap
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import Run, size, strip, with_result, wrap
from backprop_tui.tui.shared.theme import Styles

KEYS = (
    ("enter", "unfold"),
    ("left", "fold"),
    ("g", "go to its step"),
    ("o", "what it touches"),
    ("w", "why"),
    ("escape", "close"),
)
INDENT = 2  # cells for each level


class Answer(Struct, frozen=True):
    """Where to go: a step, and the number there."""

    step: int
    address: Address | None = None


class Rows(Widget):
    """The rows in sight."""

    DEFAULT_CSS = "Rows { height: 1fr; background: $surface; }"

    class Pressed(Message):
        """Someone pointed at a row: at its sign, its step, or elsewhere."""

        def __init__(self, place: int, part: str) -> None:
            super().__init__()
            self.place = place
            self.part = part

    def __init__(self, folding: Folding, notation: Notation, styles: Styles) -> None:
        super().__init__()
        self.folding, self.notation, self.paint = folding, notation, styles
        self.top = 0

    def follow(self) -> None:
        """Keep the current row in sight."""
        height = max(1, self.size.height)
        self.top = max(0, min(self.top, self.folding.at, len(self.folding.rows) - 1))
        self.top = max(self.top, self.folding.at - height + 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        place, width = self.top + y, self.size.width
        if place >= len(self.folding.rows):
            return Strip.blank(width, self.rich_style)
        row, here = self.folding.rows[place], place == self.folding.at
        return self._line(row, width, here=here).apply_style(self.rich_style)

    def _line(self, row: Row, width: int, *, here: bool) -> Strip:
        paint, cut = self.paint, self.notation.mark("cut")
        where = self.notation.text(row.knot.where)
        right: list[Run] = [(f" {where} ", paint.muted)] if where and len(where) * 2 < width else []
        lead = " " * (INDENT * min(row.level, width // (3 * INDENT)))
        style = paint.selected if here else paint.strong if row.level == 0 else paint.text
        sign: Run = (f"{lead}{self._sign(row)} ", paint.accent)
        room = width - size(right)
        text = with_result(self.notation.text(row.knot.text), room - size([sign]), cut)
        return Strip.join([strip([sign, (text, style)], room, cut), strip(right, size(right))])

    def _sign(self, row: Row) -> str:
        if row.knot.below is None:
            return " "
        return self.notation.mark("unfolded" if row.unfolded else "folded")

    def on_click(self, event: events.Click) -> None:
        place = self.top + event.y
        if place < len(self.folding.rows):
            row = self.folding.rows[place]
            sign = INDENT * row.level
            far = event.x >= self.size.width - len(row.knot.where) - 2
            part = "sign" if sign <= event.x < sign + 2 else "step" if far and row.knot.step is not None else "text"
            self.post_message(self.Pressed(place, part))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(-3)

    def _scroll(self, by: int) -> None:
        self.top = min(max(0, self.top + by), max(0, len(self.folding.rows) - self.size.height))
        self.refresh()


class TreeScreen(Dialog[Answer | None]):
    """Answers with what is to be done next, or nothing."""

    DEFAULT_CSS = """
    TreeScreen { background: $surface; }
    """
    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "close", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("ctrl+d,pagedown", "page(1)", "a page down", show=False),
        Binding("ctrl+u,pageup", "page(-1)", "a page up", show=False),
        Binding("home", "move(-1000000)", "to the first", show=False),
        Binding("end,G", "move(1000000)", "to the last", show=False),
        Binding("enter,space", "turn", "unfold or fold", show=False),
        Binding("right,l", "further", "unfold", show=False),
        Binding("left,h", "back", "fold", show=False),
        Binding("g", "go", "go to the step", show=False),
        Binding("o", "ask('touches')", "what it touches", show=False),
        Binding("w", "ask('why')", "why", show=False),
    ]

    def __init__(self, what: str, history: History, spot: Spot, notation: Notation, styles: Styles) -> None:
        super().__init__()
        self.history, self.notation, self.paint = history, notation, styles
        self.heading, roots = TREES[what](history, spot, notation)
        self.folding = Folding(roots)

    def compose(self) -> ComposeResult:
        yield Bar("title", "-top")
        yield Rows(self.folding, self.notation, self.paint)
        yield Whole(self.notation, self.paint)
        yield Bar("keys", "-bottom")

    def on_mount(self) -> None:
        self.query_one("#title", Bar).show([(f" {self.notation.text(self.heading)}", self.paint.strong)])
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the current row."""
        words = [(cap(key, ascii_only=self.notation.ascii), word) for key, word in KEYS]
        self.query_one("#keys", Bar).show(hints(words, self.paint, self.size.width))
        self.query_one(Rows).follow()
        self.query_one(Whole).show(self.folding.row.knot)

    def action_move(self, by: int) -> None:
        self.folding.move(by)
        self.show()

    def action_page(self, way: int) -> None:
        self.action_move(way * max(1, self.query_one(Rows).size.height // 2))

    def action_turn(self) -> None:
        self.folding.turn()
        self.show()

    def action_further(self) -> None:
        self.folding.further()
        self.show()

    def action_back(self) -> None:
        self.folding.back()
        self.show()

    def action_go(self) -> None:
        knot = self.folding.row.knot
        if knot.step is not None:
            self.dismiss(Answer(knot.step, knot.address))

    def action_ask(self, what: str) -> None:
        spot = self.folding.row.knot.spot
        if spot is not None:
            self.app.push_screen(TreeScreen(what, self.history, spot, self.notation, self.paint), self._answered)

    def _answered(self, answer: Answer | None) -> None:
        if answer is not None:
            self.dismiss(answer)

    def on_rows_pressed(self, message: Rows.Pressed) -> None:
        again = message.place == self.folding.at
        self.folding.at = message.place
        if message.part == "step":
            self.action_go()
        elif message.part == "sign" or again:
            self.action_turn()
        else:
            self.show()


class Whole(Widget):
    """The whole current row, on several lines."""

    DEFAULT_CSS = "Whole { height: 5; dock: bottom; background: $panel; padding: 0 1; margin-bottom: 1; }"

    def __init__(self, notation: Notation, styles: Styles) -> None:
        super().__init__()
        self.notation, self.paint = notation, styles
        self.knot = Knot("")

    def show(self, knot: Knot) -> None:
        """Show a row."""
        self.knot = knot
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        where = f"  ({self.knot.where})" if self.knot.where else ""
        lines = wrap(self.notation.text(f"{self.knot.text}{where}"), width)
        text = lines[y] if y < len(lines) else ""
        more = y == self.size.height - 1 and len(lines) > y + 1
        cut = self.notation.mark("cut")
        return strip([(f"{text} {cut}" if more else text, self.paint.text)], width, cut).apply_style(self.rich_style)
