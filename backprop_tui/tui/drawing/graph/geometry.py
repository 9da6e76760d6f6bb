"""How wide everything is: columns of symbols, values and names, and the room between them for lines."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from backprop_tui.tui.drawing.graph.links import Link, Way
from backprop_tui.tui.drawing.graph.places import Place, Places, Role

_OFFSETS = {Role.START: 2, Role.END: 2, Role.SIDE: -2}
"""Where a node's dot stands beside the spine."""
_BEFORE, _FARTHEST = {role for role, offset in _OFFSETS.items() if offset < 0}, min(_OFFSETS.values())
_NUMBER, _FEW, _MANY = 7, 12, 24
"""The cells of a number, and of some as an array."""
_LEAST_GAPS, _WIDEST_GAP = (0, 6, 4), 14
"""Cells for lines before each column; those of the update have the last."""
_FOR_GAPS = 3
"""Cells for each gap that more than a few numbers do not take from it."""
_WIDEST_PITCH = 3
"""Rows from one node to the next at most, so that a small graph stays together."""


class Form(Enum):
    """What is written at nodes beside their symbols, from all to nothing."""

    FULL = auto()
    VALUES = auto()
    NAMES = auto()
    BARE = auto()


_LEAST = {Form.FULL: _FEW, Form.VALUES: _NUMBER}
"""The room for values that a form needs to be of any use."""


class Wants(Struct, frozen=True):
    """How many cells the texts of a node take: its symbol, its value in full, the names behind it."""

    symbol: int
    value: int
    names: int


class Column(Struct, frozen=True):
    """The cells of a column: where lines before it may start, its spine, where values and names start, its end.

    `arcs` is how far those beside its spine reach, `room` the width of values; `names` is 0 where they have no place of
    their own.
    """

    gap: int
    arcs: int
    spine: int
    value: int
    room: int
    names: int
    end: int

    def dot(self, role: Role) -> int:
        """The cell of a node's dot."""
        return self.spine + _OFFSETS.get(role, 0)

    def text(self, role: Role) -> int:
        """The cell where a node's symbol starts."""
        return self.spine + 2 + max(_OFFSETS.get(role, 0), 0)


class Geometry(Struct, frozen=True):
    """The cells of a graph: its columns, and the rows from node to node."""

    columns: tuple[Column, ...]
    form: Form
    pitch: int

    @property
    def width(self) -> int:
        """The whole width."""
        return self.columns[-1].end if self.columns else 0


def fit(places: Places, links: Sequence[Link], wants: Mapping[str, Wants], width: int, height: int) -> Geometry:
    """The cells of a graph in a pane: with as much text as there is room for, and never less than it needs."""
    nodes: list[list[Wants]] = [[] for _ in range(places.columns)]
    for key, place in places.of.items():
        want = wants[key]
        nodes[place.column].append(replace(want, symbol=want.symbol + max(_OFFSETS.get(place.role, 0), 0)))
    arcs = [_arcs(places, links, column) for column in range(len(nodes))]
    gaps = [_LEAST_GAPS[min(column, len(_LEAST_GAPS) - 1)] for column in range(len(nodes))]
    room = width - sum(arcs) - sum(gaps)
    form, given = next(found for form in Form if (found := (form, _values(nodes, form, room)))[1] or form is Form.BARE)
    given = given or [0] * len(nodes)
    widths = [_taken(here, form, value) for here, value in zip(nodes, given, strict=True)]
    more = max(room - sum(widths), 0) // max(len(nodes) - 1, 1)
    columns, x = [], 0
    for here, value, arc, gap, wide in zip(nodes, given, arcs, gaps, widths, strict=True):
        spine = x + arc + (gap and min(gap + more, _WIDEST_GAP))
        columns.append(
            Column(
                gap=x,
                arcs=arc,
                spine=spine,
                value=spine + 3 + max((want.symbol for want in here), default=0),
                room=value,
                names=spine + wide - max((want.names for want in here), default=0) if form is Form.FULL else 0,
                end=spine + wide,
            )
        )
        x = spine + wide
    rows = max(places.rows - 1, 1)
    return Geometry(tuple(columns), form, max(1, min(_WIDEST_PITCH, (height - 1) // rows)))


def _values(nodes: Sequence[Sequence[Wants]], form: Form, room: int) -> list[int] | None:
    """The width of values by column, None where a form does not fit: a number in each, then a few, then all."""
    given = [0] * len(nodes)
    left = room - sum(_taken(here, form, 0) for here in nodes)
    for goal in (_NUMBER, _FEW, _MANY, room) if form in _LEAST else ():
        for column, here in enumerate(nodes):
            wanted = min(goal, max((want.value for want in here), default=0)) - given[column]
            if wanted > left and goal <= _LEAST[form]:
                return None
            kept = _FOR_GAPS * (len(nodes) - 1) if goal > _FEW else 0
            more = max(min(wanted, left - kept), 0)
            given[column] += more
            left -= more
    return given if left >= 0 else None


def _taken(nodes: Sequence[Wants], form: Form, value: int) -> int:
    """The width of a column from its spine on, with a blank behind it.

    Values stand below each other, and names behind them; where there are none, names follow the symbols.
    """
    symbol = max((want.symbol for want in nodes), default=0)
    names = max((want.names for want in nodes), default=0)
    match form:
        case Form.FULL:
            return 4 + symbol + value + bool(names) + names
        case Form.VALUES:
            return 4 + symbol + value
        case Form.NAMES:
            return 3 + max((want.symbol + bool(want.names) + want.names for want in nodes), default=0)
    return 3 + symbol


def _arcs(places: Places, links: Sequence[Link], column: int) -> int:
    """The cells that the arcs beside a spine need."""
    ends = [(places.of[link.source], places.of[link.target]) for link in links if link.way is Way.ARC]
    offsets = Offsets.of(places, column)
    return max((_reach(offsets, start, end) for start, end in ends if start.column == column), default=0)


def _reach(offsets: "Offsets", start: Place, end: Place) -> int:
    first, last = sorted((start.row, end.row))
    return bulge(last - first) - offsets.between(first, last + 1)


class Offsets(Struct, frozen=True):
    """The rows of a column whose dots are left of its spine, in order."""

    rows: list[int]

    @classmethod
    def of(cls, places: Places, column: int) -> "Offsets":
        """Those of a graph."""
        here = (place for place in places.of.values() if place.column == column)
        return cls(sorted(place.row for place in here if place.role in _BEFORE))

    def between(self, first: int, stop: int) -> int:
        """How far left of the spine a dot is, of those in some rows: 0 where none is. Asked of thousands of links."""
        place = bisect_left(self.rows, first)
        return _FARTHEST if place < len(self.rows) and self.rows[place] < stop else 0


def bulge(span: int) -> int:
    """How many cells an arc over a number of rows reaches out."""
    return 2 if span < 4 else 3 if span < 8 else 4
