"""The nodes of the schema: what they refer to, and in which tables of a file a key has its place."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from backprop_tui.scenario.format.aliases import MEANT
from backprop_tui.scenario.format.schema import schema

Node = Mapping[str, Any]


def schema_of_file(document: Mapping[str, Any]) -> Node:
    """The node of a whole file: of one that has a model written as formulas, or of one that has layers."""
    return resolved(schema()["then" if "model" in document else "else"])


def options(node: Node) -> list[Node]:
    """The nodes of which a value has to be one."""
    return [resolved(option) for option in node.get("anyOf", [node])]


def resolved(node: Node) -> Node:
    """The node itself, or what it refers to."""
    target: Node = schema()["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return target


def elsewhere(name: str) -> str | None:
    """The header of the one table that has a key of this name, empty for what stands before all tables; None if there
    are none or several, or if people call something else so.
    """
    found = _headers().get(name, ())
    return found[0] if len(found) == 1 and name not in MEANT else None


@cache
def lists_of_tables() -> frozenset[str]:
    """The names of tables that there may be several of, such as `network.layers`."""
    return frozenset(path for path, _, many in _tables(schema_of_file({}), "") if many)


@cache
def _headers() -> Mapping[str, Sequence[str]]:
    """The headers of the tables that have a key, by the key."""
    found: dict[str, list[str]] = {}
    for path, node, many in _tables(schema_of_file({}), ""):
        for name in node["properties"]:
            found.setdefault(name, []).append(f"[[{path}]]" if many else f"[{path}]" if path else "")
    return found


def _tables(node: Node, path: str, *, many: bool = False) -> Iterator[tuple[str, Node, bool]]:
    """A table and those in it: name, node, and whether there may be several."""
    yield path, node, many
    for name, value in node["properties"].items():
        for option in options(value):
            of = resolved(option["items"]) if option["type"] == "array" else option
            if "properties" in of:
                yield from _tables(of, f"{path}.{name}".removeprefix("."), many=of is not option)
