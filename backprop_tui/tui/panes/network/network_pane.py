"""The network pane: what an operation uses and writes, as units and weights of the diagram."""

import itertools
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from msgspec import Struct

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.labels import output_names
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.statements.gradient_names import GRADIENT
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.reach import Region, reads
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.picture import Column, Edge, Node, Picture
from backprop_tui.tui.drawing.diagram.scene import WIDEST_NAME
from backprop_tui.tui.panes.pane import Lines, Pane
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.tui.panes.network.graph_pane import Graph

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


class Shown(Struct, frozen=True):
    """The variables whose numbers stand in a column: at its nodes, under them, and on the edges that enter it."""

    values: str
    deltas: str
    weights: str

    @classmethod
    def of(cls, moment: Moment, column: int, used: dict[Place, str]) -> "Shown":
        """Those of a moment whose operation uses these places."""
        using = used.get(Place(column, "weights"), "")
        return cls(
            _value_name(moment, column, used),
            _delta_name(moment, column, used),
            using if using.startswith(GRADIENT) and moment.value(using) is not None else f"W{column}",
        )

    def name(self, part: Part) -> str:
        """The variable of a part of the column."""
        return {"values": self.values, "deltas": self.deltas, "weights": self.weights}[part]


class NetworkPane(Pane):
    """The diagram, or the graph of operations. Of a batch the diagram shows one sample."""

    title = "Network"
    drawing = Drawing([], ())

    @cached_property
    def graph(self) -> "Graph":
        """The other picture, imported when it is asked for."""
        from backprop_tui.tui.panes.network.graph_pane import Graph

        return Graph()

    def build(self, view: View, width: int, height: int) -> Lines:
        self.show_below(_elsewhere(view, width - 2))
        if view.graph:
            return self.graph.build(view, width, height)
        self.drawing = draw(picture(view), width, height, view.styles.drawing, view.notation.glyphs)
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
            return Address("x", (0, moment.sample))
        if place.part == "weights":
            rows, columns = moment.shapes[selection.name]
            row, column = selection.at
            return Address(selection.name, (_clamp(row + down, rows), _clamp(column + across, columns)))
        column = _clamp(place.column + across, layers + 1)
        shown = Shown.of(moment, column, _used(moment, layers))
        chips: tuple[Part, ...] = ("values", "deltas") if _has_deltas(moment, shown) else ("values",)
        units = moment.shapes[shown.values][-2]
        chip = chips.index(place.part) if place.part in chips else 0
        at = min(selection.at[-2], units - 1) * len(chips) + chip
        unit, chip = divmod(_clamp(at + down, units * len(chips)), len(chips))
        return _address(moment, shown.name(chips[chip]), unit)

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        if view.graph:
            return self.graph.address_at(view, x, y)
        moment, found = view.moment, self.drawing.at(x, y)
        if found is None:
            return None
        shown = Shown.of(moment, found.column, _used(moment, len(moment.program.network.layers)))
        match found:
            case Node(_, unit, delta):
                return _address(moment, shown.deltas if delta else shown.values, unit)
            case Edge(_, unit, source):
                return Address(shown.weights, (unit, source))


def _address(moment: Moment, name: str, unit: int) -> Address:
    """The scalar that stands at a unit in the sample that is shown."""
    shape = moment.shapes[name]
    return Address(name, (unit, moment.sample) if len(shape) == 2 else (moment.sample, unit, unit))


