"""A mistaken program: a program with a mistake made in it, run by the same engine and printed by the same code."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.mistakes.change import IN_LAYERS, IN_MODELS, Mistake
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.engine.mistakes.sites import Layers, in_words, sites, sites_of_parts
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.on_demand import on_demand
from backprop_tui.engine.program.operation import operations
from backprop_tui.engine.program.program import Program, cast, frozen
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role

FEWEST_AT_SITES = 2  # operations that a mistake is made in, if it is also tried in each alone
TWO = 2  # layers, of which only the weights of the output are backpropagated through


class Slip(msgspec.Struct, frozen=True):
    """A mistake as somebody made it: with a number of decimals, if it has one, everywhere or at one `site`, and in one
    of its ways (0: the first).
    """

    mistake: Mistake
    digits: int = 0
    site: str = ""
    way: int = 0

    @classmethod
    def of(cls, mistake: Mistake) -> "Slip":
        """The mistake in its default form."""
        return cls(mistake, mistake.digits[0])

    def at(self, program: Program) -> Callable[[Statement], bool]:
        """Whether it is made in a statement of a program."""
        layers = Layers.of(program)
        return lambda statement: not self.site or self.site in sites(statement, layers)

    def when(self, program: Program) -> str:
        """What was done, to finish the sentence 'that is what you get when …'."""
        sums = sum(variable.role is Role.WEIGHTED_SUM for variable in program.variables.values())
        weights = "the output weights" if sums == TWO else "the weights"
        when = self.mistake.ways[self.way - 1].when if self.way else self.mistake.when
        said = when.format(digits=self.digits, weights=weights, **(IN_LAYERS if sums else IN_MODELS))
        if not self.site:
            return said
        return f"{said} in {in_words(self.site, program)}"

    def starts(self, right: Program) -> dict[str, Any]:
        """What it changes of what a run starts from; nothing where samples come in batches."""
        start = self.mistake.starting(self.way)
        if start is None or right.feed.changes:
            return {}
        return {name: frozen(value) for name, value in start(right.start, right.variables).items()}


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
        made = mistake.made(right.statements, shapes, digits=slip.digits, at=slip.at(right), way=slip.way)
        changed = slip.starts(right)
        if made is None or (mistake.starting(slip.way) and not changed and made == [*right.statements]):
            raise ValueError(f"{mistake.name} changes nothing here: it is made in {mistake.where}")
        kept = {s.name: frozen(np.zeros(shapes[s.name])) for s in made if mistake.persists(s.variable)}
        start = cast(right.start | changed, mistake.dtype) | kept
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
        return frozenset(a.name for a, b in pairs if all_differ or (a.tree, a.keys) != (b.tree, b.keys)) | self.affected

    @cached_property
    def affected(self) -> frozenset[str]:
        """The operations that read what it changes of the start."""
        start = self.slip.starts(self.right)
        return frozenset(o.name for o in self.program.operations if not start.keys().isdisjoint(o.keys.values()))

    @property
    def name(self) -> str:
        """The mistake as people type it: with decimals if it has any, `cut-off:2`, its way and its place."""
        slip = self.slip
        digits = [str(slip.digits)] if slip.mistake.digits != (0,) else []
        return ":".join(
            [slip.mistake.name, *digits, *([str(slip.way + 1)] if slip.way else []), *filter(None, [slip.site])]
        )

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
        if self.affected:
            return 1  # data enters with the first operation
        return 1 + min(self.right.by_name[name].index for name in self.changed)

    def along(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """Edits of the right run as edits of the mistaken one: after the same operation, wherever that stands now."""
        return along(edits, self)


def possible(program: Program) -> list[Slip]:
    """The mistakes that change a program, each in its default form."""
    return [slip for row in ROWS if (slip := default(program, row)) is not None]


def default(program: Program, mistake: Mistake) -> Slip | None:
    """A mistake in the first of its ways in which it can be made in a program; None if there is none."""
    return next(_ways(program, mistake), None)


def _ways(program: Program, mistake: Mistake) -> Iterator[Slip]:
    """The ways of a mistake that change a program, everywhere where they can be made."""
    seen: list[tuple[list[Statement], dict[str, bytes]]] = []
    for way in range(len(mistake.ways) + 1):
        for digits in mistake.digits:
            made = mistake.made(program.statements, program.shapes, digits=digits, way=way)
            slip = Slip(mistake, digits, way=way)
            if made is None or not _changes(program, slip, made):
                continue
            whole = made, {name: value.tobytes() for name, value in slip.starts(program).items()}
            if whole not in seen:
                seen.append(whole)
                yield slip


def _changes(program: Program, slip: Slip, made: list[Statement]) -> bool:
    if slip.mistake.starting(slip.way) is None or made != [*program.statements]:
        return True
    return bool(slip.starts(program))


def slips(program: Program, mistake: Mistake) -> Iterator[Slip]:
    """The ways to make a mistake in a program: everywhere and, where possible, at each place alone."""
    trees = {statement.name: statement.tree for statement in program.statements}
    for slip in _ways(program, mistake):
        yield slip
        made = mistake.made(program.statements, program.shapes, digits=slip.digits, way=slip.way, by_hand=True) or []
        changed = [s for s in made if s.tree != trees[s.name]]
        if not mistake.has_sites(slip.way) or len(changed) < FEWEST_AT_SITES:
            continue
        having: dict[str, set[str]] = {}
        layers = Layers.of(program)
        for statement in changed:
            for place in sites(statement, layers) if not slip.way else sites_of_parts(statement, layers):
                having.setdefault(place, set()).add(statement.name)
        told = [{statement.name for statement in changed}]
        for place, among in sorted(having.items(), key=lambda one: -len(one[1])):
            if among not in told:
                told.append(among)
                yield msgspec.structs.replace(slip, site=place)


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
