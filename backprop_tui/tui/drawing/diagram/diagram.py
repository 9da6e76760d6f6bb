"""The picture of a network: what is to be drawn becomes rows of styled cells."""

from collections.abc import Hashable
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct
from textual.strip import Strip

from backprop_tui.tui.drawing.canvas import Canvas
from backprop_tui.tui.drawing.diagram.chips import draw_chips, draw_loss
from backprop_tui.tui.drawing.diagram.diagram_styles import DARK, Palette
from backprop_tui.tui.drawing.diagram.edges import draw_labels, draw_table, edge_at, lines_of
from backprop_tui.tui.drawing.diagram.header import draw_header
from backprop_tui.tui.drawing.diagram.layer_bars import draw_bars
from backprop_tui.tui.drawing.diagram.leaders import draw_leaders
from backprop_tui.tui.drawing.diagram.outline import Outlines
from backprop_tui.tui.drawing.diagram.picture import Address, Edge, Node, Picture
from backprop_tui.tui.drawing.diagram.plan import Plan, plan_of
from backprop_tui.tui.drawing.diagram.scene import Field, Lines, Scene, Spot
from backprop_tui.tui.drawing.diagram.shades import draw_image, draw_map, draw_strip
from backprop_tui.tui.drawing.diagram.summary import draw_summary
from backprop_tui.tui.drawing.diagram.unit_rows import Kind
from backprop_tui.tui.drawing.figures import Writer
from backprop_tui.tui.drawing.glyphs import UNICODE, Glyphs


class Lane(NamedTuple):
    """Numbers that are written one below the other, from the top."""

    x: int
    addresses: tuple[Address, ...]
    rows: tuple[int, ...]
    columns: int = 1

    def address(self, row: int, column: int) -> Address:
        """One of the numbers."""
        return self.addresses[row + column]

    def place(self, address: Address) -> tuple[int, int] | None:
        """Which of them a number is; None where it is elsewhere."""
        return (self.addresses.index(address), 0) if address in self.addresses else None

    @property
    def shape(self) -> tuple[int, int]:
        """How many they are."""
        return len(self.addresses), 1

    def row_of(self, row: int) -> int:
        """The row of the canvas that one of them is on."""
        return self.rows[row]

    def nearest(self, y: int, part: str) -> int:
        """The one nearest to a row of the canvas: of the same part of a unit, or else a value, if there is one."""

        def rank(row: int) -> tuple[int, int]:
            parts, own = (part, "values"), part_of(self.addresses[row])
            return parts.index(own) if own in parts else len(parts), abs(self.rows[row] - y)

        return min(range(len(self.rows)), key=rank)


def part_of(address: Address) -> str:
    """What of a unit a number is; those of weights lead to its value."""
    return address.part if isinstance(address, Node) else "values"


