"""The status line: what is run, which stage of an iteration we are in, the line of all steps, and which step it is.

The room of each is that of the widest that can occur in a run, so that none moves from step to step, and none goes.
"""

from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from backprop_tui.debugger.basics.moment import MAIN, Moment
from backprop_tui.engine.program.chain_rule import links
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase, Role
from backprop_tui.scenario import Scenario
from backprop_tui.tui.main.scrubber import ROOM
from backprop_tui.tui.shared.bars import heading, least_heading
from backprop_tui.tui.shared.pane_layout import MEDIUM
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import Run, size, within
from backprop_tui.tui.shared.view import View

STAGES = {  # in order, and in short
    "forward": ("FORWARD", "FWD"),
    "loss": ("LOSS", "LOSS"),
    "backward": ("BACKWARD", "BWD"),
    "update": ("UPDATE", "UPD"),
}
NAME = 12  # cells of the scenario's name, where it has that many
SHORTEST = 5  # cells that are left of it where something else has to be said


class Shape(NamedTuple):
    """How the line is divided, in cells: what is run, the stages, and which step it is."""

    left: int
    stages: int
    right: int
    short: bool
    """Stages in short."""
    tight: bool
    """No spaces between them."""
    iteration: str
    """How the iteration is written: in full, without how many there are, or not at all."""
    below: bool = False
    """The chain below has room for what has none here."""
    bare: bool = False
    """The number of the step without the word."""


IN_FULL, ALONE, WITHOUT = "full", "alone", "without"
ROOMS = (  # from the most that is written to the least: stages in short, without spaces, iteration, a bare step
    (False, False, IN_FULL, False),
    (False, True, IN_FULL, False),
    (False, False, ALONE, False),
    (False, True, ALONE, False),
    (False, False, WITHOUT, False),
    (False, True, WITHOUT, False),
    (True, True, ALONE, False),
    (True, True, ALONE, True),
    (True, True, WITHOUT, False),
    (True, True, WITHOUT, True),
)


class Said(NamedTuple):
    """What the line says: at the left of the line of steps, at the right of it, and what it has no room for."""

    left: list[Run]
    right: list[Run]
    elsewhere: list[Run]


def status_runs(view: View, pending: str, reason: str, width: int) -> Said:
    """The parts of the line. What it has no room for stands beside the chain, where there is one."""
    shape, cut = shape_at(view, width), view.notation.mark("cut")
    extras, count = _extras(view, reason), _pending(view, pending)
    elsewhere = _iteration_elsewhere(view, width)
    if shape.below and size([*extras, *count]) + least_heading(view) > shape.left:
        elsewhere, extras = [*elsewhere, *extras], []
    extras = [*extras, *count]
    left = heading(view, shape.left - size(extras))
    too_much = size([*left, *extras]) - shape.left
    if too_much > 0:  # what has just happened goes before what is always so, and that before the name
        left = [*within(left[:1], max(size(left[:1]) - too_much, SHORTEST), cut), *left[1:]]
        left = within(left, min(size(left), max(shape.left - size(extras), 0)), cut)
    runs = within([*left, *extras], shape.left, cut)
    right = whereabouts(view, shape)
    before: Run = (" " * max(shape.right - size(right), 0), view.styles.bar)
    return Said([*runs, *stages(view, shape)], [before, *right], elsewhere)


def shape_at(view: View, width: int) -> Shape:
    """How the line is divided in a terminal of a width, at every step of a run."""
    moment = view.moment
    name = min(cell_len(f" {view.notation.text(moment.scenario.label)}"), NAME)
    wrong = cell_len(moment.beside.name) + 5 if moment.beside else 0
    return shape_of(moment.program.plain, moment.scenario, view.notation, width, name + wrong)


def _iteration_elsewhere(view: View, width: int) -> list[Run]:
    """Which iteration it is, where the line has no room for that."""
    iterations, now = view.moment.scenario.iterations, view.moment.iteration
    if shape_at(view, width).iteration is not WITHOUT or iterations == 1 == now:
        return []
    text = _iteration(now, iterations if now <= iterations else 0, IN_FULL).removesuffix(" · ")
    return [(view.notation.text(f" · {text}"), view.styles.bar)]


