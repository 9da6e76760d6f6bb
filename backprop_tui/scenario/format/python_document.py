"""A scenario that is written in Python: a dict of the file's form, as the reader of TOML would have read it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from backprop_tui.scenario.format.toml_reader import DEEPEST, MOST
from backprop_tui.text import clean

MOST_VALUES = MOST[","][0]  # as many as a file may have


def python_document(given: Mapping[Any, Any]) -> dict[str, Any]:
    """What a dict says, with `Decimal` for floats, which have all the digits that Python prints.

    Lists, tuples and NumPy arrays are lists; NumPy's numbers are numbers. Anything else stays as it is, to be refused
    as a value that no key takes. Raises ValueError where there is too much of it.
    """
    left = MOST_VALUES

    def read(value: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if depth > DEEPEST:
            raise ValueError(f"is nested too deeply, expected at most {DEEPEST} within each other")
        if left < 0:
            raise ValueError(f"has more than {MOST_VALUES:,} values; a csv file can hold samples")
        if hasattr(value, "tolist"):  # an array or a number of NumPy's, or of what behaves like it
            value = value.tolist()
        match value:
            case float():
                return Decimal(repr(value))
            case str() | bytes():
                return value
            case Mapping():
                return {clean(str(key)): read(item, depth + 1) for key, item in value.items()}
            case Sequence():
                return [read(item, depth + 1) for item in value]
        return value

    return {clean(str(key)): read(value, 1) for key, value in given.items()}
