"""Gradients beside finite differences of L: what backpropagation says and what L does are not the same code."""

from collections.abc import Generator, Iterable, Sequence
from functools import cached_property
from typing import Literal

import msgspec
import numpy as np

from backprop_tui.debugger.basics.slices import run_out
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.sensitivity.loss_response import Response, gradient_noise
from backprop_tui.engine.sensitivity.slope import Kink, Slope, slope
from backprop_tui.engine.statements.variable import Role, moved_by
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Wanted, load

Array = np.ndarray
Outcome = Literal["agrees", "differs", "kink", "unknown"]

SAID: dict[Outcome, str] = {
    "differs": "differ",
    "kink": "on a kink",
    "unknown": "cannot be told",
    "agrees": "agree",
}
MOST = 64  # entries of a gradient that are compared; from a larger one, a sample of them
SAFETY = 4.0  # factor on an estimated error, which may itself be off
BLURRED = 1e-2  # of the largest entry: where rounding may be more than that, agreement says nothing
ENOUGH = 1e-6  # of a number: with an error below that, no other way of computing is tried
CLOSE = 1e-9  # a number this close to a kink lies on it
LEAST = 1e-9  # of L, or of 1: where rounding is more than that, two zeros say nothing


class Entry(msgspec.Struct, frozen=True):
    """One number of a gradient beside its finite difference, the slope of L, with the error that this may have.
    `rounding` is what the gradient itself may be off by.

    On a kink there are two slopes, and what the gradient is there is a convention. A numeric slope is None where there
    are two, or L is not finite. `kink` names the operation and the place that have it; they are one of `kinks`.
    """

    at: Shape
    analytic: float
    numeric: float | None = None
    error: float = 0.0
    rounding: float = 0.0
    left: float | None = None
    right: float | None = None
    kink: tuple[str, Shape | None] | None = None
    kinks: int = 0

    @property
    def allowed(self) -> float:
        """How far apart the two may be and still be the same: what either may be off by."""
        return SAFETY * (self.error + self.rounding)


