"""The table of primitives: one row holds all that is known of one.

A row gives, as text in the expression language, how a primitive is written (`source`), run (`numpy`), shown
(`shown`), differentiated (`vjp`) and taken apart into scalars (`element`). In the three spellings an operand
stands in braces, with a mark that says when it needs brackets:

    {a}   looser than this primitive        {a'}  not tighter than it
    {a"}  looser than a sign                {a+}  looser than a product     {a^}  looser than a power
    {a!}  anything but an atom              {a~}  never

`vjp` has one text per operand, of what a gradient `g` of the result contributes to it; `a`, `b`, … are the operands
and `ans` is the result. An empty text says that nothing flows there. `derivative` takes its place for a primitive of
one operand that works element by element, and makes the local derivative an operation of its own. So does `jacobian`
for one that works sample by sample: a matrix for each, whose element i, j is how result i moves with operand j.

`element` is the scalar at row i, column j, of sample s where there is a matrix for each; other indices are summed over,
one that stands alone (`a[k]`) over all of an array. Without it a primitive works element by element.
`definition` stands in for `numpy` where a primitive is defined by others. `whole` marks what asks something of an array
as a whole, and is not taken apart. `side` is for what has a kink or a jump: it is constant on either side of it, and
another on the other. `part` marks what is a part of an array: with numbers put in, that part is shown.
"""

from typing import Any

import numpy as np
from msgspec import Struct

# How tightly a form binds; FRACTION is that of a symbol with a bar in it, such as ∂L/∂ŷ.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, FRACTION, SIGN, POWER, ATOM = range(10)


class Primitive(Struct, frozen=True):
    """A row of the table; see the head of this file."""

    name: str
    operands: str = "a"
    source: str = ""
    numpy: str = ""
    shown: str = ""
    level: int = ATOM
    vjp: tuple[str, ...] = ()
    derivative: str = ""
    jacobian: str = ""
    element: str = ""
    definition: str = ""
    side: str = ""
    variadic: bool = False
    whole: bool = False
    part: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The operands' names in the row's texts."""
        return tuple(self.operands.split())

    def spelling(self, form: str) -> str:
        """The template of one of the three spellings; a function call unless the row says otherwise."""
        written = self.source or f"{self.name}({', '.join(f'{{{p}~}}' for p in self.parameters)})"
        return {"source": written, "numpy": self.numpy or written, "shown": self.shown or written}[form]


# What the rows run beside NumPy's. Each can stand alone: a listing shows it as it is, to be pasted before its lines.


def ratio(a: Any, b: Any) -> Any:
    """a / b, and 0 where a is 0: what a target of 0 takes out of a loss stays out of its gradient."""
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=np.not_equal(a, 0.0))


def erf(a: Any) -> Any:
    """The error function, element by element: NumPy has none, and Python's is good to the last bit."""
    from math import erf  # noqa: PLC0415 - it is part of what is pasted

    return np.asanyarray(np.frompyfunc(erf, 1, 1)(a), dtype=np.float64)[()]


def softmax(a: Any) -> Any:
    """exp(a)/Σ exp(a), down each column, with the largest of it taken out first so that nothing overflows."""
    powers = np.exp(a - a.max(axis=0))
    return powers / powers.sum(axis=0)


def log_softmax(a: Any) -> Any:
    """a − log Σ exp(a), down each column, with the largest of it taken out first so that nothing overflows."""
    lower = a - a.max(axis=0)
    return lower - np.log(np.exp(lower).sum(axis=0))


def rounded(a: Any, b: Any) -> Any:
    """a with b decimals; a tie goes to the even digit."""
    scale = 10.0**b
    return np.rint(a * scale) / scale


def cut(a: Any, b: Any) -> Any:
    """a without what stands behind its b-th decimal. What float64 has just below a decimal is that decimal."""
    scale = 10.0**b
    scaled = a * scale
    slack = np.minimum(0.5, 1e-9 * np.maximum(1.0, np.abs(scaled)))
    return np.trunc(scaled + np.copysign(slack, scaled)) / scale


def float32(a: Any) -> Any:
    """a in single precision."""
    return np.asarray(a, dtype=np.float32)[()]


