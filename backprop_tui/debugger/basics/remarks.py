"""What is said of an operation beside its value, on the screen and in a trace."""

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.engine.program.program import Operation


def computed_as(operation: Operation, writing: Writing) -> str:
    """The formula that was run in place of the one that is shown, and why; empty where they are one."""
    return f"computed as {writing.formula(operation.stable)}, the same and stable" if operation.stable else ""


def next_loss(before: float, after: float, writing: Writing) -> str:
    """What the loss of an iteration becomes with the parameters after it."""
    arrow = "->" if writing.ascii else "→"
    numbers = f"{writing.number(before)} {arrow} {writing.number(after)}"
    return f"{writing.symbol('L')} {numbers} with the new parameters"
