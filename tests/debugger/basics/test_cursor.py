"""Moving by stages, which the blocks and steps of a model part."""

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.scenario import load
from tests.lessons.models import MODELS


@pytest.mark.parametrize("lesson", MODELS)
def test_f_goes_to_the_end_of_every_block_and_back_the_same_way(lesson: str) -> None:
    debugger = Debugger(load(lesson))
    operations = debugger.program.operations
    stops = []
    while debugger.step < len(operations):
        debugger.finish()
        stops.append(debugger.step)
    for step in range(1, len(operations)):
        (one, block), (other, its) = ((o, o.variable.section) for o in operations[step - 1 : step + 1])
        parts = one.stage != other.stage or (one.variable.phase is Phase.FORWARD and block != its)
        assert (step in stops) == parts, f"after {one.name}"
    for step in [*stops[-2::-1], 0]:
        debugger.unfinish()
        assert debugger.step == step


@pytest.mark.parametrize("lesson", MODELS)
def test_break_stops_at_the_first_operation_of_a_block(lesson: str) -> None:
    debugger = Debugger(load(lesson))
    first: dict[str, int] = {}
    for operation in debugger.program.operations:
        if block := debugger.program.blocks.get(operation.name):
            first.setdefault(block, operation.index + 1)
    for block in first:
        debugger.breakpoints.add(block)
    for step in first.values():
        debugger.resume()
        assert debugger.step == step
