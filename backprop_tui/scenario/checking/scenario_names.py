"""The names that a scenario can use for the variables and operations of its network."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import normalize

from backprop_tui.engine.program.program import Definition, symbols_of
from backprop_tui.scenario.format.number_layout import Shape
from backprop_tui.scenario.format.problem import hint, quote

LONGEST = 60
COUNT = re.compile(r"[1-9][0-9]{0,8}")


class UnknownNameError(LookupError):
    """A name that means nothing in a network; the message offers what may have been meant."""

    def __init__(self, typed: str, known: Iterable[str]) -> None:
        super().__init__(typed)
        self.typed, self.known = typed, known

    def __str__(self) -> str:
        return f"unknown {quote(self.typed)} {hint(self.typed, list(self.known))}"


class Names:
    """The variables of one network or model and the operations of an iteration, as the engine has them."""

    def __init__(self, network: Definition) -> None:
        made = network.statements()
        self.shapes: Mapping[str, Shape] = made.shapes
        self.variables = made.variables
        self.slots: Mapping[str, Any] = made.slots
        self.operations = tuple(statement.name for statement in made.found)
        self.stages: dict[str, str] = {}  # and the blocks of a model: each one's first operation
        for statement in reversed(made.found):
            section = statement.variable.section
            for name in filter(None, (statement.stage, section, section.rpartition(" ")[2])):
                self.stages[name] = statement.name
        self._symbols = symbols_of(network, made.shapes, made.variables)

    def variable(self, typed: str) -> str:
        """The variable that a name, a short form or a symbol means. Raises UnknownNameError."""
        if found := self._resolve(typed):
            return found
        raise UnknownNameError(typed, [*self.operations, *self.shapes])

    def place(self, typed: str) -> tuple[str, Shape]:
        """What a published value belongs to: a variable or, with indices, one element of it, `dL_dW2[0,0]`.

        Raises UnknownNameError, or ExpressionError if the variable has no such element.
        """
        name, bracket, _ = typed.rstrip().partition("[")
        variable = self.variable(name)
        return self._symbols.place(normalize("NFC", typed)) if bracket else (variable, ())

    def operation(self, typed: str) -> tuple[str, int | None]:
        """The operation that a name, a stage (its first) or a position means, and the iteration; None for every one.

        Raises UnknownNameError.
        """
        if COUNT.fullmatch(typed):  # a step
            complete, index = divmod(int(typed) - 1, len(self.operations))
            return self.operations[index], complete + 1
        iteration, colon, name = typed.rpartition(":")
        found = self._resolve(name)
        operation = found if found in self.operations else self.stages.get(name)
        if operation is None or (colon and not COUNT.fullmatch(iteration)):
            raise UnknownNameError(typed, [*self.operations, *self.stages])
        return operation, int(iteration) if colon else None

    def _resolve(self, typed: str) -> str | None:
        return self._symbols.resolve(normalize("NFC", typed)) if len(typed) <= LONGEST else None
