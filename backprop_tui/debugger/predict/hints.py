"""Hints in three steps: the formula, numbers put in, the first term. All of them come from the operation's own tree."""

from math import prod
from typing import Any

import numpy as np

from backprop_tui.debugger.predict.attempt import by
from backprop_tui.debugger.predict.kinds import SIDES
from backprop_tui.debugger.predict.question import Question
from backprop_tui.formula.element import Shape, element, evaluate
from backprop_tui.formula.errors import ExpressionError
from backprop_tui.formula.numbers import DIGITS, format_number
from backprop_tui.formula.numeric import numeric_writer
from backprop_tui.formula.primitives import PRIMITIVES
from backprop_tui.formula.render import Form, Piece, Writer, defined, pieces, source
from backprop_tui.formula.symbols import indices
from backprop_tui.formula.tree import Call, Index, Name, Number, Tree, children, names, walk
from backprop_tui.scenario.extent import plural

STEPS = 3
FEW = 24  # numbers of an array that are put in
MOST = 400  # nodes of a formula that is taken apart


class Hints:
    """The hints of a question. `digits` and `ascii_only` say how they are written."""

    def __init__(self, asked: Question, digits: int = DIGITS, *, ascii_only: bool = False) -> None:
        self.asked = asked
        self.digits = digits
        self.form: Form = "source" if ascii_only else "shown"
        self.minus = "-" if ascii_only else "−"
        self.operation = asked.operation
        self.values = asked.event.inputs
        self.shapes = {name: np.shape(value) for name, value in self.values.items()}
        numbers = asked.places if asked.aspect == "value" else ()
        self.hidden = {self._number(asked.true(at)) for at in numbers}

    def step(self, number: int) -> str:
        """The first, second or third hint, each a line."""
        tree = self.operation.tree
        if number == 1:
            formula = source(tree) if self.form == "source" else self.operation.symbols.text(tree)
            return f"{self._symbol(self.operation.name)} = {formula}"
        if self.asked.aspect == "shape":
            return self._shapes() if number == 2 else self._first_extent()
        return self._put_in() if number == 2 else self._first_term()

    # numbers put in

    def _put_in(self) -> str:
        """Of one element its expansion, else the formula; no number that is asked for stands in it."""
        at = None if self.asked.aspect == "off" else self.asked.at
        if at is None:
            return f"{self._symbol(self.operation.name)} = {self._text(self.operation.tree, self._masked())}"
        return f"{self._address(at)} = {self._text(self._element(at), self._masked())}"

    def _element(self, at: Shape) -> Tree:
        try:
            tree = element(self.operation.tree, at, self.shapes)
        except ExpressionError:  # what is asked of an array as a whole
            return self.operation.tree
        return tree if sum(1 for _ in walk(tree)) <= MOST else self.operation.tree

    def _masked(self) -> Writer:
        """Numbers in place of names, but for those that are asked for: of these the names stay."""
        plain = self._writer()

        def leaf(tree: Tree) -> Piece:
            if isinstance(tree, Number):
                return plain.leaf(tree)
            piece = plain.leaf(tree)
            if isinstance(tree, Name) and np.size(value := self.values[tree.name]) > 1:
                return Piece(self._array(value, tree.name), leaf=tree)
            return self._named(tree) if piece.text in self.hidden else piece

        return Writer(self.form, leaf, plain.is_scalar, numeric=True)

    def _array(self, value: Any, name: str) -> str:
        """An array in one line, a question mark for what is asked for; by its name where it has many numbers."""
        if value.size > FEW:
            return self._symbol(name)
        if value.ndim > 2:
            return f"[{' '.join(self._array(one, name) for one in value)}]"
        texts = [[self._number(float(number)) for number in row] for row in value]
        rows = [" ".join("?" if text in self.hidden else text for text in row) for row in texts]
        return f"[{' '.join(rows)}]" if 1 in value.shape else f"[{' '.join(f'[{row}]' for row in rows)}]"

    def _named(self, tree: Tree) -> Piece:
        """A name, or an element of one, by its symbol."""
        match tree:
            case Name(name):
                return Piece(self._symbol(name), leaf=tree)
            case Index(Name(name), at):
                place = tuple(int(i.value) for i in at if isinstance(i, Number))
                return Piece(self._symbol(name) + self._indices(place, self.shapes[name]), leaf=tree)
        return Piece("?", leaf=tree)

    # the first term

    def _first_term(self) -> str:
        """The first term of a sum, else what is computed first, with its value; else the first digit of the result."""
        at = self.asked.places[0]
        tree = whole = self._element(at)
        if isinstance(tree, Call) and not any(isinstance(child, Call) for child in children(tree)):
            tree = defined(tree) if PRIMITIVES[tree.function].definition else tree
        part = _first_part(tree)
        if part is not None and names(part):
            found = evaluate(part, self.values)
            worth = str(bool(found)).lower() if isinstance(found, np.bool_ | bool) else self._number(float(found))
            return f"{self._address(at)}: first {self._text(part, self._writer())} = {worth}"
        text = f"{self._address(at)} = {self._text(tree, self._writer())}"
        if self.asked.aspect in SIDES:
            first = next((node for node in walk(whole) if isinstance(node, Index | Name)), None)
            if first is None:  # the slope of an output that is L itself
                return text
            number = float(evaluate(first, self.values))
            side = "0" if number == 0 else "negative" if number < 0 else "positive"
            return f"{text}, where {self._named(first).text} is {side}"
        return text if tree is not whole or not isinstance(tree, Call) else f"{text} = {self._begins(at)}"

    def _begins(self, at: Shape) -> str:
        """The first significant digit of a hidden number, with its sign and the place of its point."""
        number = self.asked.true(at)
        if not np.isfinite(number) or number == 0:
            return self._number(number)
        mantissa, _, power = f"{abs(number):.17e}".partition("e")
        places = int(power)
        if -6 < places < 0:
            text = f"0.{'0' * (-places - 1)}{mantissa[0]}…"
        else:
            text = f"{mantissa[0]}.…" if places == 0 else f"{mantissa[0]}.…e{places}"
        text = text if self.form == "shown" else text.replace("…", "...")
        return f"{self.minus if number < 0 else ''}{text.replace('-', self.minus)}"

    # shapes

    def _shapes(self) -> str:
        times = "x" if self.form == "source" else "×"
        found = ((self._symbol(name), by(self.shapes[name]).replace("×", times)) for name in self.operation.reads)
        return ", ".join(f"{symbol} is {shape}" for symbol, shape in found)

    def _first_extent(self) -> str:
        shape, symbol = np.shape(self.asked.value), self._symbol(self.operation.name)
        if not shape:
            return f"{symbol} has neither rows nor columns"
        if len(shape) > 2:
            return f"{symbol} has {plural(shape[0], 'matrix', 'matrices')}, one a sample"
        return f"{symbol} has {plural(shape[0], 'row')}"

    # writing

    def _symbol(self, name: str) -> str:
        return name if self.form == "source" else self.operation.symbols.symbol(name)

    def _address(self, at: Shape) -> str:
        return self._symbol(self.operation.name) + self._indices(at, np.shape(self.asked.value))

    def _indices(self, at: Shape, shape: Shape) -> str:
        return "" if prod(shape) == 1 else indices(at, shape)

    def _number(self, number: float) -> str:
        return format_number(number, self.digits, minus=self.minus)

    def _writer(self) -> Writer:
        return numeric_writer(self.values.__getitem__, self.digits, self.form)

    def _text(self, tree: Tree, writer: Writer) -> str:
        return "".join(piece.text for piece in pieces(tree, writer))


def _first_part(tree: Tree) -> Tree | None:
    """The first term of the first sum that is no number or name; where there is no sum, what is computed first."""
    total = next((node for node in walk(tree) if isinstance(node, Call) and node.function in ("add", "sub")), None)
    if total is not None:
        term = next((child for child in total.operands if isinstance(child, Call)), None)
        if term is not None:
            return term
    return _innermost(tree, root=True)


def _innermost(tree: Tree, *, root: bool = False) -> Tree | None:
    """The first call in the order of computing that is not the root."""
    for child in children(tree):
        found = _innermost(child)
        if found is not None:
            return found
    return tree if isinstance(tree, Call) and not root else None
