"""The cells of every link."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct

from backprop_tui.tui.drawing.graph.box import DOWN, LEFT, RIGHT, UP
from backprop_tui.tui.drawing.graph.geometry import Column, Geometry, before_spine, bulge
from backprop_tui.tui.drawing.graph.links import Link, Way
from backprop_tui.tui.drawing.graph.places import Place, Places, Role
from backprop_tui.tui.drawing.line_raster import (
    Dash,
    Line,
    Raster,
    Weight,
    arc,
    bracket,
    braille,
    characters,
    curve,
    slanted,
)


class Arm(NamedTuple):
    """Arms of a box character in a cell."""

    x: int
    y: int
    arms: int


class Wire(Struct, frozen=True):
    """A link in cells: arms along a spine, lines beside it; and the cell before its target, for an arrow head."""

    link: Link
    arms: tuple[Arm, ...]
    lines: tuple[Line, ...]
    head: tuple[int, int]

    def raster(self, weight: Weight, *, ascii_only: bool) -> Iterator[tuple[int, int, int]]:
        """The ink of its lines."""
        for line in self.lines:
            yield from _raster(line, weight, self.link.way, ascii_only=ascii_only)


def _raster(line: Line, weight: Weight, way: Way, *, ascii_only: bool) -> Raster:
    if line.y0 != line.y1:
        if way is Way.ARC:
            return bracket(line, weight) if ascii_only else arc(line, weight)
        return slanted(line, weight) if ascii_only else curve(line, weight)
    if ascii_only:
        return characters(line, Weight.HEAVY if weight > Weight.THIN else weight, Dash.SOLID)
    return braille(line, weight, Dash.SOLID)


class Router:
    """Makes the wires of a graph."""

    def __init__(self, places: Places, geometry: Geometry) -> None:
        self.places = places
        self.columns = geometry.columns
        self.pitch = geometry.pitch

    def wire(self, link: Link) -> Wire:
        """The cells of a link."""
        start, end = self.places.of[link.source], self.places.of[link.target]
        to = self.columns[end.column]
        head = (to.dot(end.role) - 1, end.row * self.pitch)
        match link.way:
            case Way.SPINE:
                return Wire(link, tuple(self._spine(start, end, to)), (), head)
            case Way.ARC:
                over = (*self._branch(start, to), *self._branch(end, to))
                return Wire(link, over, tuple(self._arc(start, end, to)), head)
            case Way.ACROSS:
                return Wire(link, tuple(self._branch(end, to)), tuple(self._across(link, start, end)), head)
        return Wire(link, (), (), head)

    def _spine(self, start: Place, end: Place, column: Column) -> Iterator[Arm]:
        """From the start's row to the end's, and sideways at either where that is not on the spine."""
        first, last = start.row * self.pitch, end.row * self.pitch
        down = last > first
        inner = range(first + 1, last) if down else range(last + 1, first)
        for y in inner:
            yield Arm(column.spine, y, UP | DOWN)
        for place, y, away in ((start, first, DOWN if down else UP), (end, last, UP if down else DOWN)):
            side = {Role.START: RIGHT, Role.END: RIGHT, Role.SIDE: LEFT}.get(place.role)
            if side is not None:
                yield Arm(column.spine, y, away | side)
                yield Arm(column.spine + (1 if side == RIGHT else -1), y, LEFT | RIGHT)

    def _branch(self, place: Place, column: Column) -> Iterator[Arm]:
        """Over the spine to a node that stands behind it, or from there."""
        for x in range(column.spine, column.dot(place.role)):
            yield Arm(x, place.row * self.pitch, LEFT | RIGHT)

    def _arc(self, start: Place, end: Place, column: Column) -> Iterator[Line]:
        """Round the nodes between the two, and round the dots beside the spine where there are any."""
        y0, y1 = start.row * self.pitch, end.row * self.pitch
        x0, x1 = min(column.dot(start.role), column.spine) - 1, self._entry(end)
        near = min(x0, x1, self._clear(column, start, end))
        if x0 > near:
            yield Line(near + 1, y0, x0, y0)
        yield Line(near + 1 - bulge(abs(start.row - end.row)), y0, near, y1)
        if x1 > near:
            yield Line(near + 1, y1, x1, y1)

    def _across(self, link: Link, start: Place, end: Place) -> Iterator[Line]:
        """Straight along the row of the link, and a curve in the first gap or in the last."""
        x0, x1 = self.columns[start.column].end, self._entry(end)
        y0, y1, y = start.row * self.pitch, end.row * self.pitch, link.row * self.pitch
        first, last = self.columns[start.column + 1], self.columns[end.column]
        if y0 == y1:
            yield Line(x0, y0, x1, y1)
            return
        if y == y0 and end.column > start.column + 1:
            yield Line(x0, y0, last.gap - 1, y0)
            x0 = last.gap
        turned = first.spine - 1 if y != y0 else x1
        turned = min(turned, self._clear(first if y != y0 else last, start, end))
        yield Line(x0, y0, turned, y1)
        if turned < x1:
            yield Line(turned + 1, y1, x1, y1)

    def _clear(self, column: Column, start: Place, end: Place) -> int:
        """The last cell that a line may turn in without touching a dot beside the spine, on its way to its last row."""
        offset = self._offsets[self.columns.index(column)]
        first, last = (start.row, end.row) if start.row < end.row else (end.row + 1, start.row + 1)
        return column.spine + int(offset[first:last].min(initial=0)) - 1

    @cached_property
    def _offsets(self) -> list[Any]:
        """How far before the spine of its column the dot of each row is, by column: asked of thousands of links."""
        return [before_spine(self.places, number) for number in range(len(self.columns))]

    def _entry(self, place: Place) -> int:
        """The last cell of a line that comes from the left."""
        column = self.columns[place.column]
        return min(column.dot(place.role), column.spine) - 1
