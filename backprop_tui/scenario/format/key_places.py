"""In which tables of a file a key has its place, for messages about keys that are elsewhere."""

from collections.abc import Container, Iterator, Mapping
from functools import cache

from backprop_tui.scenario.format.aliases import MEANT, plain
from backprop_tui.scenario.format.json_schema import Node, node_of_file

FEW = 3  # tables that a message names


def homes_of(name: str, known: Container[str]) -> tuple[str, ...]:
    """The headers of the tables that have a key of this name, an empty one for what stands above all tables; none if
    there are many, or if in the table at hand, whose keys are `known`, people call something else so.
    """
    found = _headers().get(name, ())
    return found if len(found) <= FEW and not any(key in known for key in MEANT.get(plain(name), ())) else ()


@cache
def lists_of_tables() -> frozenset[str]:
    """The names of tables that there may be several of, such as `network.layers`."""
    return frozenset(path for path, _, many in _tables(node_of_file(has_model=False), "") if many)


@cache
def _headers() -> Mapping[str, tuple[str, ...]]:
    """The headers of the tables that have a key, by the key."""
    found: dict[str, list[str]] = {}
    for path, node, many in _tables(node_of_file(has_model=False), ""):
        for name in node["properties"]:
            found.setdefault(name, []).append(f"[[{path}]]" if many else f"[{path}]" if path else "")
    return {name: tuple(headers) for name, headers in found.items()}


def _tables(node: Node, path: str, *, many: bool = False) -> Iterator[tuple[str, Node, bool]]:
    """A table and those in it: name, node, and whether there may be several."""
    yield path, node, many
    for name, value in node["properties"].items():
        for option in value.get("anyOf") or [value]:
            of = option["items"] if option["type"] == "array" else option
            if "properties" in of:
                yield from _tables(of, f"{path}.{name}".removeprefix("."), many=of is not option)
