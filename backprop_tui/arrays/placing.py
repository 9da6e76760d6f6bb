"""Arrays put into the place of a program's variables, whichever way they lie: a sample a row, or a column.

Two things are told apart, because they differ: how samples lie (in what each sample has a value of its own in), and how
W lies, with a row per unit as in `W @ x`, or with a row per input as in `x @ W`. What was said holds; then what the
shapes of the other arrays say; then what the network was made from; then which of the two is right. Beyond that it is
asked.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from backprop_tui.arrays.given_error import GivenError
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.statements.variable import Role
from backprop_tui.scenario.scenario import Layout
from backprop_tui.text import clean

Array = np.ndarray
SAMPLES, WEIGHTS = "samples", "weights"  # what lies one way or the other
WAYS = {"samples": Layout(sample_rows=True, input_rows=True), "features": Layout(sample_rows=False, input_rows=False)}
SAY = "say rows='samples' or rows='features'"
ALSO = {"rows": "samples", "columns": "features", "units": "features", "sample": "samples", "inputs": "features"}


class Placed(NamedTuple):
    """An array in the shape of its variable, and what there is to say of how it came."""

    array: Array
    said: str = ""
    turned: bool = False

    def like(self, other: Array) -> Array:
        """Another array, which lay as this one did."""
        return (other.T if self.turned else other).reshape(self.array.shape)


class Own(NamedTuple):
    """An array as it was given, of which variable it is, and the value that the program computes for that."""

    key: str
    name: str
    array: Array
    computed: Array
    transposable: str  # SAMPLES or WEIGHTS; empty for what has one way to lie


def layout_of(rows: str | None) -> Layout:
    """The layout that a word stands for. Raises GivenError for any other word."""
    word = ALSO.get(rows or "", rows)
    if word is None or word == "":
        return Layout()
    if word not in WAYS:
        raise GivenError(f"rows is '{clean(str(rows), 40)}', expected 'samples' (a sample a row) or 'features'")
    return WAYS[word]


def own_of(frame: Frame, key: str, name: str, array: Array, computed: Array) -> Own:
    """An array with what it is of."""
    record = frame.program.variables[name]
    of = frame.program.variables.get(record.parameter)
    if name in frame.program.sample_axes and computed.ndim == 2:
        return Own(key, name, array, computed, SAMPLES)
    is_matrix = computed.ndim == 2 and of is not None and of.role is Role.PARAMETER and of.kind == "W"
    return Own(key, name, array, computed, WEIGHTS if is_matrix else "")


def place(owns: Iterable[Own], said: Layout, made_from: Layout) -> dict[str, Placed]:
    """The arrays in the shapes of their variables, by the name they were given under. Raises GivenError."""
    owns = list(owns)
    problems = [problem for own in owns if (problem := _misfit(own))]
    if problems:
        raise GivenError(problems)
    turned = {kind: _turned(kind, owns, said, made_from) for kind in (SAMPLES, WEIGHTS)}
    asked = [
        own for own in owns if turned.get(own.transposable, False) is None and _is_open(own) and _by_value(own) is None
    ]
    if asked:
        raise GivenError(_question(own) for own in asked)
    return {own.key: _placed(own, turned) for own in owns}


def _turned(kind: str, owns: Iterable[Own], said: Layout, made_from: Layout) -> bool | None:
    """Whether arrays of a kind are transposed; None if that is not known."""
    for layout in (said, made_from):
        if (stated := layout[0 if kind == SAMPLES else 1]) is not None:
            return stated
    of_kind = [own for own in owns if own.transposable == kind and own.array.ndim == 2 and not _is_open(own)]
    told = [own.array.shape != own.computed.shape for own in of_kind if 1 not in own.computed.shape]
    return sum(told) * 2 > len(told) if told else None


def _is_open(own: Own) -> bool:
    """Whether its shape leaves two ways to read it."""
    shape = own.computed.shape
    return bool(own.transposable) and own.array.ndim == 2 and shape[0] == shape[1] > 1


def _by_value(own: Own) -> bool | None:
    """Whether an array is right only if it is transposed, or only if it is not; None if neither or both."""
    ways = [np.allclose(array, own.computed, rtol=1e-3, atol=1e-9) for array in (own.array, own.array.T)]
    return None if ways[0] == ways[1] else ways[1]


def _placed(own: Own, turned: Mapping[str, bool | None]) -> Placed:
    array, shape = own.array, own.computed.shape
    if array.ndim != 2 or not own.transposable or 1 in shape:
        return Placed(array.reshape(shape))
    wanted = turned[own.transposable]
    if _is_open(own):
        is_turned = bool(_by_value(own) if wanted is None else wanted)
        return Placed(array.T if is_turned else array, turned=is_turned)
    is_turned = array.shape != shape
    found = array.T if is_turned else array
    if wanted is None or is_turned is wanted:
        return Placed(found, turned=is_turned)
    seen, expected = ("×".join(map(str, extents)) for extents in (array.shape, array.shape[::-1]))
    return Placed(found, f"{clean(own.key, 60)} is {seen} where {expected} was expected: it fits transposed", is_turned)


def _misfit(own: Own) -> str:
    """What is wrong with a shape that fits in no way; empty if it fits."""
    shape, array = own.computed.shape, own.array
    fits = {shape, shape[::-1]} if own.transposable else {shape}
    one_line = sum(extent > 1 for extent in shape) <= 1
    if array.shape in fits or (
        one_line and array.size == own.computed.size and max(array.shape, default=1) == array.size
    ):
        return ""
    if array.size == 1 == own.computed.size:
        return ""
    expected = "×".join(map(str, shape)) or "a number"
    both = f" or {'×'.join(map(str, shape[::-1]))}" if own.transposable and shape != shape[::-1] else ""
    seen = "×".join(map(str, array.shape)) or "a number"
    why = ""
    if shape == () and array.ndim:
        why = ": one for each sample? The loss is one number, their mean or sum"
    elif own.transposable == "" and array.ndim == 2 and array.size != own.computed.size and 1 in shape:
        why = ": it is to be summed over the samples"
    return f"{clean(own.key, 60)}: is {seen}, expected {expected}{both} ({own.name}){why}"


def _question(own: Own) -> str:
    seen = "×".join(map(str, own.array.shape))
    if own.transposable == SAMPLES:
        return f"{clean(own.key, 60)}: is {seen}; is a sample a row or a column of it? {SAY}"
    way = "has it a row for each input, as in x @ W, or for each unit, as in W @ x?"
    return f"{clean(own.key, 60)}: is {seen}; {way} {SAY}"
