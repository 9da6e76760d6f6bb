"""Rules about what a run starts with beside its parameters: masks of dropout, slots, and how far training has come."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from backprop_tui.engine.statements.variable import Role
from backprop_tui.scenario.checking.scenario_names import UnknownNameError
from backprop_tui.scenario.format.number_layout import Shape, each, misfit, plural, written_shapes
from backprop_tui.scenario.format.problem import Finding, hint

if TYPE_CHECKING:
    from backprop_tui.scenario.checking.scenario_draft import AnyDraft, Draft

T = "t"  # the counter of iterations


def masks(draft: "Draft") -> Iterator[Finding]:
    """A mask is of a layer with dropout, and has 0 or 1 for each of its units in every sample."""
    if not draft.file.data.masks or draft.file.network.layers[-1].dropout:
        return
    names = draft.names
    known = [name for name, record in names.variables.items() if record.role is Role.MASK]
    for name, given in draft.file.data.masks.items():
        path = ("data", "masks", name)
        if name not in known:
            why = hint(name, known) if known else "(no layer has dropout)"
            yield path, f"unknown mask {why}"
            continue
        if draft.file.data.held_out:
            yield path, "is given beside held_out, which leaves some samples out"
        units = draft.widths[names.variables[name].block]
        shapes: list[Shape] = [(draft.total, units), *([(units,)] if draft.total == 1 else [])]
        if draft.shapes_are_known and (message := misfit(given, *shapes, why=f"{plural(draft.total, 'sample')}")):
            yield path, message
            continue
        for at, number in each(given, path):
            if number not in (0, 1):
                yield at, f"is {number:g}, expected 0 or 1"
                break


def start(draft: "AnyDraft") -> Iterator[Finding]:
    """What a run starts with is a slot of the optimizer or a running statistic, in its shape."""
    table, given = draft.start
    if not given:
        return
    names = draft.names
    for typed, value in given.items():
        path = (table, "start", typed)
        if typed == T:
            if isinstance(value, list) or value < 0 or value != int(value):
                yield path, "is the number of iterations before the first, a whole number from 0"
            continue
        try:
            name = names.variable(typed)
        except UnknownNameError:
            name = ""
        if name not in names.slots:
            yield path, f"is not something that a run keeps {hint(typed, [*names.slots, T])}"
        elif draft.shapes_are_known:
            shape = names.shapes[name]
            if message := misfit(value, *written_shapes(shape), why="×".join(map(str, shape)) or "one number"):
                yield path, message
    counts = T in names.shapes and any(names.variables[name].role is Role.STEP for name in names.slots if name in given)
    if counts and T not in given:
        yield (table, "start"), "lacks t, the number of iterations before the first, which the optimizer counts"
