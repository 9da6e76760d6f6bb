"""A mistaken program: a program with a mistake made in it, run by the same engine and printed by the same code."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec
import numpy as np

from backprop_tui.engine.mistakes.change import Mistake
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.on_demand import on_demand
from backprop_tui.engine.program.program import Program, cast, frozen, operations
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role

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
    """A mistake as somebody made it: with a number of decimals, if it has one, and everywhere or at one `site`."""

    mistake: Mistake
    digits: int = 0
    site: str = ""

    @classmethod
    def of(cls, mistake: Mistake) -> "Slip":
        """The mistake in its default form."""
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


class Mistaken(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A mistake made in the `right` program, and the `program` with the mistake in it.

    Both have operations of the same names, perhaps in a different order.
    """

    right: Program
    slip: Slip
    program: Program

    @classmethod
    def of(cls, right: Program, slip: Slip) -> "Mistaken":
        """A program with a mistake made in it. Raises ValueError where that changes nothing."""
        mistake, shapes = slip.mistake, right.shapes
        made = mistake.made(right.statements, shapes, digits=slip.digits, at=slip.at)
        if made is None:
            raise ValueError(f"{mistake.name} changes nothing here: it is made in {mistake.where}")
        kept = {s.name: frozen(np.zeros(shapes[s.name])) for s in made if mistake.persists(s.variable)}
        start = cast(right.start, mistake.dtype) | kept
        program = msgspec.structs.replace(
            right,
            statements=tuple(made),
            start=start,
            dtype=mistake.dtype,
            operations=tuple(operations(made, start, shapes, right.symbols)),
        )
        return cls(right, slip, program)

    @cached_property
    def on_demand(self) -> Program:
        """The mistaken program, which computes only what is asked for."""
        return on_demand(self.program)

    @cached_property
    def changed(self) -> frozenset[str]:
        """The operations that compute something different from the right ones, even from the same values."""
        pairs = [(own, self.right.by_name[own.name]) for own in self.program.operations]
        all_differ = self.program.dtype != self.right.dtype
        return frozenset(a.name for a, b in pairs if all_differ or (a.tree, a.keys) != (b.tree, b.keys))

    @property
    def name(self) -> str:
        """The mistake, with its decimals if it has any: `cut-off:2`."""
        return self.slip.mistake.name + (f":{self.slip.digits}" if self.slip.mistake.digits != (0,) else "")

    @property
    def told(self) -> str:
        """What it runs, as a sentence without its beginning."""
        return f"the same with a mistake: {self.slip.when(self.right)}"

    @property
    def short(self) -> str:
        """What its loss comes of."""
        return "the mistake"

    @property
    def part(self) -> int:
        """The first step at which the two compute something else."""
        return 1 + min(self.right.by_name[name].index for name in self.changed)

    def along(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """Edits of the right run as edits of the mistaken one: after the same operation, wherever that stands now."""
        return along(edits, self)


def site(statement: Statement) -> str:
    """The place of a mistake that is made in a statement: one for the biases, one for all first moments."""
    own = statement.variable
    if not own.parameter:
        return statement.name
    return "gradients" if own.role is Role.GRADIENT else own.kind


def possible(program: Program) -> list[Slip]:
    """The mistakes that change a program, each in its default form."""
    return [Slip.of(row) for row in ROWS if row.made(program.statements, program.shapes) is not None]


def slips(program: Program, mistake: Mistake) -> Iterator[Slip]:
    """The ways to make a mistake in a program: everywhere and, where possible, in one place alone."""
    trees = {statement.name: statement.tree for statement in program.statements}
    for digits in mistake.digits:
        made = mistake.made(program.statements, program.shapes, digits=digits)
        if made is None:
            return
        yield Slip(mistake, digits)
        sites = dict.fromkeys(site(s) for s in made if s.tree != trees[s.name])
        if mistake.has_sites and len(sites) > 1:
            yield from (Slip(mistake, digits, place) for place in sites)


def along(edits: Iterable[Edit], wrong: Mistaken) -> Iterator[Edit]:
    """Edits of the right run as edits of the mistaken one: after the same operation, wherever that stands now."""
    right, length = wrong.right, len(wrong.right.operations)
    for edit in edits:
        iteration, index = edit.place(length)
        if index < 0:
            yield edit
            continue
        after = [right.operations[index].name]
        if edit.name in right.by_name and right.by_name[edit.name].index <= index:
            after.append(edit.name)
        moved = max(wrong.program.by_name[name].index for name in after)
        yield msgspec.structs.replace(edit, step=(iteration - 1) * length + moved + 1)
