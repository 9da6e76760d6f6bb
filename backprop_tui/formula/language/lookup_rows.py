"""The rows that look numbers of classes up: tables of embeddings, one-hot columns, and the mask of what comes later."""

from typing import Any

import numpy as np

from backprop_tui.formula.language.extents import Shape, Shapes, Values, like, matrix, same, whole
from backprop_tui.formula.language.primitive import Primitive

# Functions that the rows run beside NumPy's. Each is self-contained: a listing shows it, to be pasted before its lines.


def lookup(a: Any, b: Any) -> Any:
    """The columns of a whose numbers are in the row b."""
    return np.swapaxes(a.T[(b[..., 0, :] + 0.5).astype(int)], -1, -2)


def put(a: Any, b: Any, c: Any) -> Any:
    """Zeros like c, to whose columns those of a are added that the row b says."""
    return a @ ((b[..., 0, :, None] + 0.5).astype(int) == np.arange(c.shape[-1]))


def lookup_rows(a: Any, b: Any) -> Any:
    """The rows of a whose numbers are in the column b."""
    return a[(b[..., 0] + 0.5).astype(int)]


def put_rows(a: Any, b: Any, c: Any) -> Any:
    """Zeros like c, to whose rows those of a are added that the column b says."""
    return (np.arange(c.shape[-2])[:, None] == (b[..., None, :, 0] + 0.5).astype(int)) @ a


def lookup_each(a: Any, b: Any) -> Any:
    """For each row of b a matrix: the rows of a whose numbers it has."""
    return a[(b + 0.5).astype(int)]


def put_each(a: Any, b: Any, c: Any) -> Any:
    """Zeros like c, to whose rows those of a are added that b says."""
    ones = ((b + 0.5).astype(int).reshape(-1, 1) == np.arange(c.shape[0])).astype(float)
    return ones.T @ a.reshape(-1, a.shape[-1])


def hot(a: Any, b: Any) -> Any:
    """Columns like those of b, with a 1 in the row whose number the row a has, and 0 elsewhere."""
    return (np.arange(b.shape[-2])[:, None] == (a[..., :1, :] + 0.5).astype(int)).astype(float)


def hot_rows(a: Any, b: Any) -> Any:
    """Rows like those of b, with a 1 in the column whose number the column a has, and 0 elsewhere."""
    return (np.arange(b.shape[-1]) == (a[..., :1] + 0.5).astype(int)).astype(float)


def causal(a: Any) -> Any:
    """A matrix that keeps a token from looking ahead when it is added: −10⁹ above the diagonal, 0 elsewhere."""
    return np.triu(np.full((int(a), int(a)), -1e9), 1)


FUNCTIONS = (lookup, put, lookup_rows, put_rows, lookup_each, put_each, hot, hot_rows, causal)


def _looked_up(shapes: Shapes, _: Values) -> Shape:
    same(len(shapes[0]), 2)
    same(matrix(shapes[1])[0], 1)
    return shapes[0][0], shapes[1][-1]


def _looked_up_rows(shapes: Shapes, _: Values) -> Shape:
    same(len(shapes[0]), 2)
    same(matrix(shapes[1])[1], 1)
    return shapes[1][-2], shapes[0][1]


ROWS = (
    # tables that are looked up in by numbers of classes
    Primitive(
        "lookup",
        "a b",
        shown="{a!}[:,{b~}]",
        vjp=("put(g, b, a)", ""),
        element="sum(where(b[0, j] == k, a[i, k], 0) for k in all)",
        extent=_looked_up,
        example=((3, 4), (1, 2)),
    ),
    Primitive(
        "put",
        "a b c",
        shown="Σ {a!} at {b!}",
        vjp=("lookup(g, b)", "", ""),
        element="sum(where(b[0, k] == j, a[i, k], 0) for k in all)",
        extent=like(2),
        example=((3, 2), (1, 2), (3, 4)),
    ),
    Primitive(
        "lookup_rows",
        "a b",
        shown="{a!}[{b~}]",
        vjp=("put_rows(g, b, a)", ""),
        element="sum(where(b[i, 0] == k, a[k, j], 0) for k in all)",
        extent=_looked_up_rows,
        example=((4, 3), (2, 1)),
    ),
    Primitive(
        "put_rows",
        "a b c",
        shown="Σ {a!} at {b!}",
        vjp=("lookup_rows(g, b)", "", ""),
        element="sum(where(b[k, 0] == i, a[k, j], 0) for k in all)",
        extent=like(2),
        example=((2, 3), (2, 1), (4, 3)),
    ),
    Primitive(
        "lookup_each",
        "a b",
        shown="{a!}[{b~}]",
        vjp=("put_each(g, b, a)", ""),
        element="sum(where(b[s, i] == k, a[k, j], 0) for k in all)",
        axes="s i j",
        extent=lambda shapes, _: (*matrix(shapes[1]), matrix(shapes[0])[1]),
        example=((4, 3), (2, 2)),
    ),
    Primitive(
        "put_each",
        "a b c",
        shown="Σ {a!} at {b!}",
        vjp=("lookup_each(g, b)", "", ""),
        element="sum(where(b[k, l] == i, a[k, l, j], 0) for k, l in all)",
        axes="i j",
        extent=like(2),
        example=((2, 2, 3), (2, 2), (4, 3)),
    ),
    Primitive(
        "hot",
        "a b",
        shown="hot({a~})",
        vjp=("", ""),
        element="where(a[0, j] == i, 1, 0)",
        extent=lambda shapes, _: (matrix(shapes[1])[0], same(shapes[0][-1], shapes[1][-1])),
        example=((1, 3), (4, 3)),
    ),
    Primitive(
        "hot_rows",
        "a b",
        shown="hot({a~})",
        vjp=("", ""),
        element="where(a[i, 0] == j, 1, 0)",
        extent=lambda shapes, _: (same(matrix(shapes[0])[0], matrix(shapes[1])[0]), shapes[1][-1]),
        example=((3, 1), (3, 4)),
    ),
    Primitive(
        "causal",
        shown="causal({a~})",
        vjp=("",),
        element="where(j > i, -1000000000, 0)",
        extent=lambda _, values: (whole(values[0], 1), whole(values[0], 1)),
        example=(3.0,),
    ),
)
