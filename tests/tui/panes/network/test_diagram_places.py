"""What is shown on the diagram is what is selected, by the mouse and by the arrows, at every step of every network."""

from itertools import product

import numpy as np
import pytest
from msgspec.structs import replace

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.network.network import Network
from backprop_tui.scenario import Scenario, load
from backprop_tui.scenario.library import names
from backprop_tui.tui.drawing.diagram.diagram import draw
from backprop_tui.tui.drawing.diagram.picture import Edge
from backprop_tui.tui.drawing.figures import NEARLY
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import places_of
from backprop_tui.tui.panes.network.network_pane import NetworkPane, outlines
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View
from tests.sampled import crossed, drawn, some
from tests.tui.harness import DATA, asynchronous, network, opened
from tests.tui.panes.drawn import STYLES

SIZE = (160, 40)
NETS = {
    "article": lambda: load("article"),
    "batch": lambda: network(3, 4, 2, batch=3),
    "deep": lambda: network(2, 3, 3, 1, batch=2),
    "deeper": lambda: network(2, 3, 3, 3, 3, 2, batch=2),
    "strips": lambda: network(3, 50, 2, batch=2),
    "outputs": lambda: network(3, 2, 40, batch=2),
    "softmax": lambda: load(str(DATA / "softmax.toml")),
    "norm": lambda: load(str(DATA / "norm-batch.toml")),
    "dropout": lambda: load(str(DATA / "dropout.toml")),
}
# The thousands of weights of digits take minutes to walk; "strips" and "outputs" are drawn as its layers are.
LESSONS = [name for name in names() if name != "digits" and isinstance(load(name).network, Network)]
SIZES = [(58, 6), (76, 9), (76, 13), (96, 14), (118, 16), (160, 40)]  # of the pane's inside in terminals from 60x15 on
WAYS = ((0, 1), (0, -1), (1, 0), (-1, 0))


class Pointed:
    """The network pane of a scenario, without the application."""

    def __init__(self, scenario: Scenario, size: tuple[int, int] = SIZE) -> None:
        self.debugger = Debugger(scenario)
        self.notation = Notation(self.debugger.program.symbols)
        self.pane = NetworkPane("network")
        self.size = size

    def view(self) -> View:
        """Draw the moment."""
        view = View(self.debugger.moment(), self.notation, STYLES)
        places = places_of(view.moment.program)
        assert places is not None
        self.pane.drawing = draw(
            picture(view, places), outlines(view, places), *self.size, view.styles.drawing, self.notation.glyphs
        )
        return view

    def numbers(self) -> dict[Address, str]:
        """Every scalar whose number can be pointed at, and the text there."""
        view = self.view()
        found: dict[Address, str] = {}
        for spot in self.pane.drawing.spots:
            address = self.pane.address_at(view, spot.x, spot.y)
            assert address is not None
            text = self.pane.drawing.strips[spot.y].text[spot.x : spot.x + spot.width]
            found.setdefault(address, text.strip())  # behind the number is what it is called, where that is written
        return found

    def shades(self) -> set[Address]:
        """Every scalar that has a shade: pointing again at a cell goes through those that share it."""
        self.debugger.selection = None
        view, found = self.view(), set()
        for field in self.pane.drawing.fields:
            rows, columns = field.shape
            for y, x in product(range(field.height), range(field.width)):
                self.debugger.selection = None
                seen = set()
                while (at := self.pane.address_at(self.moved(view), field.x + x, field.y + y)) not in seen:
                    assert at is not None
                    seen.add(at)
                    self.debugger.selection = at
                found |= seen
                assert len(seen) < rows * columns or (field.height, field.width) == (1, 1) or rows * columns < 3
        return found

    def moved(self, view: View) -> View:
        """The same picture with what is selected now."""
        return replace(view, moment=self.debugger.moment())

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
                new += [self.pane.move(view, *way) for way in WAYS]
        return seen


def check(s: Pointed) -> None:
    """What can be pointed at now is the number that is written there, and the arrows come to all of it and no more."""
    moment = s.debugger.moment()
    s.debugger.selection = None
    numbers, shades = s.numbers(), s.shades()
    for address, text in numbers.items():
        value = moment.scalar(address)
        assert value is not None or address.name not in ("x", moment.operation.name if moment.operation else "")
        assert says(text, value, size=s.pane.drawing.plan is None and address.name != "L"), (address, text, value)
    assert s.reached() == {*numbers} | shades


@pytest.mark.parametrize("name", some(NETS, 2))
def test_a_number_that_is_pointed_at_is_the_one_that_is_shown(name: str) -> None:
    s = Pointed(NETS[name]())
    for step in range(s.debugger.timeline.length + 1):
        s.debugger.seek(step)
        check(s)


@pytest.mark.parametrize(("name", "size"), crossed(3, LESSONS, SIZES, most=40))
def test_it_is_so_in_every_lesson_and_size(name: str, size: tuple[int, int]) -> None:
    s = Pointed(load(name), size)
    for step in drawn(range(s.debugger.timeline.length + 1), 3):
        s.debugger.seek(step)
        check(s)


def says(text: str, value: float | None, *, size: bool = False) -> bool:
    """Whether a number is written, or its size, with as many digits as there was room for; that it is not computed yet;
    or by its name that it is 1.
    """
    word = (
        text.strip(" []").replace("→", " ").split()[-1].replace("−", "-").replace("≈", "")
    )  # behind what it is called, or what it was
    if value is None or word == "·":
        return word == "·" and value is None
    if text.startswith("y ") and value == 1.0:  # or the class that it is
        return True
    if word == "…":  # there is no room for any of its digits
        return True
    mantissa, _, power = word.partition("e")
    rounding = 0.51 * 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
    return abs(float(word) - (abs(value) if size else value)) <= max(rounding, NEARLY if "≈" in text else 0.0)


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
        assert s.debugger.selection is not None
        assert s.debugger.selection.name == "W1"  # whose numbers are written while they are in use
        await s.press("l")
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
        assert {address.at[0] for address in s.shades() if address.name == at} == {*range(200)}
        s.debugger.selection = Address(at, (117, 0))
        value = s.debugger.moment().scalar(s.debugger.selection)
        s.view()
        texts = [strip.text for strip in s.pane.drawing.strips]
        (row,) = [text for text in texts if "[117]" in text]
        assert says(row.partition("[117]")[2].split()[0], value)
