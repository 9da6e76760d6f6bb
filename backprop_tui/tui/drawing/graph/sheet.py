"""A graph on its way to strips: all that does not change from step to step, by row, and a row painted at a step."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Container, Mapping
from typing import NamedTuple

from msgspec import Struct
from rich.style import Style
from textual.strip import Strip

from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.glyphs import Glyphs
from backprop_tui.tui.drawing.graph.box import box
from backprop_tui.tui.drawing.graph.flow import Lane, Node
from backprop_tui.tui.drawing.graph.geometry import Form, Wants, fit
from backprop_tui.tui.drawing.graph.links import Link, Way, links
from backprop_tui.tui.drawing.graph.places import Places, Role
from backprop_tui.tui.drawing.graph.wires import Router, Wire
from backprop_tui.tui.drawing.lines import Weight
from backprop_tui.tui.drawing.palette import Emphasis, Palette, emphasised


class Text(NamedTuple):
    """What is written at a node: its symbol, its value, and the names behind it."""

    symbol: str
    value: str
    names: tuple[tuple[str, str], ...] = ()
    """Variables and their symbols."""
    selected: bool = False


class Now(Struct, frozen=True, eq=False):
    """A step: the last operation that is done, its node, what that reads, and how to write a node in so many cells."""

    index: int
    current: str
    lit: Container[str]
    text: Callable[[str, int], Text]


class Spot(NamedTuple):
    """Cells of a row that stand for a variable; `key` where it is a node."""

    x: int
    y: int
    width: int
    name: str
    key: str = ""


class Layer(Struct, eq=False):
    """What crosses or stands in one row of cells."""

    nodes: list[str]
    ink: dict[str, list[tuple[int, int]]]
    """By the target of the link."""
    arms: list[tuple[str, int, int]]
    events: list[int]
    """The operations that change it."""


class Sheet:
    """A graph laid out for a pane of a width and a height."""

    def __init__(self, places: Places, wants: Mapping[str, Wants], width: int, height: int, glyphs: Glyphs) -> None:
        self.places = places
        self.glyphs = glyphs
        self.links = links(places)
        self.geometry = fit(places, self.links, wants, width, height)
        self.height = max(places.rows - 1, 0) * self.geometry.pitch + 1
        router = Router(places, self.geometry)
        self.wires: defaultdict[str, list[Wire]] = defaultdict(list)
        for link in self.links:
            self.wires[link.target].append(router.wire(link))
        self.named = {
            key: tuple(wire.link.source for wire in wires if wire.link.way is Way.NAMED)
            for key, wires in self.wires.items()
        }
        self.outward = {link.source for link in self.links if link.way is Way.ACROSS}
        self.layers = [Layer([], {}, [], []) for _ in range(self.height)]
        self._lay()

    def y(self, key: str) -> int:
        """The row of cells of a node."""
        return self.places.of[key].row * self.geometry.pitch

    def node(self, key: str) -> Node:
        """A node by its key."""
        return self.places.flow.nodes[key]

    def _lay(self) -> None:
        for key in self.places.of:
            layer = self.layers[self.y(key)]
            layer.nodes.append(key)
            insort(layer.events, self.node(key).index)
        for target, wires in self.wires.items():
            for wire in wires:
                self._lay_wire(target, wire)
            for y in {y for wire in wires for _, y in cells(wire, self.glyphs)}:
                insort(self.layers[y].events, self.node(target).index)

    def _lay_wire(self, target: str, wire: Wire) -> None:
        for x, y, ink in wire.raster(Weight.THIN, ascii_only=self.glyphs.ascii):
            self.layers[y].ink.setdefault(target, []).append((x, ink))
        for x, y, arms in wire.arms:
            self.layers[y].arms.append((target, x, arms))

    def key(self, y: int, now: Now) -> tuple[int, int, int]:
        """What a row depends on, of the steps of one iteration."""
        layer = self.layers[y]
        lit = now.index if layer.events and (self._is_lit(y, now)) else -1
        return y, bisect_right(layer.events, now.index), lit

    def _is_lit(self, y: int, now: Now) -> bool:
        layer = self.layers[y]
        return now.current in layer.ink or any(
            key in now.lit or key == now.current for key in layer.nodes
        ) or any(target == now.current for target, _, _ in layer.arms)

    def paint(self, y: int, now: Now, palette: Palette) -> tuple[Strip, tuple[Spot, ...]]:
        """A row at a step, and what its cells stand for."""
        canvas = Canvas(self.geometry.width, 1, braille=not self.glyphs.ascii)
        layer, spots = self.layers[y], list[Spot]()
        canvas.trace(
            (self._style(target, now, palette, Emphasis.QUIET), [(x, 0, ink) for x, ink in cells])
            for target, cells in layer.ink.items()
            if target != now.current
        )
        wires = self.wires.get(now.current, ())
        weight = Weight.MEDIUM
        lit = self._style(now.current, now, palette, Emphasis.LIT) if now.current else Style()
        canvas.trace(
            (lit, [(x, 0, ink) for x, row, ink in wire.raster(weight, ascii_only=self.glyphs.ascii) if row == y])
            for wire in wires
        )
        self._paint_arms(canvas, y, now, palette)
        for key in layer.nodes:
            spots += self._paint_node(canvas, y, key, now, palette)
        for wire in wires:
            if wire.head[1] == y and wire.link.way is not Way.NAMED and (wire.lines or self._branches(now.current)):
                canvas.write(wire.head[0], 0, self.glyphs.forward, lit)
        return canvas.strips()[0], tuple(spots)

    def _branches(self, key: str) -> bool:
        return self.places.of[key].role is Role.END

    def _paint_arms(self, canvas: Canvas, y: int, now: Now, palette: Palette) -> None:
        light: defaultdict[int, int] = defaultdict(int)
        heavy: defaultdict[int, int] = defaultdict(int)
        first: dict[int, str] = {}
        for target, x, arms in self.layers[y].arms:
            light[x] |= arms
            if target == now.current:
                heavy[x] |= arms
            if x not in first or self.node(target).index < self.node(first[x]).index:
                first[x] = target
        for x, arms in light.items():
            style = self._style(now.current if heavy[x] else first[x], now, palette, Emphasis.NORMAL)
            canvas.write(x, 0, box(arms, heavy[x], ascii_only=self.glyphs.ascii), style)

    def _style(self, target: str, now: Now, palette: Palette, done: Emphasis) -> Style:
        """The style of the lines that lead to a node."""
        node = self.node(target)
        role = {Lane.FORWARD: palette.name, Lane.BACKWARD: palette.delta, Lane.UPDATE: palette.positive}[node.lane]
        lit = target == now.current
        return emphasised(role, Emphasis.LIT if lit else done if node.index <= now.index else Emphasis.QUIET)

    def emphasis(self, key: str, now: Now) -> Emphasis:
        """How far a node steps forward."""
        if key == now.current:
            return Emphasis.FRESH
        if key in now.lit:
            return Emphasis.LIT
        return Emphasis.NORMAL if self.node(key).index <= now.index else Emphasis.QUIET

    def _paint_node(self, canvas: Canvas, y: int, key: str, now: Now, palette: Palette) -> list[Spot]:
        place, node = self.places.of[key], self.node(key)
        column = self.geometry.columns[place.column]
        emphasis = self.emphasis(key, now)
        value = palette.delta if node.lane is Lane.BACKWARD else palette.value
        text = now.text(key, column.room)
        canvas.write(column.dot(place.role), 0, self._dot(node, emphasis), emphasised(palette.node, min(emphasis, Emphasis.LIT)))
        x = column.text(place.role)
        strong = Emphasis.SELECTED if text.selected else emphasis
        canvas.write(x, 0, text.symbol, emphasised(value, strong))
        end = x + width_of(text.symbol)
        spots = [Spot(x, y, width_of(text.symbol), node.name, key), Spot(column.dot(place.role), y, 1, node.name, key)]
        if text.value:
            at = max(column.value, end + 1)
            canvas.write(at, 0, text.value, emphasised(value, strong))
            end = at + width_of(text.value)
            spots.append(Spot(at, y, width_of(text.value), node.name, key))
        if text.names and self.geometry.form in (Form.FULL, Form.NAMES):
            at = column.names or end + 1
            canvas.write(at, 0, self.glyphs.text("←"), emphasised(palette.name, min(emphasis, Emphasis.LIT)))
            at += 2
            for name, symbol in text.names:
                canvas.write(at, 0, symbol, emphasised(palette.name, Emphasis.LIT if emphasis is Emphasis.FRESH else Emphasis.QUIET))
                spots.append(Spot(at, y, width_of(symbol), name))
                at += width_of(symbol) + 1
            end = at - 1
        if key in self.outward and end + 1 < column.end:
            lit = any(wire.link.source == key and wire.lines for wire in self.wires.get(now.current, ()))
            style = self._style(now.current, now, palette, Emphasis.LIT) if lit else emphasised(palette.name, Emphasis.QUIET)
            canvas.write(end + 1, 0, self.glyphs.leader * (column.end - end - 1), style)
        return spots

    def _dot(self, node: Node, emphasis: Emphasis) -> str:
        glyphs = self.glyphs
        if node.is_sum:
            return "+" if glyphs.ascii else "⊕"
        if emphasis is Emphasis.FRESH:
            return glyphs.fresh
        return glyphs.quiet if emphasis is Emphasis.QUIET else glyphs.lit


def cells(wire: Wire, glyphs: Glyphs) -> set[tuple[int, int]]:
    """All cells of a wire."""
    ink = {(x, y) for x, y, _ in wire.raster(Weight.THIN, ascii_only=glyphs.ascii)}
    return ink | {(x, y) for x, y, _ in wire.arms}
