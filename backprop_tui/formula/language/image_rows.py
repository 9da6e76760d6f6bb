"""The rows for images: convolutions, what lies between strides, edges of zeros, windows."""

from typing import Any

import numpy as np

from backprop_tui.formula.language.extents import NoFit, Shape, Shapes, Values, like, matrix, whole
from backprop_tui.formula.language.primitive import PRODUCT, Primitive

# Functions that the rows run beside NumPy's. Each is self-contained: a listing shows it, to be pasted before its lines.


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


FUNCTIONS = (conv, conv_back, conv_weights, every, spread, pad, crop, max_pool, pool_sum, upsample, first_of_pool)


def _pooled(shapes: Shapes, values: Values) -> Shape:
    rows, columns = matrix(shapes[0])
    size = whole(values[1], 1)
    if not (rows // size and columns // size):
        raise NoFit
    return rows // size, columns // size, size, size


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


def _every(shapes: Shapes, values: Values) -> Shape:
    size = whole(values[1], 1)
    rows, columns = matrix(shapes[0])
    return -(-rows // size), -(-columns // size)


def _around(sign: int) -> Any:
    def extent(shapes: Shapes, values: Values) -> Shape:
        found = tuple(extent + 2 * sign * whole(values[1]) for extent in matrix(shapes[0]))
        if min(found) < 1:
            raise NoFit
        return found

    return extent


WINDOW = "a[b * floor(i / b) + k, b * floor(j / b) + l]"
EARLIER = "b * k + l < b * (i - b * floor(i / b)) + (j - b * floor(j / b))"

ROWS = (
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
        "turned",
        numpy="{a!}[..., ::-1, ::-1]",
        shown="turned({a~})",
        vjp=("turned(g)",),
        element="a[units(a) - 1 - i, samples(a) - 1 - j]",
        extent=lambda shapes, _: matrix(shapes[0]),
        example=((3, 2),),
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
        extent=like(2),
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
        extent=like(2),
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
        extent=lambda shapes, values: (*matrix(shapes[0]), whole(values[1], 1), whole(values[1], 1)),
        side="first_of_pool(a, b)",
        example=((4, 5), 2.0),
    ),
)
