"""Numbers too many to be written, as shades: a matrix as a map, a layer as a strip, an input as the image that it is.

Two numbers share a cell, one in each half of it, in the colour of their sign: the stronger the larger. Where every
number has cells of its own side by side, or colours are not to be relied on, the sign is written in them; in a map that
is finer than that it would only be noise.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from rich.style import Style

from backprop_tui.tui.drawing.canvas import Cells, legible, width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import LEVELS, Emphasis, Palette, emphasised
from backprop_tui.tui.drawing.diagram.picture import Array, Edge, Node, Part
from backprop_tui.tui.drawing.diagram.plan import STATE, STRIP, Gap, Plan
from backprop_tui.tui.drawing.diagram.scene import Field, Scene
from backprop_tui.tui.drawing.diagram.unit_rows import Kind
from backprop_tui.tui.drawing.glyphs import ASKED, Glyphs

MARKS = {False: ("·", "−", "+"), True: (".", "-", "+")}  # of what is nearly nothing, negative, positive
NEARLY = 0.12  # the share of the largest |value| under which a number is nearly nothing
LEGEND = ((3, 2), (2, 2), (1, 1))  # decimals of how far the numbers of a map reach, and cells that stay free beside it
ARROWS = 6  # cells between two columns from which on a map has its arrows beside it
WIDE = 2  # cells of a number that has rows of its own: it is then about as wide as it is high
ODD = "!"  # stands for what is not a number
Parts = tuple[tuple[str, Style], ...]


class MapPlace(NamedTuple):
    """Where a map is."""

    left: int
    """The first cell of its room."""
    x: int
    y: int
    across: int
    rows: int

    @property
    def middle(self) -> int:
        """The row of its arrows."""
        return self.y + self.rows // 2

    def has_arrows(self, gap: Gap) -> bool:
        """Whether it has arrows beside it."""
        return gap.right + 1 - self.left >= self.across + 4


def draw_map(scene: Scene, index: int) -> None:
    """Draws the weights between two columns, a row for each unit and a column for each unit before it."""
    column, gap, plan = scene.picture.columns[index], scene.plan.gaps[index], scene.plan
    numbers = column.weights if column.gradients is None else column.gradients
    units, sources = plan.outlines.columns[index].units, plan.outlines.columns[index - 1].units
    left, x0, top, across, rows = place = place_of(plan, index)
    if across < 1:
        return
    emphasis = Emphasis.LIT if column.lit_edges else scene.rest
    arrow = emphasised(scene.styles.arrow, emphasis)
    backward = scene.picture.direction == "backward"
    glyph = scene.glyphs.backward if backward else scene.glyphs.forward
    middle = place.middle
    for x in (left, gap.right) if place.has_arrows(gap) else ():
        scene.canvas.write(x, middle, glyph, arrow)
    if column.asked == "weights" and column.weights_before is None:
        scene.canvas.write((left + gap.right) // 2, middle, ASKED, emphasised(scene.styles.value, Emphasis.FRESH))
        return
    if numbers is None:
        return
    kept = _kept(numbers, 2 * rows, across)
    marks = has_marks((units, sources), rows, across)
    _lay(scene, (x0, top), kept.cells(scene, emphasis, marks=marks))
    scene.fields.append(Field(x0, top, across, rows, index, "weights", (units, sources), numbers))
    match scene.picture.selected:
        case Edge(at, unit, source) if at == index:
            y, x = top + unit * rows // units, x0 + source * across // sources
            scene.canvas.write(x, y, scene.glyphs.lit, emphasised(scene.styles.value, Emphasis.SELECTED))
    _legend(scene, kept, left, gap.right, top + rows)


def draw_strip(scene: Scene, index: int) -> None:
    """Draws a layer as a strip of its values and one of what flows back, and the number that is looked at below."""
    column, place, rows = scene.picture.columns[index], scene.plan.places[index], scene.plan.rows[index]
    outline, y0 = scene.plan.outlines.columns[index], scene.plan.top + rows.extent.start
    parts: tuple[tuple[Part, Array | None, int], ...] = (
        ("values", column.values, place.chip),
        ("deltas", column.deltas if outline.deltas else None, place.delta),
    )
    for part, values, x in parts:
        units = column.lit if part == "values" else column.lit_deltas
        emphasis = Emphasis.LIT if units else scene.rest
        count = len(rows.extent)
        if values is not None:
            _lay(scene, (x, y0), _kept(values[:, None], 2 * count, STRIP).cells(scene, emphasis))
        elif part in ("values", column.asked):
            mark = ASKED if column.asked == part else scene.glyphs.absent
            for row in range(count):
                scene.canvas.write(x, y0 + row, mark * STRIP, emphasised(scene.styles.name, emphasis))
        if part == "values" or values is not None or column.asked == part:
            scene.fields.append(Field(x, y0, STRIP, count, index, part, (outline.units, 1), values))
    _looked_at(scene, index)


def draw_image(scene: Scene, index: int) -> None:
    """Draws a layer as the image that its units are: a pixel is two cells, or half a cell where there is less room."""
    column, place, rows = scene.picture.columns[index], scene.plan.places[index], scene.plan.rows[index]
    image, y0, count = scene.plan.outlines.columns[index].image, scene.plan.top + rows.extent.start, len(rows.extent)
    if image is None or column.values is None:
        return
    kept = _kept(column.values.reshape(image), 2 * count, place.width)
    _lay(scene, (place.chip, y0), kept.cells(scene, max(scene.rest, Emphasis.NORMAL), image=True))
    scene.fields.append(Field(place.chip, y0, place.width, count, index, "values", image, column.values))
    _looked_at(scene, index)


def _looked_at(scene: Scene, index: int) -> None:
    """Writes the number of the selected unit, or of the one in use, under its strip; and marks its row."""
    column, place, rows = scene.picture.columns[index], scene.plan.places[index], scene.plan.rows[index]
    address = _focus(scene, index)
    y = scene.plan.top + rows.extent.stop
    if address is None or y >= scene.plan.height:
        return
    values = column.deltas if address.part == "deltas" else column.values
    value = column.delta(address.unit) if address.part == "deltas" else column.value(address.unit)
    names = scene.plan.outlines.columns[index].names
    name = f"{names[address.unit]}:" if names else f"[{address.unit}]"
    text = f"{scene.glyphs.text(name)} {scene.writer(value, place.decimals, place.room)}"
    x = place.left + (place.width - width_of(text)) // 2
    if index == len(scene.plan.places) - 1:  # what is too wide goes where there is room, behind the outputs
        x = max(x, place.left)
    x = min(max(x, 0), scene.plan.width - width_of(text))
    styles = scene.styles.delta_chips if address.part == "deltas" else scene.styles.chips
    scene.canvas.write(x, y, text, styles[scene.emphasis(address)])
    scene.answer(x, y, width_of(text), address)
    if rows.kind is Kind.STRIP:
        at = place.delta if address.part == "deltas" else place.chip
        mark = _dot(scene, scene.emphasis(address), values, address.unit)
        scene.canvas.write(at + 1, scene.plan.top + rows.at[address.unit], scene.glyphs.lit, mark)


def _dot(scene: Scene, emphasis: Emphasis, values: Array | None, unit: int) -> Style:
    """The style of the mark on a number of a strip: in the shade of that number, of which it takes nothing away."""
    styles = scene.styles
    if values is None or scene.glyphs.ascii or styles.colourless or not np.isfinite(values[unit]):
        return emphasised(styles.value, emphasis)
    level = int(_levels(values[unit : unit + 1], largest(values))[0])
    return emphasised(styles.marked(level, quiet=emphasis is Emphasis.QUIET), max(emphasis, Emphasis.NORMAL))


def _focus(scene: Scene, index: int) -> Node | None:
    """The selected number of a column, or the only one in use; of the outputs otherwise the largest."""
    match scene.picture.selected:
        case Node(at, _, "values" | "deltas") as found if at == index:
            return found
    column = scene.picture.columns[index]
    parts: tuple[tuple[Part, object], ...] = (("values", column.lit), ("deltas", column.lit_deltas))
    for part, units in parts:
        if isinstance(units, frozenset | set) and len(units) == 1:
            return Node(index, next(iter(units)), part)
    if index == len(scene.picture.columns) - 1 and column.values is not None and np.isfinite(column.values).all():
        return Node(index, int(column.values.argmax()))
    return None


def place_of(plan: Plan, index: int) -> MapPlace:
    """Where a map is: on the rows of the strip that it leads to, or on as many as it is worth."""
    gap, units, sources = plan.gaps[index], plan.outlines.columns[index].units, plan.outlines.columns[index - 1].units
    said = plan.outlines.columns[index - 1].states and plan.rows[index - 1].kind is Kind.CHIPS
    left = gap.left + (min(STATE, max(gap.width - ARROWS, 0)) if said else 0)  # behind a word that says a unit is off
    room = gap.right + 1 - left
    wide = room - (4 if room >= ARROWS else 2)
    across = wide - wide % sources if wide >= sources else wide
    top, rows = _map_rows(plan, index, units)
    return MapPlace(left, left + (room - across) // 2, plan.top + top, across, rows)


def _map_rows(plan: Plan, index: int, units: int) -> tuple[int, int]:
    rows, height = plan.rows[index], plan.height - plan.top
    if rows.kind is not Kind.CHIPS:
        return rows.extent.start, len(rows.extent)
    count = units if units <= height else -(-units // 2)
    count = min(max(count, 2), height)
    middle = (rows.at[0] + rows.at[-1] + 1) // 2
    return min(max(middle - count // 2, 0), height - count), count


def has_marks(shape: tuple[int, int], rows: int, cells: int) -> bool:
    """Whether a map of so many rows and cells has its signs written in it: each number has a row, and cells of it."""
    return shape[0] <= rows and shape[1] * WIDE <= cells


def largest(values: Array) -> float:
    """The largest |value| that is a number; 1 where all are 0."""
    return float(np.abs(values).max(where=np.isfinite(values), initial=0.0)) or 1.0


class Kept(Struct, frozen=True, eq=False, dict=True):
    """An array with what was made of it: in another size, its largest |value|, and its cells by how they look."""

    values: Array
    sampled: Array
    scale: float
    painted: dict[tuple[Emphasis, bool, bool, int, int], tuple[Palette, Glyphs, list[Cells]]] = {}

    @cached_property
    def reach(self) -> tuple[float, float] | None:
        """The smallest and the largest that is a number."""
        finite = self.values[np.isfinite(self.values)]
        return (float(finite.min()), float(finite.max())) if finite.size else None

    def cells(self, scene: Scene, emphasis: Emphasis, *, marks: bool = False, image: bool = False) -> list[Cells]:
        """Its rows of cells, each of two rows of numbers."""
        styles, glyphs = scene.styles, scene.glyphs
        look = (emphasis, marks, image, id(styles), id(glyphs))
        if look not in self.painted:
            rows = shaded(self.sampled, self.scale, emphasis, styles, glyphs, marks=marks, image=image)
            found = [Cells([mark for mark, _ in row], [legible(style) for _, style in row]) for row in rows]
            self.painted[look] = styles, glyphs, found
        return self.painted[look][-1]


_KEPT: dict[bool, dict[tuple[object, ...], Kept]] = {True: {}, False: {}}
_MOST_KEPT = {True: 16, False: 64}  # matrices, and layers: those in sight, and some more


def _kept(values: Array, rows: int, columns: int) -> Kept:
    """What was made of an array in a size: from step to step most weights and values are the same place in memory, and
    nobody can write there. The array is kept with it, so that no other can take its place.
    """
    if values.flags.writeable:
        return Kept(values, sampled_to(values, rows, columns), largest(values))
    is_matrix = min(values.shape) > 1
    kept, key = _KEPT[is_matrix], (values.ctypes.data, values.shape, values.strides, rows, columns)
    if key not in kept:
        while len(kept) >= _MOST_KEPT[is_matrix]:
            kept.pop(next(iter(kept)))
        kept[key] = Kept(values, sampled_to(values, rows, columns), largest(values))
    return kept[key]


def sampled_to(values: Array, rows: int, columns: int) -> Array:
    """A matrix in another size: numbers are repeated where there is more room, else the strongest of several stands."""
    return _stretch(_stretch(values, rows).T, columns).T


def _stretch(values: Array, rows: int) -> Array:
    count = len(values)
    if count <= rows:
        return values[np.arange(rows) * count // rows]
    starts = np.arange(rows) * count // rows
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    stronger: Array = np.where(np.abs(low) > np.abs(high), low, high)
    return stronger


def _lay(scene: Scene, at: tuple[int, int], rows: Iterable[Cells]) -> None:
    x, y0 = at
    for y, cells in enumerate(rows, y0):
        scene.canvas.lay(x, y, cells)


def shaded(
    sampled: Array,
    scale: float,
    emphasis: Emphasis,
    styles: Palette,
    glyphs: Glyphs,
    *,
    marks: bool = False,
    image: bool = False,
) -> Iterator[list[tuple[str, Style]]]:
    """Rows of cells, each with what is written in it and its style, for an even number of rows of numbers."""
    if glyphs.ascii or styles.colourless:
        yield from _marked(sampled, scale, emphasis, styles, glyphs)
        return
    levels = _levels(sampled, scale, image=image)
    quiet = emphasis is Emphasis.QUIET
    for upper, lower in zip(levels[0::2].tolist(), levels[1::2].tolist(), strict=True):
        row = []
        for above, below in zip(upper, lower, strict=True):
            mark, style = styles.halves(above, below, quiet=quiet, image=image)
            if max(above, below) > LEVELS:
                mark, style = ODD, styles.odd
            elif marks and above == below:
                mark = MARKS[False][0 if abs(above) < NEARLY * LEVELS else 1 + (above > 0)]
                style = styles.marked(above, quiet=quiet)
            row.append((mark, style))
        yield row


def _levels(values: Array, scale: float, *, image: bool = False) -> NDArray[np.int_]:
    """Numbers as levels from −LEVELS to LEVELS; what is not a number is beyond them."""
    with np.errstate(all="ignore"):
        share = np.clip(values / scale, -1.0, 1.0)
        curved = share if image else np.sign(share) * np.abs(share) ** 0.7
        found: NDArray[np.int_] = np.where(np.isfinite(values), np.rint(curved * LEVELS), LEVELS + 1).astype(int)
    return found


def _marked(
    sampled: Array, scale: float, emphasis: Emphasis, styles: Palette, glyphs: Glyphs
) -> Iterator[list[tuple[str, Style]]]:
    """The signs of numbers as characters, large ones bold: where colours are not to be relied on."""
    nothing, minus, plus = MARKS[glyphs.ascii]
    for upper, lower in zip(sampled[0::2].tolist(), sampled[1::2].tolist(), strict=True):
        row = []
        for pair in zip(upper, lower, strict=True):
            value = max(pair, key=abs)
            size = abs(value) / scale
            mark = ODD if not np.isfinite(value) else nothing if size < NEARLY else plus if value > 0 else minus
            role = styles.positive if value > 0 else styles.negative
            strength = emphasis if size < 0.6 else max(emphasis, Emphasis.LIT)
            row.append((mark, emphasised(role, strength)))
        yield row


def _legend(scene: Scene, kept: Kept, left: int, right: int, y: int) -> None:
    """Says under a map which colour is which sign, and how far the numbers reach; or only what the strongest is."""
    if y >= scene.plan.height or kept.reach is None:
        return
    low, high = kept.reach
    name, strongest = scene.styles.name, max(-low, high)
    for decimals, beside in LEGEND:
        ends = [(_signed(scene, one, decimals), _ink(scene, one)) for one in (low, high)]
        if _legend_fits(scene, (ends[0], (" to ", name), ends[1]), (left + beside, right - beside, y)):
            return
    for decimals, _ in LEGEND:
        text = scene.glyphs.text("±") + scene.writer.short(strongest, 5 + decimals, decimals)
        if _legend_fits(scene, ((text, name),), (left + 1, right - 1, y)):
            return


def _legend_fits(scene: Scene, parts: Parts, at: tuple[int, int, int]) -> bool:
    """Writes the parts of a legend in the middle between two cells of a row, unless they are too wide."""
    (left, right, y), wide = at, sum(width_of(text) for text, _ in parts)
    fits, x = wide <= right - left + 1, left + (right - left + 1 - wide) // 2
    for text, role in parts if fits else ():
        scene.canvas.write(x, y, text, emphasised(role, scene.rest))
        x += width_of(text)
    return fits


def _signed(scene: Scene, value: float, decimals: int) -> str:
    """A number with its sign, which is the mark beside its colour."""
    text = scene.writer.short(value, 5 + decimals, decimals)
    return f"+{text}" if value > 0 else text


def _ink(scene: Scene, value: float) -> Style:
    return scene.styles.negative if value < 0 else scene.styles.positive
