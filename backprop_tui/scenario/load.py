"""Loading a scenario, from a path, a bundled name, standard input or a dict: a Scenario, or all of its problems."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import msgspec

from backprop_tui.scenario import library
from backprop_tui.scenario.build import build
from backprop_tui.scenario.checking.rules import check
from backprop_tui.scenario.checking.scenario_draft import Draft
from backprop_tui.scenario.data.named_samples import Files
from backprop_tui.scenario.format.conformance import KEPT, Held
from backprop_tui.scenario.format.problem import Finding, Problem, ScenarioError, hint
from backprop_tui.scenario.format.python_document import python_document
from backprop_tui.scenario.format.schema import File
from backprop_tui.scenario.format.toml_positions import Places, end
from backprop_tui.scenario.format.toml_reader import LARGEST, TomlError, read_toml
from backprop_tui.scenario.scenario import Scenario
from backprop_tui.text import clean

STANDARD_INPUT = "-"
IN_PYTHON = "dict"  # what messages call a scenario that is no file
Wanted = Scenario | str | PathLike[str] | Mapping[str, Any]


def load(source: Wanted) -> Scenario:
    """The scenario at a path, with the name of a bundled one (`article`), from standard input (`-`), or in a dict that
    has the form of a file.

    A scenario is itself. A file that has the name of a bundled scenario is loaded as `./article`. Raises ScenarioError,
    which lists every problem with its line and column, or says why a file cannot be read; and TypeError for what is
    none of these.
    """
    if isinstance(source, Scenario):
        return source
    if isinstance(source, Mapping):
        return from_dict(source)
    if not isinstance(source, str | PathLike):
        raise TypeError(f"a scenario is a path, a bundled name, a dict or what load returns, not {_a(source)}")
    given = fspath(source)
    bundled = library.find(given) if isinstance(source, str) else None
    path = None if given == STANDARD_INPUT else Path(given) if bundled is None else bundled
    try:
        with open(0, "rb", closefd=False) if path is None else path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        raise ScenarioError([Problem(clean(given), _unreadable(error, given))]) from None
    return parse(data, given, path if isinstance(path, Path) else None)


def from_dict(given: Mapping[str, Any]) -> Scenario:
    """The scenario in a dict of the file's form, whose lists may be NumPy arrays. Files are looked for where we are.

    Raises ScenarioError, which lists every problem with its key.
    """
    try:
        document = python_document(given)
    except ValueError as error:
        raise ScenarioError([Problem(IN_PYTHON, str(error))]) from None
    draft = _draft(Held(document), Files(), partial(_in_python, document))
    digest = sha256(msgspec.json.encode(document)).hexdigest()
    return build(draft, given=IN_PYTHON, name=IN_PYTHON, path=None, digest=digest)


def parse(data: bytes, given: str, path: Path | None = None) -> Scenario:
    """The scenario in the bytes of a file. Messages call it `given`; a csv file is looked for beside `path`.

    Raises ScenarioError, which lists every problem with its line and column.
    """
    file, name = ("<stdin>", "standard input") if given == STANDARD_INPUT else (clean(given), Path(given).stem)
    files = Files(path.parent, Path(given).parent) if path else Files()
    text = _text(data, file)
    try:
        held = Held(read_toml(text))
    except TomlError as error:
        raise ScenarioError([Problem(file, error.message, "", *error.place)]) from None
    draft = _draft(held, files, lambda findings: _located(findings, text, file))
    digest = sha256(data + draft.table.digest if draft.table else data).hexdigest()
    return build(draft, given=given, name=name, path=path, digest=digest)


Findings = list[Finding | Problem]


def _draft(held: Held, files: Files, located: Callable[[Findings], list[Problem]]) -> Draft:
    """The draft of a document in which nothing is wrong; `located` makes problems of findings."""
    draft = Draft(msgspec.convert(held.document, File), held.document, files, held.is_wrong)
    findings: Findings = [*held.findings]
    more = held.more
    if not more:  # otherwise there is enough to mend already
        for found in check(draft):
            if len(findings) < KEPT:
                findings.append(found)
            else:
                more += 1
        more += draft.left_out
    if findings:
        raise ScenarioError(located(findings), more)
    return draft


def _in_python(document: Mapping[str, Any], findings: Iterable[Finding | Problem]) -> list[Problem]:
    """Findings as problems, in the order of the dict."""
    order = [*document]
    problems = [f if isinstance(f, Problem) else Problem.of(f, IN_PYTHON, 0, 0) for f in findings]
    first = {name: place for place, name in enumerate(order)}
    return sorted(dict.fromkeys(problems), key=lambda p: first.get(re.split(r"[.\[]", p.key)[0], len(first)))


def _a(source: object) -> str:
    return f"a {type(source).__name__}" if source is not None else "None"


def _text(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        raise ScenarioError([Problem(file, f"is larger than {LARGEST // 2**20} MiB")])
    data = data.removeprefix(BOM_UTF8)  # some editors on Windows write it
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise ScenarioError([Problem(file, "is not UTF-8; save it as that", "", *end(before))]) from None


def _located(findings: Iterable[Finding | Problem], text: str, file: str) -> list[Problem]:
    """Findings as problems, in the order of the file, followed by those of other files."""
    findings = list(findings)
    places = Places(text, [found[0] for found in findings if not isinstance(found, Problem)])
    problems = {
        found if isinstance(found, Problem) else Problem.of(found, file, *places[found[0]]) for found in findings
    }
    return sorted(problems, key=lambda p: (p.file != file, p.line, p.column, p.key, p.message))


def _unreadable(error: Exception, given: str) -> str:
    if isinstance(error, FileNotFoundError):
        is_name = Path(given).name == given and not given.endswith(library.SUFFIX)
        return f"is neither a file nor a bundled scenario {hint(given, library.names())}" if is_name else "no such file"
    if isinstance(error, IsADirectoryError):
        return f"is a directory; name a {library.SUFFIX} file in it"
    return clean(getattr(error, "strerror", None) or str(error))
