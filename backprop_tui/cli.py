"""The command line. A command's own code is in `commands` and imported when it is called: `--version` needs none."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn, TextIO

from backprop_tui import __version__
from backprop_tui.commands import FINE, INTERRUPTED, WRONG, fail
from backprop_tui.formula.writing.numbers import MOST_DIGITS
from backprop_tui.text import clean


def _positive(text: str, most: int | None = None) -> int:
    number = int(text[:18]) if text.isdecimal() else 0
    if not 0 < number <= (most or number):
        to = f" to {most}" if most else ""
        raise argparse.ArgumentTypeError(f"'{clean(text)}' is not a whole number from 1{to}")
    return number


def _tolerance(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"'{clean(text)}' is not a number of at least 0, such as 1e-6")
    return number


def _digits(text: str) -> int:
    return _positive(text, MOST_DIGITS)


Argument = tuple[str, dict[str, Any]]

SCENARIO: Argument = (
    "scenario",
    {"help": "a file, - for standard input, or the name of a bundled scenario, such as article"},
)
SEVERAL_SCENARIOS: Argument = (
    "scenario",
    {"nargs": "+", "help": "files, bundled names such as article, or - for standard input"},
)
WITH_MISTAKE: Argument = (
    "--with-mistake",
    {"metavar": "NAME", "help": "a classic mistake: run shows it beside the right network, trace prints it"},
)
SET: Argument = (
    "--set",
    {
        "dest": "changes",
        "action": "append",
        "metavar": "KEY=VALUE",
        "help": "any key of the scenario, checked as in the file: optimizer.name=adam; KEY= takes it away",
    },
)
PRESENT: Argument = ("--present", {"action": "store_true", "help": "a large view, for a class; L leaves it"})
SOURCE: Argument = (
    "--source",
    {"metavar": "FILE", "help": "a file of commands to begin with, or the name of a bundled one, such as article.demo"},
)
OPTIONAL_SCENARIO: Argument = (
    "scenario",
    {"nargs": "?", "help": "a file or a bundled name; without one, a picker opens"},
)

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
            "help": "start afresh, not where the last session of this scenario ended",
        },
    ),
    (
        "--no-session",
        {
            "dest": "session",
            "action": "store_const",
            "const": "none",
            "help": "start afresh, and save no session on leaving",
        },
    ),
)

# command -> what it does, the module of `commands` where the function of that name is, its arguments
COMMANDS: dict[str, tuple[str, str, tuple[Argument, ...]]] = {
    "run": (
        "open the debugger (the default command)",
        "run_and_quiz",
        (OPTIONAL_SCENARIO, SET, WITH_MISTAKE, PRESENT, SOURCE, *ON_SCREEN),
    ),
    "quiz": (
        "the debugger asks for each result before it shows it",
        "run_and_quiz",
        (
            OPTIONAL_SCENARIO,
            SET,
            (
                "--level",
                {
                    "choices": ("1", "2", "3"),
                    "help": "1 signs and shapes, 2 one element, 3 all of it; by default it follows the score",
                },
            ),
            *ON_SCREEN,
        ),
    ),
    "notes": (
        "the speaker's view of a session that presents, in a second terminal",
        "notes",
        (
            (
                "session",
                {
                    "nargs": "?",
                    "type": _positive,
                    "metavar": "NUMBER",
                    "help": "which session, where there are several",
                },
            ),
            ("--theme", {"metavar": "NAME", "help": "a theme, such as textual-light"}),
        ),
    ),
    "trace": (
        "print every operation of a run",
        "trace",
        (
            ("scenario", SCENARIO[1] | {"nargs": "?"}),  # --stage may have taken it
            (
                "--format",
                {
                    "choices": ("text", "jsonl", "markdown"),
                    "default": "text",
                    "help": "text (default), JSON lines, Markdown",
                },
            ),
            (
                "--iterations",
                {
                    "type": _positive,
                    "metavar": "N",
                    "help": "how many iterations (default: as many as the scenario says)",
                },
            ),
            (
                "--stage",
                {
                    "nargs": "+",
                    "action": "extend",
                    "metavar": "NAME",
                    "help": "only these stages: --stage forward loss, --stage forward,loss, or --stage once for each",
                },
            ),
            ("--full", {"action": "store_true", "help": "all numbers of every array, however large"}),
            ("--digits", {"type": _digits, "metavar": "N", "help": "decimals, in text and Markdown (default 10)"}),
            SET,
            WITH_MISTAKE,
        ),
    ),
    "gradcheck": (
        "compare every gradient with finite differences",
        "gradcheck",
        (
            SEVERAL_SCENARIOS,
            SET,
            ("--iteration", {"type": _positive, "default": 1, "metavar": "N", "help": "the iteration (default 1)"}),
            ("--every", {"action": "store_true", "help": "check intermediate gradients too, such as ∂L/∂h"}),
        ),
    ),
    "explain": (
        "print where a number comes from",
        "explain",
        (
            SCENARIO,
            SET,
            ("value", {"help": "a number, such as dL_dW1[1,0]; or its value, such as 0.7685: lists all that read so"}),
            (
                "--at",
                {"metavar": "POSITION", "default": "1:", "help": "where to look (default: the end of iteration 1)"},
            ),
            (
                "--depth",
                {"type": _positive, "metavar": "N", "help": "how many levels to unfold, into earlier iterations too"},
            ),
            (
                "--touches",
                {"action": "store_true", "help": "show what is computed from it instead of where it comes from"},
            ),
            ("--digits", {"type": _digits, "default": 6, "metavar": "N", "help": "decimals (default 6)"}),
        ),
    ),
    "check": (
        "audit the values that a source printed",
        "check",
        (
            SEVERAL_SCENARIOS,
            SET,
            ("--format", {"choices": ("text", "jsonl"), "default": "text", "help": "text (default) or JSON lines"}),
            (
                "--given",
                {"metavar": "FILE.npz", "help": "arrays of your own, by name (dW1, db1, A1, cost, W1_after, …)"},
            ),
            (
                "--paste",
                {
                    "action": "store_true",
                    "help": "arrays from standard input, as NumPy prints them: dW1 = [[0.1 0.2] …",
                },
            ),
            (
                "--rtol",
                {"type": _tolerance, "metavar": "R", "help": "how far a number may be off, as a share of its size"},
            ),
            ("--atol", {"type": _tolerance, "metavar": "A", "help": "how far a number may be off"}),
            (
                "--layout",
                {"choices": ("rows", "columns"), "help": "how samples lie in your arrays, if the shapes do not tell"},
            ),
            (
                "--iteration",
                {
                    "type": _positive,
                    "default": 1,
                    "metavar": "N",
                    "help": "the iteration that your arrays are from (default 1)",
                },
            ),
        ),
    ),
    "mistakes": (
        "list the classic mistakes",
        "mistake_list",
        (("scenario", {"nargs": "?", "help": "only those that can be made in this scenario"}), SET),
    ),
    "scenarios": ("list the bundled scenarios", "scenarios", ()),
    "show": (
        "print the file of a scenario, or its layers as formulas",
        "show",
        (
            SCENARIO,
            (
                "--as-model",
                {
                    "action": "store_true",
                    "help": "write the layers as the formulas of a [model], with all that the file has",
                },
            ),
            SET,
        ),
    ),
    "new": (
        "write a commented starter scenario, or a bundled one to change",
        "scenarios",
        (
            ("file", {"nargs": "?", "help": "the file to write; without one, or with -, standard output"}),
            (
                "--from",
                {
                    "dest": "origin",
                    "metavar": "NAME",
                    "help": "copy a bundled scenario, or take the arrays of FILE.npz",
                },
            ),
        ),
    ),
    "schema": ("print the JSON Schema of the scenario format", "scenarios", ()),
}


DEFAULT = "run"
STAGE = r"forward|loss|update|(delta|gradients)[0-9]+|(backward|gradients)( .+)?"

STATUSES = """\
exit status:
  0    fine
  1    something was found: a published value that does not agree, a gradient
       that differs, or in a trace a number that is not finite
  2    the call or the file is wrong
  130  interrupted