@lru_cache(maxsize=16)
def shape_of(program: Program, scenario: Scenario, notation: Notation, width: int, name: int) -> Shape:
    """How a line of a width is divided: as much as leaves room for a name and for the line of steps."""
    found: list[Shape] = []
    below = width >= MEDIUM[0] and bool(links(program))  # there the chain says which iteration it is
    for short, tight, iteration, bare in ROOMS:
        if (below and iteration is ALONE) or (not below and not short and iteration is WITHOUT):
            continue
        names = max(cell_len(notation.symbol(operation.name)) for operation in program.operations)
        last = scenario.iterations * len(program.operations)
        text = _iteration(scenario.iterations, scenario.iterations, iteration)
        right = cell_len(text) + max(names, len("start")) + cell_len(_steps(last, last, notation, bare=bare))
        wide = cell_len(_joint(notation, tight=tight)) * (len(STAGES) - 1) + cell_len(_before(tight=tight)) + 1
        wide += sum(len(words[short]) for words in STAGES.values())
        found.append(Shape(width - wide - right - ROOM, wide, right, short, tight, iteration, below, bare))
        if found[-1].left >= name:
            break
    return found[-1]


def stage_of(moment: Moment) -> str:
    """The stage of an iteration that the current operation belongs to; empty at the start."""
    operation = moment.operation
    if operation is None:
        return ""
    if operation.variable.role in (Role.LOSS, Role.PENALTY):
        return "loss"
    phases = {Phase.FORWARD: "forward", Phase.BACKWARD: "backward", Phase.UPDATE: "update"}
    return phases[operation.variable.phase]


def stages(view: View, shape: Shape) -> list[Run]:
    """The four stages, that of the current operation in reverse."""
    now, joint = stage_of(view.moment), _joint(view.notation, tight=shape.tight)
    runs: list[Run] = []
    for place, (stage, words) in enumerate(STAGES.items()):
        is_now, was_now = stage == now, place > 0 and [*STAGES][place - 1] == now
        before, word = joint if place else _before(tight=shape.tight), words[shape.short]
        if is_now and not shape.tight:
            before = before[:-1]
        if was_now and not shape.tight:
            before = before[1:]
        runs.append((before, view.styles.muted))
        if is_now:
            padded = word if shape.tight else f" {word} "
            runs.append((padded, view.styles.accent + view.styles.selected))
        else:
            runs.append((word, view.styles.bar))
    return [*runs, ("" if now == "update" and not shape.tight else " ", view.styles.bar)]


def _joint(notation: Notation, *, tight: bool) -> str:
    """What stands between two stages; where it has spaces, the stage we are in takes them."""
    arrow = ">" if notation.ascii else "▸"
    return arrow if tight else f" {arrow} "


def _before(*, tight: bool) -> str:
    """What stands before the stages: a blank that the stage we are in takes, where it takes any, and one that stays."""
    return " " if tight else "  "


def whereabouts(view: View, shape: Shape) -> list[Run]:
    """Where in the run we are: `iteration 1/1 · δ₂ · step 8/19`."""
    moment, styles = view.moment, view.styles
    name = view.notation.symbol(moment.operation.name) if moment.operation else "start"
    iterations = moment.scenario.iterations
    iteration = _iteration(moment.iteration, iterations if moment.iteration <= iterations else 0, shape.iteration)
    last = moment.last_step if moment.step <= moment.last_step else 0
    return [
        (view.notation.text(iteration), styles.bar),
        (name, styles.accent),
        (_steps(moment.step, last, view.notation, bare=shape.bare), styles.bar),
    ]


def _iteration(now: int, of: int, how: str) -> str:
    if how is WITHOUT:
        return ""
    return f"iteration {now:,}{f'/{of:,}' if of and how is IN_FULL else ''} · "


def _steps(now: int, of: int, notation: Notation, *, bare: bool) -> str:
    return f" {notation.mark('between')} {'' if bare else 'step '}{now:,}{f'/{of:,}' if of else ''} "


def _pending(view: View, pending: str) -> list[Run]:
    """A count that is being typed."""
    count = f" {pending}{view.notation.mark('cut')} "
    return [(" ", view.styles.bar), (count, view.styles.selected)] if pending else []


def _extras(view: View, reason: str) -> list[Run]:
    """What is not so at every step: the branch, the breakpoints or why a continue stopped, predictions."""
    moment, styles = view.moment, view.styles
    between = f" {view.notation.mark('between')} "
    runs: list[Run] = []
    if moment.branch != MAIN:
        runs.append((f"{between}{view.notation.text(moment.branch)}", styles.accent))
    stops = f"{moment.stops} break{'s' if moment.stops > 1 else ''}" if moment.stops else ""
    if reason or stops:
        runs.append((f"{between}{view.notation.text(reason or stops)}", styles.bad))
    if moment.veil is not None:
        runs.append((f"{between}predict", styles.accent))
    return runs
