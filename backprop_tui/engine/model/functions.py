"""The functions of a model's formulas, a row each: how many operands it takes, its settings, and what it is made of.

What is a primitive under the same name needs no row beyond its name. The others are written with primitives, and may
have lines of their own before the line that they stand in, so that each of their steps is an operation.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from msgspec import Struct

from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.settings import defaults, variables
from backprop_tui.formula.language.algebra import build
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
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

    def noise(self, kind: str, like: Tree) -> Tree:
        """Noise as large as a formula's value, drawn anew in every iteration; its name."""

    def features(self, tree: Tree) -> int:
        """The axis that a formula's features lie along: -2 for rows, -1 for columns."""

    def classes(self, tree: Tree) -> int:
        """How many classes the numbers of an input are of; 0 for any other formula."""

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

    def make(_front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
        row = ACTIVATIONS[name]
        standard = [number(value) for value in variables(defaults(row.settings)).values()]
        return Call(row.primitive, (*operands, *standard[len(operands) - 1 :]))

    return make


def _embed(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    """The rows or columns of a table, whichever are as many as there are classes, whose numbers an input has."""
    table, ids = operands
    count, own, places = front.classes(ids), front.shape(table), front.shape(ids)
    if not count:
        raise front.refuse("embed takes a table and an input that has classes")
    if len(own) != 2 or count not in own:
        raise front.refuse(f"embed takes a table with a row or a column for each of the {count} classes")
    by_rows = front.rows if own[0] == own[1] else own[0] == count
    if front.rows and places[-1] > 1:
        if not by_rows:
            raise front.refuse("embed takes a table with a row for each class where samples are rows")
        return Call("lookup_each", (table, ids))
    if by_rows:
        return Call("lookup_rows", (table, _turned(ids, places, column=True)))
    return Call("lookup", (table, _turned(ids, places, column=False)))


def _turned(ids: Tree, own: Shape, *, column: bool) -> Tree:
    """Classes as a column, or as a row."""
    is_column = own[-1] == 1 and own[-2] > 1
    return ids if is_column == column or own[-2:] == (1, 1) else Call("transpose", (ids,))


def _chosen(front: Front, values: Tree, ids: Tree) -> Tree:
    """Of the values of every sample the one of its class."""
    own, places = front.shape(values), front.shape(ids)
    axis = _axis_of_classes(front, values, front.classes(ids))
    samples, given = own[-3 - axis], max(places[-2:])
    if samples != given:
        raise front.refuse(f"there are values of {samples} samples and classes of {given}")
    if axis == -1:
        ones = Call("hot_rows", (_turned(ids, places, column=own[-2] > 1), values))
        return Call("sum_samples", (build("mul", values, ones),))
    return Call("sum_units", (build("mul", values, Call("hot", (_turned(ids, places, column=False), values))),))


def _axis_of_classes(front: Front, values: Tree, count: int) -> int:
    """The axis with a number for each class: as many as there are, else where features lie."""
    own = front.shape(values)
    if len(own) < 2:
        raise front.refuse("there has to be a number for each class, and this is one number")
    if not front.rows and own[-1] != own[-2] and count in own[-2:]:
        return -1 if own[-1] == count else -2
    return -1 if front.rows else front.features(values)


def _pick(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    values, ids = operands
    if not front.classes(ids):
        raise front.refuse("pick takes values and an input that has classes")
    return _chosen(front, values, ids)


def _cross_entropy(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    logits, targets = operands
    by_rows = _axis_of_classes(front, logits, front.classes(targets)) == -1
    logs = Call("log_softmax_rows" if by_rows else "log_softmax", (logits,))
    if front.classes(targets):
        return Call("neg", (Call("mean", (_chosen(front, logs, targets),)),))
    total = "sum_samples" if by_rows else "sum_units"
    return Call("neg", (Call("mean", (Call(total, (Call("mul", (targets, logs)),)),)),))


def _norm(mean_of: Callable[[Front, Tree, Tree], str]) -> Make:
    """A norm with a trained scale and shift: its mean, what is left, its variance and its deviation are lines."""

    def make(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
        of, scale, shift = operands
        mean = mean_of(front, of, scale)
        if not isinstance(of, Name):
            of = front.line("in", of)
        mu = front.line("mu", Call(mean, (of,)))
        centered = front.line("centered", Call("sub", (of, mu)))
        var = front.line("var", Call(mean, (Call("pow", (centered, Number(2.0))),)))
        std = front.line("std", _of(f"sqrt(var + {EPS!r})", var=var))
        return _of("scale * (centered / std) + shift", scale=scale, centered=centered, std=std, shift=shift)

    return make


def _features(front: Front, tree: Tree, scale: Tree) -> int:
    """The axis of the features: that of the scale, where it has more than one number."""
    own = front.shape(scale)
    if len(own) > 1 and own[-1] != own[-2] and 1 in own[-2:]:
        return -1 if own[-1] > 1 else -2
    return front.features(tree)


def _over_features(front: Front, tree: Tree, scale: Tree) -> str:
    return "mean_samples" if _features(front, tree, scale) == -1 else "mean_units"


def _over_samples(front: Front, tree: Tree, scale: Tree) -> str:
    return "mean_units" if _features(front, tree, scale) == -1 else "mean_samples"


def _heads(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    of, count = operands[0], front.static(operands[1])
    if not isinstance(count, Number) or count.value < 1:
        raise front.refuse("heads takes a matrix and a number of heads, such as heads(q, 2)")
    own, axis = front.shape(of), front.features(of)
    if len(own) < 2:
        raise front.refuse("heads takes a matrix, and is given one number")
    extent = own[axis]
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
    return (
        Call("conv", (of, kernel))
        if stride == 1
        else Call("every", (Call("conv", (of, kernel)), Number(float(stride))))
    )


def _pool(name: str) -> Make:
    """The largest number of each window, or the mean of each."""

    def make(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
        window = front.static(operands[1])
        if not isinstance(window, Number) or window.value < 1:
            raise front.refuse("a pool takes an image and the size of its windows, such as max_pool(h, 2)")
        found = Call(name, (operands[0], window))
        return Call("div", (found, Number(window.value**2))) if name == "pool_sum" else found

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


def _dropout(front: Front, operands: tuple[Tree, ...], _settings: dict[str, int]) -> Tree:
    """What a mask leaves, scaled up. The mask is a line of its own, made of noise."""
    of, share = operands
    if isinstance(share, Number) and not 0 <= share.value < 1:
        raise front.refuse(f"dropout leaves out a share from 0 up to 1, not {share.value:g}")
    mask = front.line("mask", _of("where(noise >= share, 1, 0)", noise=front.noise("uniform", of), share=share))
    return _of("mask * a / (1 - share)", mask=mask, a=of, share=share)


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
# how many there are of something, and a number by itself; people may use the names for variables
COUNTS = dict.fromkeys(("size", "samples", "units", "only"), 1)

FUNCTIONS: dict[str, Function] = {
    **{name: Function(count, count, _plain(name)) for name, count in (PRIMITIVE | COUNTS).items()},
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
    "dropout": Function(2, 2, _dropout),
    "layer_norm": Function(3, 3, _norm(_over_features)),
    "batch_norm": Function(3, 3, _norm(_over_samples)),
    "heads": Function(2, 2, _heads),
    "join": Function(1, 1, _join),
    "conv": Function(2, 2, _conv, {"pad": None, "stride": None}),
    "max_pool": Function(2, 2, _pool("max_pool")),
    "avg_pool": Function(2, 2, _pool("pool_sum")),
    "flatten": Function(1, 1, _flatten),
}


def functions() -> dict[str, Function]:
    """All functions by name; an activation that is added to the table is one."""
    return _functions(tuple((row.name, row.primitive, len(row.settings)) for row in ACTIVATIONS.values()))


def primitive(name: str) -> Function | None:
    """A primitive as a function; None where there is none of that name."""
    row = PRIMITIVES.get(name)
    return Function(len(row.parameters), len(row.parameters), _plain(name)) if row and not row.source else None


def reserved() -> set[str]:
    """The functions whose names no variable can have."""
    return functions().keys() - COUNTS.keys()


@lru_cache(maxsize=4)
def _functions(activations: tuple[tuple[str, str, int], ...]) -> dict[str, Function]:
    own = {
        primitive: Function(1, 1 + settings, _activation(name))
        for name, primitive, settings in activations
        if primitive not in FUNCTIONS
    }
    return own | FUNCTIONS


def settings_of(value: Any) -> int | None:
    """A setting as it is written: a whole number; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