def _has_deltas(moment: Moment, shown: Shown) -> bool:
    """Whether there is a number under the nodes."""
    return shown.deltas in moment.shapes and moment.value(shown.deltas) is not None


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
    used, lit = _used(moment, layers), _lit(moment, layers)
    return Picture(
        columns=[_column(view, column, layers, used, lit) for column in range(layers + 1)],
        direction=_direction(moment),
        selected=_selected(moment, layers, used),
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


def _lit(moment: Moment, layers: int) -> dict[Place, Any]:
    """The lit units and weights by place: all that the operation uses, or those of the element stepped into."""
    operation, at = moment.operation, moment.place
    if operation is None or at is None:
        return dict.fromkeys(_used(moment, layers), "all")
    found: dict[Place, Any] = {}
    for name, region in (*reads(operation.tree, at, moment.shapes), (operation.name, at)):
        place = place_of(name, layers)
        if place is None:
            continue
        units = _pairs(region, moment.shapes[name]) if place.part == "weights" else _units(region, moment.sample)
        if units:
            before = found.get(place, frozenset())
            found[place] = "all" if "all" in (units, before) else before | units
    return found


def _pairs(region: Region, own: Shape) -> Any:
    """The weights of a region."""
    if region == (None, None):
        return "all"
    rows, columns = (range(n) if at is None else (at,) for at, n in zip(region, own, strict=True))
    return frozenset(itertools.product(rows, columns))


def _units(region: Region, sample: int) -> Any:
    """The units of a region in the sample that is shown; of a sample's matrix those of its row and its column."""
    *units, of = region if len(region) < 3 else (*region[1:], region[0])
    if of not in (None, sample):
        return None
    return "all" if None in units else frozenset(units)


def _direction(moment: Moment) -> Literal["forward", "backward"] | None:
    stage = moment.operation.stage if moment.operation else ""
    if stage in ("forward", "loss"):
        return "forward"
    return "backward" if stage.startswith(("delta", "gradients")) else None


def _column(view: View, column: int, layers: int, used: dict[Place, str], lit: dict[Place, Any]) -> Column:
    moment, notation = view.moment, view.notation
    network = moment.program.network
    activated = _node_name(column, layers)
    shown = Shown.of(moment, column, used)
    name, delta_name = shown.values, shown.deltas
    values = moment.value(name)
    delta = moment.value(delta_name) if delta_name in moment.shapes else None
    written = moment.operation and place_of(moment.operation.name, layers)
    layer = network.layers[column - 1] if column else None
    can_be_off = layer is not None and (layer.activation == "relu" or layer.dropout > 0)
    off, dropped = (None, None) if values is None else _passing_nothing(moment, column, name, values)
    units = int(moment.program.shapes[activated][0])
    return Column(
        label=_labelled(view, activated, name),
        units=units,
        names=lambda unit: _unit_name(view, name, activated, unit, units),
        called=bool(_own_names(moment, activated)),
        values=_sample(values, moment, name),
        deltas=_sample(delta, moment, delta_name),
        unknown=_missing(moment, name),
        unknown_deltas=_missing(moment, delta_name),
        delta_symbol=notation.symbol(delta_name),
        others=_others(moment, name),
        other_deltas=_others(moment, delta_name) if delta is not None else None,
        off=_sample(off, moment),
        dropped=_sample(dropped, moment),
        can_be_off=can_be_off,
        weights=moment.value(f"W{column}") if column else None,
        weight_label=_labelled(view, f"W{column}", f"W{column}") if column else "",
        gradients=moment.value(shown.weights) if shown.weights.startswith(GRADIENT) else None,
        lit=lit.get(Place(column, "values")),
        lit_deltas=lit.get(Place(column, "deltas")),
        lit_edges=lit.get(Place(column, "weights")),
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


def _value_name(moment: Moment, column: int, used: dict[Place, str]) -> str:
    """What the nodes show of the way forward: z, then what the activation gives of it; and on that way what a norm or
    dropout makes of them, while it is in use.
    """
    activated = _node_name(column, len(moment.program.network.layers))
    using = used.get(Place(column, "values"), "") if _direction(moment) == "forward" else ""
    found = [*([using] if using.startswith(("scaled", "drop")) else []), activated, f"z{column}"]
    return next((name for name in found if column and moment.value(name) is not None), activated)


def _passing_nothing(moment: Moment, column: int, name: str, values: Any) -> tuple[Any, Any]:
    """Which units a relu has switched off, and which dropout leaves out; None where nothing can."""
    layer = moment.program.network.layers[column - 1] if column else None
    activated = _node_name(column, len(moment.program.network.layers))
    if layer is None or name not in (activated, f"drop{column}"):
        return None, None
    off = values == 0 if layer.activation == "relu" and name == activated else None
    return off, moment.value(f"mask{column}") == 0 if layer.dropout else None


def _unit_name(view: View, name: str, activated: str, unit: int, units: int) -> str:
    """`h[0]`, or what the scenario calls an input or an output; a single output needs no index.

    While z is shown in an output's place, its name takes the same room.
    """
    symbol, names = view.notation.symbol(name), _own_names(view.moment, activated)
    own = symbol if name == "y_hat" and units == 1 else f"{symbol}[{unit}]"
    if not names:
        return own
    return names[unit] if name == activated else own.ljust(min(WIDEST_NAME, max(map(width_of, names))))


def _own_names(moment: Moment, activated: str) -> tuple[str, ...]:
    """What the scenario calls the units of a column."""
    scenario = moment.scenario
    return {"x": scenario.features, "y_hat": output_names(scenario)}.get(activated, ())


def _delta_name(moment: Moment, column: int, used: dict[Place, str]) -> str:
    """What the nodes show of the way back: what is in use there, otherwise δ, which may not be computed yet."""
    found = (used.get(Place(column, "deltas"), ""), f"delta{column}", "dL_dx" if column == 0 else "")
    there = (name for name in found if name in moment.program.shapes and moment.value(name) is not None)
    return next(there, f"delta{column}")


def _sample(values: Any, moment: Moment, name: str = "") -> Any:
    """A number for each unit in the sample that is shown; of how each moves with all units, how it moves with its own.
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


def _selected(moment: Moment, layers: int, used: dict[Place, str]) -> Node | Edge | None:
    """The unit or the weight that is selected; where another of its numbers is shown, as one that is not."""
    selection = moment.selection
    place = None if selection is None else place_of(selection.name, layers)
    if selection is None or place is None:
        return None
    hidden = Shown.of(moment, place.column, used).name(place.part) != selection.name
    match selection.at:
        case (unit, column) if place.part == "weights":
            return Edge(place.column, unit, column, hidden=hidden)
        case (unit, sample) if sample == moment.sample:  # no other is in the picture
            return Node(place.column, unit, delta=place.part == "deltas", hidden=hidden)
        case (sample, unit, column) if sample == moment.sample and unit == column:
            return Node(place.column, unit, delta=True, hidden=hidden)
    return None
