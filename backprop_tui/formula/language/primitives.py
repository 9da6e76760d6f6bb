"""The table of primitives. The head of `primitive.py` says what a row has."""

from typing import Any

import numpy as np

from backprop_tui.formula.language import axis_rows, image_rows, lookup_rows, slice_rows
from backprop_tui.formula.language.primitive import (
    AND,
    ATOM,
    COMPARISON,
    FRACTION,
    NOT,
    OR,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Primitive,
)

__all__ = [
    "ATOM",
    "FRACTION",
    "FUNCTIONS",
    "POWER",
    "PRIMITIVES",
    "PRODUCT",
    "QUESTIONS",
    "SIGN",
    "SLIPS",
    "Primitive",
    "define",
]


# Functions that the rows run beside NumPy's. Each is self-contained: a listing shows it, to be pasted before its lines.


def ratio(a: Any, b: Any) -> Any:
    """a / b, and 0 where a is 0: what a target of 0 takes out of a loss stays out of its gradient."""
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=np.not_equal(a, 0.0))


def erf(a: Any) -> Any:
    """The error function, element by element: NumPy has none, and Python's is good to the last bit."""
    from math import erf

    return np.asanyarray(np.frompyfunc(erf, 1, 1)(a), dtype=np.float64)[()]


def softmax(a: Any) -> Any:
    """exp(a)/Σ exp(a), down each column, after subtracting its largest number so that nothing overflows."""
    powers = np.exp(a - a.max(axis=-2, keepdims=True))
    return powers / powers.sum(axis=-2, keepdims=True)


def log_softmax(a: Any) -> Any:
    """a − log Σ exp(a), down each column, after subtracting its largest number so that nothing overflows."""
    lower = a - a.max(axis=-2, keepdims=True)
    return lower - np.log(np.exp(lower).sum(axis=-2, keepdims=True))


def rounded(a: Any, b: Any) -> Any:
    """a with b decimals; a tie goes to the even digit."""
    scale = 10.0**b
    return np.rint(a * scale) / scale


def cut(a: Any, b: Any) -> Any:
    """a cut off after b decimals. A float64 just below a decimal counts as that decimal."""
    scale = 10.0**b
    scaled = a * scale
    slack = np.minimum(0.5, 1e-9 * np.maximum(1.0, np.abs(scaled)))
    return np.trunc(scaled + np.copysign(slack, scaled)) / scale


def float32(a: Any) -> Any:
    """a in single precision."""
    return np.asarray(a, dtype=np.float32)[()]


OF_ARRAYS = (axis_rows, slice_rows, lookup_rows, image_rows)  # what moves numbers about, by subject
FUNCTIONS = (
    *(ratio, erf, softmax, log_softmax, rounded, cut, float32),
    *(function for file in OF_ARRAYS for function in file.FUNCTIONS),
)

# Rows that only typed expressions are made of; no program has them. Ties share the gradient of a maximum.
QUESTIONS = (
    Primitive("or", "a b", "{a} or {b'}", "np.logical_or({a~}, {b~})", level=OR, vjp=("", "")),
    Primitive("and", "a b", "{a} and {b'}", "np.logical_and({a~}, {b~})", level=AND, vjp=("", "")),
    Primitive("not", "a", "not {a}", "np.logical_not({a~})", level=NOT, vjp=("",)),
    Primitive("any", numpy="np.any({a~})", vjp=("",), whole=True),
    Primitive("all", numpy="np.all({a~})", vjp=("",), whole=True),
    Primitive("count", numpy="np.float64(np.count_nonzero({a~}))", vjp=("",), whole=True),
    Primitive("isfinite", numpy="np.isfinite({a~})", vjp=("",)),
    Primitive(
        "amax",
        source="max({a~})",
        numpy="{a!}.max()",
        vjp=("g * indicator(a == ans) / sum(indicator(a == ans))",),
        whole=True,
    ),
    Primitive(
        "amin",
        source="min({a~})",
        numpy="{a!}.min()",
        vjp=("g * indicator(a == ans) / sum(indicator(a == ans))",),
        whole=True,
    ),
    Primitive("shape", source="{a!}.shape", numpy="np.array({a!}.shape, dtype=float)", vjp=("",), whole=True),
    Primitive(
        "column",
        "a b",
        numpy="{a!}[:, [int({b~})]]",
        shown="{a!}[:,{b~}]",
        vjp=("", ""),
        element="a[i, b]",
        part=True,
        alone=True,
    ),
)

# Rows that only mistaken programs are made of. They are steps, so nothing flows through them.
SLIPS = (
    Primitive("rounded", "a b", vjp=("", "")),
    Primitive("cut", "a b", vjp=("", "")),
    Primitive("float32", vjp=("",)),
)

