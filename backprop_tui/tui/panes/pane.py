"""What all panes share: lines made once per step, and only the rows that changed painted again."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from backprop_tui.debugger.basics.address import Address
from backprop_tui.tui.shared.painted import Painted
from backprop_tui.tui.shared.view import View


class Lines(Struct, frozen=True, eq=False):
    """A number of lines, each made when it is shown; `focus` is kept in sight, with as many of the `ahead` lines below
    it as there is room for, and the first `fixed` lines stay put.
    """

    count: int
    line: Callable[[int], Strip]
    focus: int | None = None
    fixed: int = 0
    ahead: int = 0

    def scrolled(self, top: int, height: int) -> int:
        """The first line that is seen of a pane of this height, where it was `top` before."""
        if self.focus is None:
            return top
        if not top + self.fixed <= self.focus < top + height:
            top = self.focus - height // 2
        ahead = min(self.ahead, height - 1 - self.fixed)  # never at the cost of the line itself
        return max(top, self.focus + ahead - height + 1)


class Pane(Painted, can_focus=True):
    """A bordered pane with lines in it. It holds no state of the run, only where it is scrolled to."""

    DEFAULT_CSS = """
    Pane {
        position: absolute;
        border: round $foreground 40%;
        border-title-color: $foreground;
        border-subtitle-color: $text-muted;
        border-title-align: left;
        &:focus { border: heavy $primary; border-title-style: bold; }
        &.-bare { border: none; padding: 0 1; }
        &.-bare:focus { border: none; background: $boost; }
        &.-ascii { border: ascii $foreground 40%; }
        &.-ascii:focus { border: ascii $primary; border-title-style: bold reverse; }
        &.-ascii.-bare { border: none; }
    }
    """
    title = ""

    class Chosen(Message):
        """Someone pointed at a scalar."""

        def __init__(self, address: Address) -> None:
            super().__init__()
            self.address = address

    class TitleClicked(Message):
        """Someone clicked on the pane's title, which names the panes that share its place."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.view: View | None = None
        self.built: View | None = None  # what its lines were made of
        self.lines = Lines(0, lambda _: Strip.blank(0))
        self.top = 0
        self.seen: list[Strip] = []  # the rows in sight
        self.below = ""

    def build(self, view: View, width: int, height: int) -> Lines:
        """The lines that show a moment in a pane of this size; an empty pane has none."""
        return Lines(0, lambda _: Strip.blank(width))

    def strips(self, view: View, width: int, height: int) -> Sequence[Strip]:
        """The rows of a moment that can be made before it is shown: none where what is there before decides them."""
        return ()

    def rehearse(self, view: View) -> None:
        """Make what would be shown of another moment, so that what that takes is there."""
        width, height = self.inside
        if self.display and width > 0 and height > 0:
            for row in self.strips(view, width, height):
                self.written(row)

    def move(self, view: View, across: int, down: int) -> Address | None:
        """What is selected after moving by columns and rows; None where there is nothing to select."""
        return None

    @property
    def half(self) -> int:
        """Half a page, in lines."""
        return max(1, self.size.height // 2)

    def page(self, view: View, halves: int) -> Address | None:
        """What is selected after moving by a number of half pages."""
        return self.move(view, 0, halves * self.half)

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        """The scalar shown at a cell of line `y`; None where there is none."""
        return None

    def show(self, view: View) -> None:
        """Show a moment: paint the rows that differ from what is there."""
        moved = self.view is None or view.moment.step != self.view.moment.step
        if self.view is None or view.styles is not self.view.styles:
            self.seen = []
        self.view = view
        width, height = self.inside
        if not self.display or width <= 0 or height <= 0:
            return
        self.lines = self.build(view, width, height)
        self.built = view
        self.top = 0 if self.lines.focus is None and moved else self.lines.scrolled(self.top, height)
        self._paint(width, height)

    @property
    def overflows(self) -> bool:
        """Whether there is more below than the pane shows."""
        return self.lines.count > self.top + self.inside.height

    def lowest(self, row: int) -> Strip:
        """The last row in sight of a pane that has more below."""
        return self.lines.line(row)

    def tell_hidden(self, width: int, height: int) -> None:
        """Say in the lower border how many rows are out of sight, as far as there is room."""
        hidden = ((self.top, "above"), (self.lines.count - self.top - height, "below"))
        told = [f"{rows:,} {'row' if rows == 1 else 'rows'} {where}" for rows, where in hidden if rows > 0]
        texts = (", ".join(told[place:]) for place in range(len(told)))
        self.show_below(next((text for text in texts if len(text) <= width - 2), ""))

    def show_below(self, text: str) -> None:
        """Say something in the lower border."""
        if text != self.below:
            self.below = text
            self.write_below(Content(text))

    def _paint(self, width: int, height: int) -> None:
        self.top = max(0, min(self.top, self.lines.count - height))
        blank = Strip.blank(width)
        rows = range(self.top, self.top + height)
        shown = [*range(self.lines.fixed), *rows[self.lines.fixed :]][:height]
        made = [self.lines.line(row) if row < self.lines.count else blank for row in shown]
        if made and self.overflows:
            made[-1] = self.lowest(shown[-1])
        old = self.seen if len(self.seen) == height else [None] * height
        changed = [y for y, line in enumerate(made) if line is not old[y] and line != old[y]]
        self.seen = made
        self.changed(changed)

    def row(self, y: int) -> Strip:
        """A row of the pane's inside."""
        return self.seen[y] if y < len(self.seen) else Strip.blank(self.size.width)

    def on_resize(self) -> None:
        self.seen = []
        if self.view is not None:
            self.show(self.view)

    def scroll_lines(self, count: int) -> None:
        """Scroll without moving the selection."""
        self.top += count
        width, height = self.size
        if width and height:  # the wheel turns over a pane that has not been laid out, too
            self._paint(width, height)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(-3)

    def on_click(self, event: events.Click) -> None:
        inside = event.get_content_offset(self)
        if inside is None:
            if event.y == 0:
                self.post_message(self.TitleClicked())
            return
        if self.built is not None:
            row = inside.y if inside.y < self.lines.fixed else inside.y + self.top
            address = self.address_at(self.built, inside.x, row)
            if address is not None:
                self.post_message(self.Chosen(address))


def step_within(address: Address, shape: tuple[int, ...], across: int, down: int) -> Address:
    """The scalar a number of columns and rows further in the same array, as far as its edge."""
    if not shape:
        return address
    *sample, row, column = address.at
    rows, columns = shape[-2:]
    at = (*sample, min(max(row + down, 0), rows - 1), min(max(column + across, 0), columns - 1))
    return Address(address.name, at)
