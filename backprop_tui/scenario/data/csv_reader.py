"""A csv file as a table: numbers in, numbers or classes out; every problem with its own line and column."""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from io import StringIO
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.scenario.data.sample_table import Table, TableError
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.scenario.format.problem import MANY, SHOWN, Problem, hint, quote
from backprop_tui.text import clean

LARGEST = 32 * 2**20  # bytes
MOST_ROWS = 1_000_000
MOST_LINES = 2_000_000  # blank ones among them, which are counted at once
MOST_COLUMNS = 1_000_000  # as many as a network may have inputs
MOST_CELLS = 10_000_000
DELIMITERS = ",;\t"
CSV, TARGET = ("data", "csv"), ("data", "target")
BOM = "\ufeff"
PARTED = "cells are separated by commas, semicolons or tabs"
LONGEST = csv.field_size_limit()  # characters of a cell
# what the csv module says, in other words
SAID = {
    "unexpected end of data": "a quote is opened and never closed",
    f"field larger than field limit ({LONGEST})": f"a cell has more than {LONGEST:,} characters",
}

Row = tuple[int, list[str]]  # the line that it begins on, and its cells
Target = str | int | Sequence[str | int]


def content(path: Path, given: str) -> bytes:
    """The bytes of a file, at most slightly more than are allowed. Raises TableError where it cannot be read."""
    try:
        if not path.is_file():
            why = "is not a file" if path.exists() else "does not exist"
            raise TableError((CSV, f"{quote(given)} {why} (a path starts from the scenario's folder)"))
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        raise TableError((CSV, f"{quote(given)}: {clean(getattr(error, 'strerror', None) or str(error))}")) from None


def read_csv(
    data: bytes, name: str, *, target: Target = -1, header: bool | None = None, classes: Sequence[str] = ()
) -> Table:
    """The table of a file's bytes; messages call it `name`. `target` names its columns, or counts them from 0.

    Where `header` is None, a first row that has no number in it is taken for one. A single target column that has no
    number in it holds classes, in the order of `classes` or, without that, sorted. Raises TableError for every problem
    of the file.
    """
    sheet = _sheet(data, name, header=header)
    targets = sheet.places(target)
    inputs = sorted({*range(len(sheet.labels))}.difference(targets))
    if not inputs:
        why = f"expected inputs beside the target ({PARTED})"
        raise TableError(Problem(name, f"has {plural(len(sheet.labels), 'column')}, {why}"))
    found = sheet.classes(targets[0], classes) if len(targets) == 1 else []
    numbers = sheet.numbers([*inputs, *([] if found else targets)])
    return Table(
        name,
        inputs=numbers[:, : len(inputs)],
        targets=sheet.counted(targets[0], found) if found else numbers[:, len(inputs) :],
        features=tuple(sheet.labels[place] for place in inputs) if sheet.has_header else (),
        classes=tuple(clean(text, 60) for text in found),
        lines=[line for line, _ in sheet.rows],
        columns=tuple(sheet.column(place) for place in targets),
        digest=sha256(data).digest(),
    )


class Sheet(NamedTuple):
    """The cells of a file: rows of equal length, and what their columns are called."""

    name: str
    rows: list[Row]
    labels: list[str]
    has_header: bool

    def column(self, place: int) -> str:
        """What messages call a column."""
        return f"column {quote(self.labels[place])}" if self.has_header else f"column {place}"

    def places(self, target: Target) -> list[int]:
        """The places of the target columns. Raises TableError."""
        several = [target] if isinstance(target, str | int) else target
        if not several:
            raise TableError((TARGET, "is empty, expected a column"))
        named: dict[str, list[int]] = {}
        for place, label in enumerate(self.labels):
            named.setdefault(label, []).append(place)
        return [self._by_name(one, named) if isinstance(one, str) else self._by_number(one) for one in several]

    def _by_name(self, label: str, named: Mapping[str, Sequence[int]]) -> int:
        if not self.has_header:
            raise TableError((TARGET, f"is {quote(label)}, but {self.name} has no header (count the columns from 0)"))
        found = named.get(label, ())
        if len(found) > 1:
            raise TableError((TARGET, f"{quote(label)} is the name of several columns of {self.name}"))
        if not found:
            raise TableError((TARGET, f"{quote(label)} is not a column of {self.name} {hint(label, self.labels)}"))
        return found[0]

    def _by_number(self, place: int) -> int:
        count = len(self.labels)
        if not -count <= place < count:
            raise TableError((TARGET, f"is {place}, but {self.name} has {plural(count, 'column')}, counted from 0"))
        return place % count

    def classes(self, place: int, listed: Sequence[str]) -> list[str]:
        """The distinct texts of a column, sorted, or all that are listed; empty if one of the texts is a number.

        Raises TableError with each cell that is empty or holds something that is not listed.
        """
        texts = {cells[place].strip() for _, cells in self.rows}
        numbers = {text for text in texts if _is_number(text)}
        missing = {
            text for text in numbers if not math.isfinite(float(text))
        }  # nan among words is what some write for it
        if numbers - missing or not texts - missing - {""}:
            return []
        wrong = missing | texts & {""} or (texts - {*listed} if listed else set())
        if wrong:
            raise _refusal(
                lambda line, text: Problem(self.name, _no_class(text, listed, missing), self.column(place), line),
                ((line, text) for line, cells in self.rows if (text := cells[place].strip()) in wrong),
            )
        return [*listed] or sorted(texts)

    def counted(self, place: int, classes: Sequence[str]) -> np.ndarray:
        """The classes of a column as numbers from 0, (rows, 1)."""
        number = {text: float(index) for index, text in enumerate(classes)}
        found = (number[cells[place].strip()] for _, cells in self.rows)
        return np.fromiter(found, np.float64, len(self.rows)).reshape(-1, 1)

    def numbers(self, places: Sequence[int]) -> np.ndarray:
        """Columns of numbers, (rows, columns). Raises TableError with each cell that is not a number."""
        cells = (
            chain.from_iterable(map(itemgetter(*places), (cells for _, cells in self.rows)))
            if len(places) > 1
            else (cells[places[0]] for _, cells in self.rows)
        )
        try:
            found = np.fromiter(map(float, cells), np.float64, len(self.rows) * len(places))
            if np.isfinite(found).all():
                return found.reshape(-1, len(places))
        except ValueError:
            pass
        raise _refusal(
            lambda line, cells, place: Problem(self.name, _misfit(cells[place]), self.column(place), line),
            ((line, cells, place) for line, cells in self.rows for place in places if not _is_finite(cells[place])),
        )


