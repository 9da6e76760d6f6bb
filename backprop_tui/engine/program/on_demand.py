"""Programs that compute a value only when it is asked for, together with what it is computed from."""

from collections.abc import Collection

from msgspec.structs import replace

from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program


def on_demand(program: Program, but: Collection[str] = ()) -> Program:
    """The same program with every operation lazy, except those named in `but`, which still run with the iteration."""
    found = (o if o.name in but else replace(o, lazy=True) for o in program.operations)
    return replace(program, operations=tuple(found))


def textbook(program: Program) -> Program:
    """The same program on demand, without stable formulas.

    A value may be put into a frame before anything asks for it, and what is computed from it follows.
    """
    return replace(program, operations=tuple(map(_by_the_textbook, program.operations)))


def _by_the_textbook(operation: Operation) -> Operation:
    keys = {name: operation.keys[name] for name in operation.reads}
    return replace(operation, stable=None, keys=keys, lazy=True)
