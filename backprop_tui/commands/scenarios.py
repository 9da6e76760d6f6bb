"""Listing the bundled scenarios, starting one of one's own, and printing the schema of both."""

import argparse
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from backprop_tui.commands import FINE, WRONG, fail
from backprop_tui.scenario import ScenarioError, bundled, library, schema_json
from backprop_tui.scenario.format.problem import hint, quote
from backprop_tui.text import clean

NPZ = ".npz"
FILES = ("csv", "npz")  # the keys of [data] that have a path, from the scenario's folder


def scenarios(_: argparse.Namespace) -> int:
    """Print the name and title of every bundled scenario."""
    found = bundled()
    width = max(len(name) for name, _ in found)
    for name, title in found:
        print(f"{name:<{width}}  {title}")
    return FINE


def new(arguments: argparse.Namespace) -> int:
    """Write a commented starter, a copy of a bundled scenario, or one of arrays; no file is ever overwritten."""
    if arguments.origin and arguments.origin.endswith(NPZ):
        return _from_arrays(arguments)
    origin = arguments.origin and library.find(arguments.origin)
    if arguments.origin and not origin:
        return fail(f"there is no bundled scenario {quote(arguments.origin)} {hint(arguments.origin, library.names())}")
    text = origin.read_text("utf-8") if origin else library.starter()
    data = tomllib.loads(text).get("data", {})
    beside = next((data[key] for key in FILES if isinstance(data.get(key), str)), None)
    if beside and arguments.file in (None, "", "-"):
        return fail(f"{arguments.origin} has its data in {beside}, which is copied too: name a file to write to")
    return _put(arguments, text, {beside: (origin.parent / beside).read_bytes()} if origin and beside else {})


def _from_arrays(arguments: argparse.Namespace) -> int:
    """Write a scenario of the arrays in an .npz file."""
    from backprop_tui.arrays.given_error import GivenError
    from backprop_tui.arrays.scenario_text import GUESSED, scenario_text
    from backprop_tui.scenario.data.npz_file import NpzError, read_npz

    try:
        text = scenario_text(read_npz(arguments.origin), Path(arguments.origin).name)
    except (GivenError, NpzError, ScenarioError) as error:
        print(error, file=sys.stderr)
        return WRONG
    status = _put(arguments, text, {})
    if status == FINE and arguments.file not in (None, "", "-"):
        lines = ", ".join(str(number) for number, line in enumerate(text.splitlines(), 1) if line.endswith(GUESSED))
        print(f"your arrays do not tell what stands in lines {lines}: change what was guessed wrong, then check")
    return status


def _put(arguments: argparse.Namespace, text: str, beside: Mapping[str, bytes]) -> int:
    """Print a scenario, or write it with the files beside it."""
    if not arguments.file or arguments.file == "-":
        print(text, end="")
        return FINE
    target = Path(arguments.file)
    copies = {target: text.encode(), **{target.parent / name: data for name, data in beside.items()}}
    if problem := _written(copies):
        return fail(problem)
    others = "".join(f" and {clean(str(file))}" for file in [*copies][1:])
    print(f"wrote {clean(arguments.file)}{others}; open it with: backprop-tui {clean(arguments.file)}")
    return FINE


def _written(files: Mapping[Path, bytes]) -> str:
    """Write all of these files, or none; return what is in the way, or an empty text."""
    done: list[Path] = []
    file = Path()
    try:
        for file, data in files.items():
            if done:  # a data file, in the place beside the scenario where its path leads
                file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as stream:
                done.append(file)
                stream.write(data)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        for written in done:
            written.unlink()
        if isinstance(error, FileExistsError):
            return f"{file} exists already; nothing was written"
        return f"{file}: {(getattr(error, 'strerror', None) or 'cannot be written').lower()}"
    return ""


def schema(_: argparse.Namespace) -> int:
    """Print the JSON Schema of a scenario file."""
    print(schema_json(), end="")
    return FINE
