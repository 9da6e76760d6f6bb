"""Listing the library, beginning a scenario of one's own, and the format of both."""

import argparse
from pathlib import Path

from backprop_tui.commands import FINE, fail
from backprop_tui.scenario import bundled, schema_json, starter
from backprop_tui.text import clean


def scenarios(_: argparse.Namespace) -> int:
    """Name and title of every bundled one."""
    found = bundled()
    width = max(len(name) for name, _ in found)
    for name, title in found:
        print(f"{name:<{width}}  {title}")
    return FINE


def new(arguments: argparse.Namespace) -> int:
    """Write a commented starter; nothing is ever written over."""
    if not arguments.file or arguments.file == "-":
        print(starter(), end="")
        return FINE
    try:
        with Path(arguments.file).open("x", encoding="utf-8") as file:
            file.write(starter())
    except FileExistsError:
        return fail(f"{arguments.file} exists already; nothing was written")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or "cannot be written"
        return fail(f"{arguments.file}: {reason.lower()}")
    print(f"wrote {clean(arguments.file)}; open it with: backprop-tui {clean(arguments.file)}")
    return FINE


def schema(_: argparse.Namespace) -> int:
    """The JSON Schema of a scenario file."""
    print(schema_json(), end="")
    return FINE
