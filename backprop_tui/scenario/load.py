"""Loading a scenario: from a path, a bundled name or standard input, to a Scenario or to all of its problems."""

import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Iterable
from decimal import Context, Decimal
from functools import partial
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path

import msgspec

from backprop_tui.scenario import library
from backprop_tui.scenario.build import build
from backprop_tui.scenario.check import check
from backprop_tui.scenario.draft import Draft
from backprop_tui.scenario.locate import Place, Places, end
from backprop_tui.scenario.problem import Finding, Problem, ScenarioError, hint, key
from backprop_tui.scenario.scenario import Scenario
from backprop_tui.scenario.schema import File
from backprop_tui.scenario.source import Files
from backprop_tui.scenario.structure import misfits
from backprop_tui.text import clean

LARGEST = 32 * 2**20  # bytes; 784-512-512-10 with all digits takes 15 million
STANDARD_INPUT = "-"
SYNTAX = re.compile(r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
# Decimal keeps the digits as written; an exponent beyond it becomes NaN, which is refused like any other.
WRITTEN = partial(Decimal, context=Context(traps=[]))


def load(source: str | PathLike[str]) -> Scenario:
    """The scenario at a path, of the library (`article`; a file of that name is `./article`), or from `-`.

    Raises ScenarioError, which lists everything that is wrong with it.
    """
    given = fspath(source)
    bundled = library.find(given) if isinstance(source, str) else None
    path = None if given == STANDARD_INPUT else Path(given) if bundled is None else bundled
    try:
        with open(0, "rb", closefd=False) if path is None else path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        raise ScenarioError([Problem(clean(given), _unreadable(error, given))]) from None
    return parse(data, given, path if isinstance(path, Path) else None)


def parse(data: bytes, given: str, path: Path | None = None) -> Scenario:
    """The scenario that the bytes of a file say; `given` is what messages call it.

    Raises ScenarioError, which lists everything that is wrong with it.
    """
    file, name = ("<stdin>", "standard input") if given == STANDARD_INPUT else (clean(given), Path(given).stem)
    files = Files(path.parent, Path(given).parent) if path else Files()
    try:
        draft = _draft(data, file, files)
    except RecursionError:
        raise ScenarioError([Problem(file, "is nested too deeply")]) from None
    digest = sha256(data + draft.table.digest if draft.table else data).hexdigest()
    return build(draft, given=given, name=name, path=path, digest=digest)


def _draft(data: bytes, file: str, files: Files) -> Draft:
    text = _text(data, file)
    try:
        document = tomllib.loads(text, parse_float=WRITTEN)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([_syntax(str(error), text, file)]) from None
    except ValueError:
        raise ScenarioError([Problem(file, "has a whole number of more digits than can be read")]) from None
    findings = list(misfits(document))
    try:
        draft = Draft(msgspec.convert(document, File), document, files)
    except msgspec.ValidationError as error:  # the first of the findings, in other words
        raise ScenarioError(_located(findings or [((), clean(str(error)))], text, file)) from None
    if found := [*findings, *check(draft)]:
        raise ScenarioError(_located(found, text, file))
    return draft


def _text(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        raise ScenarioError([Problem(file, f"is larger than {LARGEST // 2**20} MiB")])
    data = data.removeprefix(BOM_UTF8)  # some editors on Windows write it
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise ScenarioError([Problem(file, "is not UTF-8; save it as that", "", *end(before))]) from None


def _syntax(message: str, text: str, file: str) -> Problem:
    """What tomllib says, at its place; it stops at the first error."""
    found = SYNTAX.fullmatch(message)
    if found is None:
        return Problem(file, clean(message))
    place = Place(int(found[2]), int(found[3])) if found[2] else end(text)
    return Problem(file, clean(found[1]), "", *place)


def _located(findings: Iterable[Finding | Problem], text: str, file: str) -> list[Problem]:
    """Findings as problems, in the order of the file; behind them those of another file."""
    places = Places(text)
    problems = {
        found if isinstance(found, Problem) else Problem(file, found[1], key(found[0]), *places[found[0]])
        for found in findings
    }
    return sorted(problems, key=lambda p: (p.file != file, p.line, p.column, p.key, p.message))


def _unreadable(error: Exception, given: str) -> str:
    if isinstance(error, FileNotFoundError):
        is_name = Path(given).name == given and not given.endswith(library.SUFFIX)
        return f"is neither a file nor a bundled scenario {hint(given, library.names())}" if is_name else "no such file"
    if isinstance(error, IsADirectoryError):
        return f"is a directory; name a {library.SUFFIX} file in it"
    return clean(getattr(error, "strerror", None) or str(error))
