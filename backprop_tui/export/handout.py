"""What a trace for people says beside the operations: what is given, how a value was computed, what the source printed
for it, the scenario's notes, and how the loss changes.
"""

import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing, computed_as, next_loss
from backprop_tui.debugger.basics.printed_values import Verdict, printed, verdict_on
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.writing.numbers import MINUS
from backprop_tui.scenario import Published, Scenario

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.audit import Audit
    from backprop_tui.debugger.audit.finding import Finding

DIGITS = 10
FEW = 8  # numbers of an array that are written out: they fit on a line
AGREES, DIFFERS = "agrees", "differs"


Row = TypeVar("Row")


class Form(msgspec.Struct, frozen=True):
    """How numbers are written: with how many decimals, and large arrays whole or by shape and first numbers."""

    digits: int = DIGITS
    full: bool = False


class Handout:
    """Writes the remarks on a run, in the order of the run."""

    def __init__(self, scenario: Scenario, program: Program, form: Form) -> None:
        self.scenario = scenario
        self.program = program
        self.writing = Writing(program.symbols, form.digits, hyphen=True)
        self.most = sys.maxsize if form.full else FEW
        self.changing = [name for name in program.entering(1) if name not in program.counters]
        self.published = _by_name(scenario.published, "name")
        self.fixed = [name for name in self.published if name not in program.by_name]
        self._computed = {operation.name: computed_as(operation, self.writing) for operation in program.operations}
        self._notes = _by_name(scenario.notes, "at")

    def value(self, value: Any) -> str:
        """A value on one line."""
        return self.writing.array(np.asarray(value), self.most)

    def given(self) -> Iterator[str]:
        """What the run starts from: parameters, the optimizer's slots, data that stay the same, settings."""
        program, symbol = self.program, self.writing.symbol
        zero = [name for name, value in program.slots.items() if not value.any()]
        for name, value in (program.parameters | program.slots | program.constants).items():
            if name not in zero and name not in self.changing:
                is_setting = program.variables[name].role is Role.SETTING
                yield f"{symbol(name)} = {self.writing.setting(value) if is_setting else self.value(value)}"
        if zero:
            yield " = ".join([*map(symbol, zero), "0"])

    def entering(self, event: Event) -> Iterator[str]:
        """What differs in every iteration (samples and masks), and what was printed for values that enter with it."""
        for name in self.changing:
            yield f"{self.writing.symbol(name)} = {self.value(event.frame[name])}"
        for name in self.fixed:
            for said in self._claims(event, name, _frame(event).at_end(name)):
                yield f"{self.writing.symbol(name)}: {said}"

    def remarks(self, event: Event) -> Iterator[str]:
        """How a value was computed, and what the source printed for it."""
        if remark := self._computed[event.name]:
            yield remark
        yield from self._claims(event, event.name, event.value)

    def notes(self, event: Event) -> Iterator[str]:
        """The scenario's notes at an operation, a line each."""
        for note in self._notes.get(event.name, ()):
            if note.iteration in (None, event.iteration):
                yield " ".join(note.text.split())

    def ending(self, event: Event) -> str:
        """What the loss becomes; empty except after the last operation of an iteration."""
        if event.operation is not self.program.operations[-1] or not self.program.trains:
            return ""
        return next_loss(float(event.frame["L"]), self.program.loss_after(_frame(event)), self.writing)

    def _claims(self, event: Event, name: str, value: Any) -> Iterator[str]:
        """`the source prints -0.83 (section 4): carried over from ŷ`, and the causes."""
        for published in self.published.get(name, ()):
            if published.iteration == event.iteration:
                finding = self._finding(published)
                yield self._claim(verdict_on(published, value, _frame(event)), finding)
                yield from filter(None, (*finding.mistakes, finding.remark) if finding else ())

    def _claim(self, verdict: Verdict, finding: "Finding | None") -> str:
        published = verdict.published
        of = f" for {self.writing.address(Address(published.name, published.at))}" if published.at else ""
        where = f" ({published.where})" if published.where else ""
        said = finding.words(self.writing.symbol) if finding else self._compared(verdict)
        return f"the source prints {printed(published).replace(MINUS, '-')}{of}{where}: {said}"

    def _compared(self, verdict: Verdict) -> str:
        """Whether each number agrees, used where no audit says more."""
        if verdict.holds or verdict.agrees.size == 1:
            return AGREES if verdict.holds else DIFFERS
        return ", ".join(
            f"{self.writing.address(Address(verdict.published.name, at))} {AGREES if verdict.agrees[at] else DIFFERS}"
            for at in np.ndindex(verdict.agrees.shape)
        )

    def _finding(self, published: Published) -> "Finding | None":
        """What the audit says about a published value."""
        if self._audit is None:
            return None
        for _ in self._audit.reach(published.iteration):
            pass
        return self._audit.of(published)

    @cached_property
    def _audit(self) -> "Audit | None":
        """The audit of the scenario; None if something else is run, such as the program with a mistake in it."""
        from backprop_tui.debugger.audit.audit import Audit

        audit = Audit(self.scenario)
        right, own = audit.timeline.program, self.program
        return audit if (right.statements, right.dtype) == (own.statements, own.dtype) else None


def _by_name(rows: Iterable[Row], attribute: str) -> dict[str, list[Row]]:
    """Rows by the variable that they are about."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(getattr(row, attribute), []).append(row)
    return found


def _frame(event: Event) -> Frame:
    """The iteration's values: those of a run are a whole frame."""
    return cast("Frame", event.frame)