def _sheet(data: bytes, name: str, *, header: bool | None) -> Sheet:
    found = list(_rows(_text(data, name), name))
    head = [cell.strip() for cell in found[0][1]] if found else []
    if header is None:
        header = bool(head) and not any(map(_is_number, head))
    rows = found[1:] if header else found
    if not rows:
        raise TableError(Problem(name, "has a header and no rows" if found else "has no rows"))
    uneven = [(line, len(cells)) for line, cells in rows if len(cells) != len(head)]
    if uneven:
        expected = f"expected {len(head)}, as line {found[0][0]} has"
        raise _refusal(
            lambda line, count: Problem(name, f"has {plural(count, 'column')}, {expected}", "", line), uneven
        )
    return Sheet(name, rows, [clean(cell, 60) for cell in head], header)


def _text(data: bytes, name: str) -> str:
    if len(data) > LARGEST:
        raise TableError(Problem(name, f"is larger than {LARGEST // 2**20} MiB"))
    if max(data.count(b"\n"), data.count(b"\r")) > MOST_LINES:
        raise TableError(Problem(name, f"has more than {MOST_LINES:,} lines"))
    try:
        return data.decode().removeprefix(BOM)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TableError(Problem(name, "is not UTF-8; save it as that", "", line)) from None


def _rows(text: str, name: str) -> Iterator[Row]:
    """The rows that are not blank. Cells are separated by what the first line has most of: commas, semicolons, tabs."""
    first, _, _ = text.lstrip().partition("\n")
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
    before = count = size = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not "".join(cells).strip():
                continue
            count += 1
            size += len(cells)
            if count > MOST_ROWS:
                raise TableError(Problem(name, f"has more than {MOST_ROWS:,} rows", "", line))
            if len(cells) > MOST_COLUMNS:
                raise TableError(Problem(name, f"has more than {MOST_COLUMNS:,} columns", "", line))
            if size > MOST_CELLS:
                raise TableError(Problem(name, f"has more than {MOST_CELLS:,} cells", "", line))
            yield line, cells
    except csv.Error as error:
        said = SAID.get(str(error), str(error))
        raise TableError(Problem(name, clean(said), "", before + 1)) from None


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_finite(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _misfit(cell: str) -> str:
    """What is wrong with a cell that should have a number."""
    if not cell.strip():
        return "is empty, expected a number"
    if not _is_number(cell):
        return f"{quote(cell.strip())} is not a number"
    return "" if math.isfinite(float(cell)) else f"{quote(cell.strip())} is not a finite number"


def _no_class(text: str, listed: Sequence[str], missing: set[str]) -> str:
    """What is wrong with a cell that should have a class."""
    if text in missing:
        return f"{quote(text)} is not a class"
    return f"{quote(text)} is not in data.classes {hint(text, listed)}" if text else "is empty, expected a class"


def _refusal(problem: Callable[..., Problem], wrong: Iterable[tuple[Any, ...]]) -> TableError:
    """A problem for each of the first things that are wrong, and the number of others, which are counted up to MANY."""
    rest = iter(wrong)
    first = [problem(*one) for one in islice(rest, SHOWN)]
    return TableError(*first, more=sum(1 for _ in islice(rest, MANY)))
