"""Has a document the structure that the schema describes? Every place where it has not, not only the first."""

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from backprop_tui.scenario.problem import Finding, Path, hint, listing, quote
from backprop_tui.scenario.schema import schema

Node = Mapping[str, Any]  # of the schema

# What TOML's values are called: in the schema, and to people. The rest are dates and times, which no key takes.
TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", Decimal: "number"}
WORDS = {
    "object": "a table",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}


def misfits(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Where a document, as tomllib reads it with Decimal for floats, is not what the schema says."""
    return _hold(document, schema(), ())


def is_finite(number: float | Decimal) -> bool:
    """Whether a number is finite as a float64."""
    try:
        return math.isfinite(float(number))
    except OverflowError:
        return False


def _hold(value: Any, node: Node, path: Path) -> Iterator[Finding]:
    options = [_resolve(option) for option in node.get("anyOf", [node])]
    kind = TYPES.get(type(value), "")
    accepted = {kind, "number"} if kind == "integer" else {kind}
    fitting = next((option for option in options if option["type"] in accepted), None)
    if fitting is None:
        yield path, f"is {_seen(value)}, expected {' or '.join(_words(option, path) for option in options)}"
    elif isinstance(value, int | Decimal) and not is_finite(value):
        yield path, f"is {_seen(value)}, expected a finite number"
    else:
        for word in BOUNDS.keys() & fitting.keys():
            if message := BOUNDS[word](value, fitting[word]):
                yield path, message
        if kind == "object":
            yield from _hold_table(value, fitting, path)
        elif kind == "array":
            for place, item in enumerate(value):
                yield from _hold(item, fitting["items"], (*path, place))


def _hold_table(table: Mapping[str, Any], node: Node, path: Path) -> Iterator[Finding]:
    known = node["properties"]
    for name, value in table.items():
        if name in known:
            yield from _hold(value, known[name], (*path, name))
        else:
            yield (*path, name), f"unknown key {hint(name, list(known))}"
    yield from (((*path, name), "is missing") for name in node["required"] if name not in table)


def _resolve(node: Node) -> Node:
    """The node itself, or what it refers to."""
    target: Node = schema()["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return target


def _words(node: Node, path: Path) -> str:
    """What a node of the schema takes."""
    if node["type"] == "array" and "$ref" in node["items"]:
        return f"[[{'.'.join(part for part in path if isinstance(part, str))}]]"
    return WORDS[node["type"]]


def _seen(value: Any) -> str:
    """A value as a message names it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return f"{Decimal(value):.12g}"
    return WORDS.get(TYPES.get(type(value), ""), "a date or a time")


def _among(value: Any, names: Sequence[Any]) -> str:
    if value in names:
        return ""
    if isinstance(value, str):
        return f"unknown {quote(value)} {hint(value, names)}"
    return f"is {_seen(value)}, expected {listing(map(str, names))}"


def _address(value: str, pattern: str) -> str:
    return "" if re.fullmatch(pattern, value) else f"is {quote(value)}, expected a web address, such as https://…"


def _bound(holds: Callable[[Any, Any], bool], words: str) -> Callable[[Any, Any], str]:
    return lambda value, bound: "" if holds(value, bound) else f"is {_seen(value)}, expected {words} {bound:,}"


def _length(holds: Callable[[int, int], bool], words: str) -> Callable[[Any, int], str]:
    return lambda items, bound: "" if holds(len(items), bound) else f"has {len(items):,}, expected {words} {bound:,}"


# JSON Schema's words for bounds that the format uses: what each says to a value, nothing where it holds.
BOUNDS: Mapping[str, Callable[[Any, Any], str]] = {
    "enum": _among,
    "minimum": _bound(operator.ge, "at least"),
    "maximum": _bound(operator.le, "at most"),
    "exclusiveMinimum": _bound(operator.gt, "more than"),
    "exclusiveMaximum": _bound(operator.lt, "less than"),
    "minItems": _length(operator.ge, "at least"),
    "maxItems": _length(operator.le, "at most"),
    "pattern": _address,  # the only pattern that there is
}
