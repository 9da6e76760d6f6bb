"""Printing every operation of a run."""

import argparse
from collections.abc import Iterator
from importlib import import_module

import numpy as np
from msgspec.structs import replace

from backprop_tui.commands import FINE, FOUND, fail
from backprop_tui.commands.loaded_scenario import loaded
from backprop_tui.debugger.mistakes.making import MistakeError, mistaken
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.export.handout import DIGITS, Form
from backprop_tui.scenario import Scenario
from backprop_tui.scenario.format.problem import hint, quote

# what --format names -> the module with its `lines`
FORMATS = {
    "text": "backprop_tui.export.plain_text",
    "jsonl": "backprop_tui.export.jsonl",
    "markdown": "backprop_tui.export.markdown",
}


def trace(arguments: argparse.Namespace) -> int:
    """Print a run as text, JSON lines or Markdown; the exit status is 1 if a value is not finite."""
    scenario = loaded(arguments.scenario, arguments.changes)
    program = Program.of(scenario.network)
    if arguments.with_mistake:
        try:
            scenario, program = _mistaken(scenario, program, arguments.with_mistake)
        except MistakeError as error:
            return fail(str(error))
    stages = [name for word in arguments.stage or () for name in word.split(",") if name] or program.stages
    if unknown := [name for name in stages if name not in program.stages]:
        return fail(f"there is no stage {quote(unknown[0])} {hint(unknown[0], program.stages)}")
    exact = arguments.format == "jsonl"
    if exact and arguments.digits:
        return fail("--digits is for text and Markdown; JSON lines have all digits")
    lines = import_module(FORMATS[arguments.format]).lines
    form = () if exact else (Form(arguments.digits or DIGITS, full=arguments.full),)
    finite = True

    def events() -> Iterator[Event]:
        nonlocal finite
        for event in run(program, arguments.iterations or scenario.iterations):
            if event.stage in stages:
                finite = finite and bool(np.isfinite(event.value).all())
            yield event

    for line in lines(scenario, program, events(), stages, *form):
        print(line)
    return FINE if finite else FOUND


def _mistaken(scenario: Scenario, program: Program, name: str) -> tuple[Scenario, Program]:
    """The scenario with a title that says so, and the program with the mistake in it. Raises MistakeError."""
    wrong = mistaken(program, name)
    return replace(scenario, title=f"{scenario.title}; mistaken: {wrong.slip.when(program)}"), wrong.program