ROWS = (
    # arithmetic
    Primitive("add", "a b", "{a} + {b'}", level=SUM, vjp=("g", "g"), variadic=True),
    Primitive("sub", "a b", "{a} - {b'}", shown="{a} − {b'}", level=SUM, vjp=("g", "-g")),
    Primitive("mul", "a b", "{a} * {b'}", shown="{a}×{b'}", level=PRODUCT, vjp=("g * b", "g * a")),
    Primitive("div", "a b", "{a} / {b'}", shown='{a}/{b"}', level=PRODUCT, vjp=("g / b", "-(g * a) / b ** 2")),
    Primitive("neg", "a", "-{a}", shown="−{a'}", level=SIGN, vjp=("-g",)),
    Primitive(
        "pow",
        "a b",
        "{a'} ** {b\"}",
        shown="{a'}^{b'}",
        level=POWER,
        vjp=("g * (b * a ** (b - 1))", "g * (ans * log(a))"),
    ),
    Primitive("ratio", "a b", shown='{a}/{b"}', level=PRODUCT, vjp=("ratio(g, b)", "-ratio(g * a, b ** 2)")),
    # matrices
    Primitive(
        "matmul",
        "a b",
        "{a} @ {b'}",
        shown="{a}×{b'}",
        level=PRODUCT,
        vjp=("g @ b.T", "a.T @ g"),
        element="sum(a[i, k] * b[k, j] for k in all)",
    ),
    Primitive("transpose", "a", "{a!}.T", stacked="{a!}.mT", shown="{a!}ᵀ", vjp=("g.T",), element="a[j, i]"),
    # elementwise functions
    Primitive("exp", numpy="np.exp({a~})", derivative="ans"),
    Primitive("log", numpy="np.log({a~})", shown="log {a!}", level=POWER, vjp=("ratio(g, a)",)),
    Primitive(
        "log10", numpy="np.log10({a~})", shown="log₁₀ {a!}", level=POWER, vjp=("ratio(g, a) / 2.302585092994046",)
    ),
    Primitive("log2", numpy="np.log2({a~})", shown="log₂ {a!}", level=POWER, vjp=("ratio(g, a) / 0.6931471805599453",)),
    Primitive("log1p", numpy="np.log1p({a~})", shown="log(1 + {a+})", vjp=("g / (1 + a)",)),
    Primitive("erf", derivative="1.1283791670955126 * exp(-a ** 2)"),
    Primitive("sqrt", numpy="np.sqrt({a~})", shown="√{a!}", level=POWER, derivative="1 / (2 * ans)"),
    Primitive("abs", numpy="np.abs({a~})", shown="|{a~}|", derivative="sign(a)", side="sign(a)"),
    Primitive("floor", numpy="np.floor({a~})", shown="⌊{a~}⌋", vjp=("",), side="floor(a)"),
    Primitive("cos", numpy="np.cos({a~})", derivative="-sin(a)"),
    Primitive("sin", numpy="np.sin({a~})", derivative="cos(a)"),
    Primitive("sign", numpy="np.sign({a~})", shown="sign({a~})", vjp=("",), side="sign(a)"),
    Primitive(
        "max",
        "a b",
        numpy="np.maximum({a~}, {b~})",
        vjp=(
            "g * (indicator(a > b) + 0.5 * indicator(a == b))",
            "g * (indicator(b > a) + 0.5 * indicator(a == b))",
        ),
        side="sign(a - b)",
    ),
    Primitive(
        "min",
        "a b",
        numpy="np.minimum({a~}, {b~})",
        vjp=(
            "g * (indicator(a < b) + 0.5 * indicator(a == b))",
            "g * (indicator(b < a) + 0.5 * indicator(a == b))",
        ),
        side="sign(a - b)",
    ),
    Primitive(
        "where",
        "a b c",
        numpy="np.where({a~}, {b~}, {c~})",
        vjp=("", "where(a, g, 0)", "where(a, 0, g)"),
    ),
    # comparisons, which are 0 or 1 as a number only inside an indicator
    Primitive("gt", "a b", "{a'} > {b'}", level=COMPARISON, vjp=("", ""), side="sign(a - b)"),
    Primitive("ge", "a b", "{a'} >= {b'}", shown="{a'} ≥ {b'}", level=COMPARISON, vjp=("", ""), side="sign(a - b)"),
    Primitive("lt", "a b", "{a'} < {b'}", level=COMPARISON, vjp=("", ""), side="sign(a - b)"),
    Primitive("le", "a b", "{a'} <= {b'}", shown="{a'} ≤ {b'}", level=COMPARISON, vjp=("", ""), side="sign(a - b)"),
    Primitive("eq", "a b", "{a'} == {b'}", shown="{a'} = {b'}", level=COMPARISON, vjp=("", ""), side="sign(a - b)"),
    Primitive("ne", "a b", "{a'} != {b'}", shown="{a'} ≠ {b'}", level=COMPARISON, vjp=("", ""), side="sign(a - b)"),
    Primitive("indicator", numpy="{a!}.astype(float)", shown="[{a~}]", vjp=("",)),
    # reductions; a scalar has shape (), a sum over samples keeps its column
    Primitive("sum", numpy="{a!}.sum()", shown="Σ {a^}", level=POWER, vjp=("g",), element="sum(a[k] for k in all)"),
    Primitive(
        "mean",
        numpy="{a!}.mean()",
        vjp=("g / size(a)",),
        element="sum(a[k] for k in all) / size(a)",
    ),
    Primitive(
        "sum_samples",
        numpy="{a!}.sum(axis=1, keepdims=True)",
        stacked="{a!}.sum(axis=-1, keepdims=True)",
        shown="Σ {a^}",
        level=POWER,
        vjp=("g",),
        element="sum(a[i, k] for k in all)",
    ),
    Primitive(
        "sum_units",
        numpy="{a!}.sum(axis=0, keepdims=True)",
        stacked="{a!}.sum(axis=-2, keepdims=True)",
        shown="Σ {a^}",
        level=POWER,
        vjp=("g",),
        element="sum(a[k, j] for k in all)",
    ),
    Primitive(
        "mean_samples",
        numpy="{a!}.mean(axis=1, keepdims=True)",
        stacked="{a!}.mean(axis=-1, keepdims=True)",
        shown="mean({a~})",
        vjp=("g / samples(a)",),
        element="sum(a[i, k] for k in all) / samples(a)",
    ),
    Primitive(
        "mean_units",
        numpy="{a!}.mean(axis=0, keepdims=True)",
        stacked="{a!}.mean(axis=-2, keepdims=True)",
        shown="mean({a~})",
        vjp=("g / units(a)",),
        element="sum(a[k, j] for k in all) / units(a)",
    ),
    Primitive("only", numpy="{a!}[0, 0]", shown="{a}", vjp=("g",), element="a[0, 0]", alone=True),
    Primitive(
        "norm",
        numpy="np.sqrt(np.square({a~}).sum())",
        shown="‖{a~}‖",
        vjp=("g * ratio(a, ans)",),
        element="sqrt(sum(a[k] ** 2 for k in all))",
        side="sign(norm(a))",
    ),
    # a matrix for each sample: the derivative of an activation that makes the units of a sample depend on each other
    Primitive(
        "diag",
        numpy="np.einsum('is,ij->sij', {a~}, np.eye(len({a~})))",
        vjp=("diagonal(g)",),
        element="where(i == j, a[i, s], 0)",
        alone=True,
    ),
    Primitive("diagonal", numpy="np.einsum('sii->is', {a~})", vjp=("diag(g)",), element="a[j, i, i]", alone=True),
    Primitive(
        "outer",
        "a b",
        numpy="np.einsum('is,js->sij', {a~}, {b~})",
        shown="{a}×{b!}ᵀ",
        level=PRODUCT,
        vjp=("jvp(g, b)", "vjp(g, a)"),
        element="a[i, s] * b[j, s]",
        alone=True,
    ),
    Primitive(
        "jvp",
        "a b",
        numpy="np.einsum('sij,js->is', {a~}, {b~})",
        shown="{a!} {b'}",
        level=PRODUCT,
        vjp=("outer(g, b)", "vjp(a, g)"),
        element="sum(a[j, i, k] * b[k, j] for k in all)",
        alone=True,
    ),
    Primitive(
        "vjp",
        "a b",
        numpy="np.einsum('sij,is->js', {a~}, {b~})",
        shown="{a!}ᵀ {b'}",
        level=PRODUCT,
        vjp=("outer(b, g)", "jvp(a, g)"),
        element="sum(a[j, k, i] * b[k, j] for k in all)",
        alone=True,
    ),
    # shapes
    Primitive("size", numpy="{a!}.size", shown="N", vjp=("",), element="size(a)"),
    Primitive("samples", numpy="{a!}.shape[1]", stacked="{a!}.shape[-1]", shown="N", vjp=("",), element="samples(a)"),
    Primitive("units", numpy="{a!}.shape[0]", stacked="{a!}.shape[-2]", shown="n", vjp=("",), element="units(a)"),
    Primitive("fill", "a b", numpy="np.full_like({b~}, {a~}, dtype=float)", shown="{a}", vjp=("g", "")),
    Primitive("stop", numpy="{a}", shown="stop({a~})", vjp=("",)),
    Primitive("depth", numpy="{a!}.shape[-3]", shown="H", vjp=("",), element="depth(a)"),
    *(row for file in OF_ARRAYS for row in file.ROWS),
    *QUESTIONS,
    *SLIPS,
)

PRIMITIVES: dict[str, Primitive] = {row.name: row for row in ROWS}


def define(row: Primitive) -> Primitive:
    """Add a row. Tables elsewhere, such as that of activations, put their functions into the language with this.

    Raises ValueError if the name is taken.
    """
    if row.name in PRIMITIVES:
        raise ValueError(f"a primitive named {row.name} exists")
    PRIMITIVES[row.name] = row
    return row
