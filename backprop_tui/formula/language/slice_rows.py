"""The rows that cut arrays up and put them together: slices, what stands beside or below, one sample, heads, shapes."""

from math import prod
from typing import Any

import numpy as np

from backprop_tui.formula.language.extents import NoFit, Shape, Shapes, Values, divided, matrix, same, whole
from backprop_tui.formula.language.primitive import Primitive

# Functions that the rows run beside NumPy's. Each is self-contained: a listing shows it, to be pasted before its lines.


def place_rows(a: Any, b: Any, c: Any) -> Any:
    """a as rows of zeros like c, from row b on."""
    out = np.zeros((*a.shape[:-2], c.shape[-2], a.shape[-1]))
    out[..., int(b) : int(b) + a.shape[-2], :] = a
    return out


def place_columns(a: Any, b: Any, c: Any) -> Any:
    """a as columns of zeros like c, from column b on."""
    out = np.zeros((*a.shape[:-1], c.shape[-1]))
    out[..., int(b) : int(b) + a.shape[-1]] = a
    return out


def split(a: Any, b: Any) -> Any:
    """The rows of a in b matrices, one behind the other."""
    return a.reshape(*a.shape[:-2], int(b), a.shape[-2] // int(b), a.shape[-1])


def merge(a: Any) -> Any:
    """Matrices that lie one behind the other, set below each other."""
    return a.reshape(*a.shape[:-3], a.shape[-3] * a.shape[-2], a.shape[-1])


def split_columns(a: Any, b: Any) -> Any:
    """The columns of a in b matrices, one behind the other."""
    return np.swapaxes(a.reshape(*a.shape[:-1], int(b), a.shape[-1] // int(b)), -2, -3)


def merge_columns(a: Any) -> Any:
    """Matrices that lie one behind the other, set beside each other."""
    beside = np.swapaxes(a, -2, -3)
    return beside.reshape(*beside.shape[:-2], beside.shape[-2] * beside.shape[-1])


FUNCTIONS = (place_rows, place_columns, split, merge, split_columns, merge_columns)


def _sliced(axis: int) -> Any:
    def extent(shapes: Shapes, values: Values) -> Shape:
        own = list(matrix(shapes[0]))
        first, last = whole(values[1]), whole(values[2])
        if not first < last <= own[axis]:
            raise NoFit
        own[axis] = last - first
        return tuple(own)

    return extent


def _joined(axis: int) -> Any:
    def extent(shapes: Shapes, _: Values) -> Shape:
        own, other = list(matrix(shapes[0])), matrix(shapes[1])
        same(own[1 - axis], other[1 - axis])
        if shapes[0][:-2] != shapes[1][:-2]:
            raise NoFit
        own[axis] += other[axis]
        return tuple(own)

    return extent


def _placed(shapes: Shapes, values: Values) -> Shape:
    own, like = matrix(shapes[0]), matrix(shapes[2])
    if any(extent > room for extent, room in zip(own, like, strict=True)):
        raise NoFit
    whole(values[1])
    return like


def _stack(shapes: Shapes, _: Values) -> Shape:
    if len(shapes[0]) < 3:
        raise NoFit
    return shapes[0][-3:]


def _flat(shape: Any) -> Any:
    def extent(shapes: Shapes, _: Values) -> Shape:
        found: Shape = shape(*shapes)
        if prod(found) != prod(shapes[0]):
            raise NoFit
        return found

    return extent


def _in_the_shape_of_b(name: str, *, shown: str, example: tuple[tuple[int, ...], ...]) -> Primitive:
    """The numbers of a in their order, in the shape of b."""
    return Primitive(
        name,
        "a b",
        numpy="{a!}.reshape({b!}.shape)",
        shown=shown,
        vjp=("reshaped(g, a)", ""),
        flat=True,
        extent=_flat(lambda _, b: b),
        example=example,
    )


ROWS = (
    # slices
    Primitive(
        "rows",
        "a b c",
        numpy="{a!}[..., int({b~}):int({c~}), :]",
        shown="{a!}[{b~}:{c~}]",
        vjp=("place_rows(g, b, a)", "", ""),
        element="a[i + b, j]",
        extent=_sliced(0),
        example=((4, 3), 1.0, 3.0),
    ),
    Primitive(
        "columns",
        "a b c",
        numpy="{a!}[..., int({b~}):int({c~})]",
        shown="{a!}[:,{b~}:{c~}]",
        vjp=("place_columns(g, b, a)", "", ""),
        element="a[i, j + b]",
        extent=_sliced(1),
        example=((3, 4), 1.0, 3.0),
    ),
    Primitive(
        "place_rows",
        "a b c",
        shown="{a~} in rows from {b~}",
        vjp=("rows(g, b, b + units(a))", "", ""),
        element="where(i >= b and i < b + units(a), a[i - b, j], 0)",
        extent=_placed,
        example=((2, 3), 1.0, (4, 3)),
    ),
    Primitive(
        "place_columns",
        "a b c",
        shown="{a~} in columns from {b~}",
        vjp=("columns(g, b, b + samples(a))", "", ""),
        element="where(j >= b and j < b + samples(a), a[i, j - b], 0)",
        extent=_placed,
        example=((3, 2), 1.0, (3, 4)),
    ),
    Primitive(
        "concat",
        "a b",
        numpy="np.concatenate([{a~}, {b~}], axis=-2)",
        shown="[{a~}; {b~}]",
        vjp=("rows(g, 0, units(a))", "rows(g, units(a), units(a) + units(b))"),
        element="where(i < units(a), a[i, j], b[i - units(a), j])",
        extent=_joined(0),
        example=((2, 3), (1, 3)),
    ),
    Primitive(
        "beside",
        "a b",
        numpy="np.concatenate([{a~}, {b~}], axis=-1)",
        shown="[{a~}, {b~}]",
        vjp=("columns(g, 0, samples(a))", "columns(g, samples(a), samples(a) + samples(b))"),
        element="where(j < samples(a), a[i, j], b[i, j - samples(a)])",
        extent=_joined(1),
        example=((3, 2), (3, 1)),
    ),
    # one sample of a batch: a row, or an array of a stack, which stays a stack of one
    Primitive(
        "row",
        "a b",
        numpy="{a!}[[int({b~})], :]",
        shown="{a!}[{b~}]",
        vjp=("", ""),
        element="a[b, j]",
        extent=lambda shapes, _: (same(len(shapes[0]), 2) - 1, shapes[0][1]),
        part=True,
        example=((3, 4), 1.0),
    ),
    Primitive(
        "sample",
        "a b",
        numpy="{a!}[[int({b~})]]",
        shown="{a!}[{b~}]",
        vjp=("", ""),
        element="a[b, i, j]",
        axes="q i j",
        extent=lambda shapes, _: (1, *_stack((shapes[0],), ())[1:]),
        part=True,
        alone=True,
        example=((3, 2, 4), 1.0),
    ),
    Primitive(
        "sample_of_stacks",
        "a b",
        numpy="{a!}[[int({b~})]]",
        shown="{a!}[{b~}]",
        vjp=("", ""),
        element="a[b, s, i, j]",
        axes="q s i j",
        extent=lambda shapes, _: (1, *shapes[0][-3:]),
        part=True,
        alone=True,
        example=((3, 2, 2, 4), 1.0),
    ),
    # heads
    Primitive(
        "split",
        "a b",
        shown="heads({a~}, {b~})",
        vjp=("merge(g)", ""),
        element="a[s * (units(a) / b) + i, j]",
        axes="s i j",
        extent=lambda shapes, values: (
            whole(values[1], 1),
            divided(matrix(shapes[0])[0], whole(values[1], 1)),
            shapes[0][-1],
        ),
        example=((4, 3), 2.0),
        labels=("head", "a -2", "a -1"),
    ),
    Primitive(
        "merge",
        shown="join({a~})",
        vjp=("split(g, depth(a))",),
        element="a[floor(i / units(a)), i - units(a) * floor(i / units(a)), j]",
        axes="i j",
        extent=lambda shapes, values: (_stack(shapes, values)[0] * shapes[0][-2], shapes[0][-1]),
        example=((2, 2, 3),),
        labels=("a -2", "a -1"),
    ),
    Primitive(
        "split_columns",
        "a b",
        shown="heads({a~}, {b~})",
        vjp=("merge_columns(g)", ""),
        element="a[i, s * (samples(a) / b) + j]",
        axes="s i j",
        extent=lambda shapes, values: (
            whole(values[1], 1),
            matrix(shapes[0])[0],
            divided(shapes[0][-1], whole(values[1], 1)),
        ),
        example=((3, 4), 2.0),
        labels=("head", "a -2", "a -1"),
    ),
    Primitive(
        "merge_columns",
        shown="join({a~})",
        vjp=("split_columns(g, depth(a))",),
        element="a[floor(j / samples(a)), i, j - samples(a) * floor(j / samples(a))]",
        axes="i j",
        extent=lambda shapes, values: (_stack(shapes, values)[1], shapes[0][-3] * shapes[0][-1]),
        example=((2, 3, 2),),
        labels=("a -2", "a -1"),
    ),
    # shapes: the numbers stay in their order
    Primitive(
        "flatten",
        numpy="{a!}.reshape(-1, 1)",
        shown="flatten({a~})",
        vjp=("reshaped(g, a)",),
        flat=True,
        extent=_flat(lambda a: (prod(a), 1)),
        example=((2, 3, 2),),
    ),
    Primitive(
        "flatten_each",
        numpy="{a!}.reshape(len({a~}), -1, 1)",
        shown="flatten({a~})",
        vjp=("reshaped(g, a)",),
        flat=True,
        extent=_flat(lambda a: (a[0], prod(a[1:]), 1)),
        example=((2, 3, 2),),
        labels=("a 0", "", ""),
    ),
    Primitive(
        "flatten_rows",
        numpy="{a!}.reshape(len({a~}), -1)",
        shown="flatten({a~})",
        vjp=("reshaped(g, a)",),
        flat=True,
        extent=_flat(lambda a: (a[0], prod(a[1:]))),
        example=((2, 3, 2),),
        labels=("a 0", ""),
    ),
    _in_the_shape_of_b("refilled", shown="reshape({a~})", example=((2, 6), (3, 4))),
    _in_the_shape_of_b("reshaped", shown="{a}", example=((2, 6), (2, 3, 2))),
)
