"""Completing a change of the scenario: the paths of the format's keys, and the names that a key takes."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from backprop_tui.engine.network.network import Network
from backprop_tui.scenario.format.json_schema import schema

if TYPE_CHECKING:
    from backprop_tui.debugger.console.console import LineSession

Node = Mapping[str, Any]
OTHER = ("format", "published", "note", "source", "title")  # what no run depends on


def changes(session: "LineSession", text: str) -> Iterator[str]:
    """The changes that the last word of a text may become: `optimizer.name=`, then the names there are."""
    before, space, typed = text.rpartition(" ")
    network = session.debugger.scenario.network
    layers = len(network.layers) if isinstance(network, Network) else None
    for path, node in keys(layers):
        if typed.startswith(f"{path}="):
            yield from (f"{before}{space}{path}={name}" for name in _names(node))
        else:
            yield f"{before}{space}{path}="


def keys(layers: int | None) -> Iterator[tuple[str, Node]]:
    """The path of every key that a run depends on, and its node of the schema: of a file with so many layers, or (None)
    of one with a model written as formulas.
    """
    file = schema()["then" if layers is None else "else"]
    for name, node in _properties(file).items():
        if name not in OTHER:
            yield from _below(name, node, layers or 0)


def _below(path: str, node: Node, layers: int) -> Iterator[tuple[str, Node]]:
    inside = _properties(node)
    if inside:
        for name, below in inside.items():
            yield from _below(f"{path}.{name}", below, layers)
    elif (items := _properties(node.get("items", {}))) and path == "network.layers":
        for place in range(layers):
            yield from ((f"{path}[{place}].{name}", below) for name, below in items.items())
    else:
        yield path, node


def _properties(node: Node) -> Mapping[str, Node]:
    """The keys of a table; of what is no table, none."""
    found: Mapping[str, Node] = _resolved(node).get("properties", {})
    return found


def _resolved(node: Node) -> Node:
    """A node itself, what it refers to, or the table that it may be."""
    for option in (node, *node.get("anyOf", ()), *node.get("allOf", ())):
        if "$ref" in option:
            found: Node = schema()["$defs"][option["$ref"].rpartition("/")[2]]
            return found
    return node


def _names(node: Node) -> Iterator[str]:
    for option in (node, *node.get("anyOf", ())):
        yield from map(str, option.get("enum", ()))
