"""What is known when a question is asked: the values that may be named in an answer, and expressions of them."""

from typing import Any

import numpy as np

from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.engine.program.operation import QUIET
from backprop_tui.formula.language.tree import ExpressionError, Number, walk
from backprop_tui.formula.values.expression import read_expression

SAME = 1e-12  # relative: numbers that differ by less are the same


class Known:
    """The values before an operation, and the data that enters with it. What is hidden has no name."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.frame = asked.frame
        self.program = asked.frame.program

    def evaluate(self, text: str) -> Any:
        """The value of an expression, an array or a scalar. Raises ExpressionError, one line."""
        expression = read_expression(text, self.program.symbols)
        if expression.kind != "number":
            raise ExpressionError(f"{expression.text} is not a number")
        keys = {name: self._key(name) for name in expression.names}
        try:
            return QUIET(expression.function(keys))(self.frame)
        except (IndexError, ValueError):
            raise ExpressionError(f"{expression.text} is not there: this batch is smaller") from None

    def has(self, number: float) -> bool:
        """Whether a number stands as it is in what the operation reads, or in its formula."""
        found = [np.ravel(array) for array in self.asked.event.inputs.values()]
        found.append(np.array([n.value for n in walk(self.asked.operation.tree) if isinstance(n, Number)]))
        sizes = np.abs(np.concatenate(found))
        return bool((np.abs(sizes - abs(number)) <= SAME * abs(number)).any())

    def _key(self, name: str) -> str:
        operation, program, symbol = self.asked.operation, self.program, self.program.symbols.symbol
        key = operation.keys.get(name) or program.key(name, operation.index - 1)
        if key is None and name in program.constants:  # enters with the first operation
            key = name
        if key is None and name == operation.name:
            raise ExpressionError(f"{symbol(name)} is what is asked for")
        if key is None:
            raise ExpressionError(f"{symbol(name)} is not computed yet")
        return key
