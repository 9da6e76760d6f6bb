"""The rows that move numbers about: slices, stacks, tables of embeddings, convolutions, windows, shapes.

A rule computes its indices: `a[i + b, j]` is the row b further down. What runs off the end of an operand stands in the
branch of a `where` that is not taken.
"""

from functools import partial
from math import prod
from typing import Any

import numpy as np

from backprop_tui.formula.language.primitive import POWER, PRODUCT, Primitive

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]
Values = tuple[float | None, ...]


class NoFit(ValueError):  # noqa: N818 - it says what it is
    """Operands that do not fit together."""


def _matrix(own: Shape) -> Shape:
    """The last two axes of a shape."""
    if len(own) < 2:
        raise NoFit
    return own[-2:]


def _same(one: int, other: int) -> int:
    if one != other:
        raise NoFit
    return one


def _whole(value: float | None, least: int = 0) -> int:
    """A setting that is a whole number."""
    if value is None or value < least or value != int(value):
        raise NoFit
    return int(value)


def _divided(extent: int, parts: int) -> int:
    if extent % parts:
        raise NoFit
    return extent // parts


# Functions that the rows run beside NumPy's. Each is self-contained: a listing shows it, to be pasted before its lines.


def softmax_rows(a: Any) -> Any:
    """exp(a)/Σ exp(a), along each row, after subtracting its largest number so that nothing overflows."""
    powers = np.exp(a - a.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def log_softmax_rows(a: Any) -> Any:
    """a − log Σ exp(a), along each row, after subtracting its largest number so that nothing overflows."""
    lower = a - a.max(axis=-1, keepdims=True)
    return lower - np.log(np.exp(lower).sum(axis=-1, keepdims=True))


def causal(a: Any) -> Any:
    """A matrix that keeps a token from looking ahead when it is added: −10⁹ above the diagonal, 0 elsewhere."""
    return np.triu(np.full((int(a), int(a)), -1e9), 1)


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


def conv(a: Any, b: Any) -> Any:
    """Every kernel of b (kernels, channels, rows, columns) slid over a (channels, rows, columns), and summed up."""
    windows = np.lib.stride_tricks.sliding_window_view(a, b.shape[-2:], axis=(-2, -1))
    return np.einsum("...cijkl,...ockl->...oij", windows, b)


def conv_back(a: Any, b: Any) -> Any:
    """What flows back through a convolution with b: a, padded, convolved with the kernels turned around."""
    rows, columns = b.shape[-2:]
    padded = np.pad(a, [(0, 0)] * (a.ndim - 2) + [(rows - 1, rows - 1), (columns - 1, columns - 1)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(-2, -1))
    return np.einsum("...oijkl,...ockl->...cij", windows, b[..., ::-1, ::-1])


def conv_weights(a: Any, b: Any) -> Any:
    """What flows to the kernels of a convolution of a: a convolved with the gradient b."""
    windows = np.lib.stride_tricks.sliding_window_view(a, b.shape[-2:], axis=(-2, -1))
    return np.einsum("...cklij,...oij->...ockl", windows, b)


def every(a: Any, b: Any) -> Any:
    """Every b-th row and column of a."""
    return a[..., :: int(b), :: int(b)]


def spread(a: Any, b: Any, c: Any) -> Any:
    """Zeros like c, with a in every b-th row and column."""
    out = np.zeros((*a.shape[:-2], *c.shape[-2:]))
    out[..., :: int(b), :: int(b)] = a
    return out


def pad(a: Any, b: Any) -> Any:
    """a with b rows and columns of zeros around it."""
    return np.pad(a, [(0, 0)] * (a.ndim - 2) + [(int(b), int(b))] * 2)


def crop(a: Any, b: Any) -> Any:
    """a without b rows and columns at each of its edges."""
    return a[..., int(b) : a.shape[-2] - int(b), int(b) : a.shape[-1] - int(b)]


def max_pool(a: Any, b: Any) -> Any:
    """The largest number of each window of b × b."""
    n = int(b)
    rows, columns = a.shape[-2] // n, a.shape[-1] // n
    return a[..., : rows * n, : columns * n].reshape(*a.shape[:-2], rows, n, columns, n).max(axis=(-3, -1))


def pool_sum(a: Any, b: Any) -> Any:
    """The sum of each window of b × b."""
    n = int(b)
    rows, columns = a.shape[-2] // n, a.shape[-1] // n
    return a[..., : rows * n, : columns * n].reshape(*a.shape[:-2], rows, n, columns, n).sum(axis=(-3, -1))


def upsample(a: Any, b: Any, c: Any) -> Any:
    """Like c, with each number of a in all of its window of b × b; 0 where there is no window."""
    n = int(b)
    out = np.zeros((*a.shape[:-2], *c.shape[-2:]))
    out[..., : a.shape[-2] * n, : a.shape[-1] * n] = np.repeat(np.repeat(a, n, axis=-2), n, axis=-1)
    return out


def first_of_pool(a: Any, b: Any) -> Any:
    """1 where a number is the first of the largest of its window of b × b, 0 elsewhere."""
    n = int(b)
    rows, columns = a.shape[-2] // n, a.shape[-1] // n
    inside = a[..., : rows * n, : columns * n].reshape(*a.shape[:-2], rows, n, columns, n)
    flat = np.swapaxes(inside, -3, -2).reshape(*a.shape[:-2], rows, columns, n * n)
    one = (np.arange(n * n) == flat.argmax(axis=-1)[..., None]).reshape(*a.shape[:-2], rows, columns, n, n)
    out = np.zeros(a.shape)
    out[..., : rows * n, : columns * n] = np.swapaxes(one, -3, -2).reshape(*a.shape[:-2], rows * n, columns * n)
    return out


def first_units(a: Any) -> Any:
    """1 where a number is the first of the largest of its column, 0 elsewhere."""
    return (np.arange(a.shape[-2])[:, None] == a.argmax(axis=-2)[..., None, :]).astype(float)


def first_samples(a: Any) -> Any:
    """1 where a number is the first of the largest of its row, 0 elsewhere."""
    return (np.arange(a.shape[-1]) == a.argmax(axis=-1)[..., None]).astype(float)


FUNCTIONS = (
    *(softmax_rows, log_softmax_rows, causal, place_rows, place_columns, split, merge, split_columns, merge_columns),
    *(lookup, put, lookup_rows, put_rows, lookup_each, put_each, hot, hot_rows),
    *(conv, conv_back, conv_weights, every, spread, pad, crop, max_pool, pool_sum, upsample, first_of_pool),
    *(first_units, first_samples),
)


def _pooled(shapes: Shapes, values: Values) -> Shape:
    rows, columns = _matrix(shapes[0])
    size = _whole(values[1], 1)
    if not (rows // size and columns // size):
        raise NoFit
    return rows // size, columns // size, size, size


def _like(place: int) -> Any:
    """The extents of the last two axes of an operand."""
    return lambda shapes, _: _matrix(shapes[place])


def _looked_up(shapes: Shapes, _: Values) -> Shape:
    _same(len(shapes[0]), 2)
    _same(_matrix(shapes[1])[0], 1)
    return shapes[0][0], shapes[1][-1]


def _looked_up_rows(shapes: Shapes, _: Values) -> Shape:
    _same(len(shapes[0]), 2)
    _same(_matrix(shapes[1])[1], 1)
    return shapes[1][-2], shapes[0][1]


def _sliced(axis: int) -> Any:
    def extent(shapes: Shapes, values: Values) -> Shape:
        own = list(_matrix(shapes[0]))
        first, last = _whole(values[1]), _whole(values[2])
        if not first < last <= own[axis]:
            raise NoFit
        own[axis] = last - first
        return tuple(own)

    return extent


def _joined(axis: int) -> Any:
    def extent(shapes: Shapes, _: Values) -> Shape:
        own, other = list(_matrix(shapes[0])), _matrix(shapes[1])
        _same(own[1 - axis], other[1 - axis])
        if shapes[0][:-2] != shapes[1][:-2]:
            raise NoFit
        own[axis] += other[axis]
        return tuple(own)

    return extent


def _placed(shapes: Shapes, values: Values) -> Shape:
    own, like = _matrix(shapes[0]), _matrix(shapes[2])
    if any(extent > room for extent, room in zip(own, like, strict=True)):
        raise NoFit
    _whole(values[1])
    return like


def _convolved(shapes: Shapes, _: Values) -> Shape:
    image, kernel = shapes
    if len(image) < 3 or len(kernel) < 4 or image[-3] != kernel[-3]:
        raise NoFit
    rows, columns = image[-2] - kernel[-2] + 1, image[-1] - kernel[-1] + 1
    if rows < 1 or columns < 1:
        raise NoFit
    return kernel[-4], rows, columns


def _convolved_back(shapes: Shapes, _: Values) -> Shape:
    image, kernel = shapes
    if len(image) < 3 or len(kernel) < 4 or image[-3] != kernel[-4]:
        raise NoFit
    return kernel[-3], image[-2] + kernel[-2] - 1, image[-1] + kernel[-1] - 1


def _convolved_weights(shapes: Shapes, _: Values) -> Shape:
    image, gradient = shapes
    if len(image) < 3 or len(gradient) < 3 or image[:-3] != gradient[:-3]:
        raise NoFit
    rows, columns = image[-2] - gradient[-2] + 1, image[-1] - gradient[-1] + 1
    if rows < 1 or columns < 1:
        raise NoFit
    return gradient[-3], image[-3], rows, columns


def _stack(shapes: Shapes, _: Values) -> Shape:
    if len(shapes[0]) < 3:
        raise NoFit
    return shapes[0][-3:]


def _summed(count: int, shapes: Shapes, _: Values) -> Shape:
    if len(shapes[0]) < count:
        raise NoFit
    return (1, *shapes[0][1 - count :])


def _every(shapes: Shapes, values: Values) -> Shape:
    size = _whole(values[1], 1)
    rows, columns = _matrix(shapes[0])
    return -(-rows // size), -(-columns // size)


def _flat(shape: Any) -> Any:
    def extent(shapes: Shapes, _: Values) -> Shape:
        found: Shape = shape(*shapes)
        if prod(found) != prod(shapes[0]):
            raise NoFit
        return found

    return extent


def _around(sign: int) -> Any:
    def extent(shapes: Shapes, values: Values) -> Shape:
        found = tuple(extent + 2 * sign * _whole(values[1]) for extent in _matrix(shapes[0]))
        if min(found) < 1:
            raise NoFit
        return found

    return extent


WINDOW = "a[b * floor(i / b) + k, b * floor(j / b) + l]"
EARLIER = "b * k + l < b * (i - b * floor(i / b)) + (j - b * floor(j / b))"

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
        extent=lambda shapes, _: (_same(len(shapes[0]), 2) - 1, shapes[0][1]),
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
            _whole(values[1], 1),
            _divided(_matrix(shapes[0])[0], _whole(values[1], 1)),
            shapes[0][-1],
        ),
        example=((4, 3), 2.0),
    ),
    Primitive(
        "merge",
        shown="join({a~})",
        vjp=("split(g, depth(a))",),
        element="a[floor(i / units(a)), i - units(a) * floor(i / units(a)), j]",
        axes="i j",
        extent=lambda shapes, values: (_stack(shapes, values)[0] * shapes[0][-2], shapes[0][-1]),
        example=((2, 2, 3),),
    ),
    Primitive(
        "split_columns",
        "a b",
        shown="heads({a~}, {b~})",
        vjp=("merge_columns(g)", ""),
        element="a[i, s * (samples(a) / b) + j]",
        axes="s i j",
        extent=lambda shapes, values: (
            _whole(values[1], 1),
            _matrix(shapes[0])[0],
            _divided(shapes[0][-1], _whole(values[1], 1)),
        ),
        example=((3, 4), 2.0),
    ),
    Primitive(
        "merge_columns",
        shown="join({a~})",
        vjp=("split_columns(g, depth(a))",),
        element="a[floor(j / samples(a)), i, j - samples(a) * floor(j / samples(a))]",
        axes="i j",
        extent=lambda shapes, values: (_stack(shapes, values)[1], shapes[0][-3] * shapes[0][-1]),
        example=((2, 3, 2),),
    ),
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
        extent=_like(2),
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
        extent=_like(2),
        example=((2, 3), (2, 1), (4, 3)),
    ),
    Primitive(
        "lookup_each",
        "a b",
        shown="{a!}[{b~}]",
        vjp=("put_each(g, b, a)", ""),
        element="sum(where(b[s, i] == k, a[k, j], 0) for k in all)",
        axes="s i j",
        extent=lambda shapes, _: (*_matrix(shapes[1]), _matrix(shapes[0])[1]),
        example=((4, 3), (2, 2)),
    ),
    Primitive(
        "put_each",
        "a b c",
        shown="Σ {a!} at {b!}",
        vjp=("lookup_each(g, b)", "", ""),
        element="sum(where(b[k, l] == i, a[k, l, j], 0) for k, l in all)",
        axes="i j",
        extent=_like(2),
        example=((2, 2, 3), (2, 2), (4, 3)),
    ),
    Primitive(
        "hot",
        "a b",
        shown="hot({a~})",
        vjp=("", ""),
        element="where(a[0, j] == i, 1, 0)",
        extent=lambda shapes, _: (_matrix(shapes[1])[0], _same(shapes[0][-1], shapes[1][-1])),
        example=((1, 3), (4, 3)),
    ),
    Primitive(
        "hot_rows",
        "a b",
        shown="hot({a~})",
        vjp=("", ""),
        element="where(a[i, 0] == j, 1, 0)",
        extent=lambda shapes, _: (_same(_matrix(shapes[0])[0], _matrix(shapes[1])[0]), shapes[1][-1]),
        example=((3, 1), (3, 4)),
    ),
    Primitive(
        "causal",
        shown="causal({a~})",
        vjp=("",),
        element="where(j > i, -1000000000, 0)",
        extent=lambda _, values: (_whole(values[0], 1), _whole(values[0], 1)),
        example=(3.0,),
    ),
    # images
    Primitive(
        "conv",
        "a b",
        shown="{a!} ⋆ {b!}",
        level=PRODUCT,
        vjp=("conv_back(g, b)", "conv_weights(a, g)"),
        element="sum(a[r, i + k, j + l] * b[s, r, k, l] for r, k, l in all)",
        axes="s i j",
        extent=_convolved,
        example=((2, 4, 4), (3, 2, 2, 3)),
    ),
    Primitive(
        "conv_back",
        "a b",
        shown="{a!} ⋆ᵀ {b!}",
        level=PRODUCT,
        vjp=("conv(g, b)", "conv_weights(g, a)"),
        element="sum(where(i >= k and i - k < units(a) and j >= l and j - l < samples(a), "
        "a[r, i - k, j - l] * b[r, s, k, l], 0) for r, k, l in all)",
        axes="s i j",
        extent=_convolved_back,
        example=((3, 3, 2), (3, 2, 2, 3)),
    ),
    Primitive(
        "conv_weights",
        "a b",
        shown="{a!} ⋆ {b!}",
        level=PRODUCT,
        vjp=("conv_back(b, g)", "conv(a, g)"),
        element="sum(a[s, k + i, l + j] * b[r, k, l] for k, l in all)",
        axes="r s i j",
        extent=_convolved_weights,
        example=((2, 4, 4), (3, 3, 2)),
    ),
    Primitive(
        "every",
        "a b",
        shown="{a!}[::{b~},::{b~}]",
        vjp=("spread(g, b, a)", ""),
        element="a[i * b, j * b]",
        extent=_every,
        example=((3, 5), 2.0),
    ),
    Primitive(
        "spread",
        "a b c",
        vjp=("every(g, b)", "", ""),
        element="where(i == b * floor(i / b) and j == b * floor(j / b), a[floor(i / b), floor(j / b)], 0)",
        extent=_like(2),
        example=((2, 3), 2.0, (3, 5)),
    ),
    Primitive(
        "pad",
        "a b",
        vjp=("crop(g, b)", ""),
        element="where(i >= b and i < b + units(a) and j >= b and j < b + samples(a), a[i - b, j - b], 0)",
        extent=_around(1),
        example=((2, 3), 1.0),
    ),
    Primitive(
        "crop", "a b", vjp=("pad(g, b)", ""), element="a[i + b, j + b]", extent=_around(-1), example=((4, 5), 1.0)
    ),
    Primitive(
        "max_pool",
        "a b",
        vjp=("upsample(g, b, a) * first_of_pool(a, b)", ""),
        element="max(a[i * b + k, j * b + l] for k, l in all)",
        axes="i j",
        extent=_pooled,
        side="first_of_pool(a, b)",
        example=((4, 5), 2.0),
    ),
    Primitive(
        "pool_sum",
        "a b",
        vjp=("upsample(g, b, a)", ""),
        element="sum(a[i * b + k, j * b + l] for k, l in all)",
        axes="i j",
        extent=_pooled,
        example=((4, 5), 2.0),
    ),
    Primitive(
        "upsample",
        "a b c",
        shown="upsample({a~})",
        vjp=("pool_sum(g, b)", "", ""),
        element="where(i < b * units(a) and j < b * samples(a), a[floor(i / b), floor(j / b)], 0)",
        extent=_like(2),
        example=((2, 2), 2.0, (4, 5)),
    ),
    Primitive(
        "first_of_pool",
        "a b",
        shown="first({a~})",
        vjp=("", ""),
        element="where(i < b * floor(units(a) / b) and j < b * floor(samples(a) / b), "
        f"1 - max(where({EARLIER}, indicator({WINDOW} >= a[i, j]), indicator({WINDOW} > a[i, j])) for k, l in all), 0)",
        axes="i j",
        extent=lambda shapes, values: (*_matrix(shapes[0]), _whole(values[1], 1), _whole(values[1], 1)),
        side="first_of_pool(a, b)",
        example=((4, 5), 2.0),
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
    ),
    Primitive(
        "flatten_rows",
        numpy="{a!}.reshape(len({a~}), -1)",
        shown="flatten({a~})",
        vjp=("reshaped(g, a)",),
        flat=True,
        extent=_flat(lambda a: (a[0], prod(a[1:]))),
        example=((2, 3, 2),),
    ),
    Primitive(
        "reshaped",
        "a b",
        numpy="{a!}.reshape({b!}.shape)",
        shown="{a}",
        vjp=("reshaped(g, a)", ""),
        flat=True,
        extent=_flat(lambda _, b: b),
        example=((2, 6), (2, 3, 2)),
    ),
    Primitive("stop", numpy="{a}", shown="stop({a~})", vjp=("",)),
    Primitive("depth", numpy="{a!}.shape[-3]", shown="H", vjp=("",), element="depth(a)"),
)
