"""A question: which operation of which iteration, what of its result, and at which level."""

from functools import cached_property
from math import prod
from typing import Any, cast

import msgspec
import numpy as np

from backprop_tui.debugger.quiz.questions.kinds import SIDES, Aspect, Kind, kind_of
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.tables.random import generator
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.numbers import format_number

LEVELS = FIRST, ONE, ALL = (1, 2, 3)  # its sign, its shape, …; one element; all of it
MATRIX = 2  # axes
MOST = 8  # numbers that are asked for at once: more is typing, not understanding
NOISE = 16 * np.finfo(float).eps  # relative to what goes into a result: rounding alone may differ by that much


class Question(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What is asked about an event, whose value is hidden. `at` is the element, None for all of them.

    `against` is the number beside which a side is asked for: 0, or what there was before. `again`: it is a repetition.
    """

    event: Event
    kind: Kind
    level: int
    aspect: Aspect = "value"
    at: Shape | None = None
    against: float = 0.0
    again: bool = False

    @property
    def step(self) -> int:
        """The step at which the value is computed."""
        return self.event.step

    @property
    def frame(self) -> Frame:
        """The iteration's values: every event of a timeline has them."""
        return cast("Frame", self.event.frame)

    @property
    def operation(self) -> Operation:
        """What is done at that step."""
        return self.event.operation

    @cached_property
    def value(self) -> Any:
        """The hidden value, as NumPy has it."""
        return self.event.value

    @property
    def places(self) -> tuple[Shape, ...]:
        """The elements that are asked about, in order: where it is about what is off, every unit of a sample."""
        if self.aspect == "off" and self.at is not None:
            return tuple((unit, self.at[-1]) for unit in range(len(self.value)))
        return tuple(np.ndindex(np.shape(self.value))) if self.at is None else (self.at,)

    @cached_property
    def slack(self) -> float:
        """How far apart two numbers may be that only rounding errors tell from each other."""
        sizes = np.concatenate([np.abs(np.ravel(array)) for array in (*self.event.inputs.values(), self.value)])
        return float(NOISE * sizes[np.isfinite(sizes)].max(initial=0.0))

    def true(self, at: Shape) -> float:
        """One hidden number."""
        return float(self.value[at])

    def address(self, at: Shape) -> str:
        """An element in symbols, `z₁[1]`; the symbol alone where there is only one."""
        operation = self.operation
        if prod(np.shape(self.value)) == 1:
            return operation.symbol
        return operation.symbols.address(operation.name, at)

    @property
    def subject(self) -> str:
        """What is asked about, in symbols."""
        if self.at is None or self.aspect in ("off", "shape"):
            return self.operation.symbol
        return self.address(self.at)

    @property
    def text(self) -> str:
        """The question, in one line."""
        shape, operation = np.shape(self.value), self.operation
        return SAID["all" if self.at is None else self.aspect].format(
            subject=self.subject,
            count=len(self.places),
            axes="rows × columns" if len(shape) <= MATRIX else f"the size of each of its {len(shape)} axes",
            before="before its update" if operation.key != operation.name else "in the iteration before",
            against=format_number(self.against),
            sample=f" of sample {self.at[-1]}" if self.at and len(shape) == 2 and shape[1] > 1 else "",
        )


SAID = {
    "value": "{subject} = ?",
    "all": "{subject} = ? All {count} numbers, row by row",
    "sign": "{subject} = ? Only its sign: +, − or 0",
    "change": "{subject} was {against} {before}: is it larger now (+), smaller (−) or the same (0)?",
    "half": "{subject} = ? Only its side of ½: + above, − below",
    "off": "{subject} = ? Only which units{sample} are 0: their numbers, or none",
    "shape": "{subject} = ? Only its shape: {axes}",
}


def question(
    event: Event, level: int, *, turn: int = 0, sample: int = 0, before: Frame | None = None, again: bool = False
) -> Question:
    """What to ask of an event. `turn` is how often its kind was asked, `sample` the column that is looked at, `before`
    the frame of the iteration before.

    In a result with many numbers, one is asked for; the aspects of the first level, and the elements, take turns.
    """
    variables = cast("Frame", event.frame).program.variables
    asked = Question(event, kind_of(event.operation, variables), level, again=again)
    at, new = _element(asked, turn, sample), msgspec.structs.replace
    if level == FIRST:
        aspects = [aspect for aspect in asked.kind.first if _can(aspect, asked, before)] or ["shape"]
        aspect = aspects[turn % len(aspects)]
        against = {"change": _before(asked, before, at), "half": 0.5}.get(aspect, 0.0)
        return new(asked, aspect=aspect, at=at, against=against)
    if level == ALL and 1 < asked.value.size <= MOST:
        return asked
    return new(asked, level=max(level, ONE) if asked.value.size == 1 else ONE, at=at)


def _element(asked: Question, turn: int, sample: int) -> Shape:
    """Another element each time, of the sample that is looked at."""
    extents = np.shape(asked.value)
    random = generator(0, f"predict {asked.event.name}", asked.step, turn)
    at = [int(random.integers(extent)) for extent in extents]
    axis = asked.frame.program.sample_axes.get(asked.event.name)
    if axis is not None:
        at[axis] = min(sample, extents[axis] - 1)
    return tuple(at)


def _can(aspect: str, asked: Question, before: Frame | None) -> bool:
    """Whether an aspect can be asked for."""
    value, operation = asked.value, asked.operation
    if aspect in SIDES and np.isnan(value).any():
        return False
    if aspect == "off":
        return bool(np.ndim(value) == 2 and len(value) <= MOST)
    return aspect != "change" or operation.key != operation.name or (before is not None and not operation.shape)


def _before(asked: Question, before: Frame | None, at: Shape) -> float:
    """The number that an update starts from, or that the iteration before had."""
    operation = asked.operation
    if operation.key != operation.name:
        return float(asked.frame[operation.keys.get(operation.name, operation.name)][at])
    return float(before[operation.key]) if before is not None and not operation.shape else 0.0
