"""The command line. What a command does is in `commands`, imported when it is called: `--version` needs nothing."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn, TextIO

from backprop_tui import __version__
from backprop_tui.commands import FINE, INTERRUPTED, WRONG, fail
from backprop_tui.text import clean


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text[:18]):
        raise argparse.ArgumentTypeError(f"'{clean(text)}' is not a whole number from 1")
    return int(text[:18])


Argument = tuple[str, dict[str, Any]]

SCENARIO: Argument = (
    "scenario",
    {"help": "a file, - for standard input, or the name of a bundled scenario, such as article"},
)
WITH_MISTAKE: Argument = (
    "--with-mistake",
    {"metavar": "NAME", "help": "a classic mistake: run has it beside the right network, trace prints it"},
)
OPTIONAL_SCENARIO: Argument = ("scenario", {"nargs": "?", "help": "a file or a bundled name; a picker without one"})

ON_SCREEN: tuple[Argument, ...] = (
    ("--at", {"metavar": "POSITION", "help": "where to start: a step number or 1:delta2"}),
    ("--theme", {"metavar": "NAME", "help": "a theme of the palette, such as textual-light"}),
    ("--ascii", {"action": "store_true", "help": "draw with ASCII characters only"}),
    (
        "--fresh",
        {
            "dest": "session",
            "action": "store_const",
            "const": "fresh",
            "default": "resume",
            "help": "start anew, not where the last session of this scenario ended",
        },
    ),
    (
        "--no-session",
        {"dest": "session", "action": "store_const", "const": "none", "help": "the same, and save none on leaving"},
    ),
)

# command -> what it does, the module of `commands` where the function of that name is, its arguments
COMMANDS: dict[str, tuple[str, str, tuple[Argument, ...]]] = {
    "run": (
        "open the debugger (the default command)",
        "on_screen",
        (OPTIONAL_SCENARIO, WITH_MISTAKE, *ON_SCREEN),
    ),
    "quiz": (
        "the debugger asks for each result before it shows it",
        "on_screen",
        (
            OPTIONAL_SCENARIO,
            ("--level", {"choices": ("1", "2", "3"), "help": "1 signs and shapes, 2 one element, 3 all of it"}),
            *ON_SCREEN,
        ),
    ),
    "trace": (
        "print every operation of a run",
        "trace",
        (
            SCENARIO,
            (
                "--format",
                {
                    "choices": ("text", "jsonl", "markdown"),
                    "default": "text",
                    "help": "text (default), JSON lines, Markdown",
                },
            ),
            ("--iterations", {"type": _positive, "metavar": "N", "help": "how many iterations"}),
            ("--stage", {"nargs": "+", "action": "extend", "metavar": "NAME", "help": "only these stages"}),
            WITH_MISTAKE,
        ),
    ),
    "gradcheck": (
        "compare every gradient with finite differences",
        "gradcheck",
        (
            ("scenario", {"nargs": "+", "help": SCENARIO[1]["help"]}),
            ("--iteration", {"type": _positive, "default": 1, "metavar": "N", "help": "of which iteration (1)"}),
            ("--every", {"action": "store_true", "help": "also those of values between, such as ∂L/∂h"}),
        ),
    ),
    "explain": (
        "print where a number comes from",
        "explain",
        (
            SCENARIO,
            ("value", {"help": "a number, such as dL_dW1[1,0]"}),
            (
                "--at",
                {"metavar": "POSITION", "default": "1:", "help": "as it is there; the end of iteration 1 without"},
            ),
            ("--depth", {"type": _positive, "metavar": "N", "help": "how many levels, also into earlier iterations"}),
            (
                "--touches",
                {"action": "store_true", "help": "what is computed from it, in place of where it comes from"},
            ),
            ("--digits", {"type": _positive, "default": 6, "metavar": "N", "help": "after the point (6)"}),
        ),
    ),
    "check": (
        "audit the values that a source printed",
        "check",
        (
            ("scenario", {"nargs": "+", "help": "files or bundled names, or - for standard input"}),
            ("--format", {"choices": ("text", "jsonl"), "default": "text", "help": "text (default) or JSON lines"}),
        ),
    ),
    "scenarios": ("list the bundled scenarios", "scenarios", ()),
    "new": (
        "write a commented starter scenario",
        "scenarios",
        (("file", {"nargs": "?", "help": "where to; standard output without one"}),),
    ),
    "schema": ("print the JSON Schema of the scenario format", "scenarios", ()),
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a call in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG, f"{self.prog}: {clean(message)}; see {self.prog} --help\n")


def parser() -> Parser:
    """The commands and their arguments."""
    top = Parser(
        prog="backprop-tui",
        description="A step-through debugger for backpropagation.",
        epilog="backprop-tui article opens the bundled example; backprop-tui alone shows all of them.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"backprop-tui {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (what, _, arguments) in COMMANDS.items():
        command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", allow_abbrev=False)
        for flag, options in arguments:
            command.add_argument(flag, **options)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit status (0 fine, 1 something was found, 2 wrong call or file, 130 interrupted)."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (words[0] not in COMMANDS and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "run")  # the default command
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return _finished(words)
    finally:
        try:
            _flush(sys.stderr)
        except OSError:  # what is drawn goes there, and the terminal may be gone
            _discard(sys.stderr)


def _finished(words: Sequence[str]) -> int:
    try:
        status = _status(words)
        _flush(sys.stdout)
        return status
    except KeyboardInterrupt:
        _discard(sys.stdout)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has enough
        _discard(sys.stdout)
        return FINE
    except OSError as error:  # such as a full disk
        _discard(sys.stdout)
        return fail(f"cannot write: {(error.strerror or 'the output failed').lower()}")


def _status(words: Sequence[str]) -> int:
    try:
        arguments = parser().parse_args(words)
        command: str = arguments.command
        function = getattr(import_module(f"backprop_tui.commands.{COMMANDS[command][1]}"), command)
        return int(function(arguments))
    except SystemExit as leave:
        return int(leave.code or FINE)


def _flush(stream: TextIO | None) -> None:
    if stream is not None:  # closed from the start
        stream.flush()


def _discard(stream: TextIO | None) -> None:
    """Forget what is still to be written: at exit Python would try once more, and fail or wait for a reader."""
    with suppress(OSError, AttributeError):  # no file, or closed from the start
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]
