"""Which variables stand where in the diagram: a column for the input and for every layer of the chain."""

import itertools
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.chain import Block, Chain, chain_of
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase, Role, gradient_name
from backprop_tui.formula.values.element import Shape
from backprop_tui.tui.drawing.diagram.outline import DEEP

if TYPE_CHECKING:
    from backprop_tui.formula.values.reach import Region


Part = Literal["values", "deltas", "weights", "bias", "target", "loss"]


class Place(Struct, frozen=True):
    """Where a variable is in the diagram: a column, counted from 0 for the input, and a part of it. The loss and its
    targets have the column after the output's.
    """

    column: int
    part: Part


class Places(Struct, frozen=True, eq=False):
    """The places of a program's variables in the diagram of its chain; what it does not show has none."""

    chain: Chain
    of: Mapping[str, Place]

    def block(self, column: int) -> Block | None:
        """The layer of a column; None for the input's."""
        return self.chain.blocks[column - 1] if column else None

    def main(self, column: int) -> str:
        """What a column is called after: the input, or the activations of its layer."""
        block = self.block(column)
        return block.activation if block else self.chain.input

    def gated(self, column: int) -> str:
        """What the first δ of a column is the gradient of: the weighted sums of its layer, or the input."""
        block = self.block(column)
        return block.weighted_sum if block else self.chain.input

    @property
    def last(self) -> int:
        """The column of the output."""
        return len(self.chain.blocks)


@lru_cache(maxsize=8)
def places_of(program: Program) -> Places | None:
    """The places in a program's diagram; None where it is not a chain, so that no diagram of it would be true."""
    chain = chain_of(program)
    if chain is None:
        return None
    of = {chain.input: Place(0, "values")}
    for column, block in enumerate(chain.blocks, 1):
        of |= dict.fromkeys(block.values, Place(column, "values"))
        of[block.weights] = Place(column, "weights")
        if block.bias:
            of[block.bias] = Place(column, "bias")
    of[chain.loss] = Place(len(chain.blocks) + 1, "loss")
    if chain.target:
        of[chain.target] = Place(len(chain.blocks) + 1, "target")
    derived: dict[Part, Part] = {"values": "deltas", "weights": "weights", "bias": "bias"}
    for operation in program.operations:
        own = operation.variable
        if own.role in (Role.GRADIENT, Role.LOCAL_DERIVATIVE) and own.of in of and of[own.of].part in derived:
            above = of[own.of]
            if own.role is Role.GRADIENT or above.part == "values":
                of[operation.name] = Place(above.column, derived[above.part])
    return Places(chain, of)


class Shown(Struct, frozen=True):
    """The variables whose numbers stand in a column: at its nodes, under them, on the edges that enter it, and beside
    the nodes.
    """

    values: str
    deltas: str
    weights: str
    bias: str

    @classmethod
    def of(cls, moment: Moment, places: Places, column: int) -> "Shown":
        """The variables of a moment, whose operation may use different ones from those that stand there otherwise."""
        used, block = in_use(moment, places), places.block(column)
        values = _value_name(moment, places, column, used.get(Place(column, "values"), ""))
        deltas = _delta_name(moment, places, column, used.get(Place(column, "deltas"), ""))
        if places.last > DEEP and block:  # a row of bars, which has none for the parameters
            return cls(values, deltas, moment.program.gradients.get(block.weights, ""), "")
        return cls(
            values,
            deltas,
            _parameter_name(moment, block.weights, used.get(Place(column, "weights"), "")) if block else "",
            _parameter_name(moment, block.bias, used.get(Place(column, "bias"), "")) if block else "",
        )

    @property
    def bars(self) -> tuple[str, str, str]:
        """What a row of bars is of."""
        return self.values, self.deltas, self.weights

    def name(self, part: Part) -> str:
        """The variable of a part of the column."""
        return {"values": self.values, "deltas": self.deltas, "weights": self.weights, "bias": self.bias}[part]


def in_use(moment: Moment, places: Places) -> dict[Place, str]:
    """The places that the current operation reads or writes, with the variable."""
    operation = moment.operation
    if operation is None:
        return {}
    return {places.of[name]: name for name in (*operation.reads, operation.name) if name in places.of}


