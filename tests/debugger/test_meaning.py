"""Every operation of every network has its sentence."""

import re
from pathlib import Path

import pytest

from backprop_tui.debugger.meaning import ROWS, meaning, root_of
from backprop_tui.engine.network import Network
from backprop_tui.engine.program import Operation, Program
from backprop_tui.scenario import load
from tests.debugger.scenarios import article
from tests.engine.networks import CASES, Case

DEEP = Case(("relu",) * 11 + ("identity",), "half-squared-error", units=(2,) * 12)
NETWORKS = {str(case): case.network() for case in (*CASES.values(), DEEP)}

ARTICLE = {
    "z1": "each unit of layer 1 adds up its weighted inputs and its bias",
    "h1": "what is positive passes, the rest is switched off",
    "y_hat": "squeezed between 0 and 1",
    "delta2": "the error signal of layer 2: how L moves with its pre-activations",
    "dL_dh1": "the error signal goes back through the weights to the units of layer 1",
    "dh1_dz1": "the gate: 1 where the unit was on, 0 where it was off",
    "W2": "a small step against the gradient, so that L goes down",
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_every_operation_has_a_sentence(network: Network) -> None:
    for operation in Program(network).operations:
        sentence = meaning(operation)
        assert len(sentence.split()) >= 4, operation.name
        assert not set(sentence) & set("{}\n"), operation.name
        layers = re.findall(r"layer (\d+)", sentence)
        assert all(re.fullmatch(rf"\w*?{layer}(_dz{layer})?", operation.name) for layer in layers), operation.name


def test_the_article() -> None:
    sentences = {operation.name: meaning(operation) for operation in Program(article().network).operations}
    assert len(sentences) == 19
    assert ARTICLE.items() <= sentences.items()


def test_every_row_is_reached() -> None:
    files = (Path(__file__).parents[1] / "data" / "valid").glob("*.toml")
    networks = [*NETWORKS.values(), *(load(file).network for file in files)]
    operations = [operation for network in networks for operation in Program(network).operations]
    said = {(pattern, function) for operation in operations for pattern, function in reached(operation)}
    assert {(pattern, function) for pattern, function, _ in ROWS} == said


def reached(operation: Operation) -> list[tuple[str, str | None]]:
    """The rows that fit an operation."""
    root = root_of(operation) or ""
    return [(p, f) for p, f, _ in ROWS if re.fullmatch(p, operation.name) and (f is None or root in f.split("|"))]
