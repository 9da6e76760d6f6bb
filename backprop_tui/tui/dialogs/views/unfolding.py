"""Trees that unfold: the rows in sight of what explains a number, and the current one among them."""

from collections.abc import Callable, Sequence
from functools import cached_property

from msgspec import Struct

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.explain.explanation import Explanation, explain, leaves
from backprop_tui.debugger.explain.explanation_text import layer, line, product, slope, total, touch_line, way
from backprop_tui.debugger.explain.origin import History, Spot
from backprop_tui.debugger.explain.paths import Factor, Path, Paths
from backprop_tui.debugger.explain.touches import Touch, touches
from backprop_tui.engine.program.chain import name_of
from backprop_tui.engine.statements.variable import Role
from backprop_tui.tui.shared.screen_notation import Notation


class Knot(Struct, frozen=True, eq=False, dict=True):
    """A row that may have others below it, which are made when it is unfolded; and the number and the step it is of."""

    text: str
    where: str = ""
    step: int | None = None
    address: Address | None = None
    spot: Spot | None = None
    below: Callable[[], Sequence["Knot"]] | None = None

    @cached_property
    def children(self) -> Sequence["Knot"]:
        """The rows below."""
        return () if self.below is None else self.below()


def of_explanation(one: Explanation, notation: Notation) -> Knot:
    """Where a number comes from."""
    said = line(one, notation)
    has_more = one.expansion is not None and bool(leaves(one.expansion.tree))
    is_number = one.role == "number"
    return Knot(
        said.text,
        said.where,
        one.step,
        one.address if is_number else None,
        one.origin.spot if is_number else None,
        (lambda: [of_explanation(child, notation) for child in one.children]) if has_more else None,
    )


def of_paths(found: Paths, loss: str, notation: Notation, step_of: Callable[[str], int | None]) -> Knot:
    """The paths from a number to the loss, as that is shown."""
    start = notation.address(found.start)
    if not found.count:
        return Knot(f"no path leads from {start} to {loss}")
    how = "" if found.listed else ", summed by what they go through"
    text = (
        f"{found.count:,} path{'' if found.count == 1 else 's'} from {start} to {loss}{how}: {total(found, notation)}"
    )

    def below() -> Sequence[Knot]:
        rows = [_of_path(path, notation, step_of) for path in found.listed]
        return rows + [Knot(layer(one, notation), step=step_of(one.name)) for one in found.layers]

    return Knot(text, below=below)


def _of_path(path: Path, notation: Notation, step_of: Callable[[str], int | None]) -> Knot:
    def below() -> Sequence[Knot]:
        factors = [_of_factor(factor, notation, step_of) for factor in path.factors]
        return [*factors, Knot(product(path, notation))]

    return Knot(f"{way(path, notation)}: {notation.number(path.product)}", below=below)


def _of_factor(factor: Factor, notation: Notation, step_of: Callable[[str], int | None]) -> Knot:
    terms = [notation.terms(factor.expansion)] if factor.expansion else []
    parts = dict.fromkeys([slope(factor, notation), *terms, notation.number(factor.value)])
    return Knot(" = ".join(parts), step=step_of(factor.of.name), address=factor.of)


def of_touch(one: Touch, notation: Notation) -> Knot:
    """What a number goes into; with several numbers, the first is the one to go to and ask about."""
    said = touch_line(one, notation)
    at = tuple(0 if place is None else place for place in one.regions[0])
    return Knot(
        said.text,
        said.where,
        one.step,
        Address(one.name, at),
        Spot(one.iteration, one.key, at),
        lambda: [of_touch(child, notation) for child in one.children],
    )


def why(history: History, spot: Spot, notation: Notation) -> tuple[str, list[Knot]]:
    """What is asked, and the tree that answers it: where a number comes from, and for a gradient the paths to L."""
    found = explain(history, spot)
    roots = [of_explanation(found, notation)]
    if found.paths is not None:
        program, timeline = history.frame(spot).program, history.timeline

        def step_of(name: str) -> int | None:
            return timeline.step_at(spot.iteration, program.by_name[name].index) if name in program.by_name else None

        loss = notation.symbol(name_of(program, Role.LOSS))
        roots.append(of_paths(found.paths, loss, notation, step_of))
    return f"Why is {notation.address(found.address)} {notation.number(found.value)}?", roots


def touched(history: History, spot: Spot, notation: Notation) -> tuple[str, list[Knot]]:
    """What is asked, and the tree that answers it: what is computed from a number."""
    found = touches(history, spot)
    return f"What does {notation.address(found.address or Address(found.name))} touch?", [of_touch(found, notation)]


TREES = {"why": why, "touches": touched}


class Row(Struct, frozen=True, eq=False):
    """A knot in sight: how deep it is, and the way to it from a root, by place."""

    knot: Knot
    way: tuple[int, ...]
    unfolded: bool

    @property
    def level(self) -> int:
        """How deep it is; a root is 0."""
        return len(self.way) - 1


class Folding:
    """Roots, which of their knots are unfolded, and the current row."""

    def __init__(self, roots: Sequence[Knot]) -> None:
        self.roots = roots
        self.open: set[tuple[int, ...]] = {(place,) for place in range(len(roots))}
        self.at = 0
        self.rows: list[Row] = []
        self._refresh()

    @property
    def row(self) -> Row:
        """The current row."""
        return self.rows[self.at]

    def move(self, by: int) -> None:
        """Go on by a number of rows, as far as the last."""
        self.at = min(max(self.at + by, 0), len(self.rows) - 1)

    def turn(self) -> None:
        """Unfold the row, or fold it."""
        if self.row.unfolded:
            self.fold()
        else:
            self.unfold()

    def unfold(self) -> None:
        """Unfold the row."""
        if self.row.knot.below is not None:
            self.open.add(self.row.way)
            self._refresh()

    def fold(self) -> None:
        """Fold the row."""
        self.open.discard(self.row.way)
        self._refresh()

    def further(self) -> None:
        """Unfold the row; if it is unfolded, go on to what is below it."""
        if self.row.unfolded:
            self.move(1)
        else:
            self.unfold()

    def back(self) -> None:
        """Fold the row; if it is folded, go to the one it is part of."""
        if self.row.unfolded:
            self.fold()
        elif len(self.row.way) > 1:
            above = self.row.way[:-1]
            self.at = next(place for place, row in enumerate(self.rows) if row.way == above)

    def _refresh(self) -> None:
        here = self.rows[self.at].way if self.rows else ()
        self.rows = []
        waiting: list[tuple[tuple[int, ...], Knot]] = [
            ((place,), root) for place, root in reversed(list(enumerate(self.roots)))
        ]
        while waiting:
            way, knot = waiting.pop()
            unfolded = way in self.open and bool(knot.children)
            self.rows.append(Row(knot, way, unfolded))
            if unfolded:
                waiting += [((*way, place), one) for place, one in reversed(list(enumerate(knot.children)))]
        self.at = next((place for place, row in enumerate(self.rows) if row.way == here), 0)
