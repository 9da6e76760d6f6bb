"""Tree -> NumPy. The text that is compiled is the text that the listing shows."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from backprop_tui.formula.language.primitives import FUNCTIONS
from backprop_tui.formula.language.tree import Tree
from backprop_tui.formula.writing.printer import numpy_source

NAMESPACE = {"np": np} | {function.__name__: function for function in FUNCTIONS}


def compiled(
    tree: Tree, keys: Mapping[str, str] | None = None, *, stacked: bool = True
) -> Callable[[Mapping[str, Any]], Any]:
    """The formula as a function of a mapping of variables to arrays.

    `keys` has the keys of those variables that are not found under their own names. Without `stacked`, arrays have no
    more than two axes, or a matrix for each sample, and the text is the shorter one.
    """
    keys = keys or {}
    text = numpy_source(tree, lambda name: f"v[{keys.get(name, name)!r}]", stacked=stacked)
    return function(f"def formula(v):\n    return {text}", "formula")


def function(text: str, name: str) -> Callable[[Any], Any]:
    """The function of one argument that a text of ours defines under a name."""
    scope: dict[str, Any] = dict(NAMESPACE)
    exec(_code(text), scope)  # noqa: S102 - the text is made from trees, never from a scenario's
    found: Callable[[Any], Any] = scope[name]
    return found


@lru_cache(maxsize=4096)
def _code(text: str) -> CodeType:
    return compile(text, "<formula>", "exec")