class Check(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A gradient and its entries that were compared, all of them or a sample; `loss` is the L of its iteration.

    `edited` are the addresses that were edited between the operations of the iteration: then its L and its gradients
    need not belong together.
    """

    gradient: str
    variable: str
    shape: Shape
    loss: float
    entries: tuple[Entry, ...]
    edited: tuple[str, ...] = ()

    def __repr__(self) -> str:
        said = ", ".join(f"{count:,} {SAID[outcome]}" for outcome, count in self.counts.items() if count)
        return f"<Check of {self.gradient}: {said}; largest relative error {self._largest_error:.1e}>"

    @property
    def _largest_error(self) -> float:
        return max((e for e in map(self.relative, self.entries) if not np.isnan(e)), default=0.0)

    @cached_property
    def largest(self) -> float:
        """The largest of the numbers that are compared: what errors are relative to."""
        sizes = [abs(n) for entry in self.entries for n in (entry.analytic, entry.numeric) if n is not None]
        return max((size for size in sizes if np.isfinite(size)), default=0.0)

    @property
    def size(self) -> int:
        """How many entries the gradient has."""
        return int(np.prod(self.shape))

    def relative(self, entry: Entry) -> float:
        """The error of an entry relative to the largest one; 0 where both are 0 but for rounding, nan where there is
        none.
        """
        if entry.numeric is None:
            return float("nan")
        apart = abs(entry.analytic - entry.numeric)
        return apart / self.largest if self.largest and not self._both_nothing(entry) else 0.0

    def outcome(self, entry: Entry) -> Outcome:
        """The verdict on an entry."""
        allowed = entry.allowed
        if entry.left is not None and entry.right is not None:
            low, high = sorted((entry.left, entry.right))
            between = low - allowed <= entry.analytic <= high + allowed
            return "kink" if between or entry.kinks > 1 else "differs"  # several have a convention each
        if entry.numeric is None or not np.isfinite(entry.analytic):
            return "unknown"
        if abs(entry.analytic - entry.numeric) > allowed:
            return "differs"
        return "agrees" if allowed <= BLURRED * self.largest or self._both_nothing(entry) else "unknown"

    def _both_nothing(self, entry: Entry) -> bool:
        """Whether a gradient and its difference are 0 but for rounding, and that would have shown anything else."""
        seen = entry.allowed <= LEAST * max(1.0, abs(self.loss))
        own = abs(entry.analytic) <= SAFETY * entry.rounding
        return seen and own and entry.numeric is not None and abs(entry.numeric) <= entry.allowed

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """How many entries have each verdict."""
        found: dict[Outcome, int] = dict.fromkeys(("differs", "kink", "unknown", "agrees"), 0)
        for entry in self.entries:
            found[self.outcome(entry)] += 1
        return found

    @property
    def agrees(self) -> bool:
        """Whether no entry differs."""
        return not self.counts["differs"]

    @property
    def worst(self) -> Entry:
        """The entry that says most about the gradient: one that differs, or the one with the largest error."""
        order = ("unknown", "kink", "agrees", "differs")
        return max(self.entries, key=lambda entry: (order.index(self.outcome(entry)), self.relative(entry)))

    def __getitem__(self, at: Shape) -> Entry:
        for entry in self.entries:
            if entry.at == at:
                return entry
        raise KeyError(at)


def gradcheck(scenario: Wanted, iteration: int = 1, *, every: bool = False) -> tuple[Check, ...]:
    """The gradient of each parameter beside finite differences, in the order of the program; `every`: all of them.

    Dropout's masks, batches and the statistics of batch norms are those of the iteration. Raises ValueError where there
    is no such iteration: they count from 1.
    """
    timeline = Timeline(Program.of(load(scenario).network))
    frame = timeline.frame(iteration)
    wanted = [o.name for o in gradients(frame.program) if every or o.variable.wrt in frame.program.parameters]
    return tuple(run_out(check(frame, name)) for name in wanted)


def gradients(program: Program) -> list[Operation]:
    """The operations that are a gradient of L, or what one step of a loop adds to one."""
    return [operation for operation in program.operations if moved_by(operation.variable)]


def gradient_at(name: str, program: Program) -> str | None:
    """The gradient that is meant by its name or by that of its variable; None where the program has none."""
    own = program.by_name.get(name)
    return name if own is not None and moved_by(own.variable) else program.gradients.get(name)


def check(
    frame: Frame, gradient: str, index: int | None = None, focus: Shape | None = None
) -> Generator[int, None, Check]:
    """Compare a gradient of an iteration, as it is after the operation at an index, or at the end.

    Of what a step of a loop adds to a gradient, the difference is that of a variable which moves in that step alone.

    Yields after each entry how many there were; `focus` is always in the sample. Raises KeyError for what is not a
    gradient of the program.
    """
    program = frame.program
    own, last = program.variables[gradient], program.by_name["L"]
    variable, step = moved_by(own), own.step if own.role is Role.PART else ""
    key = program.key(gradient, len(program.operations) - 1 if index is None else index)
    if not variable or key is None:
        raise KeyError(gradient)
    analytic = frame[key]
    rounding = gradient_noise(frame, gradient, variable)
    responses = [Response(frame, variable, step=step)]
    if not any(variable in o.jumps for o in program.operations[: last.index + 1] if o.stable is not None):
        responses.append(Response(frame, variable, step=step, stable=True))
    entries = []
    for at in sample(analytic, focus):
        entries.append(_entry(responses, at, float(analytic[at]), float(rounding[at])))
        yield len(entries)
    edited = tuple(version.edit.address for version in program.versions)
    return Check(gradient, variable, np.shape(analytic), float(frame[last.key]), tuple(entries), edited)


def sample(gradient: Array, focus: Shape | None = None) -> Sequence[Shape]:
    """All places of a gradient, or some where there are many: the largest entries, and others evenly spread."""
    if gradient.size <= MOST:
        return list(np.ndindex(gradient.shape))
    sizes = np.abs(np.nan_to_num(gradient, posinf=np.inf)).ravel()
    largest = np.argpartition(sizes, -MOST // 4)[-MOST // 4 :]
    spread = np.linspace(0, gradient.size - 1, MOST - len(largest)).astype(int)
    chosen = {*map(int, largest), *map(int, spread)}
    if focus is not None:
        chosen.add(int(np.ravel_multi_index(focus, gradient.shape)))
    return [tuple(map(int, np.unravel_index(place, gradient.shape))) for place in sorted(chosen)]


def _entry(responses: Iterable[Response], at: Shape, analytic: float, rounding: float) -> Entry:
    """One entry, by the first way of computing L in which it can be seen."""
    best = Entry(at, analytic, rounding=rounding)
    for response in responses:
        x = float(response.base[at])
        found = slope(lambda number, response=response: response.at(at, number), x, response.noise)  # type: ignore[misc]
        if isinstance(found, Kink):
            return _on_kink(response, best, found)
        if isinstance(found, Slope) and (best.numeric is None or found.error < best.error):
            best = Entry(at, analytic, found.value, found.error, rounding)
            if found.error <= ENOUGH * abs(found.value):
                break
    return best


def _on_kink(response: Response, entry: Entry, kink: Kink) -> Entry:
    left, right = kink
    error = max(left.error, right.error)
    x = float(response.base[entry.at])
    step = CLOSE * max(1.0, abs(x))
    crossed = list(response.crossed(response.at(entry.at, x - step), response.at(entry.at, x + step)))
    kinks = sum(int(where.sum()) for _, where in crossed)
    numeric, apart = (left.value + right.value) / 2, abs(left.value - right.value)
    same = msgspec.structs.replace(entry, numeric=numeric, error=error + apart / 2)
    if apart <= ENOUGH * abs(numeric) + SAFETY * error and (
        kinks <= 1 or abs(entry.analytic - numeric) <= same.allowed
    ):
        return same  # only the curvature jumps
    first = None
    if crossed:
        operation, where = crossed[0]
        place = tuple(map(int, np.argwhere(where)[0])) if where.shape == operation.shape else None
        first = (operation.name, place)
    return msgspec.structs.replace(entry, error=error, left=left.value, right=right.value, kink=first, kinks=kinks)
