"""The lines of a model's text: assignments, and the loops and blocks that they stand in.

    block attention:
        q = Wq @ x
    for t in 1..T:
        h[t] = tanh(Wx @ x[t] + Wh @ h[t-1])

Indentation says what stands in what, as in Python. What is wrong is noted with its line and column in the text, both
counted from 1, and everything else is read all the same.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from keyword import iskeyword
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from backprop_tui.text import clean

MOST_LINES = 1000  # written or unrolled: with their backward halves they are 2,000 operations or so
LONGEST_LINE = 2000
NAME = r"[A-Za-z_][A-Za-z0-9_]*"
LOOP = re.compile(rf"for\s+(?P<variable>{NAME})\s+in\s+(?P<range>.+):")
BLOCK = re.compile(rf"block\s+(?P<name>{NAME})\s*:")
TARGET = re.compile(rf"(?P<name>{NAME})\s*(?:\[(?P<index>[^\[\]]*)\])?\s*=(?!=)")
OTHER_TARGET = re.compile(r"(?P<names>(?P<name>[^\W\d]\w*)[^=(]*?)(?:[-+*/@:]?=(?!=)|<-)")  # what others write there
LINES = "'for t in 1..T:', 'block name:' or 'name = formula'"
RANGE = "<<"  # takes the place of `..`, which Python does not read, in as many characters


class Wrong(NamedTuple):
    """What is wrong at a place of a text."""

    line: int
    column: int
    message: str


class Piece(Struct, frozen=True, eq=False):
    """A part of a line that Python's parser has read: what it read, its text, and where that begins."""

    node: ast.expr
    text: str
    line: int
    column: int

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Where in `text` a node of it stands; Python counts bytes."""
        line = self.text.encode(errors="replace")
        start, end = (line[:count].decode(errors="replace") for count in (node.col_offset, node.end_col_offset or 0))
        return len(start), len(end)

    def written(self, node: ast.expr) -> str:
        """What is written for a node."""
        start, end = self.span(node)
        return self.text[start:end].replace(RANGE, "..")

    def wrong(self, message: str, node: ast.expr | None = None) -> Wrong:
        """A finding about a node, or about all of it."""
        return Wrong(self.line, self.column + (self.span(node)[0] if node is not None else 0), message)


class Assignment(Struct, frozen=True, eq=False):
    """`name = formula`, or `name[index] = formula`; `column` is where the name stands."""

    name: str
    index: Piece | None
    formula: Piece
    line: int
    column: int


class Loop(Struct, frozen=True, eq=False):
    """`for variable in first..last:` and what stands in it."""

    variable: str
    range: Piece
    body: "tuple[Item, ...]"
    line: int
    column: int


class Block(Struct, frozen=True, eq=False):
    """`block name:` and what stands in it."""

    name: str
    body: "tuple[Item, ...]"
    line: int
    column: int


class Lost(Struct, frozen=True, eq=False):
    """Variables that a line would write, if it could be read."""

    names: tuple[str, ...]
    body: "tuple[Item, ...]" = ()


Item: TypeAlias = Assignment | Loop | Block | Lost


class _Row(NamedTuple):
    """A line that is not blank, without its comment: its number, its indentation and its text."""

    number: int
    indent: int
    text: str
    column: int


def layout(text: str, *, bounded: bool = True) -> tuple[tuple[Item, ...], list[Wrong]]:
    """The items of a text, and what is wrong with its lines; one that is `bounded` has only so many."""
    wrong: list[Wrong] = []
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        code = line.partition("#")[0].rstrip()
        if not code:
            continue
        if "\t" in line[: len(line) - len(line.lstrip())]:
            wrong.append(Wrong(number, 1, "is indented by a tab, expected spaces"))
        elif bounded and len(code) > LONGEST_LINE:
            wrong.append(Wrong(number, LONGEST_LINE + 1, f"is longer than {LONGEST_LINE:,} characters"))
        else:
            indent = len(code) - len(code.lstrip(" "))
            rows.append(_Row(number, indent, code.strip(), indent + 1))
    if bounded and len(rows) > MOST_LINES:
        return (), [Wrong(rows[MOST_LINES].number, 1, f"is one line too many: a model has at most {MOST_LINES:,}")]
    found = tuple(_items(rows, wrong))
    return found, wrong


def _items(rows: list[_Row], wrong: list[Wrong]) -> Iterator[Item]:
    place = 0
    while place < len(rows):
        row = rows[place]
        inside = place + 1
        while inside < len(rows) and rows[inside].indent > row.indent:
            inside += 1
        body = rows[place + 1 : inside]
        yield from _item(row, body, wrong)
        if inside < len(rows) and rows[inside].indent < rows[0].indent:
            wrong.append(Wrong(rows[inside].number, rows[inside].column, "is indented as no line above it is"))
            rows = [*rows[:inside], rows[inside]._replace(indent=rows[0].indent), *rows[inside + 1 :]]
        place = inside


def _item(row: _Row, body: list[_Row], wrong: list[Wrong]) -> Iterator[Item]:
    if found := LOOP.fullmatch(row.text) or BLOCK.fullmatch(row.text):
        if not body:
            wrong.append(Wrong(row.number, row.column, "has nothing in it: indent the lines that belong to it"))
            return
        inner = tuple(_items(body, wrong))
        if found.re is BLOCK:
            yield Block(found["name"], inner, row.number, row.column)
        elif of := piece(found["range"], row.number, row.column + found.start("range"), wrong):
            yield Loop(found["variable"], of, inner, row.number, row.column)
        else:
            yield Lost((*written_in(inner),))
        return
    if body:
        wrong.append(Wrong(body[0].number, body[0].column, "is indented, but not in a loop or a block"))
    yield from _assignment(row, wrong)
    yield from _items(body, wrong)


def written_in(items: Iterable[Item]) -> Iterator[str]:
    """The names of what items write, of families without an index."""
    for item in items:
        match item:
            case Assignment(name):
                yield name
            case Lost(names):
                yield from names
            case _:
                yield from written_in(item.body)


def _assignment(row: _Row, wrong: list[Wrong]) -> Iterator[Assignment | Lost]:
    found = TARGET.match(row.text)
    if found is None:
        named = OTHER_TARGET.match(row.text)
        said = f"'{clean(row.text, 40)}' is not a line of a model: expected {LINES}"
        if named and not named["name"].isascii():
            said = f"'{clean(named['name'], 40)}' is not a name: the letters A to Z and a to z, digits and _"
        wrong.append(Wrong(row.number, row.column, said))
        names = re.findall(r"[^\W\d]\w*", named["names"]) if named else re.findall(NAME, row.text)[:1]
        yield Lost((*names,))
        return
    index = None
    if found["index"] is not None:
        index = piece(found["index"], row.number, row.column + found.start("index"), wrong)
        if index is None:
            yield Lost((found["name"],))
            return
    formula = piece(row.text[found.end() :], row.number, row.column + found.end(), wrong)
    if formula is not None:
        yield Assignment(found["name"], index, formula, row.number, row.column)
    else:
        yield Lost((found["name"],))


def piece(text: str, line: int, column: int, wrong: list[Wrong]) -> Piece | None:
    """A formula as Python's parser reads it, or what is wrong with it."""
    lead = len(text) - len(text.lstrip())
    text, column = text.strip(), column + lead
    plain = text if RANGE in text else text.replace("..", RANGE)
    try:
        with warnings.catch_warnings():  # Python warns of an odd literal
            warnings.simplefilter("ignore")
            return Piece(ast.parse(plain, mode="eval").body, plain, line, column)
    except SyntaxError as error:
        offset = min(max((error.offset or 1) - 1, 0), len(text))
        if not text:
            wrong.append(Wrong(line, column, "is missing a formula"))
        else:
            words = [word for word in re.findall(NAME, text) if iskeyword(word)]
            why = f": '{words[0]}' cannot be a name" if words else ""
            wrong.append(Wrong(line, column + offset, f"'{clean(text, 40)}' is not a formula{why}"))
    except (ValueError, RecursionError, MemoryError):
        wrong.append(Wrong(line, column, "is not a formula"))
    return None
