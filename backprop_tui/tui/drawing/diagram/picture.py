"""What is to be drawn: an immutable description of a network at one moment."""

import math
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Mask: TypeAlias = NDArray[np.bool_]
Units: TypeAlias = Literal["all"] | AbstractSet[int] | None
"""Units of a column: all of them, some, or none."""
Pairs: TypeAlias = Literal["all"] | AbstractSet[tuple[int, int]] | None
"""Weights of a layer as (unit, unit of the previous column): all of them, some, or none."""
Direction: TypeAlias = Literal["forward", "backward"] | None
Number: TypeAlias = Callable[[float, int], str]
"""Formats a finite or non-finite float with a number of digits."""


class Node(Struct, frozen=True):
    """The address of a unit's value, or of its δ; `hidden` where the number that is meant is not the one shown."""

    column: int
    unit: int
    delta: bool = False
    hidden: bool = False


class Edge(Struct, frozen=True):
    """The address of the weight `W[unit, source]` that enters a column from the column before; `hidden` as above."""

    column: int
    unit: int
    source: int
    hidden: bool = False

    def along(self, other: "Address | None") -> bool:
        """Whether both are the same line, whichever of its numbers is meant."""
        return isinstance(other, Edge) and (other.column, other.unit, other.source) == (
            self.column,
            self.unit,
            self.source,
        )


Address: TypeAlias = Node | Edge


def plain(value: float, digits: int) -> str:
    """A fixed number of decimals with a Unicode minus; powers of ten where those would say nothing."""
    if not math.isfinite(value):
        text = "nan" if math.isnan(value) else "∞" if value > 0 else "-∞"
    elif value and not 0.5 * 10.0**-digits <= abs(value) < 1e6:
        text = f"{value:.{max(digits - 3, 0)}e}"
    else:
        text = f"{value:.{digits}f}"
    return text.replace("-", "−")


class Column(Struct, frozen=True, eq=False, kw_only=True):
    """One layer of units and the weights that enter it."""

    label: str
    """Over the column: x, h₁, ŷ."""
    units: int
    names: Sequence[str] | Callable[[int], str]
    """What the units are called: x[0], x[1], …"""
    called: bool = False
    """Their names are the scenario's: worth more than digits."""
    values: Array | None = None
    """(units,); None where nothing is computed yet."""
    deltas: Array | None = None
    """(units,)"""
    unknown: Mask | None = None
    """(units,): those whose value is not computed yet while others are."""
    unknown_deltas: Mask | None = None
    delta_symbol: str = "δ"
    others: Array | None = None
    """(units,): what the values are in another run, NaN where they are the same; written beside the names."""
    other_deltas: Array | None = None
    off: Mask | None = None
    """(units,): units that pass nothing on, ReLU with z ≤ 0."""
    dropped: Mask | None = None
    """(units,): units that dropout leaves out of this sample."""
    can_be_off: bool = False
    """Keeps room for the words `off` and `out` before any unit is."""
    weights: Array | None = None
    """(units, units of the previous column)"""
    weight_label: str = ""
    gradients: Array | None = None
    """As weights. Where present, labels of lit edges show these, with `∂` before them."""
    lit: Units = None
    """Units whose value the operation uses or has written."""
    lit_deltas: Units = None
    lit_edges: Pairs = None
    fresh: Literal["values", "deltas", "weights"] | None = None
    """Which of the lit things the operation has just written."""

    def name(self, unit: int) -> str:
        """What one unit is called."""
        return self.names(unit) if callable(self.names) else self.names[unit]

    def value(self, unit: int) -> float | None:
        """The value of one unit; −0.0 is 0."""
        return _known(self.values, self.unknown, unit)

    def delta(self, unit: int) -> float | None:
        """The δ of one unit; −0.0 is 0."""
        return _known(self.deltas, self.unknown_deltas, unit)

    def other(self, unit: int, *, delta: bool = False) -> float | None:
        """The value or the δ of one unit in another run, None where it is the same."""
        array = self.other_deltas if delta else self.others
        return None if array is None or np.isnan(array[unit]) else float(array[unit]) + 0.0


def _known(values: Array | None, unknown: Mask | None, unit: int) -> float | None:
    if values is None or (unknown is not None and unknown[unit]):
        return None
    return float(values[unit]) + 0.0


class Picture(Struct, frozen=True, eq=False, kw_only=True):
    """A network at one moment: 1 to 9 columns, the input first."""

    columns: Sequence[Column]
    direction: Direction = None
    selected: Address | None = None
    digits: int = 4
    number: Number = plain

    @property
    def idle(self) -> bool:
        """Whether nothing is in use, so that nothing has to step back."""
        return not any(column.lit or column.lit_deltas or column.lit_edges for column in self.columns)


def extreme(values: Array) -> int:
    """The first unit that is not finite, or the one with the largest |value|."""
    odd = ~np.isfinite(values)
    return int(odd.argmax()) if odd.any() else int(np.abs(values).argmax())
