"""A graph laid out for a pane: all that does not change from step to step, by rows of cells."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from backprop_tui.tui.drawing.glyphs import Glyphs
from backprop_tui.tui.drawing.graph.flow import Node
from backprop_tui.tui.drawing.graph.geometry import Column, Form, Wants, fit
from backprop_tui.tui.drawing.graph.links import Link, Way
from backprop_tui.tui.drawing.graph.places import Places
from backprop_tui.tui.drawing.graph.wires import Router, Wire, ink


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
        drawn = [wire for wires in self.wires.values() for wire in wires]
        self.ink = ink(drawn, self.height, self.geometry.width, ascii_only=glyphs.ascii)
        """What is inked by lines, by row and cell."""
        self.nodes: defaultdict[int, list[str]] = defaultdict(list)
        """What stands in each row."""
        for key in places.of:
            self.nodes[self.y(key)].append(key)
        self.arms: defaultdict[int, dict[str, list[tuple[int, int]]]] = defaultdict(dict)
        """Spines by row and target: a cell, and the arms in it."""
        for wire in drawn:
            for x, y, arms in wire.arms:
                self.arms[y].setdefault(wire.link.target, []).append((x, arms))
        spans = [(wire.rows, self.node(wire.link.target).index) for wire in drawn]
        self._spans = np.array([(rows.start, rows.stop, index) for rows, index in spans], int).reshape(-1, 3)
        self._events: dict[int, list[int]] = {}

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

    def events(self, y: int) -> list[int]:
        """The operations that change a row: of the nodes in it, and of those that a wire passes it on its way to."""
        if y not in self._events:
            start, stop, index = self._spans.T
            passing: set[int] = set(index[(start <= y) & (y < stop)].tolist())
            self._events[y] = sorted(passing.union(self.node(key).index for key in self.nodes[y]))
        return self._events[y]

    def changes(self, y: int, index: int) -> int:
        """How many of a row's changes have happened once the operation at an index is done."""
        return bisect_right(self.events(y), index)

    def is_lit(self, y: int, key: str) -> bool:
        """Whether a node, something that it reads, or a line between the two is in a row."""
        if any(y in wire.rows for wire in self.wires.get(key, ())):
            return True
        return any(one == key or one in self.node(key).reads for one in self.nodes[y])
