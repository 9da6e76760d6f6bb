"""The part of a document that has the structure which the schema describes, and every place that has not.

What does not conform is left out, and something neutral takes its place where a value is needed: so the rules can judge
the rest, and nothing is ever made from a value outside its bounds.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from functools import partial
from typing import Any

from backprop_tui.scenario.format.json_schema import Node, node_of_file
from backprop_tui.scenario.format.problem import Finding, Message, Path, hint, listing, meant, quote
from backprop_tui.scenario.format.schema import NOT_FINITE

# The names of TOML's types: in the schema, and for people. The others are dates and times, which no key takes.
TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", Decimal: "number"}
WORDS = {
    "object": "a table",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
NUMBERS = {int, Decimal}
BESIDE_MODEL = {  # tables of a file that has no model
    "network": "is given beside model, expected one of the two",
    "regularization": "is of no use beside model, whose text can add to L what weights cost",
}
LONG = 10**12  # a whole number that is shown with an exponent
KEPT = 1000  # findings; any more are only counted
LOOKED_UP = 20  # unknown keys of which it is asked which key was meant, and so is not missing
MISSING = "is missing"
UNKNOWN = math.nan  # takes the place of a missing number in a list
NOTHING = object()  # takes the place of a value that does not conform


class Held:
    """The findings of a document (the first ones in full, the others counted), and what is left of it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.findings: list[Finding] = []
        self.more = 0  # findings beyond those
        self._wrong: set[Path] = set()
        self.unknown: list[tuple[Path, Node]] = []  # keys that are not known, and the keys that are in their place
        self.document: dict[str, Any] = _hold_table(document, node_of_file(has_model="model" in document), (), self)
        self._forgive(document)

    def _forgive(self, document: Mapping[str, Any]) -> None:
        """A key that is there by another name, or in another table, is not missing as well."""
        meant = [path for key, known in self.unknown if (path := _meant(key, known)) and not _has(document, path)]
        self._wrong.update(meant)
        self.findings = [one for one in self.findings if one[1] is not MISSING or one[0] not in meant]

    def add(self, path: Path, message: Message) -> None:
        """Note what is wrong with the value at a path."""
        if len(self.findings) < KEPT:
            self.findings.append((path, message))
            self._wrong.add(path)
        else:
            self.more += 1

    def doubt(self, path: Path) -> None:
        """Note that nothing can be said about the value at a path."""
        self._wrong.add(path)

    def is_wrong(self, path: Path) -> bool:
        """Whether the value at a path, or one that contains it, is wrong: then nothing more is said about it."""
        return any(path[:length] in self._wrong for length in range(len(path) + 1))


def is_finite(number: float | Decimal) -> bool:
    """Whether a number is finite as a float64."""
    try:
        return math.isfinite(float(number))
    except (OverflowError, ValueError):  # ValueError: a signalling nan
        return False


def _hold(value: Any, node: Node, path: Path, held: Held) -> Any:
    """The part of the value that conforms to the node, or NOTHING."""
    allowed = _options(node)
    kind = TYPES.get(type(value), "")
    accepted = {kind, "number"} if kind == "integer" else {kind}
    fitting = next((option for option in allowed if option["type"] in accepted), None)
    if fitting is None:
        held.add(path, f"is {_seen(value)}, expected {' or '.join(_words(option, path) for option in allowed)}")
        return NOTHING
    if isinstance(value, int | Decimal) and not (is_finite(value) or _may_be(value, fitting)):
        held.add(path, f"is {_seen(value)}, expected a finite number")
        return NOTHING
    for word in BOUNDS:
        if word in fitting and (message := BOUNDS[word](value, fitting[word])):
            held.add(path, message)
            return NOTHING
    if kind == "object":
        return _hold_table(value, fitting, path, held)
    if kind == "array":
        return _hold_list(value, fitting["items"], path, held)
    return value


def _may_be(value: int | Decimal, node: Node) -> bool:
    """Whether a number is nan or inf where that is taken; what is merely too large is not."""
    return NOT_FINITE in node and isinstance(value, Decimal) and (value.is_qnan() or value.is_infinite())


def _hold_table(table: Mapping[str, Any], node: Node, path: Path, held: Held) -> dict[str, Any]:
    known, any_name = node.get("properties", {}), node.get("additionalProperties")
    found: dict[str, Any] = {}
    for name, value in table.items():
        if of := known.get(name) or any_name:
            kept = _hold(value, of, (*path, name), held)
            found[name] = _blank(of) if kept is NOTHING else kept
        else:
            beside = BESIDE_MODEL.get(name) if not path and "model" in table else None
            held.add((*path, name), beside or partial(_unknown_key, (*path, name), known))
            if not beside and len(held.unknown) < LOOKED_UP:
                held.unknown.append(((*path, name), known))
    for name in node.get("required", ()):
        if name not in table:
            held.add((*path, name), MISSING)
            found[name] = _blank(known[name])
    return found


