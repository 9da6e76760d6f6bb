"""An operation set out: its formula over the numbers put in and the result, as matrices wherever there is room."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from itertools import product
from math import prod
from typing import Any

import numpy as np
from msgspec import Struct

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.labels import matrix_shown
from backprop_tui.debugger.basics.scalar_terms import Terms
from backprop_tui.engine.program.event import Event
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Index, Name, Number, Tree, children, names, walk
from backprop_tui.formula.values.element import Shape, is_of_matrices
from backprop_tui.formula.writing.line_breaks import broken
from backprop_tui.tui.drawing.heat import Heat, is_large
from backprop_tui.tui.panes.equation.bands import Band, Corner, Room, best
from backprop_tui.tui.panes.equation.columns import (
    Column,
    Given,
    as_matrices,
    columns,
    heat_column,
    result_column,
    together,
)
from backprop_tui.tui.panes.equation.room_for_matrices import Line
from backprop_tui.tui.shared.view import View

CORNERS = ((4, 5), (3, 3), (2, 2), (2, 1))  # of large matrices, the first that there is room for
WHOLE = 8  # rows and more that a matrix takes only where the pane has room for all that there is to say
MATRIX = 2  # axes
ON_A_LINE = 8  # numbers of an array that is written on a line
NARROWEST = 3  # cells of a number and the gap beside it, at the least
FEW, LOW = 40, 5  # numbers, and rows of them, that are never left out
LEAST_MAP, GAP = 2, 3  # rows of a map that stands by itself, and cells between two
MARGIN = 3  # rows that a formula takes beside the tallest of its matrices


def operation_lines(event: Event, view: View, width: int, room: int, height: int) -> Iterator[Line]:
    """The formula of an operation, its numbers and its result: at best in so many rows, else in all that a pane has."""
    moment, notation, styles = view.moment, view.notation, view.styles
    values, result, count = of_one_sample(event, view)
    head: list[Line] = []
    if count > 1:
        head = [[(notation.text(f"of {matrix_shown(moment, *_stacked(event))}"), styles.muted)]]
    lit: Mapping[str, frozenset[Shape]] = {}
    if moment.place is not None and event.value.size > 1:
        from numpy.ma import MaskedArray

        missing = False if moment.missing is None else moment.missing
        shown = MaskedArray(event.value, missing)
        result = shown[moment.place[:-2]]  # the matrix that the element is in
        lit = {event.name: frozenset([moment.place[-2:]]), **_read(event, view, sampled=count > 0)}
    marked = (lambda _: None) if count else moment.column_of
    given = Given(moment, notation, styles, values, lit, marked, inputs=event.inputs)
    tree = as_matrices(event.operation.tree) if count else event.operation.tree
    found = None
    if not _sums_stack(event):
        found = set_out(event.name, tree, result, given, Room(width, room - len(head), height - len(head)))
    yield from head
    if found is not None:
        yield from found
        return
    lines = list(_as_text(event.name, tree, result, given, Room(width, room - len(head), height - len(head))))
    yield from lines
    yield from _maps(event, view, given, Room(width, room - len(head) - len(lines), height))


def set_out(name: str, tree: Tree, result: Any, given: Given, room: Room) -> Sequence[Line] | None:
    """A formula with numbers put in and a value, as matrices; None where it cannot be."""
    if any(np.ndim(value) > 2 for value in (result, *(given.values[name] for name in names(tree)))):
        return None  # several matrices in one, as the channels of a convolution
    shapes = [*_shapes(tree, given), np.shape(result) if np.ndim(result) > 1 else (1, 1)]
    tight = Room(room.width, room.rows, room.rows)
    drawn = is_large(np.shape(result)) and (result != result[0, 0]).any()  # else a map tells nothing
    make = Making(name, tree, result, given)
    found: Sequence[Line] | None = None
    # a line that breaks within a term is harder to read than one with fewer of the numbers
    for coarse, corners in product((True, False), _corners(shapes, room)):
        if drawn:
            found = found or make.with_heat(corners, tight, beside=True, coarse=coarse)
            found = found or make.with_heat(corners, tight, beside=False, coarse=coarse)
            found = found or make.lines(corners, tight, coarse=coarse)
            found = found or make.with_heat(corners, room, beside=False, coarse=coarse)
        found = found or make.lines(corners, room, coarse=coarse)
    return found


class Making(Struct, frozen=True, eq=False, dict=True):
    """Tries the ways to set a formula out; the columns that several of them have are made once."""

    name: str
    tree: Tree
    result: Any
    given: Given

    def lines(
        self,
        corners: Sequence[Corner],
        room: Room,
        of: Callable[[Corner, int], Column] | None = None,
        *,
        coarse: bool,
    ) -> Sequence[Line] | None:
        """The best way that there is room for, with columns `of` the result, which are its numbers unless said."""
        digits = (self.given.notation.digits, min(3, self.given.notation.digits))
        tries, muted = (corners, digits), self.given.styles.muted
        return best(of or self.numbers, self.operands, tries, room, muted, coarse=coarse)

    def with_heat(self, corners: Sequence[Corner], room: Room, *, beside: bool, coarse: bool) -> Sequence[Line] | None:
        """The same with the result as a map beside its numbers, or in their place."""
        for rows in _map_rows(len(self.result), room):
            drawn = heat_column(self.name, self.result, self.given, rows, room.width // 2)
            of = partial(self._beside, drawn) if beside else (lambda *_, drawn=drawn: drawn)
            if (found := self.lines(corners, room, of, coarse=coarse)) is not None:
                return found
        return None

    def _beside(self, drawn: Column, corner: Corner, digits: int) -> Column:
        return together(self.numbers(corner, digits), drawn)

    @cached_property
    def numbers(self) -> Callable[[Corner, int], Column]:
        """The numbers of the result, by the corner that is written and the digits."""
        return cache(partial(result_column, self.name, self.result, self.given))

    @cached_property
    def operands(self) -> Callable[[Corner, int], Sequence[Column]]:
        """The columns of the formula, likewise."""
        return cache(partial(columns, self.tree, self.given))


def _map_rows(rows: int, room: Room) -> Sequence[int]:
    """How many rows of cells a map of so many rows of numbers may have: as many as there is room for, down to a few."""
    most = max(1, min(rows, room.rows - MARGIN))
    found = (most, -(-rows // 2), WHOLE // 2, 2)
    return sorted({each for each in found if each <= max(most, WHOLE // 2)}, reverse=True)


def _shapes(tree: Tree, given: Given) -> Iterator[tuple[int, int]]:
    """The rows and columns of every operand as it stands in a formula."""
    match tree:
        case Call("transpose", (Name() as inner,)):
            yield from (shape[::-1] for shape in _shapes(inner, given))
        case Name(name):
            value = given.values[name]
            yield value.shape[-2:] if value.ndim > 1 else (1, 1)
        case _:
            for child in children(tree):
                yield from _shapes(child, given)


def _corners(shapes: Sequence[tuple[int, int]], room: Room) -> Sequence[Sequence[Corner]]:
    """How many rows and columns of a matrix may be written: all of them where these are few, and only else a corner;
    of more, all of them where that may fit.
    """
    rows, columns = (max(shape[axis] for shape in shapes) for axis in (0, 1))
    *operands, result = shapes
    few = sum(high * wide for high, wide in operands) <= FEW and result[0] * result[1] <= FEW
    if few and rows <= LOW:
        return [(rows, columns)], CORNERS
    fits = sum(wide for _, wide in operands) * NARROWEST <= room.width
    spare = max(WHOLE, min(room.rows, room.height) - MARGIN)
    return ([(rows, columns), *CORNERS] if few or (fits and rows <= spare) else CORNERS,)


def _as_text(name: str, tree: Tree, result: Any, given: Given, room: Room) -> Iterator[Line]:
    """The formula, its numbers and its result as lines of text, broken between terms; large arrays by their names. The
    numbers are left out where the result would be out of sight behind them.
    """
    notation, styles = given.notation, given.styles
    formula = broken(f"{notation.symbol(name)} = {notation.formula(tree)}", room.width)
    value = broken(f"  = {notation.value_piece(result).text}", room.width)
    numbers: Sequence[str] = ()
    if all(np.size(given.values[of]) <= ON_A_LINE for of in names(tree)):
        text = "".join(piece.text for piece in notation.numeric_pieces(tree, given.values.__getitem__))
        numbers = broken(f"  = {text}", room.width)
    if len(formula) + len(numbers) + len(value) > room.rows:
        numbers = ()
    for lines, style in ((formula, styles.strong), (numbers, styles.text), (value, styles.strong)):
        yield from ([(line, style)] for line in lines)


def _maps(event: Event, view: View, given: Given, room: Room) -> Iterator[Line]:
    """What an operation read and what it computed as maps side by side, where it is told as text: of a stack the
    matrices that are shown. Nothing where they tell no more than a few numbers do.
    """
    values = {name: value for name, value in (*event.inputs.items(), (event.name, event.value)) if is_drawn(value)}
    if event.name not in values:
        return
    rows = max(LEAST_MAP, min(room.rows - 1, max(np.shape(value)[-2] for value in values.values())))
    for full in (True, False):  # which matrix of each stack it is, where there is room to say it
        band = Band([*_side_by_side(values, event, view, given, Room(room.width, rows, rows), full=full)])
        if sum(band.widths) <= room.width:
            yield from band.lines()
            return


def _side_by_side(
    values: Mapping[str, Any], event: Event, view: View, given: Given, room: Room, *, full: bool
) -> Iterator[Column]:
    for place, (name, value) in enumerate(values.items()):
        drawn = drawn_of(name, value, view, whole=name != event.name)
        size = drawn.size(room.rows, room.width // len(values) - GAP)
        where = given.notation.text(matrix_shown(view.moment, name, np.shape(value), short=True))
        head = ", ".join(part for part in (given.notation.symbol(name), where if full else "") if part)
        cells = drawn.rows(size, given.styles.drawing, given.notation.glyphs)
        if place:
            yield Column("", [[(" " * GAP, given.styles.text)]], GAP, given.styles.text)
        yield Column(head, cells, size.cells, given.styles.strong if name == event.name else given.styles.text)


def is_drawn(value: Any) -> bool:
    """Whether a map tells more of an array than its numbers: of images and kernels, which lie in stacks, sooner."""
    own = np.shape(value)
    return is_large(own) or (len(own) > MATRIX and min(own[-2:]) > 2)


def of_one_sample(event: Event, view: View) -> tuple[Mapping[str, Any], Any, int]:
    """What the operation read, its result, and how many matrices there are where each sample has one: then these are
    the ones of the sample that is shown.
    """
    values, result = event.inputs, event.value
    count = next((len(array) for array in (result, *values.values()) if array.ndim > 2), 0)
    if not count:
        return values, result, 0
    if _sums_stack(event):
        return values, result, 0
    if event.operation.is_stacked:
        count = prod(np.shape(result)[:-2])
        found = {name: _slice(name, array, view) for name, array in values.items()}
        return found, _slice(event.name, result, view), count
    (sample,) = view.moment.matrix_of(*_stacked(event))
    return {name: of_sample(array, sample) for name, array in values.items()}, of_sample(result, sample), count


def _stacked(event: Event) -> tuple[str, Shape]:
    """The result, or else what was read, that has more axes than a matrix; its name and its shape."""
    arrays = {event.name: event.value, **event.inputs}
    return next((name, np.shape(array)) for name, array in arrays.items() if np.ndim(array) > MATRIX)


def _sums_stack(event: Event) -> bool:
    """Whether a result is made of more of a stack than one matrix of each operand, which then cannot stand for it."""
    operation = event.operation
    if not operation.is_stacked:
        return False
    deepest = max(map(np.ndim, event.inputs.values()), default=0)
    functions = {node.function for node in walk(operation.tree) if isinstance(node, Call)}
    return np.ndim(event.value) < deepest or not all(is_of_matrices(PRIMITIVES[name]) for name in functions)


def _slice(name: str, array: Any, view: View) -> Any:
    """The matrix of a stack that is shown."""
    return array[view.moment.matrix_of(name, np.shape(array))]


def drawn_of(name: str, value: Any, view: View, *, whole: bool = True) -> Heat:
    """The matrix of a variable that is shown, to be drawn: what is looked at stands out, and of an operation that is
    stepped into, unless the value is the `whole`, what is not reached yet is missing.
    """
    moment, at = view.moment, view.moment.matrix_of(name, np.shape(value))
    place = moment.place if not whole else None
    missing = None if whole or moment.missing is None else moment.missing[at]
    selected = moment.selection
    places = [place] if place is not None else [selected.at] if selected is not None and selected.name == name else []
    looked_at = frozenset((each[-2], each[-1]) for each in places if each[:-2] == at)
    image = name in moment.program.images
    return Heat(np.asarray(value)[at], image=image, looked_at=looked_at, missing=missing)


def of_sample(array: Any, sample: int) -> Any:
    """One sample's part: its matrix, or its column."""
    return array[sample] if array.ndim > 2 else array[:, sample : sample + 1] if array.ndim else array


