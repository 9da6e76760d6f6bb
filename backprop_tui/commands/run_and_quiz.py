"""The commands that open the debugger. All else is imported after garbage collection is paused, for a fast start."""

import argparse
import gc
import os
import sys

from backprop_tui.commands import WRONG, fail

NO_SCREEN = ("dumb", "unknown")  # the values of TERM with which rich draws nothing


def run(arguments: argparse.Namespace) -> int:
    """The debugger."""
    return _on_screen(arguments, "the debugger needs a terminal; 'backprop-tui trace' prints the same run as text")


def quiz(arguments: argparse.Namespace) -> int:
    """The debugger, which asks for each result."""
    needs = "the quiz needs a terminal; without one, backprop_tui.Quiz asks from Python"
    return _on_screen(arguments, needs, f"predict {arguments.level or 'on'}")


def _on_screen(arguments: argparse.Namespace, needs: str, first: str = "") -> int:
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):  # None where closed
        return fail(needs)
    if os.environ.get("TERM", "").lower() in NO_SCREEN:
        return fail(f"{needs} (this one, TERM={os.environ['TERM']}, cannot be drawn on)")
    if arguments.scenario == "-":
        return fail("the debugger reads its keys from standard input; give it a file (trace reads -)")
    if arguments.changes and not arguments.scenario:
        return fail("--set changes a scenario: name one")
    gc.disable()  # until the first frame is drawn, when the app enables it again
    try:
        return _open(arguments, first)
    finally:
        gc.enable()


def _open(arguments: argparse.Namespace, first: str) -> int:
    from backprop_tui.commands.loaded_scenario import loaded

    scenario = loaded(arguments.scenario, arguments.changes) if arguments.scenario else None
    from backprop_tui.debugger.basics.position import PositionError
    from backprop_tui.debugger.mistakes.making import MistakeError
    from backprop_tui.debugger.sessions.session_file import SessionError
    from backprop_tui.tui.app import run as run_app
    from backprop_tui.tui.config import ConfigError
    from backprop_tui.tui.shared.theme import ThemeError

    try:
        status, said = run_app(
            scenario,
            arguments.theme,
            at=arguments.at,
            mistake=getattr(arguments, "with_mistake", None),
            ascii_only=arguments.ascii,
            session=arguments.session,
            first=first,
            present=getattr(arguments, "present", False),
            begins=f"source {arguments.source}" if getattr(arguments, "source", None) else "",
        )
    except (PositionError, MistakeError, ThemeError, SessionError) as error:
        return fail(str(error))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return WRONG
    if said:
        print(said)
    return status
