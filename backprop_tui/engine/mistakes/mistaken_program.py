"""A mistaken program: a program with a mistake made in it, run by the same engine and shown by the same printing."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.mistakes.change import Mistake
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.engine.program.program import QUIET, Program, operations
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.timeline.edit import Edit

TWO = 2  # layers, of which only the weights of the output are backpropagated through
# places that are more than one operation
PLACES = {
    "W": "the weights",
    "b": "the biases",
    "gradients": "the gradients",
    "m_hat": "the first moment",
    "v_hat": "the second moment",
}


class Slip(msgspec.Struct, frozen=True):
    """A mistake as somebody made it: with so many decimals, where it has any, everywhere or at one `site`."""

    mistake: Mistake
    digits: int = 0
    site: str = ""

    @classmethod
    def of(cls, mistake: Mistake) -> "Slip":
        """The mistake as it is made unless something else is asked for."""
        return cls(mistake, mistake.digits[0])

    def at(self, statement: Statement) -> bool:
        """Whether it is made in a statement."""
        return self.site in ("", site(statement))

    def when(self, program: Program) -> str:
        """What was done, to finish the sentence 'that is what you get when …'."""
        sums = sum(variable.role is Role.WEIGHTED_SUM for variable in program.variables.values())
        weights = "the output weights" if sums == TWO else "the weights"
        said = self.mistake.when.format(digits=self.digits, weights=weights)
        if not self.site:
            return said
        return f"{said} in {PLACES.get(self.site) or program.symbols.symbol(self.site)}"


class Mistaken(Program):
    """A program with a mistake in it. Raises ValueError where the mistake changes nothing.

    It has the operations of the right one under the same names.
    """

    def __init__(self, program: Program, slip: Slip) -> None:
        made = slip.mistake.made(program.statements, program.shapes, digits=slip.digits, at=slip.at)
        if made is None:
            raise ValueError(f"{slip.mistake.name} changes nothing here: it is made in {slip.mistake.where}")
        vars(self).update(vars(program))  # a program like it
        vars(self).pop("_whole", None)  # but for what is compiled
        self.base, self.slip, self.statements = program, slip, made
        self._dtype = np.dtype(slip.mistake.dtype)
        kept = [statement.name for statement in made if slip.mistake.persists(statement.variable)]
        self.start = self.cast(program.start) | {name: self._zeros(name) for name in kept}
        found = operations(made, self.start, self.shapes, self.symbols)
        on_demand = all(operation.lazy for operation in program.operations)
        self.arrange(msgspec.structs.replace(o, lazy=True) if on_demand else o for o in found)

    @cached_property
    def changed(self) -> frozenset[str]:
        """The operations that compute something else than those of the right program, even from the same values."""
        right = self.base.by_name
        same = self._dtype.name == "float64"
        return frozenset(
            o.name for o in self.operations if not same or (o.tree, o.keys) != (right[o.name].tree, right[o.name].keys)
        )

    def entering(self, iteration: int) -> dict[str, Any]:
        """What is another in every iteration."""
        return self.cast(super().entering(iteration))

    @QUIET
    def cast(self, values: dict[str, Any]) -> dict[str, Any]:
        """Values in the precision that this program computes with."""
        if self._dtype == np.float64:
            return values
        found = {name: np.array(value, dtype=self._dtype) for name, value in values.items()}
        for array in found.values():
            array.setflags(write=False)
        return found

    def _zeros(self, name: str) -> Any:
        zeros = np.zeros(self.shapes[name])
        zeros.setflags(write=False)
        return zeros


def site(statement: Statement) -> str:
    """The place of a mistake that is made in a statement: one for the biases, one for all first moments."""
    own = statement.variable
    if not own.parameter:
        return statement.name
    return "gradients" if own.role is Role.GRADIENT else own.kind


def possible(program: Program) -> list[Slip]:
    """The mistakes that change a program, each as it is made unless something else is asked for."""
    return [Slip.of(row) for row in ROWS if row.made(program.statements, program.shapes) is not None]


def slips(program: Program, mistake: Mistake) -> Iterator[Slip]:
    """A mistake as it can be made in a program: everywhere, and where that can be, in one place alone."""
    trees = {statement.name: statement.tree for statement in program.statements}
    for digits in mistake.digits:
        made = mistake.made(program.statements, program.shapes, digits=digits)
        if made is None:
            return
        yield Slip(mistake, digits)
        sites = dict.fromkeys(site(s) for s in made if s.tree != trees[s.name])
        if mistake.has_sites and len(sites) > 1:
            yield from (Slip(mistake, digits, place) for place in sites)


def along(edits: Iterable[Edit], program: Mistaken) -> Iterator[Edit]:
    """Edits of the right run as edits of the mistaken one: after the same operation, wherever it stands now."""
    right, length = program.base, len(program.operations)
    for edit in edits:
        iteration, index = edit.place(length)
        if index < 0:
            yield edit
            continue
        after = [right.operations[index].name]
        if edit.name in right.by_name and right.by_name[edit.name].index <= index:
            after.append(edit.name)
        moved = max(program.by_name[name].index for name in after)
        yield msgspec.structs.replace(edit, step=(iteration - 1) * length + moved + 1)
