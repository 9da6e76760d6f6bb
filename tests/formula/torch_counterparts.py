"""What PyTorch has for each primitive, as a function of the same operands; numbers among these are plain floats.

It is PyTorch's own function wherever there is one, so that nothing of ours is compared with itself.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import pytest

from backprop_tui.formula.language.tree import Call, Name, Number, Tree

torch: Any = pytest.importorskip(
    "torch", reason="PyTorch is not installed, so nothing is compared with it: ./dev reference"
)
F: Any = torch.nn.functional

Counterpart = Callable[..., Any]


def value_of(tree: Tree, values: Mapping[str, Any]) -> Any:
    """A formula's value by PyTorch, every primitive in it by its counterpart."""
    match tree:
        case Name(name):
            return values[name]
        case Number(number):
            return number
        case Call(function, operands):
            return COUNTERPARTS[function](*(value_of(operand, values) for operand in operands))
    raise TypeError(tree)


def tensor(value: Any) -> Any:
    """A number as a tensor."""
    return torch.as_tensor(value, dtype=torch.float64)


def on_tensors(function: Counterpart) -> Counterpart:
    """A function that takes no plain numbers."""
    return lambda *operands: function(*map(tensor, operands))


def per_kernel(function: Counterpart) -> Counterpart:
    """A convolution, also of a stack of images with a kernel each."""
    return lambda a, b: torch.stack(list(map(function, a, b))) if b.ndim > 4 else function(a, b)


def first_along(axis: int) -> Counterpart:
    """1 at the first of the largest numbers along an axis."""
    return lambda a: torch.zeros_like(a).scatter(axis, a.argmax(axis, keepdim=True), 1.0)


def as_image(function: Counterpart) -> Counterpart:
    """A function of PyTorch's that takes no plain matrix."""
    return lambda a, *rest: function(a[None], *rest)[0] if a.ndim == 2 else function(a, *rest)


def first_of_pool(a: Any, b: float) -> Any:
    """1 at the first of the largest numbers of every window."""
    flat = a.reshape(-1, *a.shape[-2:])
    _, places = F.max_pool2d(flat, int(b), return_indices=True)
    found = torch.zeros_like(flat).flatten(1).scatter(1, places.flatten(1), 1.0)
    return found.reshape(a.shape)


def upsample(a: Any, b: float, c: Any) -> Any:
    """Every number over its window, and zeros to the size of a third operand."""
    larger = a.repeat_interleave(int(b), -1).repeat_interleave(int(b), -2)
    return F.pad(larger, (0, c.shape[-1] - larger.shape[-1], 0, c.shape[-2] - larger.shape[-2]))


def spread(a: Any, b: float, c: Any) -> Any:
    """Every number b places from the one before it, in an array of the size of a third operand."""
    found = torch.zeros(*a.shape[:-2], *c.shape[-2:], dtype=a.dtype)
    found[..., :: int(b), :: int(b)] = a
    return found


def conv_weights(a: Any, b: Any) -> Any:
    """The gradient of a kernel: images slide over what they became, a channel at a time."""
    if a.ndim > 3:
        return torch.stack([conv_weights(*pair) for pair in zip(a, b, strict=True)])
    return F.conv2d(a[:, None], b[:, None]).transpose(0, 1)


def pad_to(axis: int) -> Counterpart:
    """With zeros before and behind along an axis, as large as a third operand."""

    def placed(a: Any, b: float, c: Any) -> Any:
        sides = [int(b), c.shape[axis] - a.shape[axis] - int(b)]
        return F.pad(a, sides if axis == -1 else [0, 0, *sides])

    return placed


def per_sample(product: Counterpart) -> Counterpart:
    """A matrix for each sample times a column for each: `a` is (samples, i, j), `b` (…, samples)."""
    return lambda a, b: product(a, b.T[:, :, None])[..., 0].T


