"""How large the numbers of each layer of a deep network get, in the sample that is shown: its largest |·|, which is a
number that can be selected.
"""

import math
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.chain import Block
from backprop_tui.tui.drawing.diagram.picture import Address, Edge, LayerSize, Node
from backprop_tui.tui.panes.network.diagram_places import Part, Place, Places, Shown, asked
from backprop_tui.tui.shared.view import View

PARTS: tuple[Part, Part, Part] = ("values", "deltas", "weights")  # of a layer, one for each column of bars


def layer_symbols(view: View, places: Places) -> tuple[str, str, str]:
    """Of what the three columns of bars are the sizes, in every layer."""
    notation, block = view.notation, places.chain.blocks[0]
    gradients = view.moment.program.gradients
    names = (block.activation, gradients.get(block.weighted_sum, ""), gradients.get(block.weights, ""))
    first, second, third = (_without_number(notation.symbol(name)) for name in names)
    return first, second, third


def _without_number(symbol: str) -> str:
    """What a symbol is in every layer: W₁ is W."""
    return symbol.translate(dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉0123456789")))


def layer_sizes(view: View, places: Places, lit_parts: dict[Place, Any]) -> tuple[LayerSize, ...]:
    """The sizes of all layers at a moment."""
    return tuple(_layer(view, places, column, block, lit_parts) for column, block in enumerate(places.chain.blocks, 1))


def _layer(view: View, places: Places, column: int, block: Block, lit_parts: dict[Place, Any]) -> LayerSize:
    moment, shown = view.moment, Shown.of(view.moment, places, column)
    operation, gradients = moment.operation, moment.program.gradients
    written = operation.name if operation else ""
    used = {written, *operation.reads} if operation else set()
    lit = [
        name in used and bool(lit_parts.get(Place(column, part))) for name, part in zip(shown.bars, PARTS, strict=True)
    ]
    now = [_of_sample(moment, name, _reached(moment, name, moment.value(name))) for name in shown.bars]
    own = (block.activation, gradients.get(block.weighted_sum, ""), gradients.get(block.weights, ""))
    is_visited = shown.deltas != own[1] and (now[1] is not None or asked(moment, shown.deltas))
    whole, others = [_whole(moment, name) for name in own], [_other(moment, name) for name in shown.bars]
    return LayerSize(
        label=view.notation.symbol(shown.values),
        visitor=view.notation.symbol(shown.deltas) if is_visited else "",
        now=(_size(now[0]), _size(now[1]), _size(now[2])),
        whole=(whole[0], whole[1], whole[2]),
        others=(others[0], others[1], others[2]),
        lit=(lit[0], lit[1], lit[2]),
        fresh=shown.bars.index(written) if written in shown.bars else -1,
        addresses=(
            _unit(now[0], column, delta=False),
            _unit(now[1], column, delta=True),
            _weight(now[2], column),
        ),
    )


def _whole(moment: Moment, name: str) -> float | None:
    """How large a variable gets in the iteration; in a quiz, where nothing may tell what is to come, it is so far."""
    operation = moment.program.by_name.get(name)
    if operation is None:
        return None
    values = moment.frame[operation.key] if moment.veil is None else moment.value(name)
    size = _size(_of_sample(moment, name, values))
    return size if size is None or math.isfinite(size) else None


def _other(moment: Moment, name: str) -> float | None:
    """The size in the mistaken run, where that differs in the sample that is shown."""
    where = moment.side.differs(name) if moment.side else None
    if where is None or moment.side is None or not _of_sample(moment, name, where).any():
        return None
    return _size(_of_sample(moment, name, _reached(moment, name, moment.side.value(name))))


def _reached(moment: Moment, name: str, values: Any) -> Any:
    """The numbers of a variable, 0 for those that are not reached where the operation is stepped into."""
    operation, missing = moment.operation, moment.missing
    is_whole = operation is None or operation.name != name or missing is None or values is None
    return values if is_whole else np.where(missing, 0.0, values)  # type: ignore[arg-type]


def _of_sample(moment: Moment, name: str, values: Any) -> Any:
    """The numbers of the sample that is shown, where a variable has samples."""
    axis = None if values is None else moment.program.sample_axes.get(name)
    return values if axis is None else np.take(values, [moment.sample], axis)


def _size(values: Any) -> float | None:
    return None if values is None else float(np.abs(values).max())


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
