"""Positions as people write them: a step number, `3:delta2`, `delta2`, `start`."""

import operator
from difflib import get_close_matches
from typing import SupportsIndex

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.text import clean

FARTHEST = 10**12  # the last step that can be named: far beyond what any run reaches
START = "start"  # how step 0 reads


class PositionError(ValueError):
    """A position that names no step: one line that says what is possible."""


def read_position(text: str | SupportsIndex, timeline: Timeline, iteration: int) -> int:
    """The step that a position names.

    A number is a step; `3:delta2` an operation of an iteration, `3:` the last of it, `3:start` before the first of it;
    `delta2` one of the current iteration; a stage in an operation's place is the last operation of the stage; `start`
    is step 0.
    Raises PositionError.
    """
    if not isinstance(text, str):
        return _checked(operator.index(text))
    text = text.strip()
    if text.isdecimal():
        return _checked(int(text[:18]) if len(text) <= 18 else FARTHEST + 1)
    if text == START:
        return 0
    if not text:
        raise PositionError("a position is a step number, or an operation such as 1:delta2")
    before, colon, name = text.rpartition(":")
    if colon:
        if not (before.strip().isdecimal() and int(before[:18]) > 0):
            raise PositionError(f"'{clean(before, 20)}' is not an iteration: they count from 1, as in 1:delta2")
        iteration = int(before) if len(before) <= 18 else FARTHEST
    return _checked(timeline.step_at(iteration, _index(name.strip(), timeline)))


def write_position(step: int, timeline: Timeline) -> str:
    """The readable position of a step, `3:delta2`, or `start`. Nothing is computed for it."""
    iteration, index = timeline.locate(step)
    return START if index < 0 else f"{iteration}:{timeline.program.operations[index].name}"


def last_of(stage: str, program: Program) -> int:
    """The index of a stage's last operation."""
    return max(operation.index for operation in program.operations if operation.stage == stage)


def _checked(step: int) -> int:
    if step < 0:
        raise PositionError("steps count from 0, which is before anything ran")
    if step > FARTHEST:
        raise PositionError(f"that is too far: the last step is {FARTHEST:,}")
    return step


def _index(name: str, timeline: Timeline) -> int:
    program = timeline.program
    if name == START:
        return -1
    if not name:
        return timeline.length - 1
    resolved = program.symbols.resolve(name)
    if resolved in program.by_name:
        return program.by_name[resolved].index
    if name in program.stages:
        return last_of(name, program)
    if name in program.sections:
        return program.by_name[program.sections[name]].index
    known = [*program.by_name, *program.stages, *program.sections]
    close = get_close_matches(name, known, 1)
    hint = f" (did you mean {close[0]}?)" if close else "; try a step number or 1:delta2"
    raise PositionError(f"there is no operation '{clean(name, 40)}'{hint}")
