"""The graph of operations as the pane shows it, without the application."""

from typing import Any

from msgspec.structs import replace
from textual.theme import BUILTIN_THEMES

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario
from backprop_tui.tui.panes.network.graph_pane import Graph
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import styles
from backprop_tui.tui.shared.view import View

STYLES = styles(BUILTIN_THEMES["textual-dark"])


class Drawn:
    """A graph of a pane's size, without the application."""

    def __init__(self, scenario: Scenario, width: int, height: int, *, ascii_only: bool = False) -> None:
        self.debugger = Debugger(scenario)
        self.notation = Notation(self.debugger.program.symbols, ascii=ascii_only)
        self.size = width, height
        self.graph = Graph()

    def lines(self, graph: Graph | None = None, **changes: Any) -> list[str]:
        """The pane's lines now, of a moment with changes."""
        view = View(replace(self.debugger.moment(), **changes), self.notation, STYLES, graph=True)
        found = (graph or self.graph).build(view, *self.size)
        return [found.line(row).text for row in range(found.count)]

    def seen(self) -> set[str]:
        """The keys and the names of what is seen whole."""
        spots = [spot for _, row in self.graph.rows for spot in row if spot.x + spot.width <= self.size[0]]
        return {spot.key for spot in spots} | {spot.name for spot in spots}
