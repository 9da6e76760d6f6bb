"""The units of a column as nodes: a dot, and what there is room to write beside it."""

import math

from msgspec import Struct
from rich.style import Style

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_layout import OFF, OUT, Extent, Level, Place
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.picture import Array, Column, Node
from backprop_tui.tui.drawing.diagram.scene import Scene, Text


class Nodes(Struct, frozen=True):
    """One column of a scene whose units are shown one by one."""

    scene: Scene
    index: int

    @property
    def column(self) -> Column:
        """What is shown."""
        return self.scene.picture.columns[self.index]

    @property
    def extent(self) -> Extent:
        """How large it is."""
        return self.scene.layout.extents[self.index]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.scene.layout.places[self.index]

    def state(self, unit: int) -> str:
        """Why a unit passes nothing on: it is left out, or off; empty where it does."""
        for word, mask in ((OUT, self.column.dropped), (OFF, self.column.off)):
            if mask is not None and mask[unit]:
                return word
        return ""

    @property
    def leads(self) -> bool:
        """Whether the room for the word `off` or `out` lies between a node's text and the edges that leave it."""
        beside = self.extent.symbol and not self.extent.rows.below
        return 0 < self.index < len(self.scene.picture.columns) - 1 and not beside

    def style(self, role: Style, address: Node, values: Array | None) -> Style:
        """The style of a number, which shows whether it is finite."""
        odd = values is not None and not math.isfinite(values[address.unit])
        return emphasised(self.scene.palette.odd if odd else role, self.scene.emphasis(address))


def draw_nodes(scene: Scene, index: int) -> None:
    """Draws the units of one column and makes them answer to the mouse."""
    nodes = Nodes(scene, index)
    rows, top = nodes.extent.rows, scene.layout.top
    for text, unit, row in zip(scene.texts[index].nodes, rows.shown, rows.at, strict=True):
        _draw_node(nodes, unit, top + row, text)
    for row, hidden in rows.gaps:
        _draw_gap(nodes, top + row, hidden)


def _draw_node(nodes: Nodes, unit: int, y: int, text: Text) -> None:
    value, delta = Node(nodes.index, unit), Node(nodes.index, unit, delta=True)
    _draw_dot(nodes, unit, y)
    if nodes.extent.level is Level.DOTS:
        return
    end = _draw_value(nodes, value, y, text)
    if text.delta and nodes.column.deltas is not None:
        x, y = (nodes.place.text, y + 1) if nodes.extent.rows.below else (end + 1, y)
        _draw_delta(nodes, delta, x, y, text)


def _draw_dot(nodes: Nodes, unit: int, y: int) -> None:
    scene, glyphs, place = nodes.scene, nodes.scene.glyphs, nodes.place
    value = Node(nodes.index, unit)
    emphasis = max(scene.emphasis(value), scene.emphasis(Node(nodes.index, unit, delta=True)))
    match scene.picture.selected:
        case Node(column, selected) if (column, selected) == (nodes.index, unit):
            emphasis = Emphasis.SELECTED
    by_emphasis = {Emphasis.SELECTED: glyphs.lit, Emphasis.FRESH: glyphs.fresh, Emphasis.LIT: glyphs.lit}
    glyph = glyphs.off if nodes.state(unit) else by_emphasis.get(emphasis, glyphs.quiet)
    # On a column without text the dot is all that can show the selection.
    strongest = Emphasis.SELECTED if nodes.extent.level is Level.DOTS else Emphasis.LIT
    scene.canvas.write(place.dot, y, glyph, emphasised(scene.palette.node, min(emphasis, strongest)))
    scene.answer(place.dot, y, 1, value)


def _draw_value(nodes: Nodes, address: Node, y: int, text: Text) -> int:
    """Draws name, value and state of a unit; the cell after them."""
    scene, extent, palette, x = nodes.scene, nodes.extent, nodes.scene.palette, nodes.place.text
    named = extent.level is Level.NAMED
    beside = min(scene.emphasis(address), Emphasis.LIT)
    if named:
        scene.canvas.write(x, y, text.name, emphasised(palette.name, beside))
    end = x + extent.lead + bool(extent.lead) + extent.number
    style = nodes.style(palette.value, address, nodes.column.values)
    scene.write_number(nodes.index, end - extent.number, y, text.value, style)
    _draw_other(nodes, address, end, y, text.other)
    end += extent.other
    if named and (state := nodes.state(address.unit)):
        scene.canvas.write(end + 1, y, state, emphasised(palette.off, beside))
    elif named and nodes.leads:
        scene.canvas.write(end + 1, y, scene.glyphs.leader * extent.tag, emphasised(palette.zero, scene.rest))
    end += extent.tag if named else 0
    scene.answer(x, y, end - x, address)
    return end


def _draw_delta(nodes: Nodes, address: Node, x: int, y: int, text: Text) -> None:
    scene, extent, palette = nodes.scene, nodes.extent, nodes.scene.palette
    symbol = text.symbol
    lead = extent.lead if extent.rows.below else width_of(symbol)
    scene.canvas.write(x, y, symbol, emphasised(palette.delta, min(scene.emphasis(address), Emphasis.LIT)))
    style = nodes.style(palette.delta, address, nodes.column.deltas)
    scene.write_number(nodes.index, x + lead + 1, y, text.delta, style)
    _draw_other(nodes, address, x + lead + 1 + extent.number, y, text.other_delta)
    scene.answer(x, y, lead + 1 + extent.number + extent.other, address)


def _draw_other(nodes: Nodes, address: Node, x: int, y: int, text: str) -> None:
    """Draws the value in another run behind a number: that alone is in the colour of what is wrong."""
    if text:
        scene, palette = nodes.scene, nodes.scene.palette
        emphasis = min(scene.emphasis(address), Emphasis.LIT)
        scene.canvas.write(x, y, scene.glyphs.other, emphasised(palette.name, emphasis))
        scene.canvas.write(x + 1, y, text, emphasised(palette.odd, emphasis))


def _draw_gap(nodes: Nodes, y: int, hidden: int) -> None:
    place, more = nodes.place, nodes.scene.glyphs.more
    texts = (f"{more} {hidden} more", f"{more} {hidden}", more)
    text = next((text for text in texts if width_of(text) <= place.width), more)
    x = min(place.left, place.dot) if text != more else place.dot
    nodes.scene.canvas.write(x, y, text, emphasised(nodes.scene.palette.name, nodes.scene.rest))
