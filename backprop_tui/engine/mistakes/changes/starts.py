"""Mistakes made before anything is computed: in the data, and in what the weights can hold."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from backprop_tui.engine.statements.sample_axis import COLUMNS
from backprop_tui.engine.statements.variable import Role, Variables

Start = Mapping[str, Any]


def shifted_targets(start: Start, variables: Variables) -> dict[str, Any]:
    """Every sample with the targets of the next one."""
    return _changed(start, variables, Role.TARGET, lambda y: np.roll(y, -1, axis=1))


def shifted_back(start: Start, variables: Variables) -> dict[str, Any]:
    """Every sample with the targets of the one before."""
    return _changed(start, variables, Role.TARGET, lambda y: np.roll(y, 1, axis=1))


def reversed_inputs(start: Start, variables: Variables) -> dict[str, Any]:
    """The inputs in the reverse order."""
    return _changed(start, variables, Role.INPUT, lambda x: x[:, ::-1])


def reshaped_inputs(start: Start, variables: Variables) -> dict[str, Any]:
    """The inputs of a matrix with one row per sample, reshaped to one column per sample."""
    return _changed(start, variables, Role.INPUT, lambda x: np.ascontiguousarray(x.T).reshape(x.shape))


def reshaped_columns(start: Start, variables: Variables) -> dict[str, Any]:
    """The inputs of a matrix with one column per sample, reshaped to one row per sample."""
    return _changed(start, variables, Role.INPUT, lambda x: np.ascontiguousarray(x).reshape(x.T.shape).T)


def standardised_samples(start: Start, variables: Variables) -> dict[str, Any]:
    """Each sample with mean 0 and deviation 1 over its own inputs."""

    def standardised(x: Any) -> Any:
        deviation = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(deviation == 0, 1.0, deviation)

    return _changed(start, variables, Role.INPUT, standardised)


def whole_weights(start: Start, variables: Variables) -> dict[str, Any]:
    """The weights cut off to whole numbers."""
    found: dict[str, Any] = {}
    for name, variable in variables.items():
        if variable.role is Role.PARAMETER and variable.kind == "W" and name in start:
            found |= _one(name, start[name], np.trunc(start[name]))
    return found


def _changed(start: Start, variables: Variables, role: Role, change: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, variable in variables.items():
        if variable.role is role and name in start and variable.samples == COLUMNS:
            found |= _one(name, start[name], change(np.asarray(start[name])))
    return found


def _one(name: str, before: Any, after: Any) -> dict[str, Any]:
    return {} if np.array_equal(before, after) else {name: after}
