"""Conventions in which sources differ from this program and from one another: none of them is a mistake.

A row says by what factor what a source prints differs from what is computed here, for the variables that it is about.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import UNKNOWN, Role, Variable

Factor = Callable[[Program, Variable, Mapping[str, Any]], float]


class Convention(msgspec.Struct, frozen=True):
    """A row: the key and the value that declare it in a scenario, the name that causes have, and what is said of it.

    `factor` is what a variable is multiplied by in the source, 1 where the convention says nothing of it; one without
    is about how the file is read. `transposes` marks the one that has samples as rows.
    """

    key: str
    value: str
    name: str
    said: str
    factor: Factor | None = None
    transposes: bool = False


def _of_delta(factor: Callable[[Program], float]) -> Factor:
    def found(program: Program, variable: Variable, _: Mapping[str, Any]) -> float:
        is_delta = variable.role is Role.GRADIENT and not variable.parameter
        return factor(program) if is_delta else 1.0

    return found


def _turned_gradients(_: Program, variable: Variable, __: Mapping[str, Any]) -> float:
    return -1.0 if variable.role is Role.GRADIENT and variable.parameter else 1.0


def _of_velocity(sign: float) -> Factor:
    def found(program: Program, variable: Variable, frame: Mapping[str, Any]) -> float:
        is_velocity = variable.role is Role.STEP and variable.kind == "m" and "momentum" in program.shapes
        return sign * float(frame["eta"]) if is_velocity else 1.0

    return found


def _mean(program: Program) -> float:
    """The number of samples of an iteration."""
    return float(min(program.feed.size, program.feed.total))


CONVENTIONS = (
    Convention(
        "delta",
        "t-o",
        "delta-t-o",
        "the source's δ is t − o: signs are turned on the way back",
        _of_delta(lambda _: -1.0),
    ),
    Convention(
        "gradients",
        "added",
        "gradients-added",
        "the source's gradients of the parameters have the sign turned, and its update adds them",
        _turned_gradients,
    ),
    Convention(
        "mean",
        "in gradients",
        "mean-in-gradients",
        "the source takes the mean over the batch in the gradients of the parameters, and not in δ",
        _of_delta(_mean),
    ),
    Convention(
        "velocity",
        "with rate",
        "velocity-with-rate",
        "the source's velocity has η in it",
        _of_velocity(1.0),
    ),
    Convention(
        "velocity",
        "step",
        "velocity-step",
        "the source's velocity is the step itself: −η times the momentum here",
        _of_velocity(-1.0),
    ),
    Convention(
        "layout",
        "rows",
        "layout-rows",
        "the source has a row for each sample: its matrices are transposed",
        transposes=True,
    ),
    Convention(
        "weights",
        "without look-ahead",
        "weights-without-look-ahead",
        "the source keeps the weights apart from the point that Nesterov's momentum looks ahead to",
    ),
)
KEYS = {row.key: tuple(one.value for one in CONVENTIONS if one.key == row.key) for row in CONVENTIONS}


def declared(chosen: Mapping[str, str]) -> tuple[Convention, ...]:
    """The rows that a scenario declares."""
    return tuple(row for row in CONVENTIONS if chosen.get(row.key) == row.value)


def factor_of(rows: tuple[Convention, ...], program: Program, name: str, frame: Mapping[str, Any]) -> float:
    """What a source with these conventions multiplies a variable with."""
    own = program.variables.get(name, UNKNOWN)
    return float(np.prod([row.factor(program, own, frame) for row in rows if row.factor])) if rows else 1.0
