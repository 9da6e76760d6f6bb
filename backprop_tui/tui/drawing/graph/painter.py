"""Rows of a graph at a step."""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

from msgspec import Struct
from rich.style import Style
from textual.strip import Strip

from backprop_tui.engine.statements.variable import Phase
from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette, emphasised
from backprop_tui.tui.drawing.graph.box import DOWN, UP, box
from backprop_tui.tui.drawing.graph.places import Role
from backprop_tui.tui.drawing.graph.sheet import Sheet
from backprop_tui.tui.drawing.graph.wires import Wire
from backprop_tui.tui.drawing.line_raster import Weight


class Text(NamedTuple):
    """What is written at a node: its symbol, its value, and the names behind it with their symbols.

    `differs` where a mistaken run beside this one has a different value.
    """

    symbol: str
    value: str
    names: tuple[tuple[str, str], ...] = ()
    selected: bool = False
    differs: bool = False


class Spot(NamedTuple):
    """Cells of a row that stand for a variable; `key` where it is a node."""

    x: int
    width: int
    name: str
    key: str = ""


Row = tuple[Strip, tuple[Spot, ...]]


class Painter(Struct, frozen=True, eq=False, dict=True):
    """A step: the operation done last, the node that is looked at ("" before any), and what is written at a node.

    `text` is given the room for a symbol and that for a value. At the node `first` a mistaken run first differs.
    """

    sheet: Sheet
    palette: Palette
    index: int
    current: str
    text: Callable[[str, int, int], Text]
    first: str = ""

    @cached_property
    def wires(self) -> list[Wire]:
        """The wires to the current node from what it reads."""
        return [wire for wire in self.sheet.wires.get(self.current, []) if not wire.link.tie]

    @cached_property
    def lit(self) -> frozenset[str]:
        """What the current operation reads."""
        return frozenset(self.sheet.node(self.current).reads) if self.current else frozenset()

    @cached_property
    def lit_style(self) -> Style:
        """The style of the lines to the current node."""
        return emphasised(self._role(self.current), Emphasis.LIT) if self.current else Style()

    @cached_property
    def lit_ink(self) -> dict[int, list[tuple[int, int, int]]]:
        """What is inked by the wires to the current node, by row."""
        found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for wire in self.wires:
            for x, y, ink in wire.raster(Weight.MEDIUM, ascii_only=self.sheet.glyphs.ascii):
                found[y].append((x, 0, ink))
        return found

    @cached_property
    def quiet(self) -> Style:
        """The style of all other lines."""
        return emphasised(self.palette.name, Emphasis.QUIET)

    def key(self, y: int) -> tuple[int, int, int]:
        """What a row depends on, of all steps of an iteration."""
        lit = self.sheet.node(self.current).index if self.current and self.sheet.is_lit(y, self.current) else -1
        return y, self.sheet.changes(y, self.index), lit

    def emphasis(self, key: str) -> Emphasis:
        """How far a node steps forward."""
        if key == self.current:
            return Emphasis.FRESH
        if key in self.lit:
            return Emphasis.LIT
        return Emphasis.NORMAL if self.sheet.node(key).index <= self.index else Emphasis.QUIET

    def paint(self, y: int) -> Row:
        """A row, and what its cells stand for."""
        sheet, inked = self.sheet, self.sheet.ink[y]
        canvas = Canvas(sheet.geometry.width, 1, braille=not sheet.glyphs.ascii)
        canvas.trace(
            [(self.quiet, zip(found := inked.nonzero()[0].tolist(), repeat(0), inked[found].tolist(), strict=False))]
        )
        canvas.trace([(self.lit_style, self.lit_ink.get(y, []))])
        self._paint_spines(canvas, y)
        spots = [spot for key in sheet.nodes[y] for spot in self._paint_node(canvas, key)]
        branches = bool(self.current) and sheet.places.of[self.current].role is Role.END
        if any(wire.head[1] == y and (wire.lines or (wire.arms and branches)) for wire in self.wires):
            canvas.write(self.wires[0].head[0], 0, sheet.glyphs.forward, self.lit_style)
        return canvas.strips()[0], tuple(spots)

    def _role(self, key: str) -> Style:
        palette = self.palette
        phases = {Phase.FORWARD: palette.value, Phase.BACKWARD: palette.delta, Phase.UPDATE: palette.positive}
        return phases[self.sheet.node(key).phase]

    def _paint_spines(self, canvas: Canvas, y: int) -> None:
        """Every cell in the style of the first target that it leads to; what leads to the current one is heavy."""
        light: defaultdict[int, int] = defaultdict(int)
        heavy: defaultdict[int, int] = defaultdict(int)
        first: dict[int, str] = {}
        for target, cells in self.sheet.arms[y].items():
            for x, arms in cells:
                light[x] |= arms
                if target == self.current:
                    heavy[x] |= arms
                if x not in first or self.sheet.node(target).index < self.sheet.node(first[x]).index:
                    first[x] = target
        for x, arms in light.items():
            done = min(self.emphasis(first[x]), Emphasis.NORMAL)
            style = self.lit_style if heavy[x] else emphasised(self._role(first[x]), done)
            text = box(arms, heavy[x], ascii_only=self.sheet.glyphs.ascii)
            canvas.write(x, 0, self._head(x, y) if heavy[x] == arms == UP | DOWN else text, style)

    def _head(self, x: int, y: int) -> str:
        """An arrow head where a spine is straight just before the current node, elsewhere the spine."""
        glyphs, end = self.sheet.glyphs, self.sheet.y(self.current)
        if (x, abs(y - end)) != (self.sheet.cells(self.current)[0], 1):
            return box(UP | DOWN, UP | DOWN, ascii_only=glyphs.ascii)
        return glyphs.down if y < end else glyphs.up

    def _paint_node(self, canvas: Canvas, key: str) -> list[Spot]:
        sheet, palette, emphasis = self.sheet, self.palette, self.emphasis(key)
        column, role, name = sheet.column(key), sheet.places.of[key].role, sheet.node(key).name
        dot, x = column.dot(role), column.text(role)
        text = self.text(key, column.value - 1 - x, column.room)
        node = palette.odd if key == self.first else palette.node
        canvas.write(dot, 0, self._dot(key), emphasised(node, min(emphasis, Emphasis.LIT)))
        is_ahead = emphasis is Emphasis.QUIET  # in a quieter colour where there is one: what is dim is hard to read
        style = palette.name if is_ahead else palette.value
        style = palette.delta if sheet.node(key).phase is Phase.BACKWARD else style
        style = emphasised(style, Emphasis.SELECTED if text.selected else max(emphasis, Emphasis.NORMAL))
        spots = [Spot(dot, 1, name, key)]
        end = x
        for at, written in ((x, text.symbol), (column.value, text.value)):
            if written:
                at = max(at, end)
                self._write(canvas, at, written, style, differs=text.differs)
                spots.append(Spot(at, width_of(written), name, key))
                end = at + width_of(written) + 1
        if text.names and sheet.names_are_written:
            found, end = self._paint_names(canvas, text.names, column.names or end, emphasis)
            spots += found
        if key in sheet.outward:
            lit = any(wire.link.source == key and wire.lines for wire in self.wires)
            leader, style = (sheet.glyphs.strong, self.lit_style) if lit else (sheet.glyphs.leader, self.quiet)
            canvas.write(end, 0, leader * max(column.end - end, 0), style)
        return spots

    def _write(self, canvas: Canvas, x: int, text: str, style: Style, *, differs: bool) -> None:
        """A text; the number of a mistaken run behind its sign in the colour of what is wrong."""
        right, sign, wrong = text.partition(self.sheet.glyphs.other) if differs else (text, "", "")
        quiet = emphasised(self.palette.name, Emphasis.NORMAL)
        for part, role in ((right, style), (sign, quiet), (wrong, emphasised(self.palette.odd, Emphasis.LIT))):
            canvas.write(x, 0, part, role)
            x += width_of(part)

    def _paint_names(
        self, canvas: Canvas, names: tuple[tuple[str, str], ...], x: int, emphasis: Emphasis
    ) -> tuple[list[Spot], int]:
        """What is read without a line, by name; and the cell behind."""
        style = emphasised(self.palette.name, Emphasis.LIT if emphasis is Emphasis.FRESH else Emphasis.NORMAL)
        canvas.write(x, 0, self.sheet.glyphs.source, style)
        spots = []
        x += 2
        for name, symbol in names:
            canvas.write(x, 0, symbol, style)
            spots.append(Spot(x, width_of(symbol), name))
            x += width_of(symbol) + 1
        return spots, x

    def _dot(self, key: str) -> str:
        glyphs = self.sheet.glyphs
        if key == self.first:
            return glyphs.first
        if self.sheet.node(key).is_sum:
            return glyphs.sum
        if key == self.current:
            return glyphs.fresh
        return glyphs.quiet if self.sheet.node(key).index > self.index else glyphs.lit
