"""The network pane: what an operation uses and writes, as units and weights of the diagram."""

from functools import cached_property
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.outline import Outlines
from backprop_tui.tui.drawing.diagram.picture import Edge, Node
from backprop_tui.tui.drawing.diagram.plan import natural_height
from backprop_tui.tui.panes.network.diagram_outline import outlines_of
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import Part, Places, Shown, places_of
from backprop_tui.tui.panes.pane import Lines, Pane
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.tui.panes.network.graph_pane import Graph

GRAPH_ROWS = 40  # that a graph is worth: as many as it can get


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
        self.show_below(_elsewhere(view, places, width - 2) or view.notation.text(view.moment.sample_shown))
        if places is None:
            return self.graph.build(view, width, height)
        self.drawing = self._drawn(view, places, width, height)
        return Lines(len(self.drawing.strips), self.drawing.strips.__getitem__)

    def _drawn(self, view: View, places: Places, width: int, height: int) -> Drawing:
        shown, sizes, styles = picture(view, places), outlines(view, places), view.styles.drawing
        return draw(shown, sizes, width, height, styles, view.notation.glyphs, self.drawing)

    def rehearse(self, view: View) -> None:
        if (places := _diagram(view)) is not None:
            for row in self._drawn(view, places, *self.inside).strips:
                self.written(row)

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
        if place.part in ("loss", "target"):
            return _from_loss(moment, places, selection, across, down)
        if place.part == "weights":
            rows, columns = moment.shapes[selection.name]
            row, column = selection.at
            return Address(selection.name, (_clamp(row + down, rows), _clamp(column + across, columns)))
        if place.column == places.last and across > 0:
            return Address(places.chain.loss)
        shown = Shown.of(moment, places, _clamp(place.column + across, places.last + 1))
        chips: list[Part] = ["values", "deltas"] if _has_deltas(moment, shown) else ["values"]
        if shown.bias:
            chips.insert(0, "bias")  # which is above the others
        units = moment.shapes[shown.values][-2]
        chip = chips.index(place.part if place.part in chips else "values")
        at = min(selection.at[-2], units - 1) * len(chips) + chip
        unit, chip = divmod(_clamp(at + down, units * len(chips)), len(chips))
        return _address(moment, shown.name(chips[chip]), unit, chips[chip])

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        places = _diagram(view)
        if places is None:
            return self.graph.address_at(view, x, y)
        moment, found = view.moment, self.drawing.at(x, y)
        if found is None:
            return None
        if isinstance(found, Node) and found.part == "loss":
            return Address(places.chain.loss)
        if isinstance(found, Node) and found.part == "target":
            return _address(moment, places.chain.target, found.unit)
        shown = Shown.of(moment, places, found.column)
        match found:
            case Node(_, unit, "values" | "deltas" | "bias" as part):
                return _address(moment, shown.name(part), unit, part)
            case Edge(_, unit, source):
                return Address(shown.weights, (unit, source))
        return None


def _diagram(view: View) -> Places | None:
    """The places of what is in the diagram; None where the graph is shown, because it is asked for or the program is
    not a chain of layers.
    """
    return None if view.graph else places_of(view.moment.program)


def _from_loss(moment: Moment, places: Places, selection: Address, across: int, down: int) -> Address:
    """What is selected after moving from the loss, right of the outputs, or from a target, which is below it."""
    chain = places.chain
    unit = selection.at[0] if selection.at else -1
    if across < 0:
        return _address(moment, Shown.of(moment, places, places.last).values, max(unit, 0))
    if not chain.target or across > 0 or unit + down < 0:
        return Address(chain.loss)
    return _address(moment, chain.target, min(unit + down, moment.shapes[chain.target][0] - 1))


def wanted_rows(view: View) -> int:
    """How many rows the picture is worth."""
    places = _diagram(view)
    return GRAPH_ROWS if places is None else natural_height(outlines(view, places))


def outlines(view: View, places: Places) -> Outlines:
    """What decides the geometry: nothing of the moment but its program without edits, and whether a mistaken run is
    shown beside it.
    """
    moment = view.moment
    program = moment.program.plain
    plain = places if moment.program is program else places_of(program) or places
    return outlines_of(program, moment.scenario, plain, view.notation, differs=moment.beside is not None)


def _address(moment: Moment, name: str, unit: int, part: Part = "values") -> Address:
    """The scalar that stands at a unit in the sample that is shown; all units may have one bias together."""
    shape = moment.shapes[name]
    if part == "bias":
        return Address(name, (min(unit, shape[0] - 1), 0))
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
