"""Definitions of the functions that a line of code needs and NumPy lacks, and the names of its variables."""

import ast
import builtins
import inspect
from collections.abc import Iterable
from functools import cache

from backprop_tui.formula.language.primitives import FUNCTIONS
from backprop_tui.formula.writing.symbols import AT

DEFINED = {function.__name__: function for function in FUNCTIONS}
CALLED = {name for function in FUNCTIONS for name in function.__code__.co_names if hasattr(builtins, name)}
TAKEN = {"np", *DEFINED, *CALLED}


def identifier(name: str) -> str:
    """A variable's name in a line of code; one that the line needs for something else gets a _ behind it."""
    return f"{name}_" if name.rstrip("_") in TAKEN else name.replace(AT, "_at_")


def definitions(code: Iterable[str]) -> tuple[str, ...]:
    """The lines that define the functions which some code calls; with them, it needs only `import numpy as np`."""
    called = dict.fromkeys(
        node.id
        for text in code
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and node.id in DEFINED
    )
    return tuple(line for name in called for line in _definition(name))


@cache
def _definition(name: str) -> tuple[str, ...]:
    """The function as it is in our source, without its docstring and type annotations."""
    (found,) = (one for one in ast.parse(inspect.getsource(DEFINED[name])).body if isinstance(one, ast.FunctionDef))
    found.body, found.returns = found.body[1:], None  # the docstring goes
    for argument in found.args.args:
        argument.annotation = None
    return tuple(ast.unparse(found).splitlines())
