"""No pane reads a name to learn what it is: with other names, each shows the same, and the arrows go the same ways."""

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario, load
from backprop_tui.tui.panes.equation.equation import equation_rows
from backprop_tui.tui.panes.network.network_pane import NetworkPane
from backprop_tui.tui.panes.pane import Pane
from backprop_tui.tui.panes.tables.listing import ListingPane
from backprop_tui.tui.panes.tables.parameters import ParametersPane
from backprop_tui.tui.shared.bars import heading
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View
from tests.tui.harness import DATA
from tests.tui.panes.drawn import STYLES
from tests.tui.panes.other_names import in_other_names, other, renamed

SIZE, WIDE = (100, 30), (400, 30)
PANES: dict[str, type[Pane]] = {"network": NetworkPane, "parameters": ParametersPane, "program": ListingPane}
NETS = ("dropout", "softmax")  # the first with a norm, a batch and relu, the second with a matrix for each sample


@pytest.fixture(autouse=True)
def _without_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an operation means is said, and tested, outside the screen."""
    monkeypatch.setattr("backprop_tui.debugger.meaning.sentence.meaning", lambda *_: "")


class Shown:
    """What the panes show of a scenario, without the application."""

    def __init__(self, scenario: Scenario) -> None:
        self.debugger = Debugger(replace(scenario, notes=(), published=()))
        self.panes = {name: made(name) for name, made in PANES.items()}
        self.graph = NetworkPane("network")

    def view(self, *, graph: bool = False) -> View:
        notation = Notation(self.debugger.program.symbols, ascii=True)
        return View(self.debugger.moment(), notation, STYLES, graph=graph)

    def texts(self) -> dict[str, str]:
        """The text of each pane at this step."""
        found = {name: _text(pane, self.view()) for name, pane in self.panes.items()}
        if self.debugger.step % 4 == 0:  # it is made once, and a step only paints it
            found["graph"] = _text(self.graph, self.view(graph=True))
        rows = equation_rows(self.view(), *WIDE)  # a longer name takes more blanks around its number
        found["equation"] = "\n".join(" ".join("".join(text for text, _ in row).split()) for row in rows)
        found["heading"] = "".join(text for text, _ in heading(self.view(), SIZE[0]))
        return found

    def reached(self, pane: str, step: int, ways: Iterable[tuple[int, int]]) -> list[Address | None]:
        """What is selected after each arrow."""
        self.debugger.seek(step)
        self.debugger.selection, found = None, list[Address | None]()
        for way in ways:
            self.debugger.selection = self.panes[pane].move(self.view(), *way)
            found.append(self.debugger.selection)
        return found


def _text(pane: Pane, view: View) -> str:
    lines = pane.build(view, *SIZE)
    return "\n".join(lines.line(row).text for row in range(lines.count))


@pytest.mark.parametrize("name", NETS)
def test_every_pane_shows_the_same_under_other_names(name: str) -> None:
    scenario = load(str(DATA / f"{name}.toml"))
    usual, called_otherwise = Shown(scenario), Shown(renamed(scenario))
    program = usual.debugger.program
    variables = {*program.shapes}
    names = {"program": variables | {*program.stages}}  # whose headings are the stages
    for step in range(usual.debugger.timeline.length + 1):
        for one in (usual, called_otherwise):
            one.debugger.seek(step)
        expected = {pane: in_other_names(text, names.get(pane, variables)) for pane, text in usual.texts().items()}
        assert called_otherwise.texts() == expected, step


@pytest.mark.parametrize("name", NETS)
def test_the_arrows_go_the_same_ways_under_other_names(name: str) -> None:
    scenario = load(str(DATA / f"{name}.toml"))
    usual, called_otherwise = Shown(scenario), Shown(renamed(scenario))
    ways = ((1, 0), (1, 0), (0, 1), (-1, 0), (0, 1), (0, 1), (1, 0), (0, -1))
    for step in range(0, usual.debugger.timeline.length + 1, 3):
        for pane in ("network", "parameters"):
            expected, reached = (one.reached(pane, step, ways) for one in (usual, called_otherwise))
            assert reached == [at and Address(other(at.name), at.at) for at in expected], (step, pane)