"""


def _files() -> str:
    from backprop_tui.debugger.basics import user_files

    return f"""
files:
  {user_files.config()}
       the theme, and keys of your own
  {user_files.sessions()}
       where each scenario was left, with breakpoints, watches, marks and branches
  {user_files.history()}
       the lines typed after a colon
  {user_files.score()}
       the score of quizzes
"""


class Parser(argparse.ArgumentParser):
    """Reports what is wrong with a call in one line.

    `ending` gives the text that the help ends with; `also` has options that may stand in place of the command.
    """

    def __init__(
        self, *, ending: Callable[[], str] = lambda: STATUSES, also: Sequence[str] = (), **settings: Any
    ) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)
        self.ending = ending
        self.also = also
        self.words: Sequence[str] = ()

    def format_help(self) -> str:
        """argparse's help, the exit statuses and, for commands that open the debugger, where its files are."""
        return f"{super().format_help()}\n{self.ending()}"

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What argparse makes of the words, and the words that it does not know."""
        self.words = list(args or ())
        found, unknown = super().parse_known_args(args, namespace)
        if getattr(found, "stage", None) and found.scenario is None:
            found.scenario = _swallowed(found.stage)
        if hasattr(found, "stage") and found.scenario is None:
            self.error("the following arguments are required: scenario")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Leave with one line: what is wrong and, for options that do not exist, which ones were probably meant."""
        typed = (word.partition("=")[0] for word in self.words if word.startswith("--"))
        known = [*self._option_string_actions, *self.also]
        near = dict.fromkeys(hint for word in typed if word not in known for hint in meant(word, known))
        hints = f" (did you mean {' and '.join(near)}?)" if near else ""
        self.exit(WRONG, f"{self.prog}: {clean(message)}{hints}; see {self.prog} --help\n")


