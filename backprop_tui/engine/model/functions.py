"""The functions of a model's formulas, a row each: how many operands it takes, its settings, and what it is made of.

What is a primitive under the same name needs no row beyond its name. The others are written with primitives, and may
have lines of their own before the line that they stand in, so that each of their steps is an operation.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.settings import defaults, variables
from backprop_tui.formula.language.algebra import build
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Call, Name, Number, Tree, number, substitute
from backprop_tui.formula.values.element import Shape

EPS = 1e-5  # of norms, as in PyTorch


class Front(Protocol):
    """What a function may ask about the line that it stands in."""

    rows: bool  # whether samples are rows

    def shape(self, tree: Tree) -> Shape:
        """The shape of a formula. Raises ExpressionError."""

    def line(self, kind: str, tree: Tree) -> Tree:
        """Write a formula as a line of its own before the present one; its name."""

    def features(self, tree: Tree) -> int:
        """The axis that a formula's features lie along: -2 for rows, -1 for columns."""

    def is_class(self, tree: Tree) -> bool:
        """Whether a formula is an input of classes."""

    def has_samples(self, tree: Tree) -> bool:
        """Whether the first axis of a formula's value runs over samples, each of them an array."""

    def static(self, tree: Tree) -> Tree:
        """A size as its number; any other formula as it is."""

    def refuse(self, message: str) -> Exception:
        """What to raise where a function cannot be applied."""


Make = Callable[[Front, tuple[Tree, ...], dict[str, int]], Tree]


class Function(Struct, frozen=True):
    """A row: how many operands there are, at least and at most, the settings by keyword, and what it stands for."""

    least: int
    most: int
    make: Make
    keywords: Mapping[str, tuple[int, ...] | None] = {}
    """The values that a keyword may have; None for any whole number from 0."""


AXES = {"axis": (0, 1, -1, -2)}


def _of(text: str, **operands: Tree) -> Tree:
    """A formula with operands put in."""
    return substitute(parse(text), operands)


def _is_columns(axis: int) -> bool:
    """Whether an axis, as NumPy counts those of a matrix, runs over columns."""
    return axis in (1, -1)


def _reduced(name: str) -> Make:
    def make(_front: Front, operands: tuple[Tree, ...], settings: dict[str, int]) -> Tree:
        if "axis" not in settings:
            return Call(name, operands)
        return Call(f"{name}_{'samples' if _is_columns(settings['axis']) else 'units'}", operands)

    return make


def _largest(front: Front, operands: tuple[Tree, ...], settings: dict[str, int]) -> Tree:
    if len(operands) == 2:
        if settings:
            raise front.refuse("max takes two operands, or one and an axis")
        return Call("max", operands)
    if "axis" not in settings:
        raise front.refuse("max of one operand needs an axis: axis=0 or axis=1")
    return Call("max_samples" if _is_columns(settings["axis"]) else "max_units", operands)


def _along(name: str) -> Make:
    """A function of each column, or with axis=1 of each row."""

    def make(_front: Front, operands: tuple[Tree, ...], settings: dict[str, int]) -> Tree:
        return Call(f"{name}_rows" if _is_columns(settings.get("axis", 0)) else name, operands)

    return make


