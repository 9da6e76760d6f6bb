"""Widgets that keep their rows as they are painted: a key paints those that changed, and makes no others again."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Self

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.widget import Widget


class Painted(Widget):
    """A widget that keeps its rows as they go to the terminal, border and all.

    Textual makes each row of a widget anew in five steps, and a key changes some thirty rows. Here Textual makes all of
    them whenever the look changes (size, focus, theme), and rows that change after that are put into the same frame.
    """

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, classes=classes)
        self._rows: list[Strip] = []
        self._changed: set[int] = set()
        """Rows of the inside; and `_below` is the lower border, in which alone something changed."""
        self._below = self._only_below = False
        self._ground: Style | None = None
        """What lies below the text; None while the look is not known."""
        self._inset: Spacing = Spacing()
        self._ends: tuple[list[Segment], list[Segment]] = ([], [])
        """What stands left and right of a row of the inside."""
        self._inks: dict[Style | None, Style] = {}

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
            self._changed.update(rows)
            together = groupby(enumerate(rows), lambda pair: pair[1] - pair[0])
            self.refresh(*(self._across([y for _, y in run]) for _, run in together))

    @property
    def inside(self) -> Size:
        """How large the inside is; what it was when it was painted last is found faster than Textual finds it."""
        if self._ground is None:
            return self.size
        inset, outer = self._inset, self.outer_size
        return Size(max(0, outer.width - inset.width), max(0, outer.height - inset.height))

    def write_below(self, text: Content) -> None:
        """Write into the lower border."""
        self._only_below = True
        self.border_subtitle = text  # which paints all of it otherwise
        self._only_below = False

    def refresh(self, *regions: Region, **how: Any) -> Self:
        """Paint some regions again, or all of it."""
        if self._only_below and self._ground is not None:
            self._below, regions = True, (self._across([self.outer_size.height - self._inset.top - 1]),)
        elif not regions:
            self._ground = None
        return super().refresh(*regions, **how)

    def _across(self, rows: Sequence[int]) -> Region:
        """Consecutive rows from border to border, as Textual counts within the border."""
        return Region(-self._inset.left, rows[0], self.outer_size.width, len(rows))

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
            inside = whole.height - self._inset.height
            for y in self._changed:
                if y < inside:  # others were told ahead of the layout, which is about to make room: then all are made
                    self._rows[y + self._inset.top] = self._framed(self.row(y), whole.width)
            if self._below:
                self._rows[-1:] = super().render_lines(Region(0, whole.height - 1, whole.width, 1))
        self._changed.clear()
        self._below = False
        if crop == whole:
            return self._rows
        rows = self._rows[crop.y : crop.bottom]
        return rows if crop.width == whole.width else [row.crop(crop.x, crop.right) for row in rows]

    def _look(self, width: int) -> None:
        """Learn from what Textual made what stands beside the rows, and what colours become."""
        self._inset, self._ground, self._inks = self.gutter, self.rich_style, {}
        if self._inset.top < len(self._rows):
            row = self._rows[self._inset.top]
            self._ends = list(row.crop(0, self._inset.left)), list(row.crop(width - self._inset.right, width))

    def _framed(self, row: Strip, width: int) -> Strip:
        """A row of the inside as it goes to the terminal."""
        left, right = self._ends
        inks = self._inks
        found = [*left]
        for text, style, _ in row:
            if style not in inks:
                inks[style] = self._ink(style)
            found.append(Segment(text, inks[style]))
        return Strip([*found, *right], width)

    def _ink(self, style: Style | None) -> Style:
        """A style on the ground, in the colours that the terminal has."""
        ground = self._ground or Style.null()
        segments = [Segment(" ", ground if style is None else ground + style)]
        for line_filter in self.get_line_filters():
            segments = line_filter.apply(segments, self.background_colors[1])
        return segments[0].style or Style.null()
