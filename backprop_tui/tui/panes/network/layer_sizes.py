"""How large the numbers of each layer of a deep network are: the mean of |·| over units and samples."""

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
    return f"mean |{names[0]}|", f"mean |{names[1]}|", f"mean |{names[2]}|"


def _without_number(symbol: str) -> str:
    """What a symbol is in every layer: W₁ is W."""
    return symbol.translate(dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉0123456789")))


def layer_sizes(view: View, places: Places, lit_parts: dict[Place, Any]) -> tuple[LayerSize, ...]:
    """The sizes of all layers at a moment."""
    return tuple(
        _layer(view.moment, places, column, block, lit_parts, view.notation.symbol(block.activation))
        for column, block in enumerate(places.chain.blocks, 1)
    )


def _layer(
    moment: Moment, places: Places, column: int, block: Block, lit_parts: dict[Place, Any], label: str
) -> LayerSize:
    gradients = moment.program.gradients
    names = (block.activation, gradients.get(block.weighted_sum, ""), gradients.get(block.weights, ""))
    shown = Shown.of(moment, places, column)
    now = (moment.value(shown.values), *(moment.value(name) if name else None for name in names[1:]))
    written = moment.operation.name if moment.operation else ""
    is_quiz = moment.prediction is not None  # then nothing may tell what is to come, the length of a bar neither
    parts = (Place(column, "values"), Place(column, "deltas"), Place(column, "weights"))
    place = places.of.get(written)
    sizes = (_mean(now[0]), _mean(now[1]), _mean(now[2]))
    return LayerSize(
        label=label,
        now=sizes,
        whole=sizes
        if is_quiz
        else (_mean_of(moment, names[0]), _mean_of(moment, names[1]), _mean_of(moment, names[2])),
        lit=(bool(lit_parts.get(parts[0])), bool(lit_parts.get(parts[1])), bool(lit_parts.get(parts[2]))),
        fresh=parts.index(place) if place in parts else -1,
        addresses=(
            _largest_unit(moment, now[0], column, delta=False),
            _largest_unit(moment, now[1], column, delta=True),
            _largest_weight(now[2], column),
        ),
    )


def _mean_of(moment: Moment, name: str) -> float | None:
    return _mean(moment.frame[moment.program.by_name[name].key]) if name in moment.program.by_name else None


def _mean(values: Any) -> float | None:
    return None if values is None else float(np.abs(values).mean())


def _largest_unit(moment: Moment, values: Any, column: int, *, delta: bool) -> Address | None:
    if values is None or values.ndim != 2:
        return None
    unit = int(np.abs(np.nan_to_num(values[:, moment.sample])).argmax())
    return Node(column, unit, "deltas" if delta else "values")


def _largest_weight(values: Any, column: int) -> Address | None:
    if values is None:
        return None
    unit, source = np.unravel_index(int(np.abs(np.nan_to_num(values)).argmax()), values.shape)
    return Edge(column, int(unit), int(source))
