"""Loading a scenario: from a path, a bundled name or standard input, to a Scenario or to all of its problems."""

from codecs import BOM_UTF8
from collections.abc import Iterable
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path

import msgspec

from backprop_tui.scenario import library
from backprop_tui.scenario.build import build
from backprop_tui.scenario.checking.rules import check
from backprop_tui.scenario.checking.scenario_draft import Draft
from backprop_tui.scenario.data.named_samples import Files
from backprop_tui.scenario.format.conformance import KEPT, Held
from backprop_tui.scenario.format.problem import Finding, Problem, ScenarioError, hint
from backprop_tui.scenario.format.schema import File, ModelFile
from backprop_tui.scenario.format.toml_positions import Places, end
from backprop_tui.scenario.format.toml_reader import LARGEST, TomlError, read_toml
from backprop_tui.scenario.model.model_draft import ModelDraft
from backprop_tui.scenario.model.model_rules import check_model
from backprop_tui.scenario.scenario import Scenario
from backprop_tui.text import clean

STANDARD_INPUT = "-"


def load(source: str | PathLike[str]) -> Scenario:
    """The scenario at a path, with the name of a bundled one (`article`), or from standard input (`-`).

    A file that has the name of a bundled scenario is loaded as `./article`. Raises ScenarioError, which lists every
    problem with its line and column, or says why a file cannot be read.
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
    """The scenario in the bytes of a file. Messages call it `given`; a csv file is looked for beside `path`.

    Raises ScenarioError, which lists every problem with its line and column.
    """
    file, name = ("<stdin>", "standard input") if given == STANDARD_INPUT else (clean(given), Path(given).stem)
    files = Files(path.parent, Path(given).parent) if path else Files()
    draft = _draft(data, file, files)
    table = draft.table if isinstance(draft, Draft) else None
    digest = sha256(data + table.digest if table else data).hexdigest()
    return build(draft, given=given, name=name, path=path, digest=digest)


def _draft(data: bytes, file: str, files: Files) -> Draft | ModelDraft:
    text = _text(data, file)
    try:
        held = Held(read_toml(text))
    except TomlError as error:
        raise ScenarioError([Problem(file, error.message, "", *error.place)]) from None
    draft: Draft | ModelDraft
    if "model" in held.document:
        draft = ModelDraft(msgspec.convert(held.document, ModelFile), held.document, held.is_wrong)
    else:
        draft = Draft(msgspec.convert(held.document, File), held.document, files, held.is_wrong)
    findings: list[Finding | Problem] = [*held.findings]
    more = held.more
    if not more:  # otherwise there is enough to mend already
        for found in check_model(draft) if isinstance(draft, ModelDraft) else check(draft):
            if len(findings) < KEPT:
                findings.append(found)
            else:
                more += 1
        more += draft.left_out if isinstance(draft, Draft) else 0
    if findings:
        raise ScenarioError(_located(findings, text, file), more)
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
