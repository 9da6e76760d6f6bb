"""What NumPy does not have and a line of code needs: definitions that can be pasted before it."""

import ast
import inspect
from collections.abc import Iterable
from functools import cache

from backprop_tui.formula.language.primitives import FUNCTIONS

DEFINED = {function.__name__: function for function in FUNCTIONS}


def definitions(code: Iterable[str]) -> tuple[str, ...]:
    """The lines that define the functions which some code calls; with them it runs after `import numpy as np`."""
    called = dict.fromkeys(
        node.id
        for text in code
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and node.id in DEFINED
    )
    return tuple(line for name in called for line in _definition(name))


@cache
def _definition(name: str) -> tuple[str, ...]:
    """The function as it stands in our source, without what is there for readers and mypy."""
    (found,) = (one for one in ast.parse(inspect.getsource(DEFINED[name])).body if isinstance(one, ast.FunctionDef))
    found.body, found.returns = found.body[1:], None  # the docstring goes
    for argument in found.args.args:
        argument.annotation = None
    return tuple(ast.unparse(found).splitlines())
