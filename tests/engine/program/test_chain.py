"""Whether a program is a chain of layers is told by its records and formulas; what is not one gets no diagram."""

from typing import Any

import msgspec
import pytest

from backprop_tui.engine.program.chain import Block, Chain, chain_of, name_of
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.formula.language.parse import parse
from tests.engine.networks import article
from tests.engine.options import NETWORKS


def test_the_article_is_a_chain() -> None:
    assert chain_of(Program.of(article())) == Chain(
        "x",
        (
            Block("x", "W1", "z1", "z1", "h1", "relu", bias="b1"),
            Block("h1", "W2", "z2", "z2", "y_hat", "sigmoid", bias="b2"),
        ),
        loss="L",
        target="y",
    )


def test_norms_and_dropout_stand_within_its_layers() -> None:
    chain = chain_of(Program.of(NETWORKS["dropout and norms"]))
    assert chain is not None
    first, _, last = chain.blocks
    assert first == Block("x", "W1", "z1", "scaled1", "h1", "tanh", "drop1", "mask1", bias="b1")
    assert first.values == ("z1", "scaled1", "h1", "drop1")
    assert (last.reads, last.values) == ("drop2", ("z3", "scaled3", "y_hat"))
    assert chain.output == "y_hat"


@pytest.mark.parametrize("name", ["no bias at all", "shared bias", "l1 and l2", "nothing to train", "layer norm"])
def test_so_is_every_network_of_dense_layers(name: str) -> None:
    chain = chain_of(Program.of(NETWORKS[name]))
    assert chain is not None
    assert [block.weights for block in chain.blocks] == ["W1", "W2", "W3"]


class Changed:
    """A program with the formula or the record of one operation changed: what `chain_of` asks for, and no more."""

    def __init__(self, name: str, formula: str = "", **record: Any) -> None:
        program = Program.of(NETWORKS["l2"])
        self.variables: dict[str, Variable] = {**program.variables}
        self.operations: list[Operation] = []
        for operation in program.operations:
            if operation.name == name:
                variable = msgspec.structs.replace(operation.variable, **record)
                self.variables[name] = variable
                tree = parse(formula) if formula else operation.tree
                operation = msgspec.structs.replace(operation, tree=tree, variable=variable)
            self.operations.append(operation)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("z1", "W1 @ y + b1"),  # not from the input
        ("z2", "W2 @ h1 + W2 @ h1"),
        ("z2", "h1 * b2"),  # no matrix of weights
        ("z3", "W3 @ h1 + b3"),  # past a layer
        ("z3", "W3 @ h2 + h1"),  # two paths meet
        ("z3", "W2 @ h2 + b3"),  # weights used twice
        ("h2", "tanh(z2) * z1"),  # a gate
        ("y_hat", "z3 + z2"),
        ("penalty", "0.5 * l2 * sum(h1 ** 2)"),  # of values, not of weights
        ("L", "mean((y - y_hat) ** 2) + sum(h1)"),
    ],
)
def test_what_reads_anything_else_is_no_chain(name: str, formula: str) -> None:
    assert chain_of(Changed(name, formula)) is None


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("h1", {"role": Role.VALUE}),
        ("h1", {"block": 2}),
        ("h1", {"role": Role.NORMALISATION}),
        ("z2", {"role": Role.ACTIVATION, "block": 1}),
        ("L", {"role": Role.VALUE}),
    ],
)
def test_nor_is_what_has_other_roles(name: str, record: dict[str, Any]) -> None:
    assert chain_of(Changed(name, **record)) is None


def test_nothing_but_the_records_tells_what_a_variable_is() -> None:
    program = Program.of(NETWORKS["schedule step"])
    assert name_of(program, Role.LOSS) == "L"
    assert name_of(program, Role.LEARNING_RATE) == "eta"
    assert name_of(program, Role.SETTING, "eta0") == "eta0"
    assert name_of(program, Role.SETTING, "eta") == ""
    assert name_of(program, Role.MASK) == ""