def _activation(name: str) -> Make:
    """An activation, with its settings as further operands, or PyTorch's defaults of them."""
    row = ACTIVATIONS[name]
    standard = [number(value) for value in variables(defaults(row.settings)).values()]

    def make(_front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
        return Call(row.primitive, (*operands, *standard[len(operands) - 1 :]))

    return make


def _embed(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    table, ids = operands
    if not front.is_class(ids):
        raise front.refuse("embed takes a table and an input that has classes")
    return Call("lookup_rows" if front.rows else "lookup", (table, ids))


def _pick(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    values, ids = operands
    if not front.is_class(ids):
        raise front.refuse("pick takes values and an input that has classes")
    hot, total = ("hot_rows", "sum_samples") if front.rows else ("hot", "sum_units")
    return Call(total, (build("mul", values, Call(hot, (ids, values))),))


def _cross_entropy(front: Front, operands: tuple[Tree, ...], settings: dict[str, int]) -> Tree:
    logits, targets = operands
    logs = Call("log_softmax_rows" if front.rows else "log_softmax", (logits,))
    if front.is_class(targets):
        return Call("neg", (Call("mean", (_pick(front, (logs, targets), settings),)),))
    total = "sum_samples" if front.rows else "sum_units"
    return Call("neg", (Call("mean", (Call(total, (Call("mul", (targets, logs)),)),)),))


def _norm(mean_of: Callable[[Front, Tree], str]) -> Make:
    """A norm with a trained scale and shift: its mean, what is left, its variance and its deviation are lines."""

    def make(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
        of, scale, shift = operands
        mean = mean_of(front, of)
        if not isinstance(of, Name):
            of = front.line("in", of)
        mu = front.line("mu", Call(mean, (of,)))
        centered = front.line("centered", Call("sub", (of, mu)))
        var = front.line("var", Call(mean, (Call("pow", (centered, Number(2.0))),)))
        std = front.line("std", _of(f"sqrt(var + {EPS!r})", var=var))
        return _of("scale * (centered / std) + shift", scale=scale, centered=centered, std=std, shift=shift)

    return make


def _over_features(front: Front, tree: Tree) -> str:
    return "mean_samples" if front.features(tree) == -1 else "mean_units"


def _over_samples(front: Front, tree: Tree) -> str:
    return "mean_units" if front.features(tree) == -1 else "mean_samples"


def _heads(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    of, count = operands[0], front.static(operands[1])
    if not isinstance(count, Number) or count.value < 1:
        raise front.refuse("heads takes a matrix and a number of heads, such as heads(q, 2)")
    axis = front.features(of)
    extent = front.shape(of)[axis]
    if extent % count.value:
        what = "columns" if axis == -1 else "rows"
        raise front.refuse(f"{extent} {what} cannot be split into {count.value:g} heads of the same size")
    return Call("split_columns" if axis == -1 else "split", (of, count))


def _join(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    if len(front.shape(operands[0])) < 3:
        raise front.refuse("join puts heads together again, and this has none")
    return Call("merge_columns" if front.features(operands[0]) == -1 else "merge", operands)


def _conv(front: Front, operands: tuple[Tree, ...], settings: dict[str, int]) -> Tree:
    of, kernel = operands
    if settings.get("pad"):
        of = Call("pad", (of, Number(float(settings["pad"]))))
    stride = settings.get("stride", 1)
    if stride < 1:
        raise front.refuse("stride is at least 1")
    return Call("conv", (of, kernel)) if stride == 1 else Call("strided", (of, kernel, Number(float(stride))))


def _pool(name: str) -> Make:
    def make(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
        window = front.static(operands[1])
        if not isinstance(window, Number) or window.value < 1:
            raise front.refuse(f"{name} takes an image and the size of its windows, such as {name}(h, 2)")
        return Call(name, (operands[0], window))

    return make


def _flatten(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    if front.rows:
        return Call("flatten_rows", operands)
    return Call("flatten_each" if front.has_samples(operands[0]) else "flatten", operands)


def _causal(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    count = front.static(operands[0])
    if not isinstance(count, Number) or count.value < 1:
        raise front.refuse("causal takes the number of tokens, such as causal(T)")
    return Call("causal", (count,))


def _mse(_front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    return _of("mean((a - b) ** 2)", a=operands[0], b=operands[1])


def _plain(name: str) -> Make:
    return lambda _front, operands, _settings: Call(name, operands)


PRIMITIVE = {
    **dict.fromkeys(("exp", "log", "log10", "log2", "log1p", "erf", "sqrt", "abs", "floor", "cos", "sin", "sign"), 1),
    **dict.fromkeys(("norm", "stop"), 1),
    **dict.fromkeys(("min", "concat", "beside"), 2),
    "where": 3,
}

FUNCTIONS: dict[str, Function] = {
    **{name: Function(count, count, _plain(name)) for name, count in PRIMITIVE.items()},
    "sum": Function(1, 1, _reduced("sum"), AXES),
    "mean": Function(1, 1, _reduced("mean"), AXES),
    "max": Function(1, 2, _largest, AXES),
    "softmax": Function(1, 1, _along("softmax"), AXES),
    "log_softmax": Function(1, 1, _along("log_softmax"), AXES),
    "causal": Function(1, 1, _causal),
    "mse": Function(2, 2, _mse),
    "cross_entropy": Function(2, 2, _cross_entropy),
    "embed": Function(2, 2, _embed),
    "pick": Function(2, 2, _pick),
    "layer_norm": Function(3, 3, _norm(_over_features)),
    "batch_norm": Function(3, 3, _norm(_over_samples)),
    "heads": Function(2, 2, _heads),
    "join": Function(1, 1, _join),
    "conv": Function(2, 2, _conv, {"pad": None, "stride": None}),
    "max_pool": Function(2, 2, _pool("max_pool")),
    "avg_pool": Function(2, 2, _pool("avg_pool")),
    "flatten": Function(1, 1, _flatten),
}


def functions() -> dict[str, Function]:
    """All functions by name; an activation that is added to the table is one."""
    own = {
        row.primitive: Function(1, 1 + len(row.settings), _activation(name))
        for name, row in ACTIVATIONS.items()
        if row.primitive not in FUNCTIONS
    }
    return own | FUNCTIONS


def settings_of(value: Any) -> int | None:
    """A setting as it is written: a whole number; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
