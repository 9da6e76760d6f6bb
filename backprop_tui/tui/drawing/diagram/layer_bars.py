"""A deep network, a row for each layer: how large its activations, what flows back to it and its gradients get.

Bars of numbers that span more than a factor of 100 have the length of their logarithm, which the heading says: what
shrinks by the same factor from layer to layer is then a flight of stairs. The scale is that of the whole iteration, so
that bars stay as they are while others come.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette, emphasised
from backprop_tui.tui.drawing.diagram.figures import Writer
from backprop_tui.tui.drawing.diagram.picture import LayerSize, Node, Picture
from backprop_tui.tui.drawing.diagram.scene import Spot
from backprop_tui.tui.drawing.glyphs import ASKED

EIGHTHS = " ▏▎▍▌▋▊▉"
LOGARITHMIC = 100.0  # the span from which on bars have the length of a logarithm
LEAST_ROWS = 4
MOST_ROWS = 4  # of a layer: its bar, and a blank one; in a room that is higher the bars would be blocks
LABEL = 4  # cells of a layer's name
NUMBER = 8  # cells of a mean: 0.1234, 1.23e−5
WIDEST = 40  # cells of a bar


class Scale(NamedTuple):
    """From which size to which a column of bars reaches."""

    low: float
    high: float
    logarithmic: bool

    @classmethod
    def of(cls, sizes: Sequence[float | None]) -> "Scale":
        """The scale of all sizes that are numbers."""
        found = [size for size in sizes if size is not None and math.isfinite(size) and size > 0]
        if not found:
            return cls(0.0, 1.0, logarithmic=False)
        if max(found) / min(found) < LOGARITHMIC:
            return cls(0.0, max(found), logarithmic=False)
        return cls(math.floor(math.log10(min(found))) - 0.5, math.log10(max(found)), logarithmic=True)

    def share(self, size: float) -> float:
        """How much of the whole length a size has."""
        if not math.isfinite(size):
            return 1.0
        at = (math.log10(size) if size > 0 else self.low) if self.logarithmic else size
        return min(max((at - self.low) / (self.high - self.low), 0.0), 1.0)


class Bars(Struct, frozen=True):
    """The bars of one picture on their way to the canvas."""

    picture: Picture
    canvas: Canvas
    styles: Palette
    writer: Writer
    spans: list[tuple[int, int]]
    """The first cell and the cells of a bar of each of the three columns of bars."""
    scales: tuple[Scale, ...]
    spots: list[Spot]
    tall: int = 1
    """The rows of a bar; its number is in the first of them."""

    @property
    def rest(self) -> Emphasis:
        """The emphasis of what is not in use."""
        return Emphasis.NORMAL if self.picture.idle else Emphasis.QUIET

    def headings(self) -> None:
        """What the columns are, and which have the length of a logarithm."""
        for column, (x, bar) in enumerate(self.spans):
            text = self.writer.glyphs.text(self.picture.layer_headings[column])
            if self.scales[column].logarithmic:
                room = bar + NUMBER + 2
                text = next((t for t in (f"{text}, log scale", f"{text}, log") if width_of(t) <= room), text)
            role = self.styles.label if column == 0 else self.styles.delta
            self.canvas.write(x, 0, text, emphasised(role, Emphasis.LIT))

    def loss(self, y: int) -> None:
        """The loss, in the row behind the last layer."""
        loss, glyphs = self.picture.loss, self.writer.glyphs
        emphasis = Emphasis.FRESH if loss.fresh else Emphasis.LIT if loss.lit else Emphasis.NORMAL
        label = emphasised(self.styles.label, min(emphasis, Emphasis.LIT))
        self.canvas.write(0, y, glyphs.text(loss.label)[:LABEL], label)
        address, text = Node(len(self.picture.columns), 0, "loss"), self.writer(loss.value, 4, NUMBER)
        if self.picture.selected == address:
            emphasis = Emphasis.SELECTED
        text = ASKED if loss.asked else text
        self.canvas.write(LABEL + 1, y, text, emphasised(self.styles.value, emphasis))
        self.spots.append(Spot(LABEL + 1, y, width_of(text), address))

    def layer(self, index: int, y: int) -> None:
        """One layer: its name and its three bars."""
        layer = self.picture.layers[index]
        name = self.writer.glyphs.text(layer.label)[:LABEL]
        self.canvas.write(0, y, name, emphasised(self.styles.label, Emphasis.LIT if any(layer.lit) else self.rest))
        for column in range(len(self.spans)):
            self.bar(layer, column, y)

    def bar(self, layer: LayerSize, column: int, y: int) -> None:
        """One bar and its number."""
        (x, cells), size, styles = self.spans[column], layer.now[column], self.styles
        emphasis = Emphasis.FRESH if layer.fresh == column else Emphasis.LIT if layer.lit[column] else self.rest
        if self.picture.selected is not None and self.picture.selected == layer.addresses[column]:
            emphasis = Emphasis.SELECTED
        if size is None:
            mark = ASKED if layer.fresh == column else self.writer.glyphs.absent
            self.canvas.write(x, y, mark, emphasised(styles.name, emphasis))
            return
        finite = math.isfinite(size)
        drawn = _bar(self.scales[column].share(size), cells, ascii_only=self.writer.glyphs.ascii)
        role = styles.value if column == 0 else styles.delta
        for row in range(y, y + self.tall):
            self.canvas.write(x, row, drawn, emphasised(role, min(emphasis, Emphasis.LIT)) if finite else styles.odd)
        text = self.writer(size, 4, NUMBER)
        number = emphasised(styles.value if finite else styles.odd, emphasis)
        self.canvas.write(x + width_of(drawn) + 1, y, text, number)
        address = layer.addresses[column]
        if address is not None:
            wide = width_of(drawn) + 1 + width_of(text)
            self.spots.extend(Spot(x, row, wide, address) for row in range(y, y + self.tall))


def draw_bars(picture: Picture, canvas: Canvas, styles: Palette, writer: Writer) -> list[Spot] | None:
    """Draws a row for each layer; None where there is no room for a few."""
    spans = _spans(canvas.width)
    if canvas.height < LEAST_ROWS or spans is None or not picture.layers:
        return None
    scales = tuple(Scale.of([layer.whole[column] for layer in picture.layers]) for column in range(len(spans)))
    shown = _shown(picture, canvas.height - 1)
    pitch = min((canvas.height - 2) // len(shown), MOST_ROWS) or 1  # of each layer; one row is for the loss
    bars = Bars(picture, canvas, styles, writer, spans, scales, [], max(pitch - 1, 1))
    bars.headings()
    for y, index in zip(range(1, canvas.height, pitch), shown, strict=False):
        if index is None:
            canvas.write(0, y, writer.glyphs.more, emphasised(styles.name, Emphasis.NORMAL))
        else:
            bars.layer(index, y)
    if canvas.height > len(picture.layers) + 1:
        bars.loss(len(picture.layers) * pitch + 1)
    return bars.spots


def _spans(width: int) -> list[tuple[int, int]] | None:
    """Where the three columns of bars are; None where they have no room."""
    room = (width - LABEL - 1) // 3
    bar = min(room - NUMBER - 3, WIDEST)
    return None if bar < 3 else [(LABEL + 1 + place * (bar + NUMBER + 3), bar) for place in range(3)]


def _shown(picture: Picture, rows: int) -> list[int | None]:
    """The layers that are shown: all, or those about the one in use and the ends, None for what is left out."""
    count = len(picture.layers)
    if count <= rows:
        return [*range(count)]
    lit = [index for index, layer in enumerate(picture.layers) if any(layer.lit)]
    middle = lit[0] if lit else count - 1
    room = max(rows - 4, 1)
    start = min(max(middle - room // 2, 1), count - 1 - room)
    window: list[int | None] = [*range(start, start + room)]
    before = [None] if start > 1 else []
    after = [None] if start + room < count - 1 else []
    return [0, *before, *window, *after, count - 1][:rows]


def _bar(share: float, cells: int, *, ascii_only: bool) -> str:
    """A bar, at least the least that can be seen."""
    if ascii_only:
        return "#" * max(1, round(share * cells))
    eighths = max(1, round(share * cells * 8))
    whole, part = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[part] if part else "")
