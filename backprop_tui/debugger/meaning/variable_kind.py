"""The kind of an operation's name: what it is, whatever its layer or parameter: `z#`, `dL_dW#`, `m_#`."""

import re
from functools import lru_cache
from typing import NamedTuple

from backprop_tui.engine.program.program import Operation

MATRICES = "matrices"  # stands for the function where the value is a matrix for each sample
NUMBER = re.compile(r"\d+")
OF_PARAMETER = re.compile(r"(\w+_)((?:W|b|scale|shift)(\d+))")
PARAMETER = re.compile(r"(?:W|b|scale|shift)\d+")


class Kind(NamedTuple):
    """A kind, with the number of the layer and the parameter that the name has in it."""

    kind: str
    layer: str = ""
    parameter: str = ""


@lru_cache(maxsize=1024)
def kind_of(name: str) -> Kind:
    """The kind of a name."""
    if found := OF_PARAMETER.fullmatch(name):
        return Kind(f"{found[1]}#", found[3], found[2])
    numbers = NUMBER.findall(name)
    parameter = name if PARAMETER.fullmatch(name) else name.removeprefix("dL_d")
    own = parameter if PARAMETER.fullmatch(parameter) else ""
    return Kind(NUMBER.sub("#", name), numbers[0] if numbers else "", own)


def root_of(operation: Operation) -> str | None:
    """The function at the root of a formula, as the tables have it; None for a variable alone."""
    return MATRICES if len(operation.shape) == 3 else getattr(operation.tree, "function", None)