COUNTERPARTS: dict[str, Counterpart] = {
    # arithmetic
    "add": lambda *terms: reduce(torch.add, map(tensor, terms)),
    "sub": lambda a, b: torch.sub(tensor(a), b),
    "mul": lambda a, b: torch.mul(tensor(a), b),
    "div": lambda a, b: torch.div(tensor(a), b),
    "ratio": lambda a, b: torch.div(tensor(a), b),
    "neg": lambda a: torch.neg(tensor(a)),
    "pow": lambda a, b: torch.pow(tensor(a), b),
    "matmul": torch.matmul,
    "transpose": lambda a: a.mT,
    # number by number
    **{
        name: on_tensors(getattr(torch, name))
        for name in ("exp", "log", "log10", "log2", "log1p", "erf", "sqrt", "abs", "floor", "cos", "sin", "sign")
    },
    "max": lambda a, b: torch.maximum(tensor(a), tensor(b)),
    "min": lambda a, b: torch.minimum(tensor(a), tensor(b)),
    "where": lambda a, b, c: torch.where(a, tensor(b), tensor(c)),
    **{name: on_tensors(getattr(torch, name)) for name in ("gt", "ge", "lt", "le", "eq", "ne")},
    "indicator": lambda a: a.to(torch.float64),
    "stop": lambda a: a.detach(),
    # activations
    "relu": F.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "identity": torch.nn.Identity(),
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu_tanh": lambda a: F.gelu(a, approximate="tanh"),
    "silu": F.silu,
    "softplus": lambda a: F.softplus(a, threshold=1000.0),
    "mish": F.mish,
    "hard_sigmoid": lambda a: F.relu6(a + 3) / 6,
    "softmax": lambda a: torch.softmax(a, -2),
    "log_softmax": lambda a: torch.log_softmax(a, -2),
    "softmax_rows": lambda a: torch.softmax(a, -1),
    "log_softmax_rows": lambda a: torch.log_softmax(a, -1),
    # reductions
    "sum": lambda a: a.sum(),
    "mean": lambda a: a.mean(),
    "sum_samples": lambda a: a.sum(-1, keepdim=True),
    "sum_units": lambda a: a.sum(-2, keepdim=True),
    "mean_samples": lambda a: a.mean(-1, keepdim=True),
    "mean_units": lambda a: a.mean(-2, keepdim=True),
    "sum_stack": lambda a: a.sum(0),
    "sum_stacks": lambda a: a.sum(0),
    "sum_stacks_of_stacks": lambda a: a.sum(0),
    "sum_depth": lambda a: a.sum(-3, keepdim=True),
    "sum_front": lambda a: a.sum(-4, keepdim=True),
    "sum_outermost": lambda a: a.sum(-5, keepdim=True),
    "max_units": lambda a: a.max(-2, keepdim=True).values,
    "max_samples": lambda a: a.max(-1, keepdim=True).values,
    "first_units": first_along(-2),
    "first_samples": first_along(-1),
    "norm": torch.linalg.vector_norm,
    "only": lambda a: a.squeeze(),
    "amax": lambda a: a.amax(),
    "amin": lambda a: a.amin(),
    # a matrix for each sample
    "diag": lambda a: torch.diag_embed(a.T),
    "diagonal": lambda a: torch.diagonal(a, dim1=1, dim2=2).T,
    "outer": lambda a, b: torch.bmm(a.T[:, :, None], b.T[:, None, :]),
    "jvp": per_sample(torch.bmm),
    "vjp": per_sample(lambda a, b: torch.bmm(a.mT, b)),
    # sizes and shapes
    "size": lambda a: float(tensor(a).numel()),
    "samples": lambda a: float(a.shape[-1]),
    "units": lambda a: float(a.shape[-2]),
    "depth": lambda a: float(a.shape[-3]),
    "fill": lambda a, b: tensor(a).expand_as(tensor(b)),
    "flatten": lambda a: torch.flatten(a)[:, None],
    "flatten_each": lambda a: torch.flatten(a, 1)[..., None],
    "flatten_rows": lambda a: torch.flatten(a, 1),
    "reshaped": lambda a, b: a.reshape_as(b),
    "refilled": lambda a, b: a.reshape(b.shape),
    # slices
    "rows": lambda a, b, c: a.narrow(-2, int(b), int(c) - int(b)),
    "columns": lambda a, b, c: a.narrow(-1, int(b), int(c) - int(b)),
    "place_rows": pad_to(-2),
    "place_columns": pad_to(-1),
    "concat": lambda a, b: torch.cat([a, b], -2),
    "beside": lambda a, b: torch.cat([a, b], -1),
    "row": lambda a, b: a.narrow(0, int(b), 1),
    "sample": lambda a, b: a.narrow(0, int(b), 1),
    "sample_of_stacks": lambda a, b: a.narrow(0, int(b), 1),
    "column": lambda a, b: a.narrow(1, int(b), 1),
    # heads
    "split": lambda a, b: torch.stack(a.chunk(int(b), -2), -3),
    "merge": lambda a: torch.cat(a.unbind(-3), -2),
    "split_columns": lambda a, b: torch.stack(a.chunk(int(b), -1), -3),
    "merge_columns": lambda a: torch.cat(a.unbind(-3), -1),
    # tables
    "lookup": lambda a, b: F.embedding(b[..., 0, :].long(), a.T).mT,
    "lookup_rows": lambda a, b: F.embedding(b[..., 0].long(), a),
    "lookup_each": lambda a, b: F.embedding(b.long(), a),
    "put": lambda a, b, c: torch.zeros_like(c).index_add(1, b[0].long(), a),
    "put_rows": lambda a, b, c: torch.zeros_like(c).index_add(0, b[:, 0].long(), a),
    "put_each": lambda a, b, c: torch.zeros_like(c).index_add(0, b.flatten().long(), a.flatten(0, 1)),
    "hot": lambda a, b: F.one_hot(a[..., 0, :].long(), b.shape[-2]).mT.to(torch.float64),
    "hot_rows": lambda a, b: F.one_hot(a[..., 0].long(), b.shape[-1]).to(torch.float64),
    "causal": lambda a: torch.full((int(a), int(a)), -1e9, dtype=torch.float64).triu(1),
    # images
    "conv": per_kernel(F.conv2d),
    "conv_back": per_kernel(F.conv_transpose2d),
    "turned": lambda a: a.flip((-2, -1)),
    "conv_weights": conv_weights,
    "every": lambda a, b: a[..., :: int(b), :: int(b)],
    "spread": spread,
    "pad": lambda a, b: F.pad(a, [int(b)] * 4),
    "crop": lambda a, b: F.pad(a, [-int(b)] * 4),
    "max_pool": as_image(lambda a, b: F.max_pool2d(a, int(b))),
    "pool_sum": as_image(lambda a, b: F.avg_pool2d(a, int(b), divisor_override=1)),
    "upsample": upsample,
    "first_of_pool": first_of_pool,
    # what is asked of arrays
    "or": torch.logical_or,
    "and": torch.logical_and,
    "not": torch.logical_not,
    "any": lambda a: a.any(),
    "all": lambda a: a.all(),
    "count": lambda a: a.count_nonzero(),
    "isfinite": lambda a: a.isfinite(),
    "shape": lambda a: torch.tensor(a.shape),
    # slips of handouts
    "rounded": lambda a, b: torch.round(a, decimals=int(b)),
    "cut": lambda a, b: torch.trunc(a * 10**b) / 10**b,
    "float32": lambda a: a.to(torch.float32),
}
