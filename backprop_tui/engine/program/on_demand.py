"""A program of which only that is computed which somebody asks for, and what it is computed from."""

import msgspec

from backprop_tui.engine.program.program import Operation, Program


class OnDemand(Program):
    """Like another program, with every operation lazy; in its `textbook` form it has no stable formulas.

    A value may be put into a frame before anything asks for it, and what is computed from it follows.
    """

    def __init__(self, program: Program, *, textbook: bool = False) -> None:
        vars(self).update(vars(program))
        vars(self).pop("_whole", None)  # what is compiled
        self.arrange(_textbook(o) if textbook else msgspec.structs.replace(o, lazy=True) for o in program.operations)


def _textbook(operation: Operation) -> Operation:
    keys = {name: operation.keys[name] for name in operation.reads}
    return msgspec.structs.replace(operation, stable=None, keys=keys, lazy=True)
