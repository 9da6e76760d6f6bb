"""The samples of a model, as its file has them, or an npz file beside it that it names."""

from collections.abc import Container, Mapping
from hashlib import sha256
from pathlib import Path as File
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.scenario.data.named_samples import Files
from backprop_tui.scenario.format.problem import Finding, Path
from backprop_tui.text import clean

NPZ, HELD_OUT, SEED = "npz", "held_out", "seed"


class Samples(NamedTuple):
    """Samples by the name of their input, as lists of numbers or as arrays. `written` are the names that stand in the
    scenario itself; the others are in the file at `path`, whose digest is `digest`. `held_out` is a share of them, and
    drawn from `seed`.
    """

    values: Mapping[str, Any]
    written: tuple[str, ...] = ()
    path: File | None = None
    digest: bytes = b""
    findings: tuple[Finding, ...] = ()
    held_out: float = 0.0
    seed: int = 0

    def place(self, name: str) -> Path:
        """Where in the scenario an input's samples come from."""
        return ("data", NPZ if self.path is not None and name not in self.written else name)

    def what(self, name: str) -> str:
        """How a sentence about an input's samples begins."""
        return "is" if self.place(name)[-1] == name else f"has {name}, which is"


def samples_of(data: Mapping[str, Any], files: Files, inputs: Container[str]) -> Samples:
    """The samples of a `[data]` table; what is wrong with a file that it names is among the findings.

    The keys that are no samples, `npz`, `held_out` and `seed`, are those of the inputs where these are called so.
    """
    findings: list[Finding] = []
    keys = {key: data[key] for key in (NPZ, HELD_OUT, SEED) if key in data and key not in inputs}
    values = {name: value for name, value in data.items() if name not in keys}
    for name in [name for name, value in values.items() if isinstance(value, str)]:
        findings.append((("data", name), "is text, expected numbers"))
        del values[name]
    share, seed = _share(keys.get(HELD_OUT, 0), findings), _seed(keys.get(SEED, 0), findings)
    named = keys.get(NPZ)
    if named is None:
        return Samples(values, tuple(values), findings=tuple(findings), held_out=share, seed=seed)
    if not isinstance(named, str):
        findings.append((("data", NPZ), "is not the path of a file"))
        return Samples(values, tuple(values), findings=tuple(findings))
    path = files.folder / named
    arrays, more = _read(path, named)
    findings += more
    for name in arrays:
        if name in values:
            findings.append((("data", name), f"is given in {clean(named, 60)} too"))
    digest = sha256(path.read_bytes()).digest() if arrays else b""
    return Samples({**arrays, **values}, tuple(values), path, digest, tuple(findings), share, seed)


def _share(value: Any, findings: list[Finding]) -> float:
    if isinstance(value, int | float) and 0 <= value < 1:
        return float(value)
    findings.append((("data", HELD_OUT), "is not a share: expected a number from 0, and less than 1"))
    return 0.0


def _seed(value: Any, findings: list[Finding]) -> int:
    if isinstance(value, int | float) and 0 <= value < 2**63 and float(value).is_integer():
        return int(value)
    findings.append((("data", SEED), "is not a seed: expected a whole number from 0"))
    return 0


def _read(path: File, named: str) -> tuple[dict[str, Any], list[Finding]]:
    """The arrays of an npz file, and what is wrong with it."""
    from backprop_tui.scenario.data.npz_file import KINDS, NpzError, read_npz

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
