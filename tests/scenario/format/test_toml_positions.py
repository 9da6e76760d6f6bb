"""Every value of a TOML text is found where it stands."""

import json
import tomllib
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.scenario.format.problem import Path
from backprop_tui.scenario.format.toml_positions import Places, end

CHARACTERS = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="\x7f")
LEAVES = st.one_of(
    st.integers(-(2**40), 2**40),
    st.booleans(),
    st.floats(allow_nan=False),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.text(CHARACTERS, max_size=8),
)
KEYS = st.sampled_from(["a", "b", "1-_", "", "a.b", "é", 'q"', "'", "\n", "#", "]", "="])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


def can_have_headers(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


class Writer:
    """Writes a document as TOML in a layout that hypothesis draws, and notes where everything begins."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.text = ""
        self.separator = "\n"  # of two pairs: in an inline table it is a comma
        self.places: dict[Path, int] = {(): 0}

    def draw(self, *choices: Any) -> Any:
        return self.data.draw(st.sampled_from(choices))

    def gap(self) -> None:
        """Anything that may stand between two lines or two items of a list."""
        self.text += self.draw("", "", " ", "\n", "\t", '# [x] "a" = \'é\'"""\n', "\n\n  # }],\n ")

    def table(self, path: Path, table: dict[str, Any]) -> None:
        """A table's own lines, then the tables that have headers of their own."""
        headed = [key for key, value in table.items() if can_have_headers(value) and self.draw(True, False)]
        for key, value in table.items():
            if key not in headed:
                self.pair(path, (), (key,), value)
                self.text += self.draw("", " ", "\t# ]}\"'") + "\n"
        for key in headed:
            if isinstance(value := table[key], dict):
                self.headed_table((*path, key), value)
            else:
                for place, item in enumerate(value):
                    self.header((*path, key), "[[", "]]", place)
                    self.table((*path, key, place), item)

    def headed_table(self, path: Path, table: dict[str, Any]) -> None:
        inner = list(table.values())
        if inner and all(isinstance(value, dict) for value in inner) and self.draw(True, False):
            for key, value in table.items():  # a table that only the headers of others imply
                self.headed_table((*path, key), value)
        else:
            self.header(path, "[", "]")
            self.table(path, table)

    def header(self, path: Path, opening: str, closing: str, place: int | None = None) -> None:
        self.gap()
        for length in range(1, len(path) + 1):
            self.places.setdefault(path[:length], len(self.text))
        self.places[path if place is None else (*path, place)] = len(self.text)
        self.text += opening + self.draw("", " ")
        self.dotted(tuple(part for part in path if isinstance(part, str)))
        self.text += closing + self.draw("", " ", " # [") + "\n"

    def dotted(self, keys: tuple[str, ...]) -> None:
        space = self.draw("", "", " ", "\t")
        self.text += f"{space}.{space}".join(self.key(key) for key in keys) + space

    def key(self, key: str) -> str:
        forms = [json.dumps(key, ensure_ascii=self.draw(True, False))]
        forms += [f"'{key}'"] if "'" not in key and key.isprintable() else []
        forms += [key] if key in ("a", "b", "1-_") else []
        return str(self.draw(*forms))

    def pair(self, table: Path, above: tuple[str, ...], keys: tuple[str, ...], value: Any) -> None:
        """`a.b = value`, or several of them for the values of a table."""
        if isinstance(value, dict) and value and len(keys) < 4 and self.draw(True, False):
            for count, (key, item) in enumerate(value.items()):
                if count:
                    self.text += self.separator
                self.pair(table, above, (*keys, key), item)
            return
        self.text += self.draw("", "  ")
        for length in range(1, len(keys)):
            self.places.setdefault((*table, *keys[:length]), len(self.text))
        self.dotted(keys)
        self.text += "=" + self.draw("", " ", "\t ")
        self.value((*table, *keys), value)

    def value(self, path: Path, value: Any) -> None:
        self.places[path] = len(self.text)
        if isinstance(value, dict):
            outside, self.separator = self.separator, ", "
            self.text += "{" + self.draw("", " ")
            for count, (key, item) in enumerate(value.items()):
                self.text += ", " if count else ""
                self.pair(path, (), (key,), item)
            self.text += self.draw("", " ") + "}"
            self.separator = outside
        elif isinstance(value, list):
            self.text += "["
            for place, item in enumerate(value):
                self.gap()
                self.value((*path, place), item)
                self.gap()
                self.text += "," if place + 1 < len(value) else self.draw("", ",")
            self.gap()
            self.text += "]"
        else:
            self.text += self.scalar(value)

    def scalar(self, value: Any) -> str:
        match value:
            case bool():
                return str(value).lower()
            case int() | float():
                return str(value)
            case str():
                return self.string(value)
        return str(value.isoformat())

    def string(self, value: str) -> str:
        escaped = json.dumps(value, ensure_ascii=self.draw(True, False))[1:-1]
        forms = [
            f'"{escaped}"',
            f'"""\n{escaped}"""',
            f'"""\\\n  {escaped}"""' if value[:1].isalnum() else f'"{escaped}"',
        ]
        if "'" not in value and value.isprintable():
            forms += [f"'{value}'", f"'''\n{value}'''"]
        return str(self.draw(*forms))


@given(DOCUMENTS, st.data())
def test_every_path_of_any_document_finds_its_place(document: dict[str, Any], data: st.DataObject) -> None:
    writer = Writer(data)
    writer.table((), document)
    assert tomllib.loads(writer.text) == document
    assert Places(writer.text).offsets == writer.places


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("", (), (1, 1)),
        ("# only [a]\n", ("a",), (1, 1)),
        ('a = """"x""""" # "\nb = 1', ("b",), (2, 5)),
        ("a = '''''x'''''\nb = 1", ("b",), (2, 5)),
        ('a = """\\""" = ["""\nb = 1', ("b",), (2, 5)),
        ('a = """\nx\n\n"""\nb = 1', ("b",), (5, 5)),
        ('a = ""\nb = 1', ("b",), (2, 5)),
        ('a = "\\\\" # "\nb = 1', ("b",), (2, 5)),
        ("a = 1979-05-27 07:32:00 # ]\nb = 1", ("b",), (2, 5)),
        ("a = [1979-05-27 07:32:00, 2]", ("a", 1), (1, 27)),
        ("a = [[1, [2]], # ],\n  [3]]", ("a", 1, 0), (2, 4)),
        ("a = {b = [{c.d = 1}, {c.d = 2}]}", ("a", "b", 1, "c", "d"), (1, 29)),
        ("'ŷ' = \"漢👩\"\n'👩' = 1", ("👩",), (2, 7)),
        ("a = ['漢👩', 2]", ("a", 1), (1, 12)),
        ("a.b.c = 1\na.b.d = 2", ("a", "b"), (1, 1)),
        (" [ a . 'b' ] \n c = 1", ("a", "b"), (1, 2)),
        ("[a.b]\n[a]", ("a",), (2, 1)),
        ("[a.b.c]", ("a", "b"), (1, 1)),
        ("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[[a.b]]\nc = 1", ("a", 1, "b", 1, "c"), (6, 5)),
        ("[[a]]\n[a.b.c]\nd = 1\n[[a]]\n[a.b.c]\nd = 2", ("a", 1, "b", "c", "d"), (6, 5)),
        ("[[a]]\n[[a]]", ("a",), (1, 1)),
        ("[a]\nb = 1\n[c]", ("a", "missing", 0), (1, 1)),
        ("x = 1\n[a]\nb = 1", ("a", "missing"), (2, 1)),
        ("a = [1, 2]", ("a", 7), (1, 5)),
        ('"" = 1', ("",), (1, 6)),
        ("a=1", ("a",), (1, 3)),
    ],
)
def test_nasty_texts(text: str, path: Path, place: tuple[int, int]) -> None:
    tomllib.loads(text)
    assert Places(text)[path] == place


@pytest.mark.parametrize(("text", "place"), [("", (1, 1)), ("ab", (1, 3)), ("a\n", (2, 1)), ("a\nŷ", (2, 2))])
def test_where_a_text_ends(text: str, place: tuple[int, int]) -> None:
    assert end(text) == place
