"""What is shown on the diagram is what is selected, by the mouse and by the arrows, at every step of every network."""

from itertools import product

import numpy as np
import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario, load
from backprop_tui.tui.drawing.diagram.diagram import draw
from backprop_tui.tui.drawing.diagram.picture import Edge, Node
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import places_of
from backprop_tui.tui.panes.network.network_pane import NetworkPane, outlines
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View
from tests.sampled import some
from tests.tui.harness import DATA, asynchronous, network, opened
from tests.tui.panes.drawn import STYLES

SIZE = (160, 40)
NETS = {
    "article": lambda: load("article"),
    "batch": lambda: network(3, 4, 2, batch=3),
    "deep": lambda: network(2, 3, 3, 1, batch=2),
    "softmax": lambda: load(str(DATA / "softmax.toml")),
    "norm": lambda: load(str(DATA / "norm-batch.toml")),
    "dropout": lambda: load(str(DATA / "dropout.toml")),
}


class Pointed:
    """The network pane of a scenario, without the application."""

    def __init__(self, scenario: Scenario) -> None:
        self.debugger = Debugger(scenario)
        self.notation = Notation(self.debugger.program.symbols)
        self.pane = NetworkPane("network")

    def view(self) -> View:
        """Draw the moment."""
        view = View(self.debugger.moment(), self.notation, STYLES)
        places = places_of(view.moment.program)
        assert places is not None
        self.pane.drawing = draw(
            picture(view, places), outlines(view, places), *SIZE, view.styles.drawing, self.notation.glyphs
        )
        return view

    def numbers(self) -> dict[Address, str]:
        """Every scalar that can be pointed at among the nodes, and the text there."""
        view, found = self.view(), {}
        for spot in self.pane.drawing.spots:
            if isinstance(spot.address, Node) and spot.width > 1:
                address = self.pane.address_at(view, spot.x, spot.y)
                assert address is not None
                found[address] = self.pane.drawing.strips[spot.y].text[spot.x : spot.x + spot.width]
        return found

    def marked(self) -> list[str]:
        """What is shown in reverse."""
        self.view()
        segments = (segment for strip in self.pane.drawing.strips for segment in strip)
        return [one.text.strip() for one in segments if one.style and one.style.reverse and one.text.strip()]

    def reached(self) -> set[Address]:
        """Every scalar that the arrows come to from the first input."""
        self.debugger.selection = None
        new, seen = [self.pane.move(self.view(), 0, 0)], set()
        while new:
            self.debugger.selection = at = new.pop()
            if at is not None and at not in seen:
                seen.add(at)
                view = self.view()
                new += [self.pane.move(view, *way) for way in ((0, 1), (0, -1), (1, 0), (-1, 0))]
        return seen


@pytest.mark.parametrize("name", some(NETS, 2))
def test_a_number_that_is_pointed_at_is_the_one_that_is_shown(name: str) -> None:
    s = Pointed(NETS[name]())
    for step in range(s.debugger.timeline.length + 1):
        s.debugger.seek(step)
        moment = s.debugger.moment()
        numbers = s.numbers()
        for address, text in numbers.items():
            value = moment.scalar(address)
            assert value is not None or address.name not in ("x", moment.operation.name if moment.operation else "")
            assert says(text, value), (step, address, text)
        assert s.reached() == set(numbers), step


def says(text: str, value: float | None) -> bool:
    """Whether a number is written, with as many digits as there was room for; or that it is not computed yet."""
    word = text.strip(" []").split()[-1].replace("−", "-")  # behind what it is called, or what it was
    return word == "·" if value is None else float(word) == pytest.approx(value, rel=0.05, abs=0.006)


@pytest.mark.parametrize("name", ["article", "batch"])
def test_what_is_selected_is_what_is_marked(name: str) -> None:
    s = Pointed(NETS[name]())
    for step, unit in product((1, 2, 8, 9, 11), (0, 1)):
        s.debugger.seek(step)
        for address in (a for a in s.numbers() if (*a.at, 0)[0] == unit):
            s.debugger.selection = address
            (marked,) = s.marked()
            assert says(marked, s.debugger.moment().scalar(address)), (step, address)


def test_a_number_in_whose_place_another_is_shown_is_not_marked() -> None:
    s = Pointed(load("article"))
    s.debugger.seek("z1")
    s.debugger.selection = Address("h1", (1, 0))
    assert s.marked() == []
    s.debugger.seek("h1")
    assert s.marked() == ["1.4000"]
    s.debugger.selection = Address("z1", (1, 0))
    assert s.marked() == []


def test_a_weight_whose_gradient_is_written_on_its_edge_is_pointed_at_as_that() -> None:
    s = Pointed(load("article"))
    for at, name in (("W2", "W2"), ("dL_dW2", "dL_dW2"), ("y_hat", "W2")):
        s.debugger.seek(at)
        s.debugger.selection = Address(name, (0, 1))
        view = s.view()
        spot = next(spot for spot in s.pane.drawing.spots if Edge(2, 0, 1).along(spot.address))
        assert s.pane.address_at(view, spot.x, spot.y) == Address(name, (0, 1))
        (marked,) = s.marked()
        assert says(marked, float(np.asarray(view.moment.value(name))[0, 1]))
    s.debugger.seek("dL_dW2")
    s.debugger.selection = Address("W2", (0, 1))
    assert s.marked() == []


@asynchronous
async def test_the_first_step_by_keys() -> None:
    async with opened(at="1:z1") as s:
        s.screen.focus_pane("network")
        await s.press("l", "l")
        assert s.debugger.selection == Address("z1", (0, 0))
        assert "z₁[0] = −0.05" in s.footer
        s.debugger.seek("delta1")
        await s.press("down")
        assert s.debugger.selection == Address("delta1", (0, 0))
        await s.press("down", "down")
        assert s.debugger.selection == Address("h1", (1, 0))  # b₁[1] is above it
        await s.press("down")
        assert s.debugger.selection == Address("delta1", (1, 0))
        assert s.marked("network") == ["0.7685"]


def test_a_layer_of_hundreds_is_pointed_at_by_its_strip() -> None:
    s = Pointed(network(3, 200, 1, batch=2))
    for at in ("z1", "h1", "dL_dh1", "dh1_dz1", "delta1"):
        s.debugger.seek(at)
        found = {address.at[0] for address in s.numbers() if address.name == at}
        assert len(found) > 5
        s.debugger.selection = Address(at, (117, 0))
        value = s.debugger.moment().scalar(s.debugger.selection)
        s.view()
        texts = [strip.text for strip in s.pane.drawing.strips]
        (row,) = [text for text in texts if "[117]" in text]
        assert says(row.partition("[117]")[2].split()[0], value)
