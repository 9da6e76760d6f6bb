"""Arrays as people paste them: printed by Python or NumPy, each with its name before it, digits and all.

dW1 = [[0.1 0.2]
 [0.3 0.4]]
db1: array([0., 1.])
dW2 [0.1 0.2]
>>> print(cost)
0.6931
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from backprop_tui.arrays.given_error import GivenError
from backprop_tui.arrays.given_values import Values
from backprop_tui.scenario.format.numpy_print import as_toml
from backprop_tui.scenario.format.toml_reader import TomlError, read_toml
from backprop_tui.text import clean

MOST = 16 * 2**20  # characters
NAME = r"[^\W\d][\w.′'/∂ŷδ₀-₉]*(?:\[\d+\])?"
ENTRY = re.compile(rf"(?:>>>\s*|In \[\d+\]:\s*)?({NAME})\s*(?:=|:)\s*(.*)")
BESIDE = re.compile(rf"({NAME})\s+((?:[\[(]|[+-]?\.?\d|[+-]?(?:nan|inf)\b|\w+(?:\.\w+)?\().*)")  # print("db1", db1)
ASKED = re.compile(rf"(?:>>>|In \[\d+\]:)\s*(?:print\()?\s*({NAME})\s*\)?\s*")
ANSWER = re.compile(r"Out\[\d+\]:\s*")
NO_NAMES = ("array", "tensor", "np.array", "nan", "inf")  # what a value may begin with


def pasted_values(text: str) -> Values:
    """The arrays of a text, with the digits that they are printed with. Raises GivenError, a line each."""
    if len(text) > MOST:
        raise GivenError(f"what was pasted has more than {MOST:,} characters; savez writes a file for --given")
    arrays: dict[str, np.ndarray] = {}
    written: dict[str, np.ndarray] = {}
    problems = []
    for number, name, value in _entries(text):
        try:
            array = _array(value)
        except ValueError as error:
            problems.append(f"line {number}: {clean(name, 60)}: {error}")
            continue
        written[name] = array
        arrays[name] = array.astype(float)
    if problems:
        raise GivenError(problems)
    if not arrays:
        raise GivenError("nothing was pasted: an array with its name before it, such as dW1 = [[0.1 0.2]\\n [0.3 0.4]]")
    return Values(arrays, written=written)


def _entries(text: str) -> Iterator[tuple[int, str, str]]:
    """The line, the name and the value of each array."""
    name, first = "", 0
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = ANSWER.sub("", line)
        found = next(filter(None, (form.fullmatch(line.strip()) for form in (ENTRY, ASKED, BESIDE))), None)
        if found and found[1] not in NO_NAMES:
            if name:
                yield first, name, "\n".join(lines)
            name, first = found[1], number
            lines = [] if found.re is ASKED else [found[2]]
        elif name:
            lines.append(line)
        elif line.strip():
            raise GivenError(f"line {number}: has no name before it; write dW1 = before its numbers")
    if name:
        yield first, name, "\n".join(lines)


def _array(value: str) -> np.ndarray:
    """A printed value as an array of `Decimal`. Raises ValueError."""
    toml = as_toml(value.strip().removeprefix(">>>").strip())
    if toml == "...":
        raise ValueError("has numbers left out by NumPy (...); print(a.tolist()) prints all")
    if not toml:
        raise ValueError("is neither a number nor an array as Python or NumPy prints it")
    try:
        found: Any = read_toml(f"v = {toml}")["v"]
        array = np.array(found, dtype=object)
        decimals = np.array([Decimal(one) for one in array.ravel()], dtype=object)
    except (TomlError, TypeError, ValueError, ArithmeticError):
        raise ValueError("is neither a number nor an array as Python or NumPy prints it") from None
    if not decimals.size:
        raise ValueError("is empty")
    return decimals.reshape(array.shape)