def _swallowed(stages: list[str]) -> str | None:
    """The scenario among the words that `--stage` took: the last one that is not a stage; None if all are stages."""
    others = [word for word in stages if not all(re.fullmatch(STAGE, part) for part in word.split(","))]
    if not others:
        return None
    stages.reverse()
    stages.remove(others[-1])
    stages.reverse()
    return others[-1]


def meant(word: str, known: Iterable[str]) -> list[str]:
    """The known word that was probably meant, in a list; an empty list if none is close."""
    from difflib import get_close_matches

    return get_close_matches(word[:60], list(known), 1)


def parsers(names: Iterable[str] = COMMANDS) -> dict[str, Parser]:
    """The parsers of some commands by name, and under the empty name the one that reads a whole call."""
    top = Parser(
        prog="backprop-tui",
        description="A step-through debugger for backpropagation.",
        epilog="backprop-tui article opens the bundled example; backprop-tui alone shows all of them.",
        ending=lambda: STATUSES + _files(),
    )
    top.add_argument("--version", action="version", version=f"backprop-tui {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in names:
        what, module, arguments = COMMANDS[name]
        own: dict[str, Any] = {"ending": top.ending} if module == "run_and_quiz" else {}
        own |= {"also": ["--version"]} if name == DEFAULT else {}
        command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", **own)
        for flag, options in arguments:
            command.add_argument(flag, **options)
    if trace := commands.choices.get("trace"):
        trace.usage = trace.format_usage().removeprefix("usage: ").replace("[scenario]", "scenario").strip()
    return {"": top, **commands.choices}


def parser() -> Parser:
    """The parser of a whole call."""
    return parsers()[""]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit status (0 fine, 1 something was found, 2 wrong call or file, 130 interrupted)."""
    words = list(sys.argv[1:] if argv is None else argv)
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


def _finished(words: list[str]) -> int:
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


def _status(words: list[str]) -> int:
    try:
        arguments = _read(words)
        command: str = arguments.command
        function = getattr(import_module(f"backprop_tui.commands.{COMMANDS[command][1]}"), command)
        return int(function(arguments))
    except SystemExit as leave:
        return int(leave.code or FINE)


def _read(words: list[str]) -> argparse.Namespace:
    """The command and its arguments; leaves with what is wrong with them."""
    if words[:1] in (["-h"], ["--help"], ["--version"]):
        known = parsers()
    else:
        if not words or words[0] not in COMMANDS:
            if words and (wrong := _mistyped(words)):
                parsers()[""].error(wrong)
            words = [DEFAULT, *words]
        known = parsers([words[0]])
    arguments: argparse.Namespace
    arguments, unknown = known[""].parse_known_args(words)
    if unknown:
        known[arguments.command].error(f"unrecognized arguments: {' '.join(unknown)}")
    return arguments


def _mistyped(words: Sequence[str]) -> str:
    """What is wrong with a first word that was meant as a command but does not name one; empty if it is a scenario, or
    was meant as one that does not exist.
    """
    first, *more = words
    command = next((word for word in more if word in COMMANDS), None)
    if first.startswith("-") and command is not None:
        return f"options come after the command: backprop-tui {command} ... {clean(first, 60)} ..."
    is_path = os.sep in first or first.endswith(".toml")
    followed = bool(more) and not more[0].startswith("-")
    if first.startswith("-") or is_path or not (followed or meant(first, COMMANDS)) or os.path.exists(first):
        return ""
    from backprop_tui.scenario.library import names

    near = meant(first, [*COMMANDS, *names()])
    if first in names() or (not followed and near[0] not in COMMANDS):
        return ""
    hint = f"did you mean {near[0]}?" if near and near[0] in COMMANDS else f"known: {', '.join(COMMANDS)}"
    return f"unknown command '{clean(first, 60)}' ({hint})"


def _flush(stream: TextIO | None) -> None:
    if stream is not None:  # None where it was closed from the start
        stream.flush()


def _discard(stream: TextIO | None) -> None:
    """Drop what is still to be written: at exit Python would try once more, and fail or wait for a reader."""
    with suppress(OSError, AttributeError):  # not a file, or closed from the start
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]
