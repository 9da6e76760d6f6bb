"""The outline of a program's picture: how large its layers are, and how wide its numbers get.

How wide a number may get is seen in the first iteration and in the data; one that outgrows its room later is written
with fewer digits, so that the picture stays as it is.
"""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.labels import output_names
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.tables.activations import activation_of
from backprop_tui.scenario import Scenario
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.outline import DEEP, Outline, Outlines
from backprop_tui.tui.panes.network.diagram_places import Places
from backprop_tui.tui.shared.screen_notation import Notation

GATED = "relu"  # the activation that gives exactly 0 where it switches a unit off
MOST_WHOLE = 5  # cells before a decimal point, its sign among them
WIDEST_NAME = 14
PARAMETER = 6  # cells of a weight or a bias at most: −0.385
LEAST = 5  # cells of a bias, which often begins with 0


@lru_cache(maxsize=16)
def outlines_of(
    program: Program, scenario: Scenario, places: Places, notation: Notation, *, differs: bool, told: bool = True
) -> Outlines:
    """The outline of the picture of a program without edits; unless it may be told how large numbers get, bars have the
    length that they have beside those which are there.
    """
    frame = program.first()
    columns = tuple(_outline(program, scenario, places, column, notation, frame) for column in range(places.last + 1))
    chain = places.chain
    symbol = width_of(notation.symbol(chain.target)) if chain.target else 0
    return Outlines(
        columns=columns,
        loss=_whole([frame[chain.loss]]) + 1 + notation.digits,
        target=symbol + 1 + _widest(frame[chain.target], notation) if chain.target else 0,
        decimals=notation.digits,
        differs=differs,
        sizes=_sizes(program, places, frame if told else None) if places.last > DEEP else ((), (), ()),
    )


def _sizes(program: Program, places: Places, frame: Frame | None) -> tuple[tuple[float, ...], ...]:
    """What bars have room for: the most that an activation can give, where it is bounded, and the sizes of the first
    iteration.
    """
    blocks, gradients = places.chain.blocks, program.gradients
    rows = [activation_of(program.by_name[block.activation].tree) for block in blocks]
    bounds = [float(max(map(abs, row.output))) for row in rows if row is not None]
    columns = (
        [block.activation for block in blocks],
        [gradients.get(block.weighted_sum, "") for block in blocks],
        [gradients.get(block.weights, "") for block in blocks],
    )
    found = [[float(np.abs(frame[name]).max()) for name in names if name and frame] for names in columns]
    return tuple(tuple(filter(math.isfinite, sizes)) for sizes in ([*bounds, *found[0]], *found[1:]))


def _outline(
    program: Program, scenario: Scenario, places: Places, column: int, notation: Notation, frame: Frame
) -> Outline:
    block, main = places.block(column), places.main(column)
    if block is None:
        data = program.network.x
        gradient = program.gradients.get(places.chain.input)
        whole = _whole([data])
        return Outline(
            units=program.shapes[main][0],
            whole=whole,
            decimals=_decimals(data, notation) if gradient is None else notation.digits,
            own_name=_own_name([main], program.shapes[main][0], notation),
            names=_names(scenario.features, program.shapes[main][0], notation),
            deltas=gradient is not None,
            image=scenario.image,
        )
    shown = [*block.values, *(program.gradients[name] for name in block.values if name in program.gradients)]
    values = [frame[name] for name in shown]
    is_last = column == places.last
    units = program.shapes[main][0]
    return Outline(
        units=units,
        whole=max(2, _whole(values)),
        decimals=notation.digits,
        names=_names(output_names(scenario), units, notation) if is_last else (),
        own_name=_own_name(block.values, units, notation),
        deltas=any(name in program.gradients for name in block.values),
        bias=_widest_bias(frame, [block.bias], notation),
        beside=_widest_bias(frame, [block.bias, program.gradients.get(block.bias, "")], notation),
        weight=max(_widest(frame[block.weights], notation, PARAMETER), min(PARAMETER, notation.digits + 2)),
        states=block.function == GATED or bool(block.dropped),
    )


def _names(names: tuple[str, ...], units: int, notation: Notation) -> tuple[str, ...]:
    """What the scenario calls the units, unless it is one whose name would be another number beside its own."""
    says = len(names) == units and not (units == 1 and names[0].isdecimal())
    return tuple(notation.text(name) for name in names) if says else ()


def _own_name(variables: Iterable[str], units: int, notation: Notation) -> int:
    """The cells of `h[0]`, whichever of a column's variables is shown."""
    widest = max(width_of(notation.symbol(name)) for name in variables)
    return widest + width_of(f"[{units - 1}]") if units > 1 else 0


def _whole(arrays: Iterable[Any]) -> int:
    """The cells before the decimal point that the largest number takes, and a sign where any is negative."""
    widest = 1
    for array in arrays:
        finite = array[np.isfinite(array)] if np.ndim(array) else np.array([array])[np.isfinite([array])]
        if finite.size:
            low, high = float(finite.min()), float(finite.max())
            widest = max(widest, len(f"{high:.0f}"), len(f"{low:.0f}") + (-1 < low < 0 and f"{low:.0f}"[0] != "-"))
    return min(widest, MOST_WHOLE)


def _decimals(data: Any, notation: Notation) -> int:
    """The digits behind the point with which the data says all it has to say; at most as many as are shown."""
    sample = np.asarray(data).ravel()[:4096]
    for digits in range(notation.digits):
        if np.array_equal(np.round(sample, digits), sample):
            return max(digits, 1)
    return notation.digits


def _widest_bias(frame: Frame, names: Iterable[str], notation: Notation) -> int:
    """The cells of the widest number of some variables, with a letter and a space before it; none of no variable."""
    found = [_widest(frame[name], notation, PARAMETER) for name in names if name]
    return max(LEAST, *found) + 2 if found else 0


def _widest(values: Any, notation: Notation, most: int = 7) -> int:
    """The cells of the widest of some numbers, each on its own."""
    flat = np.asarray(values).ravel()[:400].tolist()
    return min(most, max(width_of(notation.number(value)) for value in flat)) if flat else 0
