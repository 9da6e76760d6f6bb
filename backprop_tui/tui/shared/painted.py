"""Widgets that keep their rows as they are painted: a key paints those that changed, and makes no others again."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.widget import Widget

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.terminal.textual_private import TiledScreen, forget_rows, written

MOST_CODES = 4096  # of styles that are kept


class Painted(Widget):
    """A widget that keeps its rows as they go to the terminal, border and all.

    Textual makes each row of a widget anew in five steps, and a key changes some thirty rows. Here Textual makes all of
    them whenever the look changes (size, focus, theme). Rows that change after that go to the terminal as soon as all
    of a screen's are known (`at_once`), and are put into the same frame when Textual next wants them.
    """

    together: ClassVar[set["Painted"] | None] = None
    """The widgets whose rows changed, while those of a screen are gathered."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, classes=classes)
        self._rows: list[Strip] = []
        self._stale: set[int] = set()
        """Which of them are not as they should be, counted from the upper border; `_unpainted` are not on the terminal
        either.
        """
        self._unpainted: set[int] = set()
        self._on_terminal: dict[int, Strip] = {}
        """What was written there of some of them."""
        self._in_border = False
        self._ground: Style | None = None
        """What lies below the text; None while the look is not known."""
        self._inset: Spacing = Spacing()
        self._ends: tuple[list[Segment], list[Segment]] = ([], [])
        """What stands left and right of a row of the inside."""
        self._inks: dict[Style | None, Style] = {}
        self._codes: dict[int, tuple[Style | None, str, str]] = {}
        """What is written to the terminal before and after text of a style, which is told by its identity: it is found
        faster.
        """

    def row(self, y: int) -> Strip:
        """A row of the inside, without the ground that it lies on."""
        raise NotImplementedError

    def changed(self, rows: Sequence[int]) -> None:
        """Paint some rows of the inside again."""
        if not rows:
            return
        if self._ground is None:
            self.refresh()
        else:
            self._paint_again([y + self._inset.top for y in rows])

    @property
    def inside(self) -> Size:
        """How large the inside is; what it was when it was painted last is found faster than Textual finds it."""
        if self._ground is None:
            return self.size
        inset, outer = self._inset, self.outer_size
        return Size(max(0, outer.width - inset.width), max(0, outer.height - inset.height))

    def write_below(self, text: Content) -> None:
        """Write into the lower border."""
        self._in_border = self._ground is not None
        self.border_subtitle = text  # which paints all of it otherwise
        if self._in_border and self._inset.bottom:
            self._paint_again([self.outer_size.height - 1])
        self._in_border = False

    def refresh(self, *regions: Region, **how: Any) -> Self:
        """Paint some regions again, or all of it."""
        if self._in_border:
            return self
        if not regions:
            self._ground = None
        return super().refresh(*regions, **how)

    def _paint_again(self, rows: Iterable[int]) -> None:
        self._stale.update(rows)
        self._unpainted.update(rows)
        if Painted.together is None:
            self.by_textual()
        else:
            Painted.together.add(self)

    def by_textual(self) -> None:
        """Have Textual paint what is not on the terminal yet, in its own time."""
        top, left, rows = self._inset.top, self._inset.left, sorted(self._unpainted)
        for y in rows:
            self._on_terminal.pop(y, None)
        self._unpainted.clear()
        for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            together = [y for _, y in run]
            self.refresh(Region(-left, together[0] - top, self.outer_size.width, len(together)))

    def pieces(self, region: Region) -> Iterator[tuple[int, int, str]]:
        """What is not on the terminal yet, where the widget has a region: the row, the column and the text of each."""
        inset = self._inset
        for y in sorted(self._within(self._unpainted, region.height)):
            if self._is_inside(y):
                row = self.row(y - inset.top)
                at, changed = different(row, self._on_terminal.get(y))
                self._on_terminal[y] = row
                yield region.y + y, region.x + inset.left + at, self.written(changed)
            else:
                yield region.y + y, region.x, self._made(y, region.width).render(self.app.console)
        self._unpainted.clear()

    def written(self, row: Iterable[Segment]) -> str:
        """A row of the inside, or a part of it, as it is written to the terminal."""
        codes, found = self._codes, []
        for text, style, _ in row:
            code = codes.get(id(style))
            if code is None:
                if len(codes) > MOST_CODES:
                    codes.clear()
                code = codes[id(style)] = style, *written(self.app, self._inked(style))
            found.append(f"{code[1]}{text}{code[2]}")
        return "".join(found)

    def _within(self, rows: Iterable[int], height: int) -> Iterator[int]:
        """The rows that there are. Others were told ahead of a layout that makes room for them: then all are made."""
        return (y for y in rows if y < height)

    def _is_inside(self, y: int) -> bool:
        return y < self.outer_size.height - self._inset.bottom

    def notify_style_update(self) -> None:
        """Forget how it looked."""
        self._ground = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """A row of the inside as Textual asks for it."""
        return self.row(y).apply_style(self.rich_style)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part, as they go to the terminal."""
        whole = self.outer_size.region
        if self._ground is None or len(self._rows) != whole.height or self._rows[0].cell_length != whole.width:
            self._rows = super().render_lines(whole)
            self._look(whole.width)
        else:
            for y in self._within(self._stale, whole.height):
                self._rows[y] = self._made(y, whole.width)
        self._stale.clear()
        if crop == whole:
            return self._rows
        rows = self._rows[crop.y : crop.bottom]
        return rows if crop.width == whole.width else [row.crop(crop.x, crop.right) for row in rows]

    def _look(self, width: int) -> None:
        """Learn from what Textual made what stands beside the rows, and what colours become."""
        self._inset, self._ground, self._inks, self._codes = self.gutter, self.rich_style, {}, {}
        self._unpainted.clear()
        self._on_terminal.clear()
        if self._inset.top < len(self._rows):
            row = self._rows[self._inset.top]
            self._ends = list(row.crop(0, self._inset.left)), list(row.crop(width - self._inset.right, width))

    def _made(self, y: int, width: int) -> Strip:
        """A row as it goes to the terminal: of the inside, or of the lower border, which Textual makes."""
        if self._is_inside(y):
            return self._framed(self.row(y - self._inset.top), width)
        border = Region(0, y, width, 1)
        forget_rows(self, border)
        return super().render_lines(border)[0]

    def _framed(self, row: Strip, width: int) -> Strip:
        """A row of the inside as it goes to the terminal."""
        left, right = self._ends
        inked = [Segment(text, self._inked(style)) for text, style, _ in row]
        return Strip([*left, *inked, *right], width)

    def _inked(self, style: Style | None) -> Style:
        """A style on the ground, in the colours that the terminal has."""
        if style not in self._inks:
            self._inks[style] = self._ink(style)
        return self._inks[style]

    def _ink(self, style: Style | None) -> Style:
        ground = self._ground or Style.null()
        segments = [Segment(" ", ground if style is None else ground + style)]
        for line_filter in self.get_line_filters():
            segments = line_filter.apply(segments, self.background_colors[1])
        return segments[0].style or Style.null()


def different(row: Strip, before: Strip | None) -> tuple[int, Sequence[Segment]]:
    """What of a row is not as it was before, and in which cell that begins."""
    new = list(row)
    if before is None:
        return 0, new
    old = list(before)
    most, first, last, at = min(len(new), len(old)), 0, 0, 0
    while first < most and _alike(new[first], old[first]):
        at += width_of(new[first].text)
        first += 1
    while last < most - first and _alike(new[-1 - last], old[-1 - last]):
        last += 1
    return at, new[first : len(new) - last]


def _alike(one: Segment, other: Segment) -> bool:
    return one.text == other.text and one.style is other.style


@contextmanager
def at_once(screen: TiledScreen) -> Iterator[None]:
    """Write the rows that change meanwhile to the terminal, in one frame and without waiting for Textual's next one,
    where nothing else is to be painted.
    """
    Painted.together, before = set(), Painted.together
    try:
        yield
    finally:
        changed, Painted.together = Painted.together, before
        regions = screen.open_regions(changed)
        if regions is None:
            for widget in changed:
                widget.by_textual()
        elif changed:
            screen.write([piece for widget, region in regions.items() for piece in widget.pieces(region)])