def direction(moment: Moment) -> Literal["forward", "backward"] | None:
    """Which half of the iteration the current operation belongs to; None at the start and in the update."""
    ways: dict[Phase, Literal["forward", "backward"]] = {Phase.FORWARD: "forward", Phase.BACKWARD: "backward"}
    return ways.get(moment.operation.variable.phase) if moment.operation else None


def asked(moment: Moment, name: str) -> bool:
    """Whether a variable's value is what is asked for."""
    return moment.asks and moment.operation is not None and moment.operation.name == name


def _stands(moment: Moment, name: str) -> bool:
    """Whether there is something to show of a variable: its value, or a question mark."""
    return moment.value(name) is not None or asked(moment, name)


def is_gradient(moment: Moment, name: str) -> bool:
    """Whether a variable is a gradient of L."""
    operation = moment.program.by_name.get(name)
    return operation is not None and operation.variable.role is Role.GRADIENT


def _value_name(moment: Moment, places: Places, column: int, using: str) -> str:
    """What the nodes show of the way forward: the weighted sums, then what the activation gives of them; and on that
    way what a norm or dropout makes of them, while it is in use.
    """
    block = places.block(column)
    if block is None:
        return places.chain.input
    own = using not in ("", block.weighted_sum, block.activation) and direction(moment) == "forward"
    found = (*([using] if own else []), block.activation, block.weighted_sum)
    return next((name for name in found if _stands(moment, name)), block.activation)


def _delta_name(moment: Moment, places: Places, column: int, using: str) -> str:
    """What the nodes show of the way back: what is in use there, otherwise δ, which may not be computed yet."""
    program, of = moment.program, places.gated(column)
    delta = program.gradients.get(of) or gradient_name(of, program.variables)
    there = (name for name in (using, delta) if name in program.shapes and _stands(moment, name))
    return next(there, delta)


def _parameter_name(moment: Moment, parameter: str, using: str) -> str:
    """What stands on the edges and beside the nodes: a parameter, or its gradient while it is in use and is there;
    where both are in use, as in an update, the parameter.
    """
    operation = moment.operation
    both = operation is not None and parameter in (operation.name, *operation.reads)
    shows = using and not both and is_gradient(moment, using) and _stands(moment, using)
    return using if shows else parameter


def lit(moment: Moment, places: Places) -> dict[Place, Any]:
    """The lit units and weights by place: all that the operation uses, or those of the element stepped into."""
    operation, at = moment.operation, moment.place
    if operation is None or at is None:
        return dict.fromkeys(in_use(moment, places), "all")
    from backprop_tui.formula.values.reach import reads

    found: dict[Place, Any] = {}
    for name, region in (*reads(operation.tree, at, moment.shapes), (operation.name, at)):
        place = places.of.get(name)
        if place is None:
            continue
        units = _lit_units(region, name, place.part, moment)
        if units:
            before = found.get(place, frozenset())
            found[place] = "all" if "all" in (units, before) else before | units
    return found


def _lit_units(region: "Region", name: str, part: Part, moment: Moment) -> Any:
    """What of a part a region of its variable is."""
    if part == "weights":
        return _pairs(region, moment.shapes[name])
    if part == "loss":
        return "all"
    if part == "bias":
        return "all" if region[0] is None or moment.shapes[name][0] == 1 else frozenset({region[0]})
    return _units(region, moment.sample)


def _pairs(region: "Region", own: Shape) -> Any:
    """The weights of a region."""
    if region == (None, None):
        return "all"
    rows, columns = (range(n) if at is None else (at,) for at, n in zip(region, own, strict=True))
    return frozenset(itertools.product(rows, columns))


def _units(region: "Region", sample: int) -> Any:
    """The units of a region in the sample that is shown; for a sample's matrix, those of its row and its column."""
    *units, of = region if len(region) < 3 else (*region[1:], region[0])
    if of not in (None, sample):
        return None
    return "all" if None in units else frozenset(units)