FUNCTIONS = (ratio, erf, softmax, log_softmax, rounded, cut, float32)

# Rows that only what people ask is made of; no program has them. A maximum's gradient is shared where there are ties.
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
        "column", "a b", numpy="{a!}[:, [int({b~})]]", shown="{a!}[:,{b~}]", vjp=("", ""), element="a[i, b]", part=True
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
    Primitive("transpose", "a", "{a!}.T", shown="{a!}ᵀ", vjp=("g.T",), element="a[j, i]"),
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
        shown="Σ {a^}",
        level=POWER,
        vjp=("g",),
        element="sum(a[i, k] for k in all)",
    ),
    Primitive(
        "sum_units",
        numpy="{a!}.sum(axis=0, keepdims=True)",
        shown="Σ {a^}",
        level=POWER,
        vjp=("g",),
        element="sum(a[k, j] for k in all)",
    ),
    Primitive(
        "mean_samples",
        numpy="{a!}.mean(axis=1, keepdims=True)",
        shown="mean({a~})",
        vjp=("g / samples(a)",),
        element="sum(a[i, k] for k in all) / samples(a)",
    ),
    Primitive(
        "mean_units",
        numpy="{a!}.mean(axis=0, keepdims=True)",
        shown="mean({a~})",
        vjp=("g / units(a)",),
        element="sum(a[k, j] for k in all) / units(a)",
    ),
    Primitive("only", numpy="{a!}[0, 0]", shown="{a}", vjp=("g",), element="a[0, 0]"),
    Primitive(
        "norm",
        numpy="np.sqrt(np.square({a~}).sum())",
        shown="‖{a~}‖",
        vjp=("g * ratio(a, ans)",),
        element="sqrt(sum(a[k] ** 2 for k in all))",
        side="sign(norm(a))",
    ),
    # a matrix for each sample; an activation that makes a sample's units depend on each other has such a derivative
    Primitive(
        "diag",
        numpy="np.einsum('is,ij->sij', {a~}, np.eye(len({a~})))",
        vjp=("diagonal(g)",),
        element="where(i == j, a[i, s], 0)",
    ),
    Primitive("diagonal", numpy="np.einsum('sii->is', {a~})", vjp=("diag(g)",), element="a[j, i, i]"),
    Primitive(
        "outer",
        "a b",
        numpy="np.einsum('is,js->sij', {a~}, {b~})",
        shown="{a}×{b!}ᵀ",
        level=PRODUCT,
        vjp=("jvp(g, b)", "vjp(g, a)"),
        element="a[i, s] * b[j, s]",
    ),
    Primitive(
        "jvp",
        "a b",
        numpy="np.einsum('sij,js->is', {a~}, {b~})",
        shown="{a!} {b'}",
        level=PRODUCT,
        vjp=("outer(g, b)", "vjp(a, g)"),
        element="sum(a[j, i, k] * b[k, j] for k in all)",
    ),
    Primitive(
        "vjp",
        "a b",
        numpy="np.einsum('sij,is->js', {a~}, {b~})",
        shown="{a!}ᵀ {b'}",
        level=PRODUCT,
        vjp=("outer(b, g)", "jvp(a, g)"),
        element="sum(a[j, k, i] * b[k, j] for k in all)",
    ),
    # shapes
    Primitive("size", numpy="{a!}.size", shown="N", vjp=("",), element="size(a)"),
    Primitive("samples", numpy="{a!}.shape[1]", shown="N", vjp=("",), element="samples(a)"),
    Primitive("units", numpy="{a!}.shape[0]", shown="n", vjp=("",), element="units(a)"),
    Primitive("fill", "a b", numpy="np.full_like({b~}, {a~}, dtype=float)", shown="{a}", vjp=("g", "")),
    *QUESTIONS,
    *SLIPS,
)

PRIMITIVES: dict[str, Primitive] = {row.name: row for row in ROWS}


def define(row: Primitive) -> Primitive:
    """Add a row; how a table of its own (activations) puts its functions into the language.

    Raises ValueError for a name that is taken.
    """
    if row.name in PRIMITIVES:
        raise ValueError(f"a primitive named {row.name} exists")
    PRIMITIVES[row.name] = row
    return row
