"""The rows that sum, look for the largest, or take a softmax along one axis of a matrix or a stack."""

from functools import partial
from typing import Any

import numpy as np

from backprop_tui.formula.language.extents import NoFit, Shape, Shapes, Values
from backprop_tui.formula.language.primitive import POWER, Primitive

# Functions that the rows run beside NumPy's. Each is self-contained: a listing shows it, to be pasted before its lines.


def softmax_rows(a: Any) -> Any:
    """exp(a)/Σ exp(a), along each row, after subtracting its largest number so that nothing overflows."""
    powers = np.exp(a - a.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def log_softmax_rows(a: Any) -> Any:
    """a − log Σ exp(a), along each row, after subtracting its largest number so that nothing overflows."""
    lower = a - a.max(axis=-1, keepdims=True)
    return lower - np.log(np.exp(lower).sum(axis=-1, keepdims=True))


def first_units(a: Any) -> Any:
    """1 where a number is the first of the largest of its column, 0 elsewhere."""
    return (np.arange(a.shape[-2])[:, None] == a.argmax(axis=-2)[..., None, :]).astype(float)


def first_samples(a: Any) -> Any:
    """1 where a number is the first of the largest of its row, 0 elsewhere."""
    return (np.arange(a.shape[-1]) == a.argmax(axis=-1)[..., None]).astype(float)


FUNCTIONS = (softmax_rows, log_softmax_rows, first_units, first_samples)


def _summed(count: int, shapes: Shapes, _: Values) -> Shape:
    if len(shapes[0]) < count:
        raise NoFit
    return (1, *shapes[0][1 - count :])


ROWS = (
    Primitive(
        "softmax_rows",
        shown="softmax({a~})",
        vjp=("ans * (g - sum_samples(ans * g))",),
        element="exp(a[i, j]) / sum(exp(a[i, k]) for k in all)",
    ),
    Primitive(
        "log_softmax_rows",
        shown="log softmax({a~})",
        vjp=("g - exp(ans) * sum_samples(g)",),
        element="a[i, j] - log(sum(exp(a[i, k]) for k in all))",
    ),
    Primitive(
        "max_units",
        numpy="{a!}.max(axis=-2, keepdims=True)",
        shown="max {a!}",
        level=POWER,
        vjp=("g * first_units(a)",),
        element="max(a[k, j] for k in all)",
        side="first_units(a)",
    ),
    Primitive(
        "max_samples",
        numpy="{a!}.max(axis=-1, keepdims=True)",
        shown="max {a!}",
        level=POWER,
        vjp=("g * first_samples(a)",),
        element="max(a[i, k] for k in all)",
        side="first_samples(a)",
    ),
    Primitive(
        "first_units",
        shown="first({a~})",
        vjp=("",),
        element="1 - max(where(k < i, indicator(a[k, j] >= a[i, j]), indicator(a[k, j] > a[i, j])) for k in all)",
        side="first_units(a)",
    ),
    Primitive(
        "first_samples",
        shown="first({a~})",
        vjp=("",),
        element="1 - max(where(k < j, indicator(a[i, k] >= a[i, j]), indicator(a[i, k] > a[i, j])) for k in all)",
        side="first_samples(a)",
    ),
    # sums over the first axis of a stack, by the number of axes that are left
    Primitive(
        "sum_stack",
        numpy="{a!}.sum(axis=0)",
        shown="Σ {a^}",
        level=POWER,
        vjp=("g",),
        element="sum(a[k, i, j] for k in all)",
        axes="i j",
        example=((2, 3, 4),),
    ),
    Primitive(
        "sum_stacks",
        numpy="{a!}.sum(axis=0)",
        shown="Σ {a^}",
        level=POWER,
        vjp=("g",),
        element="sum(a[k, s, i, j] for k in all)",
        axes="s i j",
        example=((2, 3, 2, 4),),
    ),
    Primitive(
        "sum_stacks_of_stacks",
        numpy="{a!}.sum(axis=0)",
        shown="Σ {a^}",
        level=POWER,
        vjp=("g",),
        element="sum(a[k, r, s, i, j] for k in all)",
        axes="r s i j",
        example=((2, 3, 2, 2, 3),),
    ),
    # sums over an axis in front, which is kept: what flows to what is repeated along it
    *(
        Primitive(
            name,
            numpy=f"{{a!}}.sum(axis={axis}, keepdims=True)",
            shown="Σ {a^}",
            level=POWER,
            vjp=("g",),
            element=f"sum(a[k, {axes}] for k in all)",
            axes=f"q {axes}".replace(",", ""),
            extent=partial(_summed, -axis),
            example=((2, 3, 2, 2, 3)[axis:],),
        )
        for name, axis, axes in (
            ("sum_depth", -3, "i, j"),
            ("sum_front", -4, "s, i, j"),
            ("sum_outermost", -5, "r, s, i, j"),
        )
    ),
)
