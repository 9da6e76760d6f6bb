"""What the parts of a diagram share while one is drawn, and how it is fitted into its room."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct
from rich.cells import set_cell_size
from rich.style import Style

from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.diagram import figures
from backprop_tui.tui.drawing.diagram.diagram_layout import OFF, Extent, Layout, Level, arrange
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette
from backprop_tui.tui.drawing.diagram.figures import Writer
from backprop_tui.tui.drawing.diagram.glyphs import Glyphs
from backprop_tui.tui.drawing.diagram.picture import Address, Column, Edge, Node, Picture, Units, extreme
from backprop_tui.tui.drawing.diagram.unit_rows import Rows, stack

WIDEST_NAME = 14
CUT_NAMES = (11, 8)  # where there is less room
_WIDEST_OTHER = 7  # cells of a value in another run
_SPACIOUS = 10
"""From this many rows on, a blank one follows the header."""


class Spot(NamedTuple):
    """Cells of one row that stand for an address."""

    x: int
    y: int
    width: int
    address: Address


class Text(NamedTuple):
    """What is written at one node."""

    name: str
    value: str
    delta: str
    symbol: str
    """Before δ."""
    other: str = ""
    """The value in another run, where it differs."""
    other_delta: str = ""


class Texts(NamedTuple):
    """What is written in one column."""

    nodes: tuple[Text, ...]
    """One per shown unit."""
    legend: tuple[tuple[str, Node | None], ...]
    """The lines under a heat strip, and the unit that each is about."""
    room: figures.Column


class Scene(Struct, frozen=True):
    """One diagram on its way to the canvas."""

    picture: Picture
    palette: Palette
    glyphs: Glyphs
    layout: Layout
    writer: Writer
    texts: tuple[Texts, ...]
    canvas: Canvas
    spots: list[Spot] = []

    @property
    def rest(self) -> Emphasis:
        """The emphasis of what is not in use: quiet beside what is, ordinary where nothing is."""
        return Emphasis.NORMAL if self.picture.idle else Emphasis.QUIET

    def emphasis(self, address: Node) -> Emphasis:
        """How far a value or a δ steps forward."""
        column = self.picture.columns[address.column]
        if self.picture.selected == address:
            return Emphasis.SELECTED
        if _has(column.lit_deltas if address.delta else column.lit, address.unit):
            return Emphasis.FRESH if column.fresh == ("deltas" if address.delta else "values") else Emphasis.LIT
        return self.rest

    def write_number(self, index: int, x: int, y: int, text: str, style: Style) -> None:
        """Writes a number of a column in its room, which starts at `x`; the style covers only the number."""
        aligned = self.texts[index].room.align(text)
        self.canvas.write(x + len(aligned) - len(aligned.lstrip()), y, text, style)

    def answer(self, x: int, y: int, width: int, address: Address) -> None:
        """Makes cells stand for an address."""
        self.spots.append(Spot(x, y, width, address))


def stage(picture: Picture, width: int, height: int, palette: Palette, glyphs: Glyphs) -> Scene | None:
    """Fits a picture into its room, with as much text as there is room for; None where even dots do not fit."""
    # Room for δ is kept from the start, so that nothing moves when the backward half begins, unless it costs a number.
    best = _fit(picture, width, height, glyphs, [index > 0 for index in range(len(picture.columns))])
    if best is None or best[0] > 0:
        now = _fit(picture, width, height, glyphs, [column.deltas is not None for column in picture.columns])
        best = min((fit for fit in (best, now) if fit is not None), key=lambda fit: fit[0], default=None)
    if best is None:
        return None
    _, layout, writer, texts = best
    return Scene(picture, palette, glyphs, layout, writer, texts, Canvas(width, height, braille=not glyphs.ascii))


def _has(units: Units, unit: int) -> bool:
    """Whether a unit is among those meant."""
    return units == "all" or (units is not None and unit in units)


def focus(picture: Picture, index: int) -> tuple[int, ...]:
    """The units of a column that must be seen: the selected one, and the one in use where it is a single one."""
    wanted: set[int] = set()
    match picture.selected:
        case Node(at, unit) if at == index:
            wanted.add(unit)
        case Edge(at, unit, source) if index in (at, at - 1):
            wanted.add(unit if index == at else source)
    column = picture.columns[index]
    for lit in (column.lit, column.lit_deltas):
        if lit is not None and lit != "all" and len(lit) == 1:
            wanted.update(lit)
    return tuple(sorted(unit for unit in wanted if 0 <= unit < column.units))


def _fit(
    picture: Picture, width: int, height: int, glyphs: Glyphs, deltas: Sequence[bool]
) -> tuple[int, Layout, Writer, tuple[Texts, ...]] | None:
    top = 2 if height >= _SPACIOUS else 1
    rows = [
        stack(column.units, height - top, focus(picture, index), deltas=delta, legend=2 + delta)
        for index, (column, delta) in enumerate(zip(picture.columns, deltas, strict=True))
    ]
    if any(row is None for row in rows):
        return None
    stacked = [row for row in rows if row is not None]
    written: dict[tuple[int, int], tuple[Texts, ...]] = {}
    for rank, (levels, digits, widest) in enumerate(_ladder(picture)):
        writer = Writer(picture.number, digits, glyphs)
        texts = written.get((digits, widest)) or tuple(
            _texts(picture, index, rows, writer, widest, delta=delta)
            for index, (rows, delta) in enumerate(zip(stacked, deltas, strict=True))
        )
        written[digits, widest] = texts
        extents = tuple(
            _extent(picture.columns[index], rows, level, texts[index], writer.glyphs if delta else None)
            for index, (rows, level, delta) in enumerate(zip(stacked, levels, deltas, strict=True))
        )
        layout = arrange(extents, width, height, top)
        if layout is not None:
            return rank, layout, writer, texts
    return None


class Rung(NamedTuple):
    """How much is written: of each column, digits of a number, cells of a name."""

    levels: list[Level]
    digits: int
    widest: int = WIDEST_NAME


def _ladder(picture: Picture) -> Iterator[Rung]:
    """What to write, from everything to nothing: names go first, then digits, then the numbers that are not in use.

    Names that mean something are cut before they go, and the others, and some digits, go before them.
    """
    count = len(picture.columns)
    fewer = range(picture.digits, min(picture.digits, 1) - 1, -1)
    yield Rung([Level.NAMED] * count, picture.digits)
    called = [column.called for column in picture.columns]
    if any(called):
        yield from (Rung([Level.NAMED] * count, picture.digits, widest) for widest in CUT_NAMES)
        for own in (called, [False] * (count - 1) + called[-1:]):  # last those of the outputs
            only = [Level.NAMED if named else Level.BARE for named in own]
            yield from (Rung(only, digits, CUT_NAMES[-1]) for digits in fewer[:-1])
    for digits in fewer:
        yield Rung([Level.BARE] * count, digits)
    used = [_used(picture, index) for index in range(count)]
    if any(used):
        for digits in fewer:
            yield Rung([Level.BARE if use else Level.DOTS for use in used], digits)
    yield Rung([Level.DOTS] * count, fewer[-1])


def _used(picture: Picture, index: int) -> bool:
    column = picture.columns[index]
    return bool(column.lit or column.lit_deltas or focus(picture, index))


def _extent(column: Column, rows: Rows, level: Level, texts: Texts, symbols: Glyphs | None) -> Extent:
    return Extent(
        rows=rows,
        level=level,
        name=max((width_of(text.name) for text in texts.nodes), default=0),
        number=texts.room.width,
        symbol=max([width_of(symbols.text(column.delta_symbol)), *(width_of(text.symbol) for text in texts.nodes)])
        if symbols is not None
        else 0,
        tag=len(OFF) + 1 if column.can_be_off or column.off is not None else 0,
        legend=max((width_of(line) for line, _ in texts.legend), default=0),
        other=max(
            (1 + width_of(other) for text in texts.nodes for other in (text.other, text.other_delta) if other),
            default=0,
        ),
    )


def _texts(picture: Picture, index: int, rows: Rows, writer: Writer, widest: int, *, delta: bool) -> Texts:
    column = picture.columns[index]
    glyphs = writer.glyphs
    nodes = tuple(
        Text(
            short(glyphs.text(column.name(unit)), widest, glyphs),
            writer(column.value(unit)),
            writer(column.delta(unit)) if delta else "",
            short(glyphs.text(column.delta_symbol), widest, glyphs) if delta else "",
            _other(column.other(unit), writer),
            _other(column.other(unit, delta=True), writer) if delta else "",
        )
        for unit in rows.shown
    )
    # Room for a sign and all digits from the start, so that nothing moves when the first values arrive.
    least = figures.Column(2, 1 + writer.digits if writer.digits else 0) if index else figures.Column(1, 0)
    numbers = [text for node in nodes for text in (node.value, node.delta) if text]
    legend = _legend(picture, index, writer, delta=delta) if rows.heat is not None else ()
    return Texts(nodes, legend, figures.column(numbers, least))


def _other(value: float | None, writer: Writer) -> str:
    """The value of a number in another run; empty where it is the same."""
    return "" if value is None else writer.short(value, _WIDEST_OTHER)


def _legend(picture: Picture, index: int, writer: Writer, *, delta: bool) -> tuple[tuple[str, Node | None], ...]:
    column, pinned = picture.columns[index], focus(picture, index)
    lines: list[tuple[str, Node | None]] = [(f"{column.units} units", None)]
    for array, symbol in ((column.values, ""), (column.deltas if delta else None, column.delta_symbol + " ")):
        if array is not None:
            unit = pinned[0] if pinned else extreme(array)
            what = "" if pinned else "peak "
            text = f"{writer.glyphs.text(symbol)}{what}{writer(float(array[unit]) + 0.0)} [{unit}]"
            lines.append((text, Node(index, unit, bool(symbol))))
    return tuple(lines)


def short(name: str, widest: int, glyphs: Glyphs) -> str:
    """The name, cut where it is too long for a node."""
    if width_of(name.rstrip()) <= widest:
        return set_cell_size(name, min(widest, width_of(name)))
    return set_cell_size(name, widest - 1).rstrip() + glyphs.cut
