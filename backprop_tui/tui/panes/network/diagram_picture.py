"""The picture of a moment for the diagram: what stands at the units and on the weights of every layer."""

from typing import Any, Literal

import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.chain import Block
from backprop_tui.engine.statements.variable import Role
from backprop_tui.tui.drawing.diagram.outline import DEEP
from backprop_tui.tui.drawing.diagram.picture import Column, Edge, Loss, Node, Picture
from backprop_tui.tui.panes.network.diagram_outline import GATED
from backprop_tui.tui.panes.network.diagram_places import Place, Places, Shown, asked, direction, lit
from backprop_tui.tui.panes.network.layer_sizes import layer_sizes, layer_symbols
from backprop_tui.tui.shared.view import View


def picture(view: View, places: Places) -> Picture:
    """The diagram of a moment: operands of the current operation lit, what it wrote marked as fresh."""
    moment = view.moment
    lit_parts = lit(moment, places)
    return Picture(
        columns=[_column(view, places, column, lit_parts) for column in range(places.last + 1)],
        loss=_loss(view, places, lit_parts),
        layers=layer_sizes(view, places, lit_parts) if places.last > DEEP else (),
        layer_symbols=layer_symbols(view, places),
        direction=direction(moment),
        selected=selected_in(moment, places, hides=True),
        number=lambda value, digits: view.notation.with_digits(digits).number(value, fixed=True),
    )


def _column(view: View, places: Places, column: int, lit_parts: dict[Place, Any]) -> Column:
    moment, notation = view.moment, view.notation
    block = places.block(column)
    shown = Shown.of(moment, places, column)
    values, delta = (moment.shown(name) if name in moment.shapes else None for name in (shown.values, shown.deltas))
    off, dropped = _passing_nothing(moment, block, shown.values, values)
    fresh = _fresh(places.of.get(moment.operation.name) if moment.operation else None, column)
    is_gradient = block is not None and shown.weights != block.weights
    return Column(
        label=_labelled(view, shown.values),
        values=_sample(values, moment, shown.values),
        deltas=_sample(delta, moment, shown.deltas),
        unknown=_missing(moment, shown.values),
        unknown_deltas=_missing(moment, shown.deltas),
        delta_label=notation.symbol(shown.deltas) if delta is not None or asked(moment, shown.deltas) else "",
        others=_others(moment, shown.values),
        other_deltas=_others(moment, shown.deltas) if delta is not None else None,
        off=_sample(off, moment),
        dropped=_sample(dropped, moment),
        weights=moment.value(block.weights) if block else None,
        weights_before=_before(moment, block.weights) if block else None,
        weight_label=_labelled(view, shown.weights) if block else "",
        gradients=moment.value(shown.weights) if is_gradient else None,
        biases=_flat(moment.value(shown.bias)) if block and block.bias else None,
        biases_before=_flat(_before(moment, block.bias)) if block and block.bias else None,
        bias_label="b" if block is None or shown.bias == block.bias else "∂",
        lit=lit_parts.get(Place(column, "values")),
        lit_deltas=lit_parts.get(Place(column, "deltas")),
        lit_edges=lit_parts.get(Place(column, "weights")),
        lit_bias=lit_parts.get(Place(column, "bias")),
        fresh=fresh,
        asked=fresh if moment.asks else None,
    )


def _fresh(written: Place | None, column: int) -> Literal["values", "deltas", "weights", "bias"] | None:
    """Which part of a column the operation has written."""
    if written is None or written.column != column:
        return None
    match written.part:
        case "values" | "deltas" | "weights" | "bias" as part:
            return part
    return None


