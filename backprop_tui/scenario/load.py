"""Loading a scenario, from a path, a bundled name, standard input or a dict: a Scenario, or all of its problems."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from backprop_tui.scenario import library
from backprop_tui.scenario.build import build
from backprop_tui.scenario.checking.rules import check
from backprop_tui.scenario.checking.scenario_draft import Draft
from backprop_tui.scenario.data.named_samples import Files
from backprop_tui.scenario.format.changes import Changes
from backprop_tui.scenario.format.conformance import KEPT, Held
from backprop_tui.scenario.format.problem import Finding, Problem, ScenarioError, hint
from backprop_tui.scenario.format.schema import File
from backprop_tui.scenario.format.toml_reader import LARGEST, TomlError, read_toml
from backprop_tui.scenario.scenario import Scenario
from backprop_tui.text import a_type, clean

if TYPE_CHECKING:
    from backprop_tui.scenario.model.model_draft import ModelDraft

STANDARD_INPUT = "-"
IN_PYTHON = "dict"  # what messages call a scenario that is no file
Wanted = Scenario | str | PathLike[str] | Mapping[str, Any]


def load(source: Wanted, changes: Sequence[str] = (), *, before: str = "") -> Scenario:
    """The scenario at a path, with the name of a bundled one (`article`), from standard input (`-`), or in a dict that
    has the form of a file.

    A scenario is itself. A file that has the name of a bundled scenario is loaded as `./article`. `changes` set keys by
    their path, as in `optimizer.name=adam`; what is wrong with one is told with its text, after `before`.

    Raises ScenarioError, which lists every problem with its line and column, or says why a file cannot be read; and
    TypeError for what is none of these.
    """
    if isinstance(source, Scenario):
        return again(source, changes, before=before) if changes else source
    if isinstance(source, Mapping):
        return from_dict(source, changes, before=before)
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
    return parse(data, given, path if isinstance(path, Path) else None, changes, before=before)


def again(scenario: Scenario, more: Sequence[str] = (), *, before: str = "") -> Scenario:
    """A scenario read from its file again, with the changes that it had and perhaps more. Raises ScenarioError."""
    path = scenario.path
    if path is None:
        raise ScenarioError([Problem(clean(scenario.given), "has no file that could be read again")])
    source = scenario.given if path.name != scenario.given else path
    return load(source, (*scenario.changes, *more), before=before)


def from_dict(given: Mapping[str, Any], changes: Sequence[str] = (), *, before: str = "") -> Scenario:
    """The scenario in a dict of the file's form, whose lists may be NumPy arrays. Files are looked for where we are.

    Raises ScenarioError, which lists every problem with its key.
    """
    from backprop_tui.scenario.format.python_document import python_document

    making = Changes(changes, before)
    try:
        document = making.made(python_document(given))
    except ValueError as error:
        raise ScenarioError([Problem(IN_PYTHON, str(error))]) from None
    draft = _draft(Held(document), Files(), making, partial(_in_python, document))
    found = build(draft, given=IN_PYTHON, name=IN_PYTHON, path=None, content=msgspec.json.encode(document))
    return _with(found, making)


def parse(
    data: bytes, given: str, path: Path | None = None, changes: Sequence[str] = (), *, before: str = ""
) -> Scenario:
    """The scenario in the bytes of a file. Messages call it `given`; a csv file is looked for beside `path`.

    `changes` and `before` are as in `load`.

    Raises ScenarioError, which lists every problem with its line and column.
    """
    file, name = ("<stdin>", "standard input") if given == STANDARD_INPUT else (clean(given), Path(given).stem)
    files = Files(path.parent, Path(given).parent) if path else Files()
    making = Changes(changes, before)
    text = _text(data, file)
    try:
        document = read_toml(text)
    except TomlError as error:
        raise ScenarioError([Problem(file, error.message, "", *error.place)]) from None
    held = Held(making.made(document))
    draft = _draft(held, files, making, lambda findings: _located(findings, text, file))
    content = data + draft.beside_digest + making.digest
    return _with(build(draft, given=given, name=name, path=path, content=content), making)


def _with(scenario: Scenario, making: Changes) -> Scenario:
    """A scenario that says what was changed of it."""
    if not making.texts:
        return scenario
    return replace(scenario, changes=making.texts, title=f"{scenario.title}{making.shown}")


Findings = list[Finding | Problem]


def _draft(
    held: Held, files: Files, making: Changes, located: Callable[[Findings], list[Problem]]
) -> "Draft | ModelDraft":
    """The draft of a document in which nothing is wrong; `located` makes problems of findings."""
    draft, checked = _drafted(held, files)
    findings: Findings = [*held.findings]
    more = held.more
    if not more:  # otherwise there is enough to mend already
        for found in checked:
            if len(findings) < KEPT:
                findings.append(found)
            else:
                more += 1
        more += draft.left_out if isinstance(draft, Draft) else 0
    if findings:
        blamed, others = making.blamed(findings)
        raise ScenarioError([*blamed, *located(others)], more)
    return draft


def _drafted(held: Held, files: Files) -> "tuple[Draft | ModelDraft, Iterator[Finding | Problem]]":
    """The draft of a document, and what the rules will find in it."""
    if "model" not in held.document:
        layers = Draft(msgspec.convert(held.document, File), held.document, files, held.is_wrong)
        return layers, check(layers)
    from backprop_tui.scenario.format.model_schema import ModelFile
    from backprop_tui.scenario.model.model_draft import ModelDraft
    from backprop_tui.scenario.model.model_rules import check_model

    formulas = ModelDraft(msgspec.convert(held.document, ModelFile), held.document, files, held.is_wrong)
    return formulas, check_model(formulas)


def _in_python(document: Mapping[str, Any], findings: Iterable[Finding | Problem]) -> list[Problem]:
    """Findings as problems, in the order of the dict."""
    order = [*document]
    problems = [f if isinstance(f, Problem) else Problem.of(f, IN_PYTHON, 0, 0) for f in findings]
    first = {name: place for place, name in enumerate(order)}
    return sorted(dict.fromkeys(problems), key=lambda p: first.get(re.split(r"[.\[]", p.key)[0], len(first)))


def _a(source: object) -> str:
    return a_type(source) if source is not None else "None"


def _text(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        raise ScenarioError([Problem(file, f"is larger than {LARGEST // 2**20} MiB")])
    data = data.removeprefix(BOM_UTF8)  # some editors on Windows write it
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        from backprop_tui.scenario.format.toml_positions import end

        before = data[: error.start].decode()
        raise ScenarioError([Problem(file, "is not UTF-8; save it as that", "", *end(before))]) from None


def _located(findings: Iterable[Finding | Problem], text: str, file: str) -> list[Problem]:
    """Findings as problems, in the order of the file, followed by those of other files."""
    from backprop_tui.scenario.format.toml_positions import Places

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
