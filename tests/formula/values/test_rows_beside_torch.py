"""Every row of the primitives beside PyTorch, in float64: its value, and what flows back to each of its operands."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from backprop_tui.engine.statements.derive import Derivation
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitive import Primitive
from backprop_tui.formula.language.primitives import PRIMITIVES, QUESTIONS, SLIPS
from backprop_tui.formula.language.tree import Call, ExpressionError, Name, Tree, number
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape, shape
from tests.engine.differences import execute
from tests.engine.programs import applied
from tests.formula.torch_counterparts import COUNTERPARTS, value_of

torch: Any = pytest.importorskip(
    "torch", reason="PyTorch is not installed, so nothing is compared with it: ./dev reference"
)
pytestmark = pytest.mark.reference

TOLERANCE = 1e-12
NOT_DERIVED = {row.name for row in (*QUESTIONS, *SLIPS)} - {"amax", "amin"}  # no program has them
NOT_DERIVED |= {name for name, row in PRIMITIVES.items() if row.part} | {"reduce"}
SHAPES: tuple[Shape, ...] = ((2, 3), (), (2, 1), (1, 3), (3, 2), (1, 1), (4, 2, 3), (4, 3, 2))
MOST = 16  # combinations of shapes for a row without operands of its own
SETTINGS = {"leaky_relu": 0.2, "column": 0.0, "rounded": 2.0, "cut": 2.0}  # its last operand, a number
TRUE = {"or", "and", "not", "any", "all"}  # of truth values
CLASSES = {  # the operand that has numbers of classes, and how many classes there are
    **dict.fromkeys(("lookup", "put"), (1, 4)),
    **dict.fromkeys(("lookup_rows", "put_rows", "lookup_each", "put_each"), (1, 4)),
    **dict.fromkeys(("hot", "hot_rows"), (0, 4)),
}

Values = dict[str, Any]


def operands(name: str) -> list[tuple[Tree, Values]]:
    """Calls of a row with the operands that it takes: those of its own, or of all shapes that fit together."""
    row = PRIMITIVES[name]
    if row.example:
        wanted = [row.example, *stacked(row)]
    else:
        count = 3 if row.variadic else len(row.parameters)
        ways = product(SHAPES, repeat=count - (name in SETTINGS))
        wanted = [(*way, *([SETTINGS[name]] if name in SETTINGS else [])) for way in ways]
    found = []
    for way in wanted:
        values = {f"u{k}": drawn(name, k, one) for k, one in enumerate(way) if isinstance(one, tuple)}
        names = [Name(f"u{k}") if isinstance(one, tuple) else number(one) for k, one in enumerate(way)]
        tree = Call(name, tuple(names)) if row.example or name in NOT_DERIVED else applied(name, *names)
        if name in SETTINGS:
            tree = Call(name, tuple(names))
        try:
            shape(tree, {key: value.shape for key, value in values.items()})
        except (ExpressionError, IndexError):
            continue
        found.append((tree, values))
    return found[:MOST]


def stacked(row: Primitive) -> list[tuple[Any, ...]]:
    """A row's own operands, all of them in a stack of two, and the first alone in one."""
    if row.flat or row.alone or row.name.startswith("sum_") or "put" in row.name or "each" in row.name:
        return []
    first, *rest = [(2, *one) if isinstance(one, tuple) else one for one in row.example]
    return [(first, *rest), (first, *row.example[1:])] if isinstance(first, tuple) else []


def drawn(name: str, place: int, own: Shape) -> Any:
    random = np.random.default_rng(place + 11)
    at, classes = CLASSES.get(name, (-1, 0))
    if place == at:
        return random.integers(classes, size=own).astype(float)
    values = np.asarray(random.normal(size=own))
    return values > 0 if name in TRUE else values


def close(found: Any, expected: Any, what: str) -> None:
    expected = np.asarray(expected.detach().numpy() if isinstance(expected, torch.Tensor) else expected)
    scale = max(1.0, np.abs(expected, dtype=np.float64).max(initial=0.0))
    assert np.shape(found) == expected.shape, what
    np.testing.assert_allclose(np.asarray(found, float), expected.astype(float), 0, TOLERANCE * scale, err_msg=what)


def test_every_row_has_a_counterpart() -> None:
    assert COUNTERPARTS.keys() == PRIMITIVES.keys() - {"reduce"}


@pytest.mark.parametrize("name", COUNTERPARTS)
def test_a_row_is_pytorchs(name: str) -> None:
    calls = operands(name)
    assert calls
    for tree, values in calls:
        what = f"{name} of {[value.shape for value in values.values()]}"
        tensors = {key: torch.tensor(value) for key, value in values.items()}
        close(compiled(tree, stacked=any(v.ndim > 2 for v in values.values()))(values), value_of(tree, tensors), what)
        if name not in NOT_DERIVED:
            check_gradients(tree, values, what)


def check_gradients(tree: Tree, values: Values, what: str) -> None:
    """What flows back from a sum of the result's numbers, each with a weight of its own."""
    shapes = {key: value.shape for key, value in values.items()}
    own = shape(tree, shapes)
    weights = np.asarray(np.random.default_rng(5).normal(size=own))
    statements = [Statement("v0", tree), Statement("L", parse("sum(v0 * c0)" if own else "v0 * c0"))]
    shapes |= {"c0": own, "v0": own, "L": ()}
    leaves = [key for key in values if not np.all(values[key] == np.rint(values[key]))]  # classes do not move
    found = execute(Derivation(statements, "L", leaves, shapes).run(), execute(statements, values | {"c0": weights}))
    tensors = {key: torch.tensor(value, requires_grad=key in leaves) for key, value in values.items()}
    result = torch.as_tensor(value_of(tree, tensors), dtype=torch.float64)
    total = (result * torch.tensor(weights)).sum()
    if total.requires_grad:
        total.backward()
    for key in leaves:
        gradient = tensors[key].grad
        close(found[f"dL_d{key}"], np.zeros(shapes[key]) if gradient is None else gradient, f"{what}, ∂L/∂{key}")