def _hold_list(items: Sequence[Any], node: Node, path: Path, held: Held) -> Any:
    allowed = _options(node)
    numbers = items and set(map(type, items)) <= NUMBERS
    if numbers and [option["type"] for option in allowed] == ["array"]:
        held.add(path, "is one list of numbers, expected a list of rows, [[…], […]]; of one row, [[…]]")
        return NOTHING
    if numbers and any(o["type"] == "number" and not o.keys() & BOUNDS for o in allowed) and all(map(is_finite, items)):
        return items
    found = [_hold(item, node, (*path, place), held) for place, item in enumerate(items)]
    right = next((item for item in found if item is not NOTHING), NOTHING)
    if right is NOTHING and allowed[0]["type"] == "array" and items:
        held.doubt(path)  # the length of its rows is not known
    return [_blank_beside(right, node) if item is NOTHING else item for item in found]


def _blank(node: Node) -> Any:
    """What takes the place of a missing or wrong value: 0, an empty text or list, or a table of such values."""
    option = _options(node)[0]
    if option["type"] == "object":
        return {name: _blank(option["properties"][name]) for name in option.get("required", ())}
    if option["type"] == "array":
        return [_blank(option["items"])] * option.get("minItems", 0)
    return BLANKS[option["type"]]


def _blank_beside(other: Any, node: Node) -> Any:
    """What takes the place of a wrong item in a list: something like an item that is right."""
    if isinstance(other, list):
        return [UNKNOWN] * len(other)
    option = _options(node)[0]
    return UNKNOWN if option["type"] == "number" else _blank(option)


BLANKS = {"string": "", "boolean": False, "integer": 0, "number": 0.0}


def _unknown_key(path: Path, known: Mapping[str, Any]) -> str:
    from backprop_tui.scenario.format.key_places import homes_of

    name = str(path[-1])
    homes = homes_of(name, known)
    where = " or ".join(home or "the lines above all tables" for home in homes)
    return f"unknown key {f'(it belongs in {where})' if homes else hint(name, list(known))}"


def _meant(path: Path, known: Node) -> Path:
    """The key that an unknown one was meant for; nothing where that is not clear."""
    from backprop_tui.scenario.format.key_places import homes_of

    name = str(path[-1])
    homes = homes_of(name, known)
    if homes:
        is_one = len(homes) == 1 and not homes[0].startswith("[[")
        return (*filter(None, homes[0].strip("[]").split(".")), name) if is_one else ()
    found = meant(name, list(known))
    return (*path[:-1], found[0]) if len(found) == 1 else ()


def _has(document: Any, path: Path) -> bool:
    """Whether there is something at a path of a document."""
    for part in path:
        match document, part:
            case Mapping(), str() if part in document:
                document = document[part]
            case list(), int() if part < len(document):
                document = document[part]
            case _:
                return False
    return True


def _options(node: Node) -> list[Node]:
    """The nodes of which a value has to be one."""
    options: list[Node] = node.get("anyOf") or [node]
    return options


def _words(node: Node, path: Path) -> str:
    """What a node of the schema takes."""
    if node["type"] == "array" and node["items"].get("type") == "object":
        return f"[[{'.'.join(part for part in path if isinstance(part, str))}]]"
    if node["type"] == "array" and "enum" in node["items"]:
        return f"a list of {listing(map(quote, node['items']['enum']))}"
    return WORDS[node["type"]]


def _seen(value: Any) -> str:
    """A value as a message names it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        is_long = isinstance(value, int) and abs(value) >= LONG and is_finite(value)
        return f"{float(value):g}" if is_long else f"{Decimal(value):.12g}"
    if isinstance(value, date | time):
        return "a date or a time"
    return WORDS.get(TYPES.get(type(value), ""), f"a Python {type(value).__name__}")


def _among(value: Any, names: Sequence[Any]) -> Message:
    if value in names:
        return ""
    if isinstance(value, str):
        return lambda: f"unknown {quote(value)} {hint(value, names)}"
    return f"is {_seen(value)}, expected {listing(map(str, names))}"


def _address(value: str, pattern: str) -> str:
    return "" if re.fullmatch(pattern, value) else f"is {quote(value)}, expected a web address, such as https://…"


def _bound(holds: Callable[[Any, Any], bool], words: str) -> Callable[[Any, Any], str]:
    return lambda value, bound: "" if holds(value, bound) else f"is {_seen(value)}, expected {words} {bound:,}"


def _length(holds: Callable[[int, int], bool], words: str) -> Callable[[Any, int], str]:
    return lambda items, bound: "" if holds(len(items), bound) else f"has {len(items):,}, expected {words} {bound:,}"


# JSON Schema's keywords for bounds that the format uses: the message of each about a value, empty if it holds.
BOUNDS: Mapping[str, Callable[[Any, Any], Message]] = {
    "enum": _among,
    "minimum": _bound(operator.ge, "at least"),
    "maximum": _bound(operator.le, "at most"),
    "exclusiveMinimum": _bound(operator.gt, "more than"),
    "exclusiveMaximum": _bound(operator.lt, "less than"),
    "minItems": _length(operator.ge, "at least"),
    "maxItems": _length(operator.le, "at most"),
    "pattern": _address,  # the only pattern that there is
}
