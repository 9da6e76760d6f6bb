"""Hints in three steps: the formula, numbers put in, the first term. All of them come from the operation's own tree."""

from math import prod
from typing import Any

import numpy as np
from msgspec.structs import replace

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.quiz.answers.attempt import by
from backprop_tui.debugger.quiz.questions.kinds import SIDES
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, ExpressionError, Index, Name, Number, Tree, children, names, walk
from backprop_tui.formula.values.element import Shape, evaluate
from backprop_tui.formula.values.expansion import Expansion, expand
from backprop_tui.formula.values.with_numbers import numeric_writer
from backprop_tui.formula.writing.printer import Piece, defined, text
from backprop_tui.formula.writing.symbols import indices
from backprop_tui.scenario.format.number_layout import plural

STEPS = 3  # formula, numbers put in, first term
FEW = 24  # numbers of an array that are put in; a larger one stays a name


class Hints:
    """The hints of a question, a line each."""

    def __init__(self, asked: Question, writing: Writing | None = None) -> None:
        self.asked = asked
        self.operation = asked.operation
        self.writing = writing or Writing(self.operation.symbols)
        self.values = asked.event.inputs
        self.shapes = {name: np.shape(value) for name, value in self.values.items()}
        numbers = asked.places if asked.aspect == "value" else ()
        self.hidden = {self.writing.number(abs(asked.true(at))) for at in numbers}  # of either sign

    def step(self, number: int) -> str:
        """The first, second or third hint."""
        if number == 1:
            return f"{self._symbol} = {self.writing.formula(self.operation.tree)}"
        if self.asked.aspect == "shape":
            return self._shapes() if number == 2 else self._first_extent()
        return self._put_in() if number == 2 else self._first_term()

    # numbers put in

    def _put_in(self) -> str:
        """The expansion of a single element, else the formula; it contains no number that is asked for."""
        at = None if self.asked.aspect == "off" else self.asked.at
        if at is None:
            whole = Expansion(self.operation.tree, {}, self.values)
            return f"{self._symbol} = {self._masked(whole)}"
        return f"{self._address(at)} = {self._masked(self._element(at))}"

    def _element(self, at: Shape) -> Expansion:
        try:
            return expand(self.operation.tree, at, self.shapes, self.values)
        except ExpressionError:  # what is asked of an array as a whole
            return Expansion(self.operation.tree, {}, self.values)

    def _masked(self, expansion: Expansion) -> str:
        """Numbers in place of names, except for what is asked for, which keeps its name."""
        plain = numeric_writer(expansion.values.__getitem__, self.writing.digits, self.writing.form)

        def leaf(tree: Tree) -> Piece:
            if isinstance(tree, Name) and np.size(value := expansion.values[tree.name]) > 1:
                return Piece(self._array(value, tree.name), leaf=tree)
            piece = plain.leaf(tree)
            is_asked = piece.text.lstrip(self.writing.minus) in self.hidden and not isinstance(tree, Number)
            return Piece(self._name(tree), leaf=tree) if is_asked else piece

        return text(expansion.tree, self.writing.with_rests(replace(plain, leaf=leaf), expansion))

    def _array(self, value: Any, name: str) -> str:
        """An array in one line, a question mark for what is asked about; by its name where it has many numbers."""
        if value.size > FEW:
            return self.writing.symbol(name)
        if value.ndim > 2:
            return f"[{' '.join(self._array(one, name) for one in value)}]"
        texts = [[self.writing.number(float(number)) for number in row] for row in value]
        minus = self.writing.minus
        rows = [" ".join("?" if one.lstrip(minus) in self.hidden else one for one in row) for row in texts]
        return f"[{' '.join(rows)}]" if 1 in value.shape else f"[{' '.join(f'[{row}]' for row in rows)}]"

    def _name(self, tree: Tree) -> str:
        """A name, or an element of one, in symbols."""
        match tree:
            case Index(Name(name), at):
                place = tuple(int(i.value) for i in at if isinstance(i, Number))
                shape = self.shapes[name]
                return self.writing.symbol(name) + ("" if prod(shape) == 1 else indices(place, shape))
            case Name(name):
                return self.writing.symbol(name)
        return "?"

    # the first term

    def _first_term(self) -> str:
        """The first term of a sum, else what is computed first, with its value; else the first digit of the result."""
        at = self.asked.places[0]
        expansion = self._element(at)
        tree = whole = expansion.tree
        if isinstance(tree, Call) and not any(isinstance(child, Call) for child in children(tree)):
            tree = defined(tree) if PRIMITIVES[tree.function].definition else tree
        part = _first_part(tree)
        if part is not None and names(part):
            found = evaluate(part, expansion.values)
            is_truth = isinstance(found, np.bool_ | bool)
            worth = str(bool(found)).lower() if is_truth else self.writing.number(float(found))
            return f"{self._address(at)}: first {self.writing.numbers(replace(expansion, tree=part))} = {worth}"
        said = f"{self._address(at)} = {self.writing.numbers(replace(expansion, tree=tree))}"
        if self.asked.aspect in SIDES:
            first = next((node for node in walk(whole) if isinstance(node, Index | Name)), None)
            if first is None:  # the slope of an output that is L itself
                return said
            number = float(evaluate(first, expansion.values))
            side = "0" if number == 0 else "negative" if number < 0 else "positive"
            return f"{said}, where {self._name(first)} is {side}"
        return said if tree is not whole or not isinstance(tree, Call) else f"{said} = {self._begins(at)}"

    def _begins(self, at: Shape) -> str:
        """The first significant digit of a hidden number, with its sign and the place of its point."""
        number = self.asked.true(at)
        if not np.isfinite(number) or number == 0:
            return self.writing.number(number)
        mantissa, _, power = f"{abs(number):.17e}".partition("e")
        places, dots = int(power), "..." if self.writing.ascii else "…"
        if -6 < places < 0:
            begins = f"0.{'0' * (-places - 1)}{mantissa[0]}{dots}"
        else:
            begins = f"{mantissa[0]}.{dots}" + (f"e{places}" if places else "")
        minus = self.writing.minus
        return f"{minus if number < 0 else ''}{begins.replace('-', minus)}"

    # shapes

    def _shapes(self) -> str:
        times = "x" if self.writing.ascii else "×"
        found = ((self.writing.symbol(name), by(self.shapes[name]).replace("×", times)) for name in self.shapes)
        return ", ".join(f"{symbol} is {shape}" for symbol, shape in found) or "it is made of constants alone"

    def _first_extent(self) -> str:
        shape = np.shape(self.asked.value)
        if not shape:
            return f"{self._symbol} has neither rows nor columns"
        if len(shape) > 2:
            return f"{self._symbol} has {len(shape)} axes, the first of {shape[0]}"
        return f"{self._symbol} has {plural(shape[0], 'row')}"

    # writing

    @property
    def _symbol(self) -> str:
        return self.writing.symbol(self.operation.name)

    def _address(self, at: Shape) -> str:
        shape = np.shape(self.asked.value)
        return self._symbol if prod(shape) == 1 else self.writing.address(Address(self.operation.name, at))


def _first_part(tree: Tree) -> Tree | None:
    """The first term of the first sum that is neither a number nor a name; without a sum, what is computed first."""
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