def _loss(view: View, places: Places, lit_parts: dict[Place, Any]) -> Loss:
    moment, chain, column = view.moment, places.chain, places.last + 1
    value, targets = moment.value(chain.loss), moment.shown(chain.target) if chain.target else None
    differs = moment.side is not None and moment.side.differs(chain.loss) is not None
    return Loss(
        label=_labelled(view, chain.loss),
        value=None if value is None else float(value) + 0.0,
        other=float(moment.side.value(chain.loss)) if moment.side and differs and value is not None else None,
        targets=_sample(targets, moment),
        target_label=view.notation.symbol(chain.target) if chain.target else "",
        lit=Place(column, "loss") in lit_parts,
        lit_targets=lit_parts.get(Place(column, "target")),
        fresh=moment.operation is not None and moment.operation.name == chain.loss,
        asked=asked(moment, chain.loss),
    )


def _labelled(view: View, name: str) -> str:
    """A label, with a mark where what is shown under it was edited, or is stale."""
    moment, notation = view.moment, view.notation
    symbol = notation.symbol(name)
    if not moment.timeline.edits:
        return symbol
    mark = "stale" if name in moment.stale else "edited" if name in moment.edited else ""
    return f"{symbol} {notation.mark(mark)}" if mark else symbol


def _before(moment: Moment, name: str) -> Any:
    """What a parameter was before the operation that has just given it its next value; None in any other operation."""
    operation = moment.operation
    if operation is None or operation.name != name or operation.variable.role is not Role.PARAMETER:
        return None
    key = moment.program.key(name, operation.index - 1)
    return None if key is None else moment.frame[key]


def _flat(values: Any) -> Any:
    return None if values is None else values.reshape(-1)


def _others(moment: Moment, name: str) -> Any:
    """What a variable is in the mistaken run, of the sample that is shown; NaN where it is the same."""
    where = moment.side.differs(name) if moment.side else None
    if where is None or moment.side is None:
        return None
    return _sample(np.where(where, moment.side.value(name), np.nan), moment)


def _passing_nothing(moment: Moment, block: Block | None, name: str, values: Any) -> tuple[Any, Any]:
    """Which units the activation has switched off, and which dropout leaves out; None where nothing can."""
    if block is None or values is None or name not in (block.activation, block.dropped):
        return None, None
    off = values == 0 if block.function == GATED and name == block.activation else None
    return off, moment.value(block.mask) == 0 if block.mask else None


def _sample(values: Any, moment: Moment, name: str = "") -> Any:
    """A number for each unit in the sample that is shown; where each moves with all units, how it moves with its own.
    What is not reached yet is 0, so that it draws no attention.
    """
    if values is None:
        return None
    column, missing = _of_units(values, moment), _missing(moment, name)
    return column if missing is None else np.where(missing, 0.0, column)


def _of_units(values: Any, moment: Moment) -> Any:
    sample = moment.sample
    return values[:, sample] if values.ndim == 2 else values[sample].diagonal()


def _missing(moment: Moment, name: str) -> Any:
    """Which units of the sample that is shown are not reached yet, where the operation is stepped into."""
    if moment.missing is None or moment.operation is None or moment.operation.name != name:
        return None
    return _of_units(moment.missing, moment)


def selected_in(moment: Moment, places: Places, *, hides: bool = False) -> Node | Edge | None:
    """The unit or the weight that is selected; if asked for, with whether a different number of it is shown there."""
    selection = moment.selection
    place = None if selection is None else places.of.get(selection.name)
    if selection is None or place is None:
        return None
    if place.part == "loss":
        return Node(place.column, 0, "loss")
    if place.part == "target":
        row, of = selection.at
        return Node(place.column, row, "target") if of == moment.sample else None
    hidden = hides and Shown.of(moment, places, place.column).name(place.part) != selection.name
    match selection.at:
        case (unit, column) if place.part == "weights":
            return Edge(place.column, unit, column, hidden=hidden)
        case (unit, _) if place.part == "bias":
            return Node(place.column, unit, "bias", hidden=hidden)
        case (unit, sample) if sample == moment.sample:  # no other is in the picture
            return Node(place.column, unit, "deltas" if place.part == "deltas" else "values", hidden=hidden)
        case (sample, unit, column) if sample == moment.sample and unit == column:
            return Node(place.column, unit, "deltas", hidden=hidden)
    return None
