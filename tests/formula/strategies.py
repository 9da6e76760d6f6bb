"""Trees made from the table of primitives: a new row is in them without being named here."""

from collections.abc import Container
from functools import partial

from hypothesis import strategies as st

from backprop_tui.engine.tables import activations  # noqa: F401 - their rows are primitives too
from backprop_tui.formula.language.primitives import PRIMITIVES, Primitive
from backprop_tui.formula.language.tree import Index, Name, Number, Sum, Tree, call, number

NAMES = ("x", "y", "W1", "b1", "y_hat", "dL_dW2", "eta", "T", "sum")

names = st.sampled_from(NAMES).map(Name)
numbers = st.one_of(st.integers(-3, 100), st.floats(allow_nan=False, allow_infinity=False)).map(number)
counts = st.integers(0, 20).map(float).map(Number)
elements = st.builds(Index, names, st.lists(counts, min_size=1, max_size=2).map(tuple))
indices = st.lists(st.sampled_from("ijkl"), min_size=1, max_size=2, unique=True).map(tuple)


def calls(operands: st.SearchStrategy[Tree], without: Container[str] = ()) -> st.SearchStrategy[Tree]:
    """A primitive of the table over these operands; an addition has any number of terms."""
    return st.one_of([_of(row, operands) for name, row in PRIMITIVES.items() if name not in without])


def _of(row: Primitive, operands: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    count = len(row.parameters)
    return st.lists(operands, min_size=count, max_size=4 if row.variadic else count).map(partial(_applied, row.name))


def _applied(function: str, operands: list[Tree]) -> Tree:
    return call(function, *operands)


def _composed(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return calls(inner) | st.builds(Sum, inner, indices) | st.builds(Index, inner, st.tuples(inner))


trees: st.SearchStrategy[Tree] = st.recursive(names | numbers | elements, _composed, max_leaves=12)
