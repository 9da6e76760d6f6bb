"""What is written at the nodes of a graph."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from backprop_tui.debugger.basics.address import Address
from backprop_tui.formula.values.element import Shape
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.glyphs import ASKED
from backprop_tui.tui.drawing.graph.flow import Flow, Node
from backprop_tui.tui.drawing.graph.geometry import Wants
from backprop_tui.tui.drawing.graph.painter import Text
from backprop_tui.tui.drawing.graph.places import Places
from backprop_tui.tui.panes.equation.mistaken_lines import telling
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.whatif.comparison import Divergence

WIDEST = 36  # cells of a value
CORNERS = (24, 8, 6, 4, 2)  # how many elements are written of a larger array


class Texts(Struct, frozen=True, eq=False, dict=True):
    """How a moment is written in a graph. `chosen` is the selected node."""

    view: View
    flow: Flow
    named: dict[str, tuple[str, ...]]
    """By reader, what it names in place of a line."""
    chosen: str = ""

    @cached_property
    def notation(self) -> Notation:
        """Digits and characters."""
        return self.view.notation

    def symbol(self, key: str) -> str:
        """The symbol of a node's variable; for a folded block its name."""
        node = self.flow.nodes[key]
        if node.block:
            return f"{self.notation.mark('folded')} {node.block}"
        return self.notation.symbol(node.name)

    def of_block(self, key: str, room: int) -> str:
        """What others read of a folded block, and of how many operations it is; as much of it as there is room for."""
        node = self.flow.nodes[key]
        count = f"{len(node.members)} operation{'s' if len(node.members) > 1 else ''}"
        leaving = f"{self.notation.mark('to')} {', '.join(map(self.notation.symbol, node.leaving))}"
        texts = (f"{count} {leaving}", leaving, count) if node.leaving else (count,)
        return next((text for text in texts if width_of(text) <= room), "")

    def value(self, key: str) -> Any | None:
        """The value of a node, None before it is computed."""
        moment, node = self.view.moment, self.flow.nodes[key]
        if node.block or node.index > moment.index:
            return None
        return moment.frame[moment.program.version(key, moment.index)]

    def text(self, key: str, symbol_room: int, room: int) -> Text:
        """What is written at a node: one scalar of it where one is selected or stepped into, if there is room."""
        if self.flow.nodes[key].block:
            names = tuple((name, self.called(source, name)) for source, name in self.names(key))
            return Text(self.symbol(key), self.of_block(key, room), names, key == self.chosen, self.differs(key))
        symbol, address, selected = self.symbol(key), self.address(key), key == self.chosen
        names = tuple((name, self.called(source, name)) for source, name in self.names(key))
        if address is not None:
            label = self.notation.address(address)
            left = symbol_room + room - width_of(label)
            element = None if self.value(key) is None or not room else self.element(key, address)
            number = "" if element is None else self.compared(key, element, address.at, left)
            if width_of(label) <= symbol_room or (room and left >= width_of(number)):
                return Text(label, number, names, selected, self.differs(key, address.at))
        return Text(symbol, self.written(key, room) if room else "", names, selected, self.differs(key))

    def address(self, key: str) -> Address | None:
        """The scalar that stands for a node: the one selected, stepped into, or the first that a mistake changes."""
        moment, node = self.view.moment, self.flow.nodes[key]
        if key == self.chosen and moment.selection is not None:
            return moment.selection
        if node.index == moment.index and moment.place is not None:
            return Address(node.name, moment.place)
        return self.first.address if self.first is not None and key == self.first_node else None

    @cached_property
    def first(self) -> "Divergence | None":
        """The first number of this iteration that differs in a mistaken run."""
        side = self.view.moment.side
        return None if side is None else side.first_here

    @cached_property
    def first_node(self) -> str:
        """The node of that; empty where there is none."""
        name = self.first.address.name if self.first else ""
        operation = self.view.moment.program.by_name.get(name)
        key = operation.key if operation else name  # what was edited may be given
        return self.flow.home.get(key, key)

    def element(self, key: str, address: Address) -> float | None:
        """A scalar of a node; None where it is not reached yet."""
        missing = self.flow.nodes[key].index == self.view.moment.index and self.view.moment.is_missing(address)
        return None if missing else address.of(self.value(key))

    def written(self, key: str, room: int) -> str:
        """As much of the value of a node as there is room for: one scalar of what is stepped into."""
        if (key, room) not in self._written:
            self._written[key, room] = self._value_written(key, room)
        return self._written[key, room]

    @cached_property
    def _written(self) -> dict[tuple[str, int], str]:
        """What was: it is measured for pins, and then painted."""
        return {}

    def _value_written(self, key: str, room: int) -> str:
        value, moment = self.value(key), self.view.moment
        if self.flow.nodes[key].block:
            return self.of_block(key, room)
        if value is None:
            is_asked = moment.asks and moment.operation is not None and self.flow.nodes[key].index == moment.index + 1
            return ASKED if is_asked else ""
        place = moment.place if self.flow.nodes[key].index == moment.index else None
        return self.compared(key, value if place is None else value[place], place, room)

    def compared(self, key: str, value: Any, at: Shape | None, room: int) -> str:
        """All of a value or one scalar of it; where it differs both, or a mark where there is no room for both."""
        value = np.asarray(value)
        if not self.differs(key, at) or self.view.moment.side is None:
            return self.array(value, room)
        other = self.view.moment.side.value(self.flow.nodes[key].name, self.until(key))
        other = other if at is None else other[at]
        tells = telling(self.notation, value, other)
        for digits in range(tells.digits, 1, -1):
            right, wrong = (tells.with_digits(digits).array(one, most=CORNERS[0]) for one in (value, other))
            both = f"{right}{self.notation.glyphs.other}{wrong}"
            if right != wrong and width_of(both) <= room:
                return both
        return self.array(value, room - 1) + self.notation.glyphs.other if room else ""

    def until(self, key: str) -> int:
        """The index up to which a node has its variable's value: a parameter has a different one after its update."""
        moment, node = self.view.moment, self.flow.nodes[key]
        update = moment.program.by_name.get(node.name)
        return moment.index if update is None or update.key == key else min(moment.index, update.index - 1)

    def differs(self, key: str, at: Shape | None = None) -> bool:
        """Whether a mistaken run beside this one has something else at a node, or for a scalar of it."""
        side, node = self.view.moment.side, self.flow.nodes[key]
        if node.block:
            done = [self.view.moment.program.by_name[name] for name in node.members] if side else []
            return any(side and o.index <= self.view.moment.index and side.differs(o.name) is not None for o in done)
        where = side.differs(node.name, self.until(key)) if side and node.index <= self.view.moment.index else None
        if where is None or at is None:
            return where is not None
        return all(i < extent for i, extent in zip(at, where.shape, strict=True)) and bool(where[at])  # a short batch

    def names(self, key: str) -> list[tuple[str, str]]:
        """What a node reads without a line: keys of nodes ("" for settings) and names. A folded block has what it
        starts from in it, so none says that it reads itself.
        """
        nodes = self.flow.nodes
        own = nodes[key].block
        sources = [source for source in self.named.get(key, ()) if not own or nodes[source].block != own]
        return [*((source, nodes[source].name) for source in sources), *(("", name) for name in nodes[key].settings)]

    def called(self, source: str, name: str) -> str:
        """What stands for a node that is read without a line, or for a setting: the name of a folded block, which may
        give more than its last variable.
        """
        block = self.flow.nodes[source].block if source else ""
        return self.notation.text(block) if block else self.notation.symbol(name)

    def array(self, value: Any, room: int) -> str:
        """As much of a value as there is room for: all with fewer digits, a corner, or at least its shape."""
        if value.size == 1:
            return self.number(float(value.reshape(-1)[0]), room)
        whole = [(CORNERS[0], digits) for digits in range(self.notation.digits, 1, -1) if value.size <= CORNERS[0]]
        written = (
            self.notation.with_digits(digits).array(value, most=most)
            for most, digits in (*whole, *((most, self.notation.digits) for most in CORNERS))
        )
        shape = self.notation.glyphs.times.join(map(str, value.shape))
        return next((text for text in written if width_of(text) <= room), shape if width_of(shape) <= room else "")

    def number(self, value: float, room: int) -> str:
        """A number with as many digits as there is room for."""
        digits = range(self.notation.digits, 0, -1)
        written = (self.notation.with_digits(count).number(value) for count in digits)
        return next((text for text in written if width_of(text) <= room), "")


def wants(places: Places, texts: Texts) -> dict[str, Wants]:
    """The room that all nodes want."""
    shapes = texts.view.moment.program.shapes
    return {key: _wants(node, shapes[node.name], texts) for key, node in places.flow.nodes.items()}


def _wants(node: Node, shape: tuple[int, ...], texts: Texts) -> Wants:
    number, count = texts.notation.digits + 3, int(np.prod(shape))
    names = [texts.called(source, name) for source, name in texts.names(node.key)]
    if node.block:
        value = width_of(texts.of_block(node.key, WIDEST))
        return Wants(width_of(texts.symbol(node.key)), value, sum(map(width_of, names)) + len(names) + bool(names))
    return Wants(
        symbol=width_of(texts.symbol(node.key)),
        value=number if count == 1 else min(WIDEST, 1 + (number + 1) * count),
        names=sum(width_of(name) + 1 for name in names) + bool(names),
    )
