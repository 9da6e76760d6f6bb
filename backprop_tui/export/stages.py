"""Stages as headings."""

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role


def heading(stage: str, program: Program) -> str:
    """`δ₂` for delta2, `gradients of layer 2` for what training needs of it, the stage's name otherwise."""
    first = next((operation.variable for operation in program.operations if operation.stage == stage), None)
    of = program.variables.get(first.wrt) if first is not None else None
    if of is not None and of.role in (Role.PARAMETER, Role.INPUT):
        return f"gradients of layer {of.block or 1}"
    return program.symbols.symbol(stage)
