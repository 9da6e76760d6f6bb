"""The network pane: what an operation uses and writes, as units and weights of the diagram."""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from msgspec import Struct

from backprop_tui.debugger.address import Address
from backprop_tui.debugger.moment import Moment
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.network import Drawing, draw
from backprop_tui.tui.drawing.picture import Column, Edge, Node, Picture
from backprop_tui.tui.panes.pane import Lines, Pane
from backprop_tui.tui.view import View

if TYPE_CHECKING:
    from backprop_tui.tui.panes.graph import Graph

SAMPLE = 0  # of a batch, the one that is shown

Part = Literal["values", "deltas", "weights"]
# a variable's name -> what it is in the diagram; the number in it is its layer
PARTS: tuple[tuple[re.Pattern[str], Part], ...] = (
    (re.compile(r"(?:[zh]|scaled|drop)(\d+)"), "values"),
    (re.compile(r"delta(\d+)|dL_d(?:h|scaled|drop)(\d+)|d(?:h\d+|y_hat)_d(?:z|scaled)(\d+)"), "deltas"),
    (re.compile(r"(?:dL_d)?W(\d+)"), "weights"),
)


class Place(Struct, frozen=True):
    """Where a variable is in the diagram: a column, counted from 0 for the input, and a part of it."""

    column: int
    part: Part


def place_of(name: str, layers: int) -> Place | None:
    """The place of a variable; None for what the diagram does not show."""
    fixed = {
        "x": Place(0, "values"),
        "y_hat": Place(layers, "values"),
        "dL_dy_hat": Place(layers, "deltas"),
        "dL_dx": Place(0, "deltas"),
    }
    if name in fixed:
        return fixed[name]
    for pattern, part in PARTS:
        if found := pattern.fullmatch(name):
            return Place(int(next(group for group in found.groups() if group)), part)
    return None


class NetworkPane(Pane):
    """The diagram, or the graph of operations. Of a batch the diagram shows one sample, and its title says so."""

    title = "Network"

    @cached_property
    def graph(self) -> "Graph":
        """The other picture, imported when it is asked for."""
        from backprop_tui.tui.panes.graph import Graph

        return Graph()

    def build(self, view: View, width: int, height: int) -> Lines:
        self.show_below(_elsewhere(view, width - 2))
        if view.graph:
            return self.graph.build(view, width, height)
        self.drawing: Drawing = draw(picture(view), width, height, view.styles.drawing, view.notation.glyphs)
        return Lines(len(self.drawing.strips), self.drawing.strips.__getitem__)

    def scroll_lines(self, count: int) -> None:
        if self.view is None or not self.view.graph:
            super().scroll_lines(count)
        else:
            self.graph.scroll(count)
            self.show(self.view)

    def page(self, view: View, halves: int) -> Address | None:
        if not view.graph:
            return super().page(view, halves)
        self.scroll_lines(halves * self.half)
        return view.moment.selection

    def move(self, view: View, across: int, down: int) -> Address | None:
        if view.graph:
            return self.graph.move(view, across, down)
        moment = view.moment
        layers = len(moment.program.network.layers)
        selection = moment.selection
        place = None if selection is None else place_of(selection.name, layers)
        if selection is None or place is None:
            return Address("x", (0, SAMPLE))
        if place.part == "weights":
            rows, columns = moment.program.shapes[selection.name]
            row, column = selection.at
            return Address(selection.name, (_clamp(row + down, rows), _clamp(column + across, columns)))
        column = _clamp(place.column + across, layers + 1)
        name = _node_name(column, layers) if across else selection.name
        shape = moment.program.shapes[name]
        unit = _clamp(selection.at[-2] + down, shape[-2])
        return Address(name, (unit, SAMPLE) if len(shape) == 2 else (SAMPLE, unit, unit))

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        if view.graph:
            return self.graph.address_at(view, x, y)
        layers = len(view.moment.program.network.layers)
        match self.drawing.at(x, y):
            case Node(column, unit, True):
                return Address(f"delta{column}" if column else "dL_dx", (unit, SAMPLE))
            case Node(column, unit):
                return Address(_node_name(column, layers), (unit, SAMPLE))
            case Edge(column, unit, source):
                return Address(f"W{column}", (unit, source))
        return None


def _elsewhere(view: View, room: int) -> str:
    """Where an operation is seen whose result the neurons cannot show; in as many cells as there are."""
    operation = view.moment.operation
    if view.graph or operation is None or place_of(operation.name, len(view.moment.program.network.layers)):
        return ""
    symbol = view.notation.symbol(operation.name)
    texts = (f"V shows {symbol} in the graph of operations", f"V shows {symbol} in a graph", "V: graph")
    return next((text for text in texts if width_of(text) <= room), "")


def _clamp(place: int, extent: int) -> int:
    return min(max(place, 0), extent - 1)


