"""Graphs to draw: of every network of the engine's tests, of every mistake, and of random programs."""

from collections.abc import Iterable
from functools import cache

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from backprop_tui.engine.mistakes.mistaken_program import Mistaken, possible
from backprop_tui.engine.program.operation import Operation, operations
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.derive import Derivation
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.formula.writing.symbols import Symbols
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import COLOURLESS
from backprop_tui.tui.drawing.glyphs import UNICODE, Glyphs
from backprop_tui.tui.drawing.graph.flow import Flow, flow
from backprop_tui.tui.drawing.graph.geometry import Wants
from backprop_tui.tui.drawing.graph.links import Link, links, named
from backprop_tui.tui.drawing.graph.painter import Painter, Text
from backprop_tui.tui.drawing.graph.places import Places
from backprop_tui.tui.drawing.graph.sheet import Sheet
from tests.engine.options import NETWORKS
from tests.engine.programs import RandomProgram, programs

VALUE = 8  # cells that the value of every node wants


class Graph:
    """The graph of operations, with the names of variables for their symbols."""

    def __init__(self, found: Iterable[Operation], of: Flow) -> None:
        self.operations = tuple(found)
        self.places = Places.arrange(of)
        self.links: tuple[Link, ...] = links(self.places)
        self.named = named(self.links)

    def names(self, key: str) -> list[str]:
        """What a node reads without a line."""
        return [*self.named.get(key, ()), *self.places.flow.nodes[key].settings]

    def sheet(self, width: int, height: int, glyphs: Glyphs = UNICODE) -> Sheet:
        """The graph laid out."""
        wants = {key: Wants(width_of(key), VALUE, self._names(key)) for key in self.places.of}
        return Sheet(self.places, self.links, wants, (width, height), glyphs)

    def _names(self, key: str) -> int:
        return sum(width_of(name) + 1 for name in self.names(key)) + bool(self.names(key))

    def painter(self, sheet: Sheet, index: int, *, values: bool = True) -> Painter:
        """A step of it; every value is a number of it in all the room that there is."""

        def text(key: str, symbol_room: int, room: int) -> Text:
            names = tuple((name, name) for name in self.names(key))
            return Text(key, str(index).rjust(room, "7")[:room] if values else "", names)

        current = next((o.key for o in self.operations if o.index == index), "")
        return Painter(sheet, COLOURLESS, index, current, text)


def of_program(program: Program) -> Graph:
    return Graph(program.operations, Flow.of(program))


def of_random(program: RandomProgram) -> Graph:
    """The graph of a random program and its backward half."""
    shapes = {name: np.shape(value) for name, value in program.values.items()}
    backward = Derivation(program.statements, "L", program.leaves, shapes).run()
    found = tuple(operations([*program.statements, *backward], {}, shapes, Symbols(shapes)))
    written = {operation.name for operation in found}
    numbers = {name for name, own in shapes.items() if own == () and name not in {*written, *program.leaves}}
    return Graph(found, flow(found, numbers))


PLAIN = Program.of(NETWORKS["sgd"])
MADE = {f"mistake {slip.mistake.name}": slip for slip in possible(PLAIN)}
NAMES = (*NETWORKS, *MADE)


@cache
def graph_of(name: str) -> Graph:
    """The graph of a network, or of one that has a mistake."""
    return of_program(Mistaken.of(PLAIN, MADE[name]).program if name in MADE else Program.of(NETWORKS[name]))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Graphs of random programs, of those that have gradients."""
    try:
        return of_random(draw(programs(most=12)))
    except ExpressionError:  # two Jacobians behind each other
        reject()
