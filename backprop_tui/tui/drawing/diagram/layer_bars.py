"""A deep network, a row for each layer: how large its activations, what flows back to it and its gradients get.

Bars of numbers that span more than a factor of 100 have the length of their logarithm, which the heading says: what
shrinks by the same factor from layer to layer is then a flight of stairs. The scale reaches over the first iteration
and this one, so that bars stay as they are while others come, and what has shrunk in the training has shorter bars.
What stands in a place for a while, such as z before h, has no say in it: a bar that is too long ends in a mark.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct
from rich.style import Style

from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette, emphasised
from backprop_tui.tui.drawing.diagram.outline import Outlines
from backprop_tui.tui.drawing.diagram.picture import Address, LayerSize, Node, Picture, among
from backprop_tui.tui.drawing.diagram.scene import Spot
from backprop_tui.tui.drawing.figures import Writer
from backprop_tui.tui.drawing.glyphs import ASKED, Glyphs

EIGHTHS = " ▏▎▍▌▋▊▉█"
LOGARITHMIC = 100.0  # the span from which on bars have the length of a logarithm
LEAST_ROWS = 4
MOST_ROWS = 4  # of a layer: its bar, and a blank one; in a room that is higher the bars would be blocks
LABEL = 5  # cells of a layer's name
NUMBER = 8  # cells of a size: 0.1234, 1.23e−5
BEHIND = 3  # cells around it
OTHER = 3 + NUMBER  # cells of what it is in a mistaken run: a space, ≠, a space, and it
LOSS = 2 + NUMBER  # cells of L where it stands beside the last layer
NARROWEST, NARROW, WIDEST = 3, 6, 40  # cells of a bar: at least, with something beside it, and at most


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
        """How much of the whole length a size has: more than 1 where it is too long."""
        if not self.logarithmic or math.isinf(size):
            return (size - self.low) / (self.high - self.low)
        at = math.log10(size) if size > 0 else self.low
        return max((at - self.low) / (self.high - self.low), 0.0)


class Layout(NamedTuple):
    """Where everything stands in a room of a size."""

    spans: list[tuple[int, int]]
    """The first cell and the cells of a bar of each of the three columns of bars."""
    other: int
    """The cells of what a number is in a mistaken run."""
    rows: list[tuple[int, int | None]]
    """Of the layers that are shown; None for those that are left out."""
    tall: int
    """The rows of a bar; its number is in the first of them."""
    loss: tuple[int, int] | None
    """The cell of the loss."""
    beside: bool
    """Whether it is beside the last layer, and not below it."""

    @classmethod
    def of(cls, picture: Picture, width: int, height: int, *, differs: bool) -> "Layout | None":
        """The layout of a picture; None where there is no room for a few layers."""
        count, rows = len(picture.layers), height - 1
        beside = _spans(width - LOSS, NARROW, differs=differs) if count == rows else None
        spans, other = beside or _spans(width, NARROWEST, differs=differs) or ([], 0)
        if not spans or height < LEAST_ROWS or not count:
            return None
        below = beside is None and rows > LEAST_ROWS + 1
        room = rows - below
        shown = _shown(picture, room)
        pitch = min(room // len(shown), MOST_ROWS)
        spare = room - pitch * len(shown) if below else 0  # a blank row before L, and one after the headings
        top = 1 + (spare > 1)
        last = (0, top + len(shown) * pitch + (spare > 0)) if below else (width - LOSS, rows) if beside else None
        at = [(top + place * pitch, index) for place, index in enumerate(shown)]
        return cls(spans, other, at, max(pitch - 1, 1), last, beside is not None)


class Bars(Struct, frozen=True):
    """The bars of one picture on their way to the canvas."""

    picture: Picture
    canvas: Canvas
    styles: Palette
    writer: Writer
    layout: Layout
    scales: tuple[Scale, ...]
    spots: list[Spot]

    @property
    def rest(self) -> Emphasis:
        """The emphasis of what is not in use."""
        return Emphasis.NORMAL if self.picture.idle else Emphasis.QUIET

    def headings(self) -> None:
        """What the columns are, and which have the length of a logarithm."""
        visitor = next((layer.visitor for layer in self.picture.layers if layer.visitor), "")
        for column, (x, bar) in enumerate(self.layout.spans):
            own = self.picture.layer_symbols[column]
            plain = f"max |{own}|"
            guest = visitor if column == 1 else ""
            texts = [f"{plain}, |{guest}|", f"|{own}|, |{guest}|", f"{own}, {guest}", plain] if guest else [plain]
            if self.scales[column].logarithmic:
                first, *others = (f"{text}, log" for text in texts)
                texts = [f"{first} scale", first, *others, plain]
            room = bar + NUMBER + self.layout.other + BEHIND - 1
            spelled = [self.writer.glyphs.text(text) for text in texts]
            text = next((text for text in spelled if width_of(text) <= room), spelled[-1])
            role = self.styles.label if column == 0 else self.styles.delta
            self.canvas.write(x, 0, text, emphasised(role, Emphasis.LIT))

    def loss(self) -> None:
        """The loss and what the outputs are compared with, in the row behind the last layer or at its end."""
        if self.layout.loss is None:
            return
        loss, (x, y), beside = self.picture.loss, self.layout.loss, self.layout.beside
        emphasis = Emphasis.FRESH if loss.fresh else Emphasis.LIT if loss.lit else Emphasis.NORMAL
        label = self.writer.glyphs.text(loss.label)[:LABEL]
        at, end = (x + width_of(label) + 1, x + LOSS) if beside else (LABEL + 1, self.canvas.width)
        self.canvas.write(x, y, label, emphasised(self.styles.label, min(emphasis, Emphasis.LIT)))
        text = ASKED if loss.asked else self.writer(loss.value, 4, min(end - at, NUMBER))
        address = Node(len(self.picture.columns), 0, "loss")
        finite = loss.value is None or math.isfinite(loss.value)
        self._number(at, y, text, address, emphasised(self.styles.value if finite else self.styles.odd, emphasis))
        differs = self.layout.other > 0
        if loss.other is not None and loss.value is not None:  # beside the layers, it is a row of its own
            where = (x - 1, y - 1) if beside else (at + width_of(text), y)
            self._other(*where, loss.value, loss.other, OTHER, emphasis)
        if beside:
            self._targets(x, y - 1 - differs, end)
        else:
            self._targets(at + NUMBER + BEHIND + OTHER * differs, y, end)

    def _targets(self, x: int, y: int, end: int) -> None:
        """The targets of all outputs, where they have room."""
        loss, last = self.picture.loss, len(self.picture.columns)
        if loss.targets is None or 2 * len(loss.targets) > end - x:
            return
        label = self.writer.glyphs.text(loss.target_label)
        numbers = [self.writer.short(float(target) + 0.0, NUMBER, 4) for target in loss.targets]
        if x + width_of(" ".join([label, *numbers])) > end:
            return
        lit = Emphasis.LIT if loss.lit_targets else Emphasis.NORMAL
        self.canvas.write(x, y, label, emphasised(self.styles.label, lit))
        x += width_of(label) + 1
        for unit, text in enumerate(numbers):
            emphasis = Emphasis.LIT if among(loss.lit_targets, unit) else Emphasis.NORMAL
            self._number(x, y, text, Node(last, unit, "target"), emphasised(self.styles.value, emphasis))
            x += width_of(text) + 1

    def _number(self, x: int, y: int, text: str, address: Address, style: Style) -> None:
        """A number that can be selected."""
        chosen = emphasised(self.styles.value, Emphasis.SELECTED)
        self.canvas.write(x, y, text, chosen if self.picture.selected == address else style)
        self.spots.append(Spot(x, y, width_of(text), address))

    def _other(self, x: int, y: int, right: float, value: float, room: int, emphasis: Emphasis) -> None:
        """What a number is in a mistaken run, behind it: that it is another, where there is no room for more."""
        glyphs, emphasis = self.writer.glyphs, min(emphasis, Emphasis.LIT)
        if room < OTHER:
            self.canvas.write(x + 1, y, glyphs.other, emphasised(self.styles.odd, emphasis))
            return
        self.canvas.write(x, y, f" {glyphs.other}", emphasised(self.styles.name, emphasis))
        text = self.writer.beside(right, value, 4, NUMBER)
        self.canvas.write(x + 3, y, text, emphasised(self.styles.odd, emphasis))

    def layer(self, index: int, y: int) -> None:
        """One layer: its name and its three bars."""
        layer = self.picture.layers[index]
        name = self.writer.glyphs.text(layer.label)[:LABEL]
        self.canvas.write(0, y, name, emphasised(self.styles.label, Emphasis.LIT if any(layer.lit) else self.rest))
        for column in range(len(self.layout.spans)):
            self.bar(layer, column, y)

    def bar(self, layer: LayerSize, column: int, y: int) -> None:
        """One bar and its number; what is not a number has no size, and no bar."""
        (x, cells), size, styles = self.layout.spans[column], layer.now[column], self.styles
        emphasis = Emphasis.FRESH if layer.fresh == column else Emphasis.LIT if layer.lit[column] else self.rest
        if self.picture.selected is not None and self.picture.selected == layer.addresses[column]:
            emphasis = Emphasis.SELECTED
        if size is None:
            mark = ASKED if layer.fresh == column else self.writer.glyphs.absent
            self.canvas.write(x, y, mark, emphasised(styles.name, emphasis))
            return
        finite = math.isfinite(size)
        drawn = "" if math.isnan(size) else _bar(self.scales[column].share(size), cells, self.writer.glyphs)
        role = styles.value if column == 0 else styles.delta
        for row in range(y, y + self.layout.tall):
            self.canvas.write(x, row, drawn, emphasised(role, min(emphasis, Emphasis.LIT)) if finite else styles.odd)
        text = self.writer(size, 4, NUMBER)
        number = emphasised(styles.value if finite else styles.odd, emphasis)
        at = x + width_of(drawn) + 1 if drawn else x
        self.canvas.write(at, y, text, number)
        wide, other, address = at + width_of(text) - x, layer.others[column], layer.addresses[column]
        if other is not None:
            self._other(x + wide, y, size, other, self.layout.other, emphasis)
        if address is not None:
            self.spots.extend(Spot(x, row, wide, address) for row in range(y, y + self.layout.tall))


def draw_bars(
    picture: Picture, outlines: Outlines, canvas: Canvas, styles: Palette, writer: Writer
) -> list[Spot] | None:
    """Draws a row for each layer; None where there is no room for a few."""
    layout = Layout.of(picture, canvas.width, canvas.height, differs=outlines.differs)
    if layout is None:
        return None
    sizes = enumerate(outlines.sizes)
    scales = tuple(Scale.of([*first, *(layer.whole[column] for layer in picture.layers)]) for column, first in sizes)
    bars = Bars(picture, canvas, styles, writer, layout, scales, [])
    bars.headings()
    for y, index in layout.rows:
        if index is None:
            canvas.write(0, y, writer.glyphs.more, emphasised(styles.name, Emphasis.NORMAL))
        else:
            bars.layer(index, y)
    bars.loss()
    return bars.spots


def _spans(width: int, least: int, *, differs: bool) -> tuple[list[tuple[int, int]], int] | None:
    """Where the three columns of bars are, and the cells behind each for what a number is in a mistaken run; None where
    bars have no room.
    """
    room = (width - LABEL - 1) // 3 - NUMBER - BEHIND
    for other in (OTHER, 2) if differs else (0,):
        bar = min(room - other, WIDEST)
        if bar >= (NARROW if other == OTHER else least):
            pitch = bar + NUMBER + BEHIND + other
            return [(LABEL + 1 + place * pitch, bar) for place in range(3)], other
    return None


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


def _bar(share: float, cells: int, glyphs: Glyphs) -> str:
    """A bar, at least the least that can be seen; one that is too long ends in a mark."""
    full = "#" if glyphs.ascii else EIGHTHS[-1]
    if share > 1:
        return full * (cells - 1) + glyphs.forward
    if glyphs.ascii:
        return full * max(1, round(share * cells))
    whole, part = divmod(max(1, round(share * cells * 8)), 8)
    return full * whole + (EIGHTHS[part] if part else "")
