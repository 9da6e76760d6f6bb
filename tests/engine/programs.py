"""Random programs: statements over earlier variables, made from the table of primitives rather than from layers.

Every primitive with a rule for its gradient is used, on variables of all shapes that broadcast against each other. What
has a limited domain gets operands inside of it (`DOMAINS`), and what comes near a kink (`KINKS`) is left out, so that
differences can tell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.settings import defaults
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, QUESTIONS, SLIPS
from backprop_tui.formula.language.tree import Call, ExpressionError, Name, Tree, call, number, substitute, walk
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape, shape
from backprop_tui.formula.writing.printer import source
from tests.engine.differences import Values

Random = Callable[[st.SearchStrategy[Any]], Any]

LARGEST = 8.0  # of any intermediate value, so that differences keep their digits
NEAREST = 0.02  # to a kink

# What an operand is made into before a primitive is applied to it: `a` is a variable.
POSITIVE, TRUTH = "a * a + 0.5", "a > 0.1"
DOMAINS = {
    "log": [POSITIVE],
    "log10": [POSITIVE],
    "log2": [POSITIVE],
    "log1p": [POSITIVE],
    "sqrt": [POSITIVE],
    "div": ["a", POSITIVE],
    "ratio": ["a", POSITIVE],
    "pow": [POSITIVE, "a"],
    "where": [TRUTH, "a", "a"],
    "indicator": [TRUTH],
    "norm": ["a + 2"],
    "only": ["sum_units(sum_samples(a))"],
    "diagonal": ["outer(a, a)"],
    "jvp": ["outer(a, a)", "a"],
    "vjp": ["outer(a, a)", "a"],
    # an activation's settings are numbers, which nothing flows to
    **{row.primitive: ["a", *map(str, defaults(row.settings).values())] for row in ACTIVATIONS.values()},
}
# The difference whose zero is a kink or a jump, of primitives with operands a and b.
KINKS = {
    **dict.fromkeys(("max", "min", "gt", "ge", "lt", "le", "eq", "ne"), "a - b"),
    **dict.fromkeys(("abs", "sign", "floor", "relu", "leaky_relu", "selu"), "a"),
    "hard_sigmoid": "abs(a) - 3",
}
ASKED = {row.name for row in (*QUESTIONS, *SLIPS)}  # which no program has, or nothing flows through
UNDIFFERENTIATED = {"gt", "ge", "lt", "le", "eq", "ne", "reduce"} | ASKED  # give truth values, or nothing that runs
FITTED = {name for name, row in PRIMITIVES.items() if row.example and not row.part}  # which have operands of their own
ASKED |= {name for name, row in PRIMITIVES.items() if row.example and row.part}
USABLE = sorted(PRIMITIVES.keys() - UNDIFFERENTIATED - ASKED - FITTED - {"depth", "stop"})


@dataclass(frozen=True, repr=False)
class RandomProgram:
    """Statements of which the last gives the scalar L, and the values of all variables."""

    statements: list[Statement]
    leaves: tuple[str, ...]
    values: Values

    def __repr__(self) -> str:
        start = {name: np.shape(v) for name, v in self.values.items() if name[0] in "uc"}
        lines = [f"{s.name} = {source(s.tree)}" for s in self.statements]
        return "\n".join([str(start), f"wrt {self.leaves}", *lines])


@st.composite
def programs(draw: st.DrawFn, most: int = 7) -> RandomProgram:
    """A program over leaves `u0`, `u1`, … and constants `c0`, …, of rows × columns and all that broadcasts to it."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    shapes = [(rows, columns), (rows, 1), (1, columns), (1, 1), (), (columns, rows)]
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    values: Values = {}
    for name in ("u0", "u1", "u2", "c0"):
        values[name] = np.asarray(random.uniform(-1.5, 1.5, size=draw(st.sampled_from(shapes))))
    leaves = tuple(draw(st.lists(st.sampled_from(["u0", "u1", "u2"]), min_size=1, unique=True)))
    statements: list[Statement] = []
    for place in range(draw(st.integers(1, most))):
        tree = _tree(draw, values, depth=2)
        value = _value(tree, values)
        if value is not None:
            values[f"v{place}"] = value
            statements.append(Statement(f"v{place}", tree))
    last = _last(draw, values)
    with np.errstate(all="ignore"):
        values["L"] = compiled(last)(values)
    return RandomProgram([*statements, Statement("L", last)], leaves, values)


def _tree(draw: Random, values: Values, depth: int) -> Tree:
    """A primitive on variables, and within `depth` on what is made in the same way."""
    row = PRIMITIVES[draw(st.sampled_from(USABLE))]
    operands = []
    for _ in range(draw(st.integers(2, 4)) if row.variadic else len(row.parameters)):
        deeper = depth > 1 and draw(st.integers(0, 3)) == 0
        operands.append(_tree(draw, values, depth - 1) if deeper else draw(_variables(values)))
    return applied(row.name, *operands)


def applied(function: str, *operands: Tree) -> Tree:
    """A primitive on what its operands are made into so that they are in its domain."""
    domains = DOMAINS.get(function) or ["a"] * len(operands)
    return call(function, *(substitute(parse(d), {"a": o}) for d, o in zip(domains, operands, strict=True)))


def _variables(values: Values) -> st.SearchStrategy[Tree]:
    """A variable, the newest most likely, or now and then a number."""
    newest = [Name(name) for name in reversed(values)]
    return st.sampled_from([*newest, *newest[:2], number(0.75), number(-2)])


def _value(tree: Tree, values: Values) -> Any | None:
    """What a statement gives; None where shapes do not fit, numbers grow, or a kink is near."""
    own = {name: np.shape(v) for name, v in values.items()}
    try:
        shape(tree, own)
    except ExpressionError:
        return None
    for node in walk(tree):
        if not isinstance(node, Call):
            continue
        value = np.asarray(_run(node, values), dtype=float)
        if not np.isfinite(value).all() or np.abs(value).max() > LARGEST or _near_kink(node, values):
            return None
    return _run(tree, values)


def _near_kink(node: Call, values: Values) -> bool:
    kink = KINKS.get(node.function)
    if kink is None:
        return False
    difference = substitute(parse(kink), dict(zip("ab", node.operands, strict=False)))
    return bool(np.abs(_run(difference, values)).min() < NEAREST)


def _run(tree: Tree, values: Values) -> Any:
    with np.errstate(all="ignore"):
        return compiled(tree)(values)


REDUCTIONS = ("norm({0} - 3)", "mean({0})", "sum({0})", "sum({0} * {0}) / samples({0})", "0.5 * sum({0}) / size({0})")


def _last(draw: Random, values: Values) -> Tree:
    """The scalar at the end: the newest variable reduced, and some others."""
    newest = list(values)[-1]
    others = draw(st.lists(st.sampled_from([*values]), max_size=3))
    terms = []
    for name in (newest, *others):
        own: Shape = np.shape(values[name])
        texts = [name, f"{name} * {name}"] if own == () else REDUCTIONS[: None if len(own) == 2 else 2]
        terms.append(parse(draw(st.sampled_from(texts)).format(name)))
    return call("add", *terms) if len(terms) > 1 else terms[0]
