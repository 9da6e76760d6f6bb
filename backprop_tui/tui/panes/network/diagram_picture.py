"""The picture of a moment for the diagram: what stands at the units and on the weights of every layer."""

from typing import Any

import numpy as np

from backprop_tui.debugger.basics.labels import output_names
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.chain import Block
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.picture import Column, Edge, Node, Picture
from backprop_tui.tui.drawing.diagram.scene import WIDEST_NAME
from backprop_tui.tui.panes.network.diagram_places import Place, Places, Shown, direction, lit
from backprop_tui.tui.shared.view import View

GATED = "relu"  # the activation that gives exactly 0 where it switches a unit off


def picture(view: View, places: Places) -> Picture:
    """The diagram of a moment: operands of the current operation lit, what it wrote marked as fresh."""
    moment = view.moment
    lit_parts = lit(moment, places)
    return Picture(
        columns=[_column(view, places, column, lit_parts) for column in range(places.last + 1)],
        direction=direction(moment),
        selected=_selected(moment, places),
        digits=view.notation.digits,
        number=lambda value, digits: view.notation.with_digits(digits).number(value, fixed=True),
    )


def _column(view: View, places: Places, column: int, lit_parts: dict[Place, Any]) -> Column:
    moment, notation = view.moment, view.notation
    block, main = places.block(column), places.main(column)
    shown = Shown.of(moment, places, column)
    values, delta = (moment.shown(name) if name in moment.shapes else None for name in (shown.values, shown.deltas))
    written = places.of.get(moment.operation.name) if moment.operation else None
    off, dropped = _passing_nothing(moment, block, shown.values, values)
    units = int(moment.program.shapes[main][0])
    return Column(
        label=_labelled(view, main, shown.values),
        units=units,
        names=lambda unit: _unit_name(view, places, column, shown.values, unit),
        called=bool(_own_names(moment, places, column)),
        values=_sample(values, moment, shown.values),
        deltas=_sample(delta, moment, shown.deltas),
        unknown=_missing(moment, shown.values),
        unknown_deltas=_missing(moment, shown.deltas),
        delta_symbol=notation.symbol(shown.deltas),
        others=_others(moment, shown.values),
        other_deltas=_others(moment, shown.deltas) if delta is not None else None,
        off=_sample(off, moment),
        dropped=_sample(dropped, moment),
        can_be_off=block is not None and (block.function == GATED or bool(block.dropped)),
        weights=moment.value(block.weights) if block else None,
        weight_label=_labelled(view, block.weights, block.weights) if block else "",
        gradients=moment.value(shown.weights) if block and shown.weights != block.weights else None,
        lit=lit_parts.get(Place(column, "values")),
        lit_deltas=lit_parts.get(Place(column, "deltas")),
        lit_edges=lit_parts.get(Place(column, "weights")),
        fresh=written.part if written and written.column == column else None,
    )


def _labelled(view: View, label: str, name: str) -> str:
    """A label, with a mark where what is shown under it was edited, or is stale."""
    moment, notation = view.moment, view.notation
    symbol = notation.symbol(label)
    if not moment.timeline.edits:
        return symbol
    mark = "stale" if name in moment.stale else "edited" if name in moment.edited else ""
    return f"{symbol} {notation.mark(mark)}" if mark else symbol


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


def _unit_name(view: View, places: Places, column: int, name: str, unit: int) -> str:
    """`h[0]`, or what the scenario calls an input or an output; a single output needs no index.

    While z is shown in an output's place, its name takes the same room.
    """
    main, names = places.main(column), _own_names(view.moment, places, column)
    symbol, single = view.notation.symbol(name), view.moment.program.shapes[main][0] == 1
    own = symbol if name == places.chain.output and single else f"{symbol}[{unit}]"
    if not names:
        return own
    return names[unit] if name == main else own.ljust(min(WIDEST_NAME, max(map(width_of, names))))


def _own_names(moment: Moment, places: Places, column: int) -> tuple[str, ...]:
    """What the scenario calls the units of a column."""
    if column == 0:
        return moment.scenario.features
    return output_names(moment.scenario) if column == places.last else ()


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


def _selected(moment: Moment, places: Places) -> Node | Edge | None:
    """The unit or the weight that is selected, and whether a different number of it is shown there."""
    selection = moment.selection
    place = None if selection is None else places.of.get(selection.name)
    if selection is None or place is None:
        return None
    hidden = Shown.of(moment, places, place.column).name(place.part) != selection.name
    match selection.at:
        case (unit, column) if place.part == "weights":
            return Edge(place.column, unit, column, hidden=hidden)
        case (unit, sample) if sample == moment.sample:  # no other is in the picture
            return Node(place.column, unit, delta=place.part == "deltas", hidden=hidden)
        case (sample, unit, column) if sample == moment.sample and unit == column:
            return Node(place.column, unit, delta=True, hidden=hidden)
    return None
