"""The JSON Schema is fresh, complete, and says what the loader does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.training.update_statements import SCHEDULES
from backprop_tui.scenario import schema_json
from backprop_tui.scenario.format import json_schema, schema
from backprop_tui.scenario.format.conformance import BOUNDS, WORDS

COPY = Path(__file__).parents[3] / "scenarios" / "scenario.schema.json"
SCHEMA: dict[str, Any] = json.loads(schema_json())
TABLES = SCHEMA["$defs"]


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a schema."""
    yield node
    inner = [*node.get("anyOf", []), *node.get("properties", {}).values()]
    for found in [*inner, node["items"]] if "items" in node else inner:
        yield from nodes(found)


def test_the_copy_for_editors_is_fresh() -> None:
    assert COPY.read_text("utf-8") == schema_json(), "backprop-tui schema > scenarios/scenario.schema.json"


def test_every_key_and_table_is_described() -> None:
    bare = [
        f"{table}.{key}"
        for table, node in TABLES.items()
        for key, value in node["properties"].items()
        if "description" not in value and "$ref" not in value
    ]
    assert bare == []
    assert all(node["description"] for node in TABLES.values())


def test_the_loader_holds_files_to_every_word_of_the_schema() -> None:
    known = {
        "$ref",
        "anyOf",
        "type",
        "items",
        "properties",
        "required",
        "additionalProperties",
        schema.NOT_FINITE,
        *BOUNDS,
    }
    says = {word for table in TABLES.values() for node in nodes(table) for word in node}
    assert says - {"title", "description", "default"} <= known
    assert {node["type"] for table in TABLES.values() for node in nodes(table) if "type" in node} <= WORDS.keys()


@pytest.mark.parametrize("table", schema.NAMES)
def test_what_the_tables_have_the_format_has(table: str) -> None:
    found = [node["enum"] for one in TABLES.values() for node in nodes(one) if "enum" in node]
    assert list(schema.NAMES[table]) in found


@pytest.mark.parametrize(
    ("rows", "kind"),
    [(ACTIVATIONS, "Layer"), (OPTIMIZERS, "Optimizer"), (SCHEDULES, "Schedule")],
    ids=["activations", "optimizers", "schedules"],
)
def test_the_format_has_every_setting_of_a_row(rows: dict[str, Any], kind: str) -> None:
    settings = {name for row in rows.values() for name in row.settings}
    assert settings
    assert settings <= TABLES[kind]["properties"].keys()


def test_a_row_that_is_added_is_a_name_of_the_format_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOSSES, "another", LOSSES["hinge"])
    assert "another" in json_schema.schema()["$defs"]["Loss"]["properties"]["name"]["enum"]
    assert '"another"' in schema_json()
