"""Where nodes stand: a row for every variable, the forward half in the first column, gradients in the second.

The forward half goes down, in the order of its operations, and every gradient stands beside its variable, so that the
backward half goes up. What updates a variable follows in its row to the right, in columns by longest path; each slot of
an optimizer has a row below that of its parameter. Nothing else is known of layers, norms or optimizers.
"""

from collections.abc import Iterator
from enum import IntEnum, auto
from functools import cached_property

from msgspec import Struct

from backprop_tui.engine.statements.variable import Phase
from backprop_tui.tui.drawing.graph.flow import Flow, Node

FORWARD, BACKWARD, UPDATE = 0, 1, 2  # columns; updates fill those from the last on


class Role(IntEnum):
    """What a node is to the spine of its column."""

    START = auto()
    """Given, and joins the spine from the side."""
    STEP = auto()
    """On the spine."""
    SIDE = auto()
    """In the backward half, computed from the forward half alone: a factor that joins the spine."""
    END = auto()
    """A gradient from which no other is computed: it branches off."""
    CHANGE = auto()
    """In the update, which has no spine."""


class Place(Struct, frozen=True):
    """Row and column of a node, and its role."""

    row: int
    column: int
    role: Role


class Row(Struct, eq=False):
    """A row while they are arranged: what is in it, by column, and the rows that belong below it."""

    cells: dict[int, str]
    below: "list[Row]"

    def all(self) -> "Iterator[Row]":
        """The row and those below it."""
        yield self
        for row in self.below:
            yield from row.all()


class Arranger:
    """Puts the nodes of a graph into rows."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.rows: list[Row] = []
        self.of: dict[str, Row] = {}
        self.ranks: dict[str, int] = {}

    def run(self) -> "dict[str, Place]":
        """The place of every node."""
        nodes: dict[Phase, list[Node]] = {phase: [] for phase in Phase}
        for node in self.flow.nodes.values():
            nodes[node.phase].append(node)
        self._forward([node for node in nodes[Phase.FORWARD] if node.index >= 0])
        self._backward(nodes[Phase.BACKWARD])
        self._update(nodes[Phase.UPDATE])
        rows = [row for top in self.rows for row in top.all()]
        return {
            key: Place(number, column, self._role(self.flow.nodes[key]))
            for number, row in enumerate(rows)
            for column, key in row.cells.items()
        }

    def _put(self, node: str, row: Row, column: int) -> None:
        row.cells[column] = node
        self.of[node] = row

    def _forward(self, nodes: list[Node]) -> None:
        for node in nodes:
            given = [key for key in node.reads if key not in self.of]
            # data before what is trained: the gradients of the latter then stand nearest to the spine
            for key in (*sorted(given, key=self._is_trained), node.key):
                self.rows.append(Row({}, []))
                self._put(key, self.rows[-1], FORWARD)

    def _is_trained(self, key: str) -> bool:
        return any(node.of == key for node in self.flow.nodes.values())

    def _backward(self, nodes: list[Node]) -> None:
        """Each gradient beside its variable; every other node just below what reads it first."""
        for node in nodes:
            if node.of in self.flow.nodes:
                if node.of not in self.of:  # the forward half does without it
                    home = next((self.of[key] for key in node.reads if key in self.of), self.rows[-1])
                    self._put(node.of, self._below(home), FORWARD)
                self._put(node.key, self.of[node.of], BACKWARD)
        for node in reversed([node for node in nodes if node.key not in self.of]):
            self._put(node.key, self._below(self._reader(node) or self.rows[-1]), BACKWARD)
        self._start(nodes)

    def _start(self, nodes: list[Node]) -> None:
        for node in nodes:
            for key in node.reads:
                if key not in self.of and self.flow.nodes[key].index < 0:
                    self._put(key, self._below(self.of[node.key]), FORWARD)

    def _reader(self, node: Node) -> Row | None:
        """The row of the first reader that has one."""
        return next(
            (self.of[reader.key] for reader in self.flow.readers.get(node.key, ()) if reader.key in self.of), None
        )

    def _below(self, row: Row) -> Row:
        row.below.append(Row({}, []))
        return row.below[-1]

    def _update(self, nodes: list[Node]) -> None:
        """A variable's next value in its row, the rest in the row of what it is computed from."""
        for node in nodes:
            self.ranks[node.key] = max((self.ranks[key] + 1 for key in node.reads if key in self.ranks), default=0)
        waiting = nodes
        while waiting:
            left = [node for node in waiting if not self._place_update(node)]
            if len(left) == len(waiting):  # from settings alone, and nothing that reads it has a place
                self._put_free(left.pop(0), self.rows[-1])
            waiting = left

    def _place_update(self, node: Node) -> bool:
        """Put one node of the update into a row, if there is anything yet that tells which."""
        home = self._home(node)
        if node.is_carried:
            if node.name not in self.of:
                if home is None:
                    return False
                self._put(node.name, self._below(home), FORWARD)
            home = self.of[node.name]
        home = home or self._reader(node)
        if home is None:
            return False
        self._put_free(node, home)
        return True

    def _home(self, node: Node) -> Row | None:
        """The row of its gradient where it reads one, or of what else it reads; for several gradients a new row."""
        rows: dict[Phase, list[Row]] = {phase: [] for phase in Phase}
        for key in node.reads:
            if key in self.of and self.of[key] not in rows[self.flow.nodes[key].phase]:
                rows[self.flow.nodes[key].phase].append(self.of[key])
        gradients = rows[Phase.BACKWARD]
        if len(gradients) > 1:
            return self._below(gradients[0])
        return next((row for phase in (Phase.BACKWARD, Phase.UPDATE, Phase.FORWARD) for row in rows[phase]), None)

    def _put_free(self, node: Node, row: Row) -> None:
        column = UPDATE + self.ranks[node.key]
        free = next((found for found in row.all() if column not in found.cells), None) if column in row.cells else row
        self._put(node.key, free or self._below(row), column)

    def _role(self, node: Node) -> Role:
        if node.index < 0:
            return Role.START
        match node.phase:
            case Phase.FORWARD:
                return Role.STEP
            case Phase.UPDATE:
                return Role.CHANGE
        if not node.of:
            return Role.SIDE
        on = any(reader.phase is Phase.BACKWARD for reader in self.flow.readers.get(node.key, ()))
        computed = node.of in self.flow.nodes and self.flow.nodes[node.of].index >= 0
        return Role.STEP if on or computed else Role.END


class Places(Struct, frozen=True, eq=False, dict=True):
    """The places of all nodes of a graph."""

    flow: Flow
    of: dict[str, Place]

    @classmethod
    def arrange(cls, flow: Flow) -> "Places":
        """Find a place for every node."""
        return cls(flow, Arranger(flow).run())

    @cached_property
    def at(self) -> dict[tuple[int, int], str]:
        """Nodes by row and column."""
        return {(place.row, place.column): key for key, place in self.of.items()}

    @cached_property
    def rows(self) -> int:
        """How many rows there are."""
        return max((place.row for place in self.of.values()), default=-1) + 1

    @cached_property
    def columns(self) -> int:
        """How many columns there are."""
        return max((place.column for place in self.of.values()), default=-1) + 1
