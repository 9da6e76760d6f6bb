"""What is to be drawn: an immutable description of a network at one moment."""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from backprop_tui.tui.drawing.figures import Number

Place = TypeVar("Place", int, tuple[int, int])
Array: TypeAlias = NDArray[np.floating[Any]]
Mask: TypeAlias = NDArray[np.bool_]
Units: TypeAlias = Literal["all"] | AbstractSet[int] | None
"""Units of a column: all of them, some, or none."""
Pairs: TypeAlias = Literal["all"] | AbstractSet[tuple[int, int]] | None
"""Weights of a layer as (unit, unit of the previous column): all of them, some, or none."""
Direction: TypeAlias = Literal["forward", "backward"] | None
OFF, OUT = "off", "out"
"""What is said of units that pass nothing on, and that dropout leaves out."""
Part: TypeAlias = Literal["values", "deltas", "bias", "target", "loss"]
"""What of a unit is meant: its value, what flows back to it, its bias, its target; or the loss, which has no unit."""


class Node(Struct, frozen=True):
    """The address of a number of a unit; `hidden` where the number that is meant is not the one that is shown."""

    column: int
    unit: int
    part: Part = "values"
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
        text = "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    elif value and not 0.5 * 10.0**-digits <= abs(value) < 1e6:
        text = f"{value:.{max(digits - 3, 0)}e}"
    else:
        text = f"{value:.{digits}f}"
    return text.replace("-", "−")


class Column(Struct, frozen=True, eq=False, kw_only=True):
    """One layer of units and the weights that enter it, as they are now. What never changes is in its outline."""

    label: str
    """Over the column: x, h₁, ŷ, or z₁ while that is what stands there."""
    values: Array | None = None
    """(units,); None where nothing is computed yet."""
    deltas: Array | None = None
    """(units,): what flows back to the units."""
    unknown: Mask | None = None
    """(units,): those whose value is not computed yet while others are."""
    unknown_deltas: Mask | None = None
    delta_label: str = ""
    """What the deltas are: δ₁, ∂L/∂h."""
    others: Array | None = None
    """(units,): what the values are in a mistaken run, NaN where they are the same."""
    other_deltas: Array | None = None
    off: Mask | None = None
    """(units,): units that pass nothing on, ReLU with z ≤ 0."""
    dropped: Mask | None = None
    """(units,): units that dropout leaves out of this sample."""
    weights: Array | None = None
    """(units, units of the previous column)"""
    weights_before: Array | None = None
    """The same before the update that is shown; None in any other operation."""
    weight_label: str = ""
    gradients: Array | None = None
    """As weights. Where present, the labels of edges show these."""
    biases: Array | None = None
    """(units,), or (1,) where all units share one; the gradients of them while those are what is shown."""
    biases_before: Array | None = None
    bias_label: str = "b"
    lit: Units = None
    """Units whose value the operation uses or has written."""
    lit_deltas: Units = None
    lit_edges: Pairs = None
    lit_bias: Units = None
    fresh: Literal["values", "deltas", "weights", "bias"] | None = None
    """Which of the lit things the operation has just written."""
    asked: Literal["values", "deltas", "weights", "bias"] | None = None
    """Which of them it is to write next, and is asked for: a question mark stands there."""

    def value(self, unit: int) -> float | None:
        """The value of one unit; −0.0 is 0."""
        return _known(self.values, self.unknown, unit)

    def delta(self, unit: int) -> float | None:
        """What flows back to one unit; −0.0 is 0."""
        return _known(self.deltas, self.unknown_deltas, unit)

    def other(self, unit: int, *, delta: bool = False) -> float | None:
        """The value or the δ of one unit in a mistaken run, None where it is the same."""
        array = self.other_deltas if delta else self.others
        return None if array is None or np.isnan(array[unit]) else float(array[unit]) + 0.0

    def bias(self, unit: int, *, before: bool = False) -> float | None:
        """The bias of one unit, which may be that of all of them."""
        array = self.biases_before if before else self.biases
        return None if array is None else float(array[unit if len(array) > 1 else 0]) + 0.0

    def state(self, unit: int) -> str:
        """Why a unit passes nothing on, in a word; empty where it does."""
        masks = (OUT, self.dropped), (OFF, self.off)
        return next((word for word, mask in masks if mask is not None and mask[unit]), "")

    @property
    def in_use(self) -> bool:
        """Whether the operation reads or writes any of its units' numbers."""
        return bool(self.lit or self.lit_deltas or self.lit_bias)


def _known(values: Array | None, unknown: Mask | None, unit: int) -> float | None:
    if values is None or (unknown is not None and unknown[unit]):
        return None
    return float(values[unit]) + 0.0


class Loss(Struct, frozen=True, eq=False, kw_only=True):
    """The loss behind the last column, and what the outputs are compared with."""

    label: str = "L"
    value: float | None = None
    other: float | None = None
    """What it is in a mistaken run, where that differs."""
    targets: Array | None = None
    """(units,)"""
    target_label: str = "y"
    lit: bool = False
    lit_targets: Units = None
    fresh: bool = False
    asked: bool = False


Sizes: TypeAlias = tuple[float | None, float | None, float | None]


class LayerSize(Struct, frozen=True, eq=False, kw_only=True):
    """How large a layer's numbers get, in three columns: its values, what flows back to it, the gradients of its
    weights. `now` is what is computed so far, `whole` that of the whole iteration.
    """

    label: str
    now: Sizes
    whole: Sizes
    others: Sizes = (None, None, None)
    """What they are in a mistaken run, where that differs."""
    visitor: str = ""
    """What stands in the second column in place of what that is of."""
    lit: tuple[bool, bool, bool] = (False, False, False)
    fresh: int = -1
    """Which of the three the operation has just written."""
    addresses: tuple[Address | None, Address | None, Address | None] = (None, None, None)
    """The number with the largest |value| of each."""


class Picture(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """A network at one moment: 2 columns or more, the input first. A deep one has the sizes of its layers, too."""

    columns: Sequence[Column]
    loss: Loss = Loss()
    layers: Sequence[LayerSize] = ()
    layer_symbols: tuple[str, str, str] = ("", "", "")
    """Of what the three columns of bars are the sizes."""
    direction: Direction = None
    selected: Address | None = None
    number: Number = plain

    @cached_property
    def idle(self) -> bool:
        """Whether nothing is in use, so that nothing has to step back."""
        return not (self.loss.lit or any(column.in_use or column.lit_edges for column in self.columns))


def among(meant: Literal["all"] | AbstractSet[Place] | None, one: Place) -> bool:
    """Whether a unit or a weight is among those meant."""
    return meant == "all" or (meant is not None and one in meant)
