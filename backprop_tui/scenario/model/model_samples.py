"""The samples of a model, as its file has them, or an npz file beside it that it names."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path as File
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.scenario.data.named_samples import Files
from backprop_tui.scenario.format.problem import Finding, Path
from backprop_tui.text import clean

NPZ = "npz"


class Samples(NamedTuple):
    """Samples by the name of their input, as lists of numbers or as arrays. `written` are the names that stand in the
    scenario itself; the others are in the file at `path`, whose digest is `digest`.
    """

    values: Mapping[str, Any]
    written: tuple[str, ...] = ()
    path: File | None = None
    digest: bytes = b""
    findings: tuple[Finding, ...] = ()

    def place(self, name: str) -> Path:
        """Where in the scenario an input's samples come from."""
        return ("data", NPZ if self.path is not None and name not in self.written else name)

    def what(self, name: str) -> str:
        """How a sentence about an input's samples begins."""
        return "is" if self.place(name)[-1] == name else f"has {name}, which is"


def samples_of(data: Mapping[str, Any], files: Files) -> Samples:
    """The samples of a `[data]` table; what is wrong with a file that it names is among the findings."""
    values = {name: value for name, value in data.items() if not isinstance(value, str)}
    findings: list[Finding] = [
        (("data", name), "is text, expected numbers")
        for name, value in data.items()
        if isinstance(value, str) and name != NPZ
    ]
    named = data.get(NPZ)
    if not isinstance(named, str):
        return Samples(values, tuple(values), findings=tuple(findings))
    path = files.folder / named
    arrays, more = _read(path, named)
    findings += more
    for name in arrays:
        if name in values:
            findings.append((("data", name), f"is given in {clean(named, 60)} too"))
    digest = sha256(path.read_bytes()).digest() if arrays else b""
    return Samples({**arrays, **values}, tuple(values), path, digest, tuple(findings))


def _read(path: File, named: str) -> tuple[dict[str, Any], list[Finding]]:
    """The arrays of an npz file, and what is wrong with it."""
    from backprop_tui.scenario.data.npz_file import KINDS, NpzError, read_npz  # noqa: PLC0415 - most scenarios name none

    shown = clean(named, 60)
    try:
        found = read_npz(path)
    except NpzError as error:
        message = str(error).removeprefix(f"{clean(str(path))}: ")
        return {}, [(("data", NPZ), f"{shown}: {message}")]
    findings: list[Finding] = []
    for name, array in [*found.items()]:
        what = "texts, expected numbers" if array.dtype.kind not in KINDS else ""
        if not what and not np.isfinite(array).all():
            what = "numbers that are not finite"
        if what:
            findings.append((("data", NPZ), f"{shown}: {name} has {what}"))
            del found[name]
    return found, findings
