"""The network pane: what an operation uses and writes, as units and weights of the diagram."""

from functools import cached_property
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.picture import Edge, Node
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import Part, Places, Shown, places_of
from backprop_tui.tui.panes.pane import Lines, Pane
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.tui.panes.network.graph_pane import Graph


class NetworkPane(Pane):
    """The diagram, which shows one sample of a batch, or the graph of operations."""

    title = "Network"
    drawing = Drawing([], ())

    @cached_property
    def graph(self) -> "Graph":
        """The other picture, imported when it is asked for."""
        from backprop_tui.tui.panes.network.graph_pane import Graph

        return Graph()

    def build(self, view: View, width: int, height: int) -> Lines:
        places = _diagram(view)
        self.show_below(_elsewhere(view, places, width - 2))
        if places is None:
            return self.graph.build(view, width, height)
        self.drawing = draw(picture(view, places), width, height, view.styles.drawing, view.notation.glyphs)
        return Lines(len(self.drawing.strips), self.drawing.strips.__getitem__)

    def scroll_lines(self, count: int) -> None:
        if self.view is None or _diagram(self.view):
            super().scroll_lines(count)
        else:
            self.graph.scroll(count)
            self.show(self.view)

    def page(self, view: View, halves: int) -> Address | None:
        if _diagram(view):
            return super().page(view, halves)
        self.scroll_lines(halves * self.half)
        return view.moment.selection

    def move(self, view: View, across: int, down: int) -> Address | None:
        places = _diagram(view)
        if places is None:
            return self.graph.move(view, across, down)
        moment = view.moment
        selection = moment.selection
        place = None if selection is None else places.of.get(selection.name)
        if selection is None or place is None:
            return Address(places.chain.input, (0, moment.sample))
        if place.part == "weights":
            rows, columns = moment.shapes[selection.name]
            row, column = selection.at
            return Address(selection.name, (_clamp(row + down, rows), _clamp(column + across, columns)))
        shown = Shown.of(moment, places, _clamp(place.column + across, places.last + 1))
        chips: tuple[Part, ...] = ("values", "deltas") if _has_deltas(moment, shown) else ("values",)
        units = moment.shapes[shown.values][-2]
        chip = chips.index(place.part) if place.part in chips else 0
        at = min(selection.at[-2], units - 1) * len(chips) + chip
        unit, chip = divmod(_clamp(at + down, units * len(chips)), len(chips))
        return _address(moment, shown.name(chips[chip]), unit)

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        places = _diagram(view)
        if places is None:
            return self.graph.address_at(view, x, y)
        moment, found = view.moment, self.drawing.at(x, y)
        if found is None:
            return None
        shown = Shown.of(moment, places, found.column)
        match found:
            case Node(_, unit, delta):
                return _address(moment, shown.deltas if delta else shown.values, unit)
            case Edge(_, unit, source):
                return Address(shown.weights, (unit, source))


def _diagram(view: View) -> Places | None:
    """The places of what is in the diagram; None where the graph is shown, because it is asked for or the program is
    not a chain of layers.
    """
    return None if view.graph else places_of(view.moment.program)


def _address(moment: Moment, name: str, unit: int) -> Address:
    """The scalar that stands at a unit in the sample that is shown."""
    shape = moment.shapes[name]
    return Address(name, (unit, moment.sample) if len(shape) == 2 else (moment.sample, unit, unit))


def _has_deltas(moment: Moment, shown: Shown) -> bool:
    """Whether there is a number under the nodes."""
    return shown.deltas in moment.shapes and moment.value(shown.deltas) is not None


def _elsewhere(view: View, places: Places | None, room: int) -> str:
    """Where to see an operation whose result the neurons cannot show; in as many cells as there are."""
    operation = view.moment.operation
    if places is None or operation is None or operation.name in places.of:
        return ""
    symbol = view.notation.symbol(operation.name)
    texts = (f"V shows {symbol} in the graph of operations", f"V shows {symbol} in a graph", "V: graph")
    return next((text for text in texts if width_of(text) <= room), "")


def _clamp(place: int, extent: int) -> int:
    return min(max(place, 0), extent - 1)
