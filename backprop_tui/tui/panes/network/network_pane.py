"""The network pane: what an operation uses and writes, as units and weights of the diagram."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from textual.strip import Strip

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.outline import Outlines
from backprop_tui.tui.drawing.diagram.picture import Address as Drawn
from backprop_tui.tui.drawing.diagram.picture import Edge, Node
from backprop_tui.tui.drawing.diagram.plan import natural_height
from backprop_tui.tui.panes.kept import Kept
from backprop_tui.tui.panes.network.diagram_outline import outlines_of
from backprop_tui.tui.panes.network.diagram_picture import picture, selected_in
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
    def kept(self) -> Kept[Drawing]:
        """The diagrams of the steps around this one."""
        return Kept()

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
        def made() -> Drawing:
            shown, sizes, styles = picture(view, places), outlines(view, places), view.styles.drawing
            return draw(shown, sizes, width, height, styles, view.notation.glyphs, self.drawing)

        return self.kept.of(view, (width, height), made)

    def strips(self, view: View, width: int, height: int) -> Sequence[Strip]:
        places = _diagram(view)
        return () if places is None else self._drawn(view, places, width, height).strips

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
        if self.built is not None and self.built.moment.step != view.moment.step:  # a key was faster than the frame
            self.drawing = self._drawn(view, places, *self.inside)
        found = self.drawing.beside(selected_in(view.moment, places), across, down)
        return None if found is None else _scalar(view.moment, places, found)

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        places = _diagram(view)
        if places is None:
            return self.graph.address_at(view, x, y)
        found = self.drawing.at(x, y, selected_in(view.moment, places))
        return None if found is None else _scalar(view.moment, places, found)


def _diagram(view: View) -> Places | None:
    """The places of what is in the diagram; None where the graph is shown, because it is asked for or the program is
    not a chain of layers.
    """
    return None if view.graph else places_of(view.moment.program)


def wanted_rows(view: View) -> int:
    """How many rows the picture is worth."""
    places = _diagram(view)
    return GRAPH_ROWS if places is None else natural_height(outlines(view, places))


def outlines(view: View, places: Places) -> Outlines:
    """What decides the geometry: nothing of the moment but its program without edits, whether a mistaken run is shown
    beside it, and whether it is a quiz.
    """
    moment = view.moment
    program = moment.program.plain
    plain = places if moment.program is program else places_of(program) or places
    is_quiz = moment.veil is not None  # then nothing may tell what is to come, the length of a bar neither
    differs = moment.beside is not None
    return outlines_of(program, moment.scenario, plain, view.notation, differs=differs, told=not is_quiz)


def _address(moment: Moment, name: str, unit: int, part: Part = "values") -> Address:
    """The scalar that stands at a unit in the sample that is shown; all units may have one bias together."""
    shape = moment.shapes[name]
    if part == "bias":
        return Address(name, (min(unit, shape[0] - 1), 0))
    return Address(name, (unit, moment.sample) if len(shape) == 2 else (moment.sample, unit, unit))


def _scalar(moment: Moment, places: Places, found: Drawn) -> Address:
    """The scalar that stands at a place of the picture."""
    if isinstance(found, Node) and found.part == "loss":
        return Address(places.chain.loss)
    if isinstance(found, Node) and found.part == "target":
        return _address(moment, places.chain.target, found.unit)
    shown = Shown.of(moment, places, found.column)
    if isinstance(found, Edge):
        return Address(shown.weights, (found.unit, found.source))
    return _address(moment, shown.name(found.part), found.unit, found.part)


def _elsewhere(view: View, places: Places | None, room: int) -> str:
    """Where to see an operation whose result the neurons cannot show; in as many cells as there are."""
    operation = view.moment.operation
    if places is None or operation is None or operation.name in places.of:
        return ""
    symbol = view.notation.symbol(operation.name)
    texts = (f"V shows {symbol} in the graph of operations", f"V shows {symbol} in a graph", "V: graph")
    return next((text for text in texts if width_of(text) <= room), "")
