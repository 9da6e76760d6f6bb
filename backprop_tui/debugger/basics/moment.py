"""A moment: all that the panes show at one step, immutable."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.focus import MATRIX, along
from backprop_tui.debugger.basics.position import START
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.statements.sample_axis import COLUMNS
from backprop_tui.engine.timeline.edited_program import stale
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Note, Published, Scenario

MAIN = "main"  # the branch without edits, which is always there

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.audit import Audit
    from backprop_tui.debugger.audit.finding import Finding
    from backprop_tui.debugger.basics.printed_values import Verdict
    from backprop_tui.debugger.mistakes.side_by_side import Beside, Side
    from backprop_tui.debugger.quiz.prediction import Prediction


class Moment(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A step of a run; steps and iterations count from 1.

    `index` is that of the operation computed last, -1 before any. With an `element`, from 0, what comes after it in the
    operation's value is not computed yet. `chosen` is the sample of the batch that was asked for, from 0, and
    `places` are those along other axes in front of matrices, by what the focus keeps them by. `breakpoints`
    are the operations that have one which is on, `off` those with one that is off, `stops` counts all that are on.
    `branch` names that of the timeline. A `prediction` that is open asks for the operation after it, whose step this is
    then; from the step `veil` on, formulas and what the source printed are not shown.
    """

    scenario: Scenario
    timeline: Timeline
    step: int
    iteration: int
    index: int
    frame: Frame
    breakpoints: frozenset[str]
    selection: Address | None = None
    element: int | None = None
    chosen: int = 0
    places: Mapping[str, int] = {}
    off: frozenset[str] = frozenset()
    stops: int = 0
    branch: str = MAIN
    prediction: "Prediction | None" = None
    veil: int | None = None
    audit: "Audit | None" = None
    beside: "Beside | None" = None

    def __repr__(self) -> str:
        asks = ", which is asked for" if self.asks else ""
        event = f": {self.event}" if self.event else ""
        return f"<Moment {self.position}{asks}, step {self.step:,} of {self.last_step:,}{event}>"

    @property
    def program(self) -> Program:
        """The program that is stepped through; an edited iteration has its own."""
        return self.frame.program

    @property
    def asks(self) -> bool:
        """Whether the result of the operation is hidden and asked for."""
        return self.prediction is not None and self.prediction.open

    @property
    def operation(self) -> Operation | None:
        """The operation that was computed last, or is asked for."""
        index = self.index + self.asks
        return self.program.operations[index] if index >= 0 else None

    @cached_property
    def event(self) -> Event | None:
        """What happened at this step; None where it is asked for."""
        operation = None if self.asks else self.operation
        return None if operation is None else Event(self.step, self.iteration, operation, self.frame)

    @property
    def position(self) -> str:
        """The readable position, `1:delta2`, or `start`."""
        return f"{self.iteration}:{self.operation.name}" if self.operation else START

    @property
    def last_step(self) -> int:
        """The last step of the iterations that the scenario asks for."""
        return self.scenario.iterations * self.timeline.length

    @property
    def epoch(self) -> str:
        """`epoch 2`; empty where an epoch is one iteration."""
        feed = self.program.feed
        return "" if feed.per_epoch == 1 else f"epoch {feed.epoch(self.iteration):,}"

    @cached_property
    def sample(self) -> int:
        """The sample of the batch that is shown, from 0: that of the element stepped into, or the one asked for."""
        axis = self.program.sample_axes.get(self.operation.name) if self.operation else None
        if self.place is not None and axis is not None:
            return self.place[axis]
        return min(self.chosen, self.samples - 1)

    def column_of(self, name: str) -> int | None:
        """The column of the sample that is shown in a variable; None where it has none, or the only one."""
        return self.sample if self.samples > 1 and self.program.sample_axes.get(name) == COLUMNS else None

    def matrix_of(self, name: str, own: Shape) -> Shape:
        """Where in a stack of this shape the matrix lies that is shown: of the sample, and where the number is that was
        stepped into; else along each further axis at the place that was chosen.
        """
        if len(own) <= MATRIX:
            return ()
        labels, front = self.program.labels.get(name, ("",) * len(own)), range(len(own) - MATRIX)
        places, inside = dict(self.places), self.operation.name if self.operation and self.place else ""
        if inside and self.place is not None:
            names = self.program.labels.get(inside, ("",) * len(self.place))
            places |= {along(axis, names): at for axis, at in enumerate(self.place[:-MATRIX])}
        of_sample = self.program.sample_axes.get(name)
        found = (self.sample if axis == of_sample else places.get(along(axis, labels), 0) for axis in front)
        return tuple(min(at, extent - 1) for at, extent in zip(found, own, strict=False))

    def part_shown(self, name: str, own: Shape) -> tuple[slice, ...]:
        """The part of an array of this shape that is shown: of a stack one matrix, of samples beside each other one."""
        front, axis = self.matrix_of(name, own), self.program.sample_axes.get(name)
        places = {**dict(enumerate(front)), **({axis: min(self.sample, own[axis] - 1)} if axis is not None else {})}
        return tuple(
            slice(places[along], places[along] + 1) if along in places else slice(0, extent)
            for along, extent in enumerate(own)
        )

    @property
    def sample_shown(self) -> str:
        """`sample 2/4`, counted from 1, and its number in the data set where that differs; empty for a batch of one."""
        if self.program.feed.size == 1:
            return ""
        number = self.number_of(self.sample)
        own = f" (no. {number:,})" if number != self.sample + 1 else ""
        return f"sample {self.sample + 1:,}/{self.samples:,}{own}"

    @property
    def samples(self) -> int:
        """How many samples the batch of this iteration has."""
        return self.program.feed.count(self.iteration)

    def number_of(self, sample: int) -> int:
        """The number that a sample of the batch has in the data set, from 1."""
        return self.scenario.number(int(self.program.feed.places(self.iteration)[sample]))

    @property
    def at_end(self) -> bool:
        """Whether this is the last operation of an iteration, and all of it is done."""
        return self.index == self.timeline.length - 1 and self.missing is None

    def value(self, name: str) -> Any | None:
        """A variable's value now, None before it exists. In an update that is being stepped into, the elements that are
        not reached yet have their old values.
        """
        key = self.program.key(name, self.index)
        if key is None and self.asks and name in self.program.constants:
            key = name  # it enters with the operation that is asked about
        if key is None:
            return None
        missing = self.missing
        if missing is not None and self.operation and self.operation.name == name and name in self.program.start:
            return np.where(missing, self.frame[self.program.key(name, self.index - 1) or name], self.frame[key])
        return self.frame[key]

    def veils(self, operation: Operation) -> bool:
        """Whether an operation's result is still to be predicted, and what the source printed for it hidden too."""
        return self.veil is not None and self.timeline.step_at(self.iteration, operation.index) >= self.veil

    def veils_formula(self, operation: Operation) -> bool:
        """Whether its formula is hidden as well: the first hint gives it."""
        hinted = self.prediction is not None and self.prediction.hints > 0 and operation is self.operation
        return self.veils(operation) and not hinted

    def shown(self, name: str) -> Any | None:
        """A variable's value as it is shown: before anything ran, the data is what the first operation will find."""
        value = self.value(name)
        if value is None and self.index < 0 and name in self.program.constants:
            return self.frame[name]
        return value

    def scalar(self, address: Address) -> float | None:
        """One scalar as it is shown: None before it exists, and where a smaller batch lacks its sample."""
        value = self.shown(address.name)
        number = None if value is None else address.of(value)
        return None if number is None or self.is_missing(address) else number

    @cached_property
    def place(self) -> Shape | None:
        """The place in the operation's value of the element that was stepped into; None where all of it is there."""
        if self.element is None or self.event is None:
            return None
        return tuple(map(int, np.unravel_index(self.element, np.shape(self.event.value))))

    @cached_property
    def missing(self) -> Any | None:
        """What is not computed yet of the operation's value: an array of its shape, true there; None if all is."""
        if self.element is None or self.event is None or self.element >= np.size(self.event.value) - 1:
            return None
        own = np.shape(self.event.value)
        return (np.arange(np.size(self.event.value)) > self.element).reshape(own)

    @property
    def chosen_number(self) -> Address | None:
        """The number that is meant where none is named: the selected one, or the first of what was computed last."""
        return self.selection or (self.first_of(self.operation.name) if self.operation else None)

    def first_of(self, name: str) -> Address:
        """The first number of a variable, in the matrix that is shown of a stack."""
        own = self.shapes[name]
        return Address(name, (*self.matrix_of(name, own), *(0,) * min(len(own), MATRIX)))

    def is_missing(self, address: Address) -> bool:
        """Whether a scalar is not reached yet, and had no value before."""
        operation, missing = self.operation, self.missing
        if missing is None or operation is None or operation.name != address.name:
            return False
        return bool(missing[address.at]) and address.name not in self.program.start

    @property
    def shapes(self) -> Mapping[str, Shape]:
        """The shapes of this iteration, whose batch may be smaller than the others."""
        return self.program.shapes_at(self.iteration)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of this iteration so far, in order."""
        return self.timeline.edits_at(self.iteration, self.index)

    @cached_property
    def edited(self) -> frozenset[str]:
        """The variables of which a number was edited in this iteration so far."""
        return frozenset(edit.name for edit in self.edits)

    def result_edited(self, operation: Operation) -> bool:
        """Whether a number of what an operation computed was edited since."""
        length = self.timeline.length
        return any(edit.name == operation.name and edit.place(length)[1] >= operation.index for edit in self.edits)

    @cached_property
    def lineage(self) -> int:
        """A number that stands for all edits this iteration depends on: where it differs, values may differ."""
        return self.timeline.lineage(self.iteration)

    @cached_property
    def stale(self) -> frozenset[str]:
        """The operations of this iteration that were computed from what has been edited since."""
        return stale(self.program, self.index)

    @cached_property
    def verdicts(self) -> "tuple[Verdict, ...]":
        """What the source printed for the value just computed."""
        if self.event is None or self.missing is not None:
            return ()
        from backprop_tui.debugger.basics.printed_values import verdicts

        return verdicts(self.scenario, self.event)

    @cached_property
    def side(self) -> "Side | None":
        """The mistaken run at this moment, where one runs beside this one."""
        return None if self.beside is None or self.asks else self.beside.side(self.step, self.frame, self.missing)

    def finding(self, published: Published) -> "Finding | None":
        """What the audit found for a published value; None before that, and where edits changed the numbers."""
        if self.audit is None or any(
            edit.place(self.timeline.length)[0] <= self.iteration for edit in self.timeline.edits
        ):
            return None
        return self.audit.of(published)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The scenario's notes at this operation."""
        event = self.event
        if event is None:
            return ()
        return tuple(
            note for note in self.scenario.notes if note.at == event.name and note.iteration in (None, event.iteration)
        )

    @cached_property
    def first_not_finite(self) -> str | None:
        """The first operation of the iteration, so far, whose value is not finite; None where all are."""
        done = self.program.operations[: self.index + 1]
        return next((o.name for o in done if not np.isfinite(self.frame[o.key]).all()), None)

    @property
    def tells_next_loss(self) -> bool:
        """Whether what the loss has become is to be shown: at the end of an iteration that changed a parameter, unless
        it is asked for next.
        """
        loss = self.timeline.step_at(self.iteration + 1, self.program.by_name["L"].index)
        return self.at_end and self.program.trains and (self.veil is None or loss < self.veil)

    @cached_property
    def next_loss(self) -> float | None:
        """At the end of an iteration, what the loss of its samples has become with the new parameters."""
        return self.frame.program.loss_after(self.frame) if self.at_end else None
