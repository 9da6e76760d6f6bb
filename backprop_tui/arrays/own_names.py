"""The names that people give to variables, and which variable of a program each of them means.

A name is taken apart into what it says of a value (`d`, `.grad`, `_after`) and a base; the tables have both. What a
variable is for is on its record, so a base is looked up by role, kind and layer.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.text import clean

SAYS_AFTER = re.compile(
    r"(?P<base>.+?)(?:_?(?:after|new|next|updated)|′|')|(?:new|updated|next)_(?P<own>.+)", re.IGNORECASE
)
SAYS_GRADIENT = (  # the longest first: dL_dW1 and grad_W1 begin with d and g too
    re.compile(r"(?:d|∂)(?:L|J|C|E|loss|cost|Loss|Cost)[_/]?(?:d|∂)_?(.+)"),
    re.compile(r"(?:gradients?|grads?|nabla|∇)[_.]?(.+)", re.IGNORECASE),
    re.compile(r"(.+?)[_.](?:gradient|grad|g)", re.IGNORECASE),
    re.compile(r"(?:d|g)_?(.+)"),
)
NUMBERED = re.compile(r"([^\W\d]+?)_?\[?(\d+|L)?\]?")

# What people call a variable of a layer, in lower case: role and kinds.
OF_LAYERS: dict[str, tuple[Role, tuple[str, ...]]] = {
    **dict.fromkeys(("w", "weight", "weights", "theta", "kernel", "wt"), (Role.PARAMETER, ("W",))),
    **dict.fromkeys(("b", "bias", "biases"), (Role.PARAMETER, ("b",))),
    **dict.fromkeys(("gamma", "scale"), (Role.PARAMETER, ("scale",))),
    **dict.fromkeys(("beta", "shift"), (Role.PARAMETER, ("shift",))),
    **dict.fromkeys(("mask", "d", "dropoutmask", "keep"), (Role.MASK, ("mask",))),
    **dict.fromkeys(("z", "net", "pre", "preactivation", "s", "logit", "logits"), (Role.WEIGHTED_SUM, ("z",))),
    **dict.fromkeys(("a", "h", "o", "act", "out", "output", "activation"), (Role.ACTIVATION, ("h", "y_hat"))),
}
# What they call a variable of which there is one, in lower case and without `_`.
OF_ALL: dict[str, Role] = {
    **dict.fromkeys(("x", "input", "inputs", "xtrain", "xbatch", "xb"), Role.INPUT),
    **dict.fromkeys(("y", "t", "target", "targets", "ytrue", "ytrain", "yb", "labels"), Role.TARGET),
    **dict.fromkeys(("l", "loss", "cost", "j", "c", "e", "error", "objective"), Role.LOSS),
    **dict.fromkeys(
        ("yhat", "ypred", "yp", "pred", "prediction", "predictions", "p", "prob", "probs", "out", "output", "al", "o"),
        Role.ACTIVATION,
    ),
    **dict.fromkeys(("logits", "logit", "scores", "score", "zl"), Role.WEIGHTED_SUM),
}
# What they call what an optimizer keeps of a gradient: the kinds that it may have here, the likeliest first.
OF_SLOTS = {
    "v": ("v", "m"),
    "vd": ("m", "v"),  # vdW1 averages gradients and sdW1 their squares, as in Andrew Ng's courses
    "s": ("v",),
    "sd": ("v",),
    **dict.fromkeys(("m", "md", "velocity", "momentum"), ("m",)),
    "cache": ("v",),
}
OF_SLOT = re.compile(r"(velocity|momentum|cache|[vsm]_?d|[vsm])_?([a-z]+_?\d+|[a-z]+)", re.IGNORECASE)


def layer_of(typed: str) -> tuple[str, int] | None:
    """`W` or `b`, and the layer as it is counted, of a name such as W1; None if it is not a parameter of a layer."""
    found = NUMBERED.fullmatch(typed.strip())
    role, kinds = OF_LAYERS.get(found[1].lower(), (None, ())) if found else (None, ())
    if found is None or role is not Role.PARAMETER or not (found[2] or "").isdecimal() or kinds[0] not in ("W", "b"):
        return None
    return kinds[0], int(found[2])


class Meant(NamedTuple):
    """The variable that a name means, and whether its value before the update is meant, or (None) nothing is said."""

    name: str
    after: bool | None = None


class OwnNames:
    """What names mean in a program. Layers may be counted from 0 where no other counting fits the names together."""

    def __init__(self, program: Program, given: Iterable[str]) -> None:
        self.program = program
        self.records: dict[str, Variable] = dict(program.variables)
        self.last = max((record.block for record in self.records.values()), default=0)
        parameters = [found for name in given if (found := self._of_layer(_without(name)[0], Role.PARAMETER))]
        self.shift = int(any(layer == "0" for _, layer in parameters))

    def meant(self, typed: str) -> Meant | None:
        """What a name means; None if it means nothing here."""
        found = self._plain(typed)
        if found is not None:
            return Meant(found)
        after = SAYS_AFTER.fullmatch(typed.strip())
        if after and (found := self._plain(after["base"] or after["own"])):
            return Meant(found, after=True)
        return None

    def unknown(self, typed: str) -> str:
        """A message that a name means nothing, and which may have been meant."""
        known = [name for name in self.program.shapes if self.records[name].role is not Role.SETTING]
        near = get_close_matches(typed[:60], known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known[:12])}{', …' * (len(known) > 12)}"
        return f"'{clean(typed, 60)}' is not a variable of this network ({hint})"

    def _plain(self, typed: str) -> str | None:
        """The variable of a name that says nothing of an update."""
        typed = typed.strip()
        own = self._counted(typed)
        return self.program.symbols.resolve(own) or self._slot(typed) or self._gradient(typed) or self._base(typed)

    def _counted(self, typed: str) -> str:
        """A name with its layer counted from 1."""
        return (
            re.sub(r"(?<=[A-Za-z_])\d+$", lambda found: str(int(found[0]) + self.shift), typed) if self.shift else typed
        )

    def _gradient(self, typed: str) -> str | None:
        for pattern in SAYS_GRADIENT:
            found = pattern.fullmatch(typed)
            base = found and (self._base(found[1]) or self.program.symbols.resolve(self._counted(found[1])))
            if base and base in self.program.gradients:
                return self.program.gradients[base]
        return None

    def _slot(self, typed: str) -> str | None:
        found = OF_SLOT.fullmatch(typed)
        parameter = found and self._base(found[2])
        if not found or not parameter or self.records[parameter].role is not Role.PARAMETER:
            return None
        for kind in OF_SLOTS[found[1].lower().replace("_", "")]:
            for name, record in self.records.items():
                if record.role is Role.STEP and record.parameter == parameter and record.kind == kind:
                    return name
        return None

    def _base(self, typed: str) -> str | None:
        """The variable of a name that says neither gradient nor slot."""
        found = self._of_layer(typed)
        if found is not None:
            (role, kinds), layer = found
            block = self.last if layer == "L" else int(layer or self._only_layer(role)) + (self.shift if layer else 0)
            if role is Role.ACTIVATION and layer and block == 0:
                return self._one(Role.INPUT)
            for name, record in self.records.items():
                if (record.role, record.block) == (role, block) and record.kind in kinds:
                    return name
        one = OF_ALL.get(typed.lower().replace("_", ""))
        return None if one is None else self._one(one)

    def _of_layer(self, typed: str, only: Role | None = None) -> tuple[tuple[Role, tuple[str, ...]], str] | None:
        """Role and kinds, and the layer as typed, of a name such as W1."""
        found = NUMBERED.fullmatch(typed.strip())
        row = OF_LAYERS.get(found[1].lower().replace("_", "")) if found else None
        if found is None or row is None or (only is not None and row[0] is not only):
            return None
        return row, found[2] or ""

    def _only_layer(self, role: Role) -> int:
        """The layer that is meant where none is named: the only one, else none."""
        blocks = {record.block for record in self.records.values() if record.role is role}
        return blocks.pop() if len(blocks) == 1 else -1

    def _one(self, role: Role) -> str | None:
        """The variable of a role, of several the last one in the network."""
        found = [name for name, record in self.records.items() if record.role is role]
        return max(found, key=lambda name: self.records[name].block, default=None)


def _without(typed: str) -> tuple[str, bool]:
    """A name without what says that it is a gradient, and whether anything did."""
    for pattern in SAYS_GRADIENT:
        if found := pattern.fullmatch(typed.strip()):
            return found[1], True
    return typed, False
