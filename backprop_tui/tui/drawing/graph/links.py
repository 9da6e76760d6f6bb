"""How what an operation reads comes to it: along the spine of its column, round it, across, or by name alone."""

from collections.abc import Iterable, Iterator
from enum import IntEnum, auto

from msgspec import Struct
from msgspec.structs import replace

from backprop_tui.engine.statements.variable import Phase
from backprop_tui.tui.drawing.graph.places import BACKWARD, FORWARD, Place, Places, Role


class Way(IntEnum):
    """How a link is drawn."""

    SPINE = auto()
    ARC = auto()
    """Past nodes of its own column."""
    ACROSS = auto()
    NAMED = auto()
    """Something stands in between, so the reader names it instead of having a line."""


class Link(Struct, frozen=True):
    """One node that another reads. `row` is the one on which a link across passes the columns between the two. A `tie`
    reads nothing: it says where the target begins.
    """

    source: str
    target: str
    way: Way
    row: int = 0
    tie: bool = False


def links(places: Places) -> tuple[Link, ...]:
    """All links of a graph, in the order of operations; and what ties the backward half to the loss."""
    along, nodes = _spines(places), places.flow.nodes.values()
    found = [_link(places, key, node.key, along) for node in nodes for key in dict.fromkeys(node.reads)]
    return (*found, *_tie(places, {(link.source, link.target) for link in found}))


def _tie(places: Places, drawn: set[tuple[str, str]]) -> Iterator[Link]:
    """From the loss, the last of the forward half, to the first gradient: it reads nothing there, but begins there."""
    nodes = [node for node in places.flow.nodes.values() if node.index >= 0]
    loss = max((node for node in nodes if node.phase is Phase.FORWARD), key=lambda node: node.index, default=None)
    first = next((node for node in nodes if node.phase is Phase.BACKWARD), None)
    if loss is not None and first is not None and (loss.key, first.key) not in drawn:
        tie = _link(places, loss.key, first.key, set())
        if tie.way is Way.ACROSS:
            yield replace(tie, tie=True)


def named(found: Iterable[Link]) -> dict[str, tuple[str, ...]]:
    """By reader, the nodes that it names in place of a line."""
    by_reader: dict[str, tuple[str, ...]] = {}
    for link in found:
        if link.way is Way.NAMED:
            by_reader[link.target] = (*by_reader.get(link.target, ()), link.source)
    return by_reader


def _link(places: Places, source: str, target: str, along: set[tuple[str, str]]) -> Link:
    start, end = places.of[source], places.of[target]
    if (source, target) in along:
        return Link(source, target, Way.SPINE)
    if start.column == end.column:
        return Link(source, target, Way.ARC)
    for row in (start.row, end.row):
        if start.column < end.column and all(
            (row, column) not in places.at for column in range(start.column + 1, end.column)
        ):
            return Link(source, target, Way.ACROSS, row)
    return Link(source, target, Way.NAMED)


def _spines(places: Places) -> set[tuple[str, str]]:
    """The links between nodes that follow each other on a spine, and those that join it or branch off between them."""
    found: set[tuple[str, str]] = set()
    for column, down in ((FORWARD, True), (BACKWARD, False)):
        standing = [(key, place) for key, place in places.of.items() if place.column == column]
        standing.sort(key=lambda each: each[1].row if down else -each[1].row)
        found |= set(_spine(places, standing))
    return found


def _spine(places: Places, standing: list[tuple[str, Place]]) -> set[tuple[str, str]]:
    """The links of one spine, of its nodes in the direction in which it flows."""
    found: set[tuple[str, str]] = set()
    before, between = "", []
    for key, place in standing:
        if place.role is not Role.STEP:
            between.append(key)
            continue
        reads = places.flow.nodes[key].reads
        ends = [end for end in between if places.of[end].role is Role.END]
        joined = before in reads
        if joined:
            found.add((before, key))
        if joined or not ends:
            found |= {(side, key) for side in between if side in reads and side not in ends}
        found |= {(before, end) for end in ends if before in places.flow.nodes[end].reads}
        before, between = key, []
    found |= {(before, end) for end in between if before in places.flow.nodes[end].reads}
    return found
