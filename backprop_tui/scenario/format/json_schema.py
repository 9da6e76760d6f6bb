"""The JSON Schema of the format, which editors read and `conformance.py` holds a file to."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from backprop_tui.scenario.format.schema import NAMES, File

Node = Mapping[str, Any]
REFERENCE = "#/$defs/"


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the format. An `enum` of a table's names is a live view of the table."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "backprop-tui scenario"}
    (layers, model), tables = _components(_kind(has_model=False), _kind(has_model=True))
    found: dict[str, Any] = _with_names({"if": {"required": ["model"]}, "then": model, "else": layers, "$defs": tables})
    return dialect | found


@cache
def node_of_file(*, has_model: bool) -> Node:
    """The schema of one kind of file, with the tables themselves in place of references to them.

    It is made without the other kind, and what every start needs has to be made fast.
    """
    (node,), tables = _components(_kind(has_model=has_model))
    found: Node = _with_names(node, tables)
    return found


def _kind(*, has_model: bool) -> type[Struct]:
    if not has_model:
        return File
    from backprop_tui.scenario.format.model_schema import ModelFile

    return ModelFile


def _components(*kinds: type[Struct]) -> tuple[tuple[Node, ...], Mapping[str, Node]]:
    """A node for each kind of file, and the tables that these refer to."""
    return msgspec.json.schema_components(kinds, ref_template=f"{REFERENCE}{{name}}")


def _with_names(node: Any, tables: Mapping[str, Node] | None = None) -> Any:
    """The schema with the names of a table's rows in place of the name of the table, and with tables in place of
    references, where they are given.
    """
    match node:
        case {"$ref": str(place)} if tables is not None:
            return _with_names(tables[place.removeprefix(REFERENCE)], tables)
        case dict():
            return {
                key: NAMES[value].keys() if key == "enum" and isinstance(value, str) else _with_names(value, tables)
                for key, value in node.items()
            }
        case list():
            return [_with_names(item, tables) for item in node]
    return node


def schema_json() -> str:
    """The JSON Schema as `backprop-tui schema` prints it."""
    return msgspec.json.format(msgspec.json.encode(schema(), enc_hook=list), indent=2).decode() + "\n"