def _terms(event: Event, view: View, at: Shape, width: int) -> Terms:
    from backprop_tui.debugger.basics.scalar_terms import terms
    from backprop_tui.formula.values.expansion import MOST

    return terms(event.operation, view.moment.frame, at, most=max(MOST, width // 8))


def _read(event: Event, view: View, *, sampled: bool) -> dict[str, frozenset[Shape]]:
    """The places of what the number that was stepped into is made of; a number that stands alone is at ()."""
    place = view.moment.place
    if place is None:
        return {}
    found: dict[str, set[Shape]] = {}
    for node in walk(_terms(event, view, place, 0).expansion.tree):
        match node:
            case Index(Name(name), at):
                where = tuple(int(i.value) for i in at if isinstance(i, Number))
                if sampled:
                    where = where[-2:] if len(where) > 2 else (where[0], 0)
                found.setdefault(name, set()).add(where)
    return {name: frozenset(places) for name, places in found.items()}


def element_lines(event: Event, view: View, width: int) -> Iterator[Line]:
    """The element that was stepped into: its terms in symbols and in numbers, and how many there are."""
    moment, notation, styles = view.moment, view.notation, view.styles
    at = moment.place
    if at is None:
        return
    count = f"element {(moment.element or 0) + 1:,} of {event.value.size:,}" if event.value.size > 1 else ""
    *lines, last = _two_lines(event, at, view, width)
    yield from ([(line, style)] for line, style in lines)
    if count and len(last[0]) + len(count) + 2 <= width:
        yield [(last[0], last[1]), (" " * (width - len(last[0]) - len(count)), styles.text), (count, styles.muted)]
    else:
        yield [last]
        yield from [[(notation.text(count), styles.muted)]] if count else []


def terms_of_largest(event: Event, view: View, width: int) -> Iterator[Line]:
    """How the largest number that is shown of the result comes about, where there are several and none is selected: of
    the sample that is shown, and of a stack the largest of its matrix.
    """
    selection = view.moment.selection
    if event.value.size == 1 or (selection is not None and selection.name == event.name):
        return
    shown = view.moment.part_shown(event.name, event.value.shape)
    size = np.abs(event.value)[shown]
    largest = int(size.argmax())
    if not np.isfinite(size.flat[largest]):  # which is what is found where any is not
        largest = int(np.where(np.isfinite(size), size, 0).argmax())
    place = np.unravel_index(largest, size.shape)
    at = tuple(part.start + int(at) for part, at in zip(shown, place, strict=True))
    yield from ([(line, style)] for line, style in _two_lines(event, at, view, width))


def _two_lines(event: Event, at: Shape, view: View, width: int) -> list[tuple[str, Any]]:
    """`z₁[0] = W₁[0,0]·x[0] + …`, and the same with numbers put in."""
    notation, styles = view.notation, view.styles
    found = _terms(event, view, at, width)
    address = notation.address(Address(event.name, at))
    numbers = f"{address} = {notation.numbers(found.expansion)} = {notation.number(found.value)}"
    symbols = broken(f"{address} = {notation.terms(found.expansion)}", width)
    return [*((line, styles.text) for line in symbols), *((line, styles.accent) for line in broken(numbers, width))]
