"""The product that is said to be a gradient is computed again as written, and is that gradient."""

import numpy as np
import pytest

from backprop_tui.engine.program.chain import chain_of
from backprop_tui.engine.program.chain_rule import links, product
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.algebra import put_in
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.values.element import evaluate
from tests.engine.mistakes.slips import NETWORKS as LOSSES
from tests.engine.networks import article
from tests.engine.options import NETWORKS

ALL = {**NETWORKS, **LOSSES}


def test_the_way_of_the_article() -> None:
    found = [(link.name, link.weights or link.kind) for link in links(Program.of(article()))]
    assert found == [
        ("x", Role.VALUE),
        ("z1", "W1"),
        ("h1", Role.ACTIVATION),
        ("z2", "W2"),
        ("y_hat", Role.ACTIVATION),
        ("L", Role.LOSS),
    ]


@pytest.mark.parametrize(
    ("at", "of", "factors"),
    [
        ("z1", "dL_dW1", ("dL_dy_hat", "delta2", "dL_dh1", "delta1", "dL_dW1")),  # before the way back, the longest
        ("dy_hat_dz2", "dL_dW2", ("dL_dy_hat", "delta2", "dL_dW2")),
        ("dL_db2", "dL_db2", ("dL_dy_hat", "delta2", "dL_db2")),
        ("dL_dh1", "dL_dW1", ("dL_dy_hat", "delta2", "dL_dh1", "delta1", "dL_dW1")),
        ("W2", "dL_dW2", ("dL_dy_hat", "delta2", "dL_dW2")),
        ("b1", "dL_db1", ("dL_dy_hat", "delta2", "dL_dh1", "delta1", "dL_db1")),
    ],
)
def test_the_products_of_the_article(at: str, of: str, factors: tuple[str, ...]) -> None:
    program = Program.of(article())
    found = product(program, program.by_name[at].index)
    assert found is not None
    assert (found.of, tuple(operation.name for operation in found.operations)) == (of, factors)


def test_a_factor_enters_with_the_operation_that_multiplies_with_it() -> None:
    program = Program.of(article())
    found = product(program, program.by_name["dL_dW1"].index)
    assert found is not None
    entered = [found.enters(name).name for name in ("dL_dy_hat", "dy_hat_dz2", "W2", "dh1_dz1", "x")]
    assert entered == ["dL_dy_hat", "delta2", "dL_dh1", "delta1", "dL_dW1"]


@pytest.mark.parametrize("name", ALL)
def test_the_product_is_what_is_computed(name: str) -> None:
    program = Program.of(ALL[name])
    frame = program.fill(program.first())
    products = {product(program, index) for index in range(-1, len(program.operations))} - {None}
    leaves = {*program.parameters, "x"}
    assert bool(products) == (chain_of(program) is not None and not leaves.isdisjoint(program.gradients))
    for found in products:
        assert found is not None
        tree = found.operations[0].tree
        for before, operation in zip(found.operations, found.operations[1:], strict=False):
            tree = put_in(operation.tree, {before.name: tree})
            assert before.variable.role is Role.GRADIENT
        with np.errstate(all="ignore"):
            value = evaluate(tree, {name: frame[name] for name in names(tree)})
        gradient = frame[program.by_name[found.of].key]
        np.testing.assert_allclose(np.broadcast_to(value, gradient.shape), gradient, rtol=1e-6, atol=1e-9)
