"""The cells of every link."""

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct

from backprop_tui.tui.drawing.graph.box import DOWN, LEFT, RIGHT, UP
from backprop_tui.tui.drawing.graph.geometry import Column, Geometry, Offsets, bulge
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


class Wire(Struct, frozen=True, dict=True):
    """A link in cells: arms along a spine, lines beside it; and the cell before its target, for an arrow head."""

    link: Link
    arms: tuple[Arm, ...]
    lines: tuple[Line, ...]
    head: tuple[int, int]

    @cached_property
    def rows(self) -> range:
        """The rows that it passes."""
        ends = [y for line in self.lines for y in (line.y0, line.y1)]
        ends += [arm.y for arm in self.arms]
        return range(min(ends), max(ends) + 1) if ends else range(0)

    def raster(self, weight: Weight, *, ascii_only: bool) -> Iterator[tuple[int, int, int]]:
        """The ink of its lines."""
        for x0, y0, x1, y1 in self.lines:
            top = min(y0, y1)
            x, y, dots = _form(Line(x0, y0 - top, x1, y1 - top), weight, self.link.way, ascii_only)
            yield from zip(x.tolist(), (y + top).tolist(), dots.tolist(), strict=True)


def ink(wires: Iterable[Wire], height: int, width: int, *, ascii_only: bool) -> Any:
    """What the thin lines of all wires ink, by row and cell: dots are shared, of characters the last one stands.

    There are thousands, and lines of one form look alike wherever they begin: each form is made once.
    """
    forms: dict[tuple[Way, int, int, int, int], list[tuple[int, int]]] = {}
    number = 0
    for wire in wires:
        way = wire.link.way
        for x0, y0, x1, y1 in wire.lines:
            top = min(y0, y1)
            forms.setdefault((way, x0, y0 - top, x1, y1 - top), []).append((top, number))
            number += 1
    inked = np.zeros(height * width, np.int32)
    found: list[tuple[Any, Any, Any]] = []
    for (way, *ends), begun in forms.items():
        x, y, dots = _form(Line(*ends), Weight.THIN, way, ascii_only)
        tops, order = np.array(begun).T
        cells = (tops[:, None] + y) * width + x
        found.append((cells.ravel(), np.tile(dots, len(tops)), np.repeat(order, len(x))))
    if found:
        cells, dots, order = (np.concatenate(each) for each in zip(*found, strict=True))
        if ascii_only:
            last = np.argsort(order, kind="stable")
            inked[cells[last]] = dots[last]
        else:
            np.bitwise_or.at(inked, cells, dots)
    return inked.reshape(height, width)


@lru_cache(maxsize=4096)
def _form(line: Line, weight: Weight, way: Way, ascii_only: bool) -> tuple[Any, Any, Any]:  # noqa: FBT001 - cached
    """The columns, the rows and the ink of a line."""
    raster = np.array(_raster(line, weight, way, ascii_only=ascii_only), int).reshape(-1, 3)
    return raster[:, 0], raster[:, 1], raster[:, 2]


def _raster(line: Line, weight: Weight, way: Way, *, ascii_only: bool) -> Raster:
    if line.y0 != line.y1:
        if way is Way.ARC:
            return bracket(line, weight) if ascii_only else arc(line, weight)
        return slanted(line, weight) if ascii_only else curve(line, weight)
    if ascii_only:
        return characters(line, Weight.HEAVY if weight > Weight.THIN else weight, Dash.SOLID)
    return braille(line, weight, Dash.SOLID)


_SIDES = {Role.START: RIGHT, Role.END: RIGHT, Role.SIDE: LEFT}
"""Where a node stands that is not on the spine."""


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
        arms: Iterable[Arm] = ()
        lines: Iterable[Line] = ()
        match link.way:
            case Way.SPINE:
                arms = self._spine(start, end, to)
            case Way.ARC:
                arms, lines = (*self._branch(start, to), *self._branch(end, to)), self._arc(start, end, to)
            case Way.ACROSS:
                arms, lines = self._branch(end, to), self._across(link, start, end)
        return Wire(link, tuple(arms), tuple(lines), head)

    def _spine(self, start: Place, end: Place, column: Column) -> Iterator[Arm]:
        """From the start's row to the end's, and sideways at either where that is not on the spine."""
        first, last = start.row * self.pitch, end.row * self.pitch
        down = last > first
        inner = range(first + 1, last) if down else range(last + 1, first)
        for y in inner:
            yield Arm(column.spine, y, UP | DOWN)
        for place, y, away in ((start, first, DOWN if down else UP), (end, last, UP if down else DOWN)):
            side = _SIDES.get(place.role)
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
        near = min(x0, x1, self._clear(end.column, start, end))
        if x0 > near:
            yield Line(near + 1, y0, x0, y0)
        yield Line(near + 1 - bulge(abs(start.row - end.row)), y0, near, y1)
        if x1 > near:
            yield Line(near + 1, y1, x1, y1)

    def _across(self, link: Link, start: Place, end: Place) -> Iterator[Line]:
        """Straight along the row of the link, and a curve in the first gap or in the last."""
        x0, x1 = self.columns[start.column].end, self._entry(end)
        y0, y1, y = start.row * self.pitch, end.row * self.pitch, link.row * self.pitch
        first, last = start.column + 1, end.column
        if y0 == y1:
            yield Line(x0, y0, x1, y1)
            return
        if y == y0 and end.column > start.column + 1:
            gap = self.columns[last].gap
            yield Line(x0, y0, gap - 1, y0)
            x0 = gap
        turned = self.columns[first].spine - 1 if y != y0 else x1
        turned = min(turned, self._clear(first if y != y0 else last, start, end))
        yield Line(x0, y0, turned, y1)
        if turned < x1:
            yield Line(turned + 1, y1, x1, y1)

    def _clear(self, column: int, start: Place, end: Place) -> int:
        """The last cell that a line may turn in without touching a dot beside the spine, on its way to its last row."""
        first, last = (start.row, end.row) if start.row < end.row else (end.row + 1, start.row + 1)
        return self.columns[column].spine + self._offsets[column].between(first, last) - 1

    @cached_property
    def _offsets(self) -> list[Offsets]:
        """How far dots are before the spine of their column, by column."""
        return [Offsets.of(self.places, number) for number in range(len(self.columns))]

    def _entry(self, place: Place) -> int:
        """The last cell of a line that comes from the left."""
        column = self.columns[place.column]
        return min(column.dot(place.role), column.spine) - 1
