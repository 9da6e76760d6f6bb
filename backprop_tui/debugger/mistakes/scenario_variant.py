"""A variant: the same scenario with some of its keys changed, to run beside it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario, ScenarioError, again


class VariantError(ValueError):
    """Changes that cannot be made: a line for each that is wrong, as for a scenario's file."""


class Variant(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What runs beside the `right` program: the `program` of the `scenario`, in which some keys are `changes`.

    The two may have other operations, and variables of other shapes: then those have nothing to be compared with.
    """

    right: Program
    scenario: Scenario
    changes: tuple[str, ...]

    @classmethod
    def of(cls, right: Program, scenario: Scenario, changes: Sequence[str]) -> "Variant":
        """A scenario with keys changed, checked as its file is. Raises VariantError."""
        try:
            if again(scenario).digest != scenario.digest:
                raise VariantError("the file has changed since it was read: :reload first")
            return cls(right, again(scenario, changes), tuple(changes))
        except ScenarioError as error:
            raise VariantError(str(error)) from None

    @cached_property
    def program(self) -> Program:
        """The program of the variant."""
        return Program.of(self.scenario.network)

    @property
    def name(self) -> str:
        """What it is called beside a value or a curve."""
        return " ".join(self.changes)

    @property
    def told(self) -> str:
        """What it runs, as a sentence without its beginning."""
        return f"the same with {self.name}"

    @property
    def short(self) -> str:
        """What its loss comes of."""
        return self.name

    @property
    def part(self) -> int:
        """The first step at which the two may compute something else: anything may have been changed."""
        return 1

    def along(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """The edits of the right run that have a place in the variant, after the last operation that both have."""
        length, own = len(self.right.operations), len(self.program.operations)
        for edit in edits:
            if self.right.shapes.get(edit.name) != self.program.shapes.get(edit.name):
                continue
            iteration, index = edit.place(length)
            both = (o.name for o in reversed(self.right.operations[: index + 1]) if o.name in self.program.by_name)
            found = next(both, None)
            at = -1 if found is None else self.program.by_name[found].index
            written = self.right.by_name.get(edit.name)
            if written is not None and written.index <= index and edit.name in self.program.by_name:
                at = max(at, self.program.by_name[edit.name].index)
            entering = edit.entering or (at < 0 and iteration > 1)
            yield msgspec.structs.replace(edit, step=(iteration - 1) * own + at + 1, entering=entering)
