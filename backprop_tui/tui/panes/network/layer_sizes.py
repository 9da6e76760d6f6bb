"""How large the numbers of each layer of a deep network get, in the sample that is shown: its largest |·|, which is a
number that can be selected.
"""

import math
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.chain import Block
from backprop_tui.tui.drawing.diagram.picture import Address, Edge, LayerSize, Node
from backprop_tui.tui.panes.network.diagram_places import Place, Places, Shown
from backprop_tui.tui.shared.view import View


def layer_headings(view: View, places: Places) -> tuple[str, str, str]:
    """What the three columns of bars are."""
    notation, block = view.notation, places.chain.blocks[0]
    program = view.moment.program
    gradient = program.gradients.get(block.weights, "")
    symbols = (block.activation, program.gradients.get(block.weighted_sum, ""), gradient)
    names = [_without_number(notation.symbol(name)) for name in symbols]
    return f"max |{names[0]}|", f"max |{names[1]}|", f"max |{names[2]}|"


def _without_number(symbol: str) -> str:
    """What a symbol is in every layer: W₁ is W."""
    return symbol.translate(dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉0123456789")))


def layer_sizes(view: View, places: Places, lit_parts: dict[Place, Any]) -> tuple[LayerSize, ...]:
    """The sizes of all layers at a moment."""
    return tuple(_layer(view, places, column, block, lit_parts) for column, block in enumerate(places.chain.blocks, 1))


def _layer(view: View, places: Places, column: int, block: Block, lit_parts: dict[Place, Any]) -> LayerSize:
    moment, shown = view.moment, Shown.of(view.moment, places, column)
    parts = (Place(column, "values"), Place(column, "deltas"), Place(column, "weights"))
    written = moment.operation.name if moment.operation else ""
    now = [_column(moment, name, moment.value(name)) for name in shown.bars]
    whole = [_whole(moment, block.weighted_sum, block.activation), *(_whole(moment, name) for name in shown.bars[1:])]
    sizes = (_size(now[0]), _size(now[1]), _size(now[2]))
    is_quiz = moment.prediction is not None  # then nothing may tell what is to come, the length of a bar neither
    return LayerSize(
        label=view.notation.symbol(shown.values),
        now=sizes,
        whole=sizes if is_quiz else (whole[0], whole[1], whole[2]),
        lit=(bool(lit_parts.get(parts[0])), bool(lit_parts.get(parts[1])), bool(lit_parts.get(parts[2]))),
        fresh=shown.bars.index(written) if written in shown.bars else -1,
        addresses=(
            _unit(now[0], column, delta=False),
            _unit(now[1], column, delta=True),
            _weight(now[2], column),
        ),
    )


def _whole(moment: Moment, *names: str) -> float | None:
    """The largest finite size that these have in the iteration: a unit's bar shows its z before its h, on one scale."""
    operations = filter(None, map(moment.program.by_name.get, names))
    found = [_largest_of(_column(moment, operation.name, moment.frame[operation.key])) for operation in operations]
    return max(filter(math.isfinite, found), default=None)


def _column(moment: Moment, name: str, values: Any) -> Any:
    """The numbers of a variable that are shown: of one sample, where it has samples."""
    axis = None if values is None else moment.program.sample_axes.get(name)
    return values if axis is None else np.take(values, [moment.sample], axis)


def _size(values: Any) -> float | None:
    return None if values is None else _largest_of(values)


def _largest_of(values: Any) -> float:
    return float(np.abs(values).max())


def _largest(values: Any) -> tuple[int, ...]:
    """The place of the largest |·|: of the first that is not a number, where there is one."""
    return tuple(map(int, np.unravel_index(int(np.abs(values).argmax()), values.shape)))


def _unit(values: Any, column: int, *, delta: bool) -> Address | None:
    return None if values is None else Node(column, _largest(values)[-2], "deltas" if delta else "values")


def _weight(values: Any, column: int) -> Address | None:
    if values is None:
        return None
    unit, source = _largest(values)
    return Edge(column, unit, source)
