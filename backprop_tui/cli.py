"""The command line. What a command needs is imported inside it, so that `--version` needs nothing."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from backprop_tui import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_tui.engine.event import Event
    from backprop_tui.engine.program import Program
    from backprop_tui.scenario import Scenario

FINE, FOUND, WRONG, INTERRUPTED = 0, 1, 2, 130


def _run(arguments: argparse.Namespace) -> int:
    return _on_screen(arguments, "the debugger needs a terminal; 'backprop-tui trace' prints the same run as text")


def _quiz(arguments: argparse.Namespace) -> int:
    needs = "the quiz needs a terminal; without one, backprop_tui.Quiz asks from Python"
    return _on_screen(arguments, needs, f"predict {arguments.level or 'on'}")


def _on_screen(arguments: argparse.Namespace, needs: str, first: str = "") -> int:
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):  # None where closed
        return _fail(needs)
    if arguments.scenario == "-":
        return _fail("the debugger reads its keys from standard input; give it a file (trace reads -)")
    gc.disable()  # until the first frame is there, and then the app enables it
    try:
        return _open(arguments, first)
    finally:
        gc.enable()


def _open(arguments: argparse.Namespace, first: str) -> int:
    scenario = _load(arguments.scenario) if arguments.scenario else None
    from backprop_tui.debugger.mistaking import MistakeError
    from backprop_tui.debugger.position import PositionError
    from backprop_tui.debugger.saved import SessionError
    from backprop_tui.tui.app import run
    from backprop_tui.tui.config import ConfigError
    from backprop_tui.tui.theme import ThemeError

    try:
        status, said = run(
            scenario,
            at=arguments.at,
            mistake=getattr(arguments, "with_mistake", None),
            theme=arguments.theme,
            ascii_only=arguments.ascii,
            session=arguments.session,
            first=first,
        )
    except (PositionError, MistakeError, ThemeError, SessionError) as error:
        return _fail(_clean(str(error)))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return WRONG
    if said:
        print(said)
    return status


def _trace(arguments: argparse.Namespace) -> int:
    from importlib import import_module

    import numpy as np

    from backprop_tui.engine.machine import run
    from backprop_tui.engine.program import Program

    scenario = _load(arguments.scenario)
    program = Program(scenario.network)
    if arguments.with_mistake:
        try:
            scenario, program = _mistaken(scenario, program, arguments.with_mistake)
        except ValueError as error:
            return _fail(str(error))
    unknown = [name for name in arguments.stage or () if name not in program.stages]
    if unknown:
        return _fail(f"there is no stage '{_clean(unknown[0])}'; the stages are {', '.join(program.stages)}")
    lines = import_module(f"backprop_tui.export.{arguments.format}").lines
    stages = arguments.stage or program.stages
    finite = True

    def events() -> "Iterator[Event]":
        nonlocal finite
        for event in run(program, arguments.iterations or scenario.iterations):
            if event.stage in stages:
                finite = finite and bool(np.isfinite(event.value).all())
            yield event

    for line in lines(scenario, program, events(), stages):
        print(line)
    return FINE if finite else FOUND


def _mistaken(scenario: "Scenario", program: "Program", name: str) -> "tuple[Scenario, Program]":
    """The scenario with a title that says so, and the program with the mistake in it. Raises MistakeError."""
    from msgspec.structs import replace

    from backprop_tui.debugger.beside import mistaken, read_slip

    wrong = mistaken(program, read_slip(name))
    return replace(scenario, title=f"{scenario.title}; mistaken: {wrong.slip.when(program)}"), wrong


def _gradcheck(arguments: argparse.Namespace) -> int:
    from backprop_tui.debugger.gradcheck.check import gradcheck
    from backprop_tui.debugger.gradcheck.lines import summary
    from backprop_tui.debugger.writing import Writing
    from backprop_tui.engine.program import Program

    status = FINE
    for scenario in [_load(name) for name in arguments.scenario]:
        program = Program(scenario.network)
        found = gradcheck(scenario, arguments.iteration, every=arguments.every)
        print(f"{scenario.title}\niteration {arguments.iteration}, central differences of L")
        for line in summary(found, Writing(program.symbols, digits=10, hyphen=True), program):
            print(line)
        if not all(check.agrees for check in found):
            status = FOUND
    return status


def _explain(arguments: argparse.Namespace) -> int:
    from backprop_tui.debugger.debugger import Debugger
    from backprop_tui.debugger.explain.lines import paths, touched, tree
    from backprop_tui.debugger.position import PositionError
    from backprop_tui.debugger.writing import Writing
    from backprop_tui.formula.errors import ExpressionError

    debugger = Debugger(_load(arguments.scenario))
    writing = Writing(debugger.program.symbols, digits=arguments.digits)
    try:
        debugger.seek(arguments.at)
        if arguments.touches:
            lines = [*touched(debugger.touches(arguments.value), writing)]
        else:
            explanation = debugger.explain(arguments.value)
            found = explanation.paths
            lines = [*tree(explanation, writing, arguments.depth), *(paths(found, writing) if found else ())]
    except (ExpressionError, PositionError) as error:
        return _fail(_clean(str(error)))
    print("\n".join(lines))
    return FINE


def _check(arguments: argparse.Namespace) -> int:
    from backprop_tui.debugger.audit import check
    from backprop_tui.export.audit import FORMATS
    from backprop_tui.scenario import ScenarioError, load

    status = FINE
    for place, name in enumerate(arguments.scenario):
        try:
            audit = check(load(name))
        except ScenarioError as error:
            print(error, file=sys.stderr)
            status = WRONG
            continue
        if place and arguments.format == "text":
            print()
        for line in FORMATS[arguments.format](audit):
            print(line)
        status = status or (FINE if audit.agrees else FOUND)
    return status


def _scenarios(_: argparse.Namespace) -> int:
    from backprop_tui.scenario import bundled

    found = bundled()
    width = max(len(name) for name, _ in found)
    for name, title in found:
        print(f"{name:<{width}}  {title}")
    return FINE


def _new(arguments: argparse.Namespace) -> int:
    from backprop_tui.scenario import starter

    if not arguments.file or arguments.file == "-":
        print(starter(), end="")
        return FINE
    try:
        with Path(arguments.file).open("x", encoding="utf-8") as file:
            file.write(starter())
    except FileExistsError:
        return _fail(f"{_clean(arguments.file)} exists already; nothing was written")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or "cannot be written"
        return _fail(f"{_clean(arguments.file)}: {reason.lower()}")
    print(f"wrote {_clean(arguments.file)}; open it with: backprop-tui {_clean(arguments.file)}")
    return FINE


def _schema(_: argparse.Namespace) -> int:
    from backprop_tui.scenario import schema_json

    print(schema_json(), end="")
    return FINE


def _load(name: str) -> "Scenario":
    from backprop_tui.scenario import ScenarioError, load

    try:
        return load(name)
    except ScenarioError as error:
        print(error, file=sys.stderr)
        raise SystemExit(WRONG) from None


def _clean(text: str) -> str:
    from backprop_tui.text import clean

    return clean(text)


def _fail(message: str) -> int:
    print(f"backprop-tui: {message}", file=sys.stderr)
    return WRONG


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text[:18]):
        raise argparse.ArgumentTypeError(f"'{_clean(text)}' is not a whole number from 1")
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

# command -> what it does, the function, its arguments
COMMANDS: dict[str, tuple[str, Callable[[argparse.Namespace], int], tuple[Argument, ...]]] = {
    "run": (
        "open the debugger (the default command)",
        _run,
        (OPTIONAL_SCENARIO, WITH_MISTAKE, *ON_SCREEN),
    ),
    "quiz": (
        "the debugger asks for each result before it shows it",
        _quiz,
        (
            OPTIONAL_SCENARIO,
            ("--level", {"choices": ("1", "2", "3"), "help": "1 signs and shapes, 2 one element, 3 all of it"}),
            *ON_SCREEN,
        ),
    ),
    "trace": (
        "print every operation of a run",
        _trace,
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
        _gradcheck,
        (
            ("scenario", {"nargs": "+", "help": SCENARIO[1]["help"]}),
            ("--iteration", {"type": _positive, "default": 1, "metavar": "N", "help": "of which iteration (1)"}),
            ("--every", {"action": "store_true", "help": "also those of values between, such as ∂L/∂h"}),
        ),
    ),
    "explain": (
        "print where a number comes from",
        _explain,
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
        _check,
        (
            ("scenario", {"nargs": "+", "help": "files or bundled names, or - for standard input"}),
            ("--format", {"choices": ("text", "jsonl"), "default": "text", "help": "text (default) or JSON lines"}),
        ),
    ),
    "scenarios": ("list the bundled scenarios", _scenarios, ()),
    "new": (
        "write a commented starter scenario",
        _new,
        (("file", {"nargs": "?", "help": "where to; standard output without one"}),),
    ),
    "schema": ("print the JSON Schema of the scenario format", _schema, ()),
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a call in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG, f"{self.prog}: {_clean(message)}; see {self.prog} --help\n")


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
        status = _status(words)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        _discard_output()
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has enough
        _discard_output()
        return FINE
    except OSError as error:  # such as a full disk
        _discard_output()
        return _fail(f"cannot write: {(error.strerror or 'the output failed').lower()}")


def _status(words: Sequence[str]) -> int:
    try:
        arguments = parser().parse_args(words)
        return COMMANDS[arguments.command][1](arguments)
    except SystemExit as leave:
        return int(leave.code or FINE)


def _discard_output() -> None:
    """Forget what is still to be written: at exit Python would try once more, and fail or wait for a reader."""
    with suppress(OSError, AttributeError):  # no file, or closed from the start
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
