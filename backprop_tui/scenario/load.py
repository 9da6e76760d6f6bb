"""Loading a scenario: from a path, a bundled name or standard input, to a Scenario or to all of its problems."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path

import msgspec
from msgspec.structs import replace

from backprop_tui.scenario import library
from backprop_tui.scenario.build import build
from backprop_tui.scenario.checking.rules import check
from backprop_tui.scenario.checking.scenario_draft import Draft
from backprop_tui.scenario.data.named_samples import Files
from backprop_tui.scenario.format.changes import Change, blamed, changed, read_changes
from backprop_tui.scenario.format.conformance import KEPT, Held
from backprop_tui.scenario.format.problem import Finding, Problem, ScenarioError, hint
from backprop_tui.scenario.format.schema import File
from backprop_tui.scenario.format.toml_positions import Places, end
from backprop_tui.scenario.format.toml_reader import LARGEST, TomlError, read_toml
from backprop_tui.scenario.scenario import Scenario
from backprop_tui.text import clean

STANDARD_INPUT = "-"


def load(source: str | PathLike[str], changes: Sequence[str] = (), *, before: str = "") -> Scenario:
    """The scenario at a path, with the name of a bundled one (`article`), or from standard input (`-`).

    A file that has the name of a bundled scenario is loaded as `./article`. `changes` set keys of it by their path, as
    in `optimizer.name=adam`; what is wrong with one is told with its text, after `before`, in place of a line.

    Raises ScenarioError, which lists every problem with its line and column, or says why a file cannot be read.
    """
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
        raise ScenarioError([Problem(clean(scenario.given), "this scenario has no file to be read again")])
    source = scenario.given if path.name != scenario.given else path
    return load(source, (*scenario.changes, *more), before=before)


def parse(
    data: bytes, given: str, path: Path | None = None, changes: Sequence[str] = (), *, before: str = ""
) -> Scenario:
    """The scenario in the bytes of a file. Messages call it `given`; a csv file is looked for beside `path`.

    `changes` and `before` are as in `load`.

    Raises ScenarioError, which lists every problem with its line and column.
    """
    file, name = ("<stdin>", "standard input") if given == STANDARD_INPUT else (clean(given), Path(given).stem)
    files = Files(path.parent, Path(given).parent) if path else Files()
    typed = read_changes(changes, before)
    draft = _draft(data, file, files, typed, before)
    digest = sha256(data + draft.table.digest if draft.table else data)
    digest.update("".join(f"\n{change}" for change in changes).encode())
    found = build(draft, given=given, name=name, path=path, digest=digest.hexdigest())
    if not changes:
        return found
    told = ", ".join(clean(change.shown, 60) for change in typed)
    return replace(found, changes=tuple(changes), title=f"{found.title} ({told})")


def _draft(data: bytes, file: str, files: Files, changes: Sequence[Change], before: str) -> Draft:
    text = _text(data, file)
    try:
        document = read_toml(text)
    except TomlError as error:
        raise ScenarioError([Problem(file, error.message, "", *error.place)]) from None
    held = Held(changed(document, changes, before) if changes else document)
    draft = Draft(msgspec.convert(held.document, File), held.document, files, held.is_wrong)
    findings: list[Finding | Problem] = [*held.findings]
    more = held.more
    if not more:  # otherwise there is enough to mend already
        for found in check(draft):
            if len(findings) < KEPT:
                findings.append(found)
            else:
                more += 1
        more += draft.left_out
    if findings:
        blaming = _blamed(findings, changes, before)
        raise ScenarioError([*blaming, *_located(findings, text, file)], more)
    return draft


def _blamed(findings: list[Finding | Problem], changes: Sequence[Change], before: str) -> list[Problem]:
    """What is wrong with changes as problems, taken out of the findings: they have no place in the file."""
    found = []
    for finding in [*findings] if changes else ():
        change = None if isinstance(finding, Problem) else blamed(finding[0], changes)
        if change is not None and not isinstance(finding, Problem):
            findings.remove(finding)
            problem = Problem.of(finding, f"{before}{clean(change.text, 60)}", 0, 0)
            found.append(replace(problem, key="") if finding[0] == change.path else problem)
    return list(dict.fromkeys(found))


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