class Drawing(Struct, frozen=True, eq=False, dict=True):
    """A finished picture: one strip per row, and what its cells stand for."""

    strips: list[Strip]
    spots: tuple[Spot, ...]
    fields: tuple[Field, ...] = ()
    plan: Plan | None = None
    canvas: Canvas | None = None
    lines: Lines | None = None
    kept: dict[Hashable, Lines] = {}
    """Pictures of the lines of this plan, these and some before."""

    @cached_property
    def _by_cell(self) -> dict[tuple[int, int], Address]:
        return {(x, spot.y): spot.address for spot in self.spots for x in range(spot.x, spot.x + spot.width)}

    def at(self, x: int, y: int, selected: Address | None = None) -> Address | None:
        """The number of a unit or the weight that is shown at a cell; where several share it, the next one."""
        found = self._by_cell.get((x, y))
        shades = (field.at(x, y, selected) for field in self.fields)
        found = found or next((address for address in shades if address is not None), None)
        return found if found is not None or self.lines is None else edge_at(self.lines, x, y)

    @cached_property
    def lanes(self) -> list[Lane | Field]:
        """All that can be pointed at, from left to right, for whom moves among it by arrows."""
        found: dict[Hashable, dict[Address, Spot]] = {}
        for spot in self.spots:
            if all(field.place(spot.address) is None for field in self.fields):
                found.setdefault(self._lane(spot), {}).setdefault(spot.address, spot)
        lanes: list[Lane | Field] = [*self.fields]
        for spots in found.values():
            ordered = sorted(spots.values(), key=lambda spot: (spot.y, spot.x))
            lanes.append(
                Lane(
                    min(spot.x for spot in ordered),
                    tuple(spot.address for spot in ordered),
                    tuple(spot.y for spot in ordered),
                )
            )
        return sorted(lanes, key=lambda lane: lane.x)

    def _lane(self, spot: Spot) -> Hashable:
        """What the numbers have in common that are written one below the other."""
        if self.plan is None:
            return spot.x
        match spot.address:
            case Edge(index, unit) if self.plan.gaps[index].cells:
                return index, unit
            case Edge(index):
                return index, "weights"
        return spot.address.column

    def beside(self, selected: Address | None, across: int, down: int) -> Address | None:
        """The number so many further from the selected one; the first where none is. None where there are none."""
        lanes = self.lanes
        here = None if selected is None else self._nearby(selected)
        if here is None:
            return lanes[0].address(0, 0) if lanes else None
        at, row, column = here
        row, way = min(max(row + down, 0), lanes[at].shape[0] - 1), 1 if across > 0 else -1
        for _ in range(abs(across)):
            if 0 <= column + way < lanes[at].columns:
                column += way
            elif 0 <= at + way < len(lanes):
                y, part = lanes[at].row_of(row), part_of(lanes[at].address(row, column))
                at += way
                row, column = lanes[at].nearest(y, part), 0 if way > 0 else lanes[at].columns - 1
        return lanes[at].address(row, column)

    def _nearby(self, selected: Address) -> tuple[int, int, int] | None:
        """The lane, the row and the column of a number; of one that is not there, of another in its column."""
        lanes = enumerate(self.lanes)
        there = [(at, *place) for at, lane in lanes if (place := lane.place(selected)) is not None]
        others = (
            (at, row, 0)
            for at, lane in enumerate(self.lanes)
            for row in range(lane.shape[0])
            if lane.address(row, 0).column == selected.column
        )
        return there[0] if there else next(others, None)


def draw(
    picture: Picture,
    outlines: Outlines,
    width: int,
    height: int,
    styles: Palette = DARK,
    glyphs: Glyphs = UNICODE,
    before: Drawing | None = None,
) -> Drawing:
    """The picture in `height` strips of `width` cells, with as much text as there is room for; rows that are as they
    were `before` are those of then.
    """
    width, height = max(width, 0), max(height, 0)
    canvas, old = Canvas(width, height, braille=not glyphs.ascii), before.canvas if before else None
    writer = Writer(picture.number, glyphs)
    if outlines.deep:
        spots = draw_bars(picture, outlines, canvas, styles, writer)
        if spots is not None:
            return Drawing(canvas.strips(old), tuple(spots), canvas=canvas)
    plan = plan_of(outlines, width, height)
    if plan is None or outlines.deep:
        draw_summary(picture, outlines, canvas, styles, glyphs)
        return Drawing(canvas.strips(old), (), canvas=canvas)
    kept = before.kept if before is not None and before.plan is plan else {}
    lines = lines_of(Scene(picture, plan, styles, glyphs, writer, canvas, [], []), kept)
    scene = Scene(picture, plan, styles, glyphs, writer, lines.canvas.copy(), [], [])
    draw_header(scene)
    draw_labels(scene, lines)
    draws = {Kind.CHIPS: draw_chips, Kind.STRIP: draw_strip, Kind.IMAGE: draw_image}
    for index, rows in enumerate(plan.rows):
        if index and plan.gaps[index].is_map:
            draw_map(scene, index)
        elif index and plan.gaps[index].cells:
            draw_table(scene, index)
        draw_leaders(scene, index)
        draws[rows.kind](scene, index)
    draw_loss(scene)
    strips = scene.canvas.strips(old)
    return Drawing(strips, tuple(scene.spots), tuple(scene.fields), plan, scene.canvas, lines, kept)
