"""The kinds of operations, and what is asked of each at the first level: the first row that fits an operation.

A score is kept by the name of a kind, so a row that is renamed starts anew.
"""

import re
from typing import Literal

from msgspec import Struct

from backprop_tui.debugger.meaning.variable_kind import root_of
from backprop_tui.engine.program.program import Operation

# What is asked for: a number or all of them; its sign; whether it rises or falls; which side of ½; which units are off;
# the shape
Aspect = Literal["value", "sign", "change", "half", "off", "shape"]
SIDES: tuple[Aspect, ...] = ("sign", "change", "half")  # each asks on which side of a number another one lies
PARAMETER = r"(?:W|b|scale|shift)\d+"


class Kind(Struct, frozen=True):
    """A row: the pattern of an operation's name, what is asked of it at the first level in turn; and where that alone
    does not tell, patterns of the function at the root of its formula and of one variable that it reads.
    """

    name: str
    pattern: str
    first: tuple[Aspect, ...] = ("sign", "shape")
    root: str = r".*"
    reads: str = r".*"

    def fits(self, operation: Operation) -> bool:
        """Whether an operation is of this row."""
        return (
            re.fullmatch(self.pattern, operation.name) is not None
            and re.fullmatch(self.root, root_of(operation) or "") is not None
            and any(re.fullmatch(self.reads, name) for name in operation.reads)
        )


ROWS = (
    Kind("weighted sum", r"z\d+"),
    Kind("normalisation", r"(?:mu|centered|var|std|z_hat|scaled)\d+", ("shape", "sign")),
    Kind("running statistics", r"running_(?:mu|var)\d+", ("change",)),
    Kind("activation", r"h\d+|y_hat", ("off",), root="relu"),
    Kind("activation", r"h\d+|y_hat", ("half",), root="sigmoid|hard_sigmoid|softmax"),
    Kind("activation", r"h\d+|y_hat", ("shape",), root="log_softmax|softplus"),
    Kind("activation", r"h\d+|y_hat"),
    Kind("dropout", r"drop\d+", ("off",)),
    Kind("penalty", r"penalty", ("change", "shape")),
    Kind("loss", r"L", ("change", "shape")),
    Kind("gradient of the loss", r"dL_dy_hat"),
    Kind("local derivative", r"d(?:h\d+|y_hat)_d\w+", ("off",), root="indicator"),
    Kind("local derivative", r"d(?:h\d+|y_hat)_d\w+", ("shape",)),
    Kind("output delta", r"delta\d+|dL_dscaled\d+", reads="dL_dy_hat"),
    Kind("hidden delta", r"delta\d+"),
    Kind("backpropagated", r"dL_d(?:h\d+|drop\d+|x)"),
    Kind("backpropagated through a norm", r"dL_d(?:scaled|z_hat|std|var|centered|mu)\d+"),
    Kind("gradient of weights", r"dL_d(?:W|scale)\d+", ("shape", "sign")),
    Kind("gradient of bias", r"dL_d(?:b|shift)\d+", ("shape", "sign")),
    Kind("learning rate", rf"eta|rate_{PARAMETER}", ("change", "shape")),
    Kind("clipping", rf"grad_norm|clip_scale|c_{PARAMETER}", ("shape", "sign")),
    Kind("weight decay", rf"d_{PARAMETER}"),
    Kind("weight decay", rf"u_{PARAMETER}", root="sub"),
    Kind("moments", rf"\w+_{PARAMETER}", ("change", "sign", "shape")),
    Kind("update", PARAMETER, ("change",)),
)
OTHER = Kind("other", r".*", ("shape",))
NAMES = tuple(dict.fromkeys(row.name for row in (*ROWS, OTHER)))


def kind_of(operation: Operation) -> Kind:
    """The row of an operation."""
    return next((row for row in ROWS if row.fits(operation)), OTHER)
