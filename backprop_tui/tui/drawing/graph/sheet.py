"""A graph laid out for a pane: all that does not change from step to step, by rows of cells."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from backprop_tui.tui.drawing.glyphs import Glyphs
from backprop_tui.tui.drawing.graph.flow import Node
from backprop_tui.tui.drawing.graph.geometry import Column, Form, Wants, fit
from backprop_tui.tui.drawing.graph.links import Link, Way
from backprop_tui.tui.drawing.graph.places import Places
from backprop_tui.tui.drawing.graph.wires import Router, Wire
from backprop_tui.tui.drawing.line_raster import Weight


class Layer(Struct, eq=False):
    """What crosses or stands in one row of cells."""

    nodes: list[str] = []
    ink: dict[str, list[tuple[int, int]]] = {}
    """Lines by their target: a cell, and what is inked in it."""
    arms: dict[str, list[tuple[int, int]]] = {}
    """Spines by the target: a cell, and the arms in it."""
    events: list[int] = []
    """The operations that change it."""


class Sheet:
    """A graph laid out for a pane of a width and a height."""

    def __init__(
        self, places: Places, found: Sequence[Link], wants: Mapping[str, Wants], size: tuple[int, int], glyphs: Glyphs
    ) -> None:
        self.places = places
        self.wants = wants
        self.glyphs = glyphs
        self.geometry = fit(places, found, wants, *size)
        self.height = max(places.rows - 1, 0) * self.geometry.pitch + 1
        router = Router(places, self.geometry)
        self.wires: defaultdict[str, list[Wire]] = defaultdict(list)
        for link in found:
            self.wires[link.target].append(router.wire(link))
        self.outward = {link.source for link in found if link.way is Way.ACROSS}
        self.layers = [Layer() for _ in range(self.height)]
        self._lay()

    @property
    def names_are_written(self) -> bool:
        """Whether what has no line is named behind its reader."""
        return self.geometry.form in (Form.FULL, Form.NAMES)

    def rows(self, key: str) -> tuple[int, int]:
        """The rows of cells of a node."""
        return self.y(key), self.y(key) + 1

    def cells(self, key: str) -> tuple[int, int]:
        """The cells of a node in its row."""
        return self.column(key).dot(self.places.of[key].role), self.column(key).end - 1

    def symbol_cells(self, key: str) -> tuple[int, int]:
        """The cells of a node's dot and symbol."""
        role = self.places.of[key].role
        dot, text = self.column(key).dot(role), self.column(key).text(role)
        return dot, text + self.wants[key].symbol

    def column(self, key: str) -> Column:
        """The column of a node."""
        return self.geometry.columns[self.places.of[key].column]

    def y(self, key: str) -> int:
        """The row of cells of a node."""
        return self.places.of[key].row * self.geometry.pitch

    def node(self, key: str) -> Node:
        """A node by its key."""
        return self.places.flow.nodes[key]

    def _lay(self) -> None:
        for key in self.places.of:
            self.layers[self.y(key)].nodes.append(key)
        for target, wires in self.wires.items():
            for wire in wires:
                self._lay_wire(target, wire)
        for layer in self.layers:
            layer.events = sorted({self.node(key).index for key in (*layer.nodes, *layer.ink, *layer.arms)})

    def _lay_wire(self, target: str, wire: Wire) -> None:
        for x, y, ink in wire.raster(Weight.THIN, ascii_only=self.glyphs.ascii):
            self.layers[y].ink.setdefault(target, []).append((x, ink))
        for x, y, arms in wire.arms:
            self.layers[y].arms.setdefault(target, []).append((x, arms))

    def changes(self, y: int, index: int) -> int:
        """How many of a row's changes have happened once the operation at an index is done."""
        return bisect_right(self.layers[y].events, index)

    def is_lit(self, y: int, key: str) -> bool:
        """Whether a node, something that it reads, or a line between the two is in a row."""
        layer = self.layers[y]
        return key in layer.ink or key in layer.arms or any(k == key or k in self.node(key).reads for k in layer.nodes)