def _node_name(column: int, layers: int) -> str:
    return "x" if column == 0 else "y_hat" if column == layers else f"h{column}"


def picture(view: View) -> Picture:
    """The diagram of a moment: operands of the current operation lit, what it wrote marked as fresh."""
    moment = view.moment
    layers = len(moment.program.network.layers)
    used = _used(moment, layers)
    return Picture(
        columns=[_column(view, column, layers, used) for column in range(layers + 1)],
        direction=_direction(moment),
        selected=_selected(moment, layers),
        digits=view.notation.digits,
        number=lambda value, digits: view.notation.with_digits(digits).number(value, fixed=True),
    )


def _used(moment: Moment, layers: int) -> dict[Place, str]:
    """The places that the current operation reads or writes, with the variable."""
    operation = moment.operation
    if operation is None:
        return {}
    found = {place_of(name, layers): name for name in (*operation.reads, operation.name)}
    return {place: name for place, name in found.items() if place is not None}


def _direction(moment: Moment) -> Literal["forward", "backward"] | None:
    stage = moment.operation.stage if moment.operation else ""
    if stage in ("forward", "loss"):
        return "forward"
    return "backward" if stage.startswith(("delta", "gradients")) else None


def _column(view: View, column: int, layers: int, used: dict[Place, str]) -> Column:
    moment, notation = view.moment, view.notation
    network = moment.program.network
    activated = _node_name(column, layers)
    name = activated
    if column and moment.value(activated) is None and moment.value(f"z{column}") is not None:
        name = f"z{column}"  # what there is of it so far
    values = moment.value(name)
    if values is None and name == "x":
        values = moment.program.constants["x"]
    delta, delta_name = _delta(moment, column, used)
    written = moment.operation and place_of(moment.operation.name, layers)
    lit = {part: Place(column, part) in used for part in ("values", "deltas", "weights")}
    layer = network.layers[column - 1] if column else None
    can_be_off = layer is not None and (layer.activation == "relu" or layer.dropout > 0)
    units = int(moment.program.shapes[activated][0])
    gradient = moment.value(f"dL_dW{column}") if used.get(Place(column, "weights"), "").startswith("dL") else None
    return Column(
        label=notation.symbol(activated),
        units=units,
        names=lambda unit: _unit_name(view, name, unit, units),
        values=_sample(values),
        deltas=_sample(delta),
        delta_symbol=notation.symbol(delta_name),
        off=_sample(_off(moment, column, values)) if can_be_off and values is not None and name == activated else None,
        can_be_off=can_be_off,
        weights=moment.value(f"W{column}") if column else None,
        weight_label=notation.symbol(f"W{column}") if column else "",
        gradients=gradient,
        lit="all" if lit["values"] else None,
        lit_deltas="all" if lit["deltas"] else None,
        lit_edges="all" if lit["weights"] else None,
        fresh=written.part if written and written.column == column else None,
    )


def _off(moment: Moment, column: int, values: Any) -> Any:
    """Which units pass nothing on: those that a relu switched off, and those that dropout leaves out."""
    layer = moment.program.network.layers[column - 1]
    switched = values == 0 if layer.activation == "relu" else np.zeros(values.shape, dtype=bool)
    return switched | (moment.value(f"mask{column}") == 0) if layer.dropout else switched


def _unit_name(view: View, name: str, unit: int, units: int) -> str:
    """`h[0]`; a single output needs no index."""
    symbol = view.notation.symbol(name)
    return symbol if name == "y_hat" and units == 1 else f"{symbol}[{unit}]"


def _delta(moment: Moment, column: int, used: dict[Place, str]) -> tuple[Any, str]:
    """What the nodes show of the way back: what is in use there, otherwise δ once there is one."""
    using = used.get(Place(column, "deltas"), "")
    for name in (using, f"delta{column}", "dL_dx" if column == 0 else ""):
        if name and (value := moment.value(name) if name in moment.program.shapes else None) is not None:
            return value, name
    return None, f"delta{column}"


def _sample(values: Any) -> Any:
    """A number for each unit; of how each moves with all of them, how it moves with its own."""
    if values is None:
        return None
    return values[:, SAMPLE] if values.ndim == 2 else values[SAMPLE].diagonal()


def _selected(moment: Moment, layers: int) -> Node | Edge | None:
    selection = moment.selection
    place = None if selection is None else place_of(selection.name, layers)
    if selection is None or place is None:
        return None
    match selection.at:
        case (unit, column) if place.part == "weights":
            return Edge(place.column, unit, column)
        case (unit, sample) if sample == SAMPLE:  # no other is in the picture
            return Node(place.column, unit, delta=place.part == "deltas")
        case (sample, unit, column) if sample == SAMPLE and unit == column:
            return Node(place.column, unit, delta=True)
    return None
