"""The names of inputs and outputs, and the numbers that they belong to."""

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.basics.address import Address, read_address
from backprop_tui.debugger.basics.labels import names_at, output_names, place_names
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario, load
from tests.debugger.scenarios import training
from tests.engine.networks import Case
from tests.lessons.models import MODELS

FEATURES, CLASSES = ("length", "width", "height"), ("setosa", "virginica")


def named(network: Network, classes: tuple[str, ...] = CLASSES) -> Scenario:
    return msgspec.structs.replace(training(network), features=FEATURES, classes=classes)


CASE = Case(("tanh", "softmax"), "categorical-cross-entropy", batch=3, units=(4, 2), norms=(None, "layer"))
DEEP = named(msgspec.structs.replace(CASE.network(), input_gradient=True, optimizer="adam"))
SHALLOW = named(Case(("softmax",), "categorical-cross-entropy", batch=3, units=(2,)).network())
ONE_BIAS = Case(("sigmoid",), "binary-cross-entropy", batch=3, units=(2,)).network()
ONE_BIAS = msgspec.structs.replace(
    ONE_BIAS, layers=(msgspec.structs.replace(ONE_BIAS.layers[0], bias=np.array([[0.3]])),)
)
SHARED = named(ONE_BIAS)  # a bias that all outputs share is that of none of them


@pytest.mark.parametrize(
    ("scenario", "address", "names"),
    [
        (DEEP, "x[1,2]", ("width",)),
        (DEEP, "dL_dx[2,0]", ("height",)),
        (DEEP, "W1[3,1]", ("width",)),
        (DEEP, "dL_dW1[3,1]", ("width",)),
        (DEEP, "m_W1[3,1]", ("width",)),
        (DEEP, "m_hat_W1[3,1]", ("width",)),
        (DEEP, "b1[1]", ()),
        (DEEP, "z1[1,2]", ()),
        (DEEP, "dh1_dz1[1,2]", ()),
        (DEEP, "delta1[1,2]", ()),
        (DEEP, "W2[1,3]", ("virginica",)),
        (DEEP, "v_b2[1]", ("virginica",)),
        (DEEP, "dL_dscale2[1]", ("virginica",)),
        (DEEP, "z2[0,2]", ("setosa",)),
        (DEEP, "z_hat2[0,2]", ("setosa",)),
        (DEEP, "mu2[0,2]", ()),
        (DEEP, "y[1,2]", ("virginica",)),
        (DEEP, "y_hat[1,2]", ("virginica",)),
        (DEEP, "dL_dy_hat[1,2]", ("virginica",)),
        (DEEP, "dy_hat_dscaled2[2,0,1]", ("setosa", "virginica")),
        (DEEP, "L", ()),
        (DEEP, "eta", ()),
        (DEEP, "dy_hat_dscaled2[0,1,1]", ("virginica", "virginica")),
        (SHARED, "b1[0]", ()),
        (SHARED, "z1[1,0]", ("virginica",)),
        (SHALLOW, "W1[1,0]", ("length", "virginica")),
        (SHALLOW, "delta1[1,0]", ("virginica",)),
    ],
)
def test_whose_number_it_is(scenario: Scenario, address: str, names: tuple[str, ...]) -> None:
    program = Program.of(scenario.network)
    assert names_at(scenario, read_address(address, program.symbols), program) == names


@pytest.mark.parametrize(
    ("units", "classes", "names"),
    [
        (2, CLASSES, CLASSES),
        (1, CLASSES, ("virginica",)),
        (1, ("virginica",), ("virginica",)),
        (3, CLASSES, ()),
        (2, (), ()),
        (1, (), ()),
    ],
)
def test_what_an_output_is_called(units: int, classes: tuple[str, ...], names: tuple[str, ...]) -> None:
    network = Case(("sigmoid",), "binary-cross-entropy", units=(units,)).network()
    assert output_names(named(network, classes)) == names


def test_without_names_there_are_none() -> None:
    scenario = training(CASE.network())
    program = Program.of(scenario.network)
    for name, shape in program.shapes.items():
        at = ",".join("0" * len(shape))
        assert names_at(scenario, read_address(f"{name}[{at}]" if at else name, program.symbols), program) == ()


NAMES = ["the", "cat", "sat", "on", "a", "mat"]


@pytest.mark.parametrize(
    ("lesson", "address", "names"),
    [
        ("multi-head-attention", "a[1,0,2,1]", ("sample 2, head 1, token 2", "token 1")),
        ("multi-head-attention", "dL_dWq[0,3]", ("feature 0, query 3",)),
        ("attention", "q[1,2]", ("query 1, token 2",)),
        ("convolution", "z[1,0,3,2]", ("sample 2, kernel 1, row 3, column 2",)),
        ("gpt-block", "a1[1,4]", ('position "on"', 'position "cat"')),
        ("gpt-block", "wte[0,2]", ('feature 0, token id "sat"',)),
        ("gpt-block", "logits[2,0]", ('token id "sat", position "the"',)),
        ("micrograd", "a", ()),
    ],
)
def test_where_a_number_of_a_model_lies(lesson: str, address: str, names: tuple[str, ...]) -> None:
    classes = [f"model.inputs.tokens.classes={NAMES}"] if lesson == "gpt-block" else []
    debugger = Debugger(load(lesson, classes))
    debugger.seek(debugger.timeline.length)
    assert place_names(debugger.moment(), read_address(address, debugger.program.symbols)) == names


@pytest.mark.parametrize("lesson", MODELS)
def test_every_number_of_every_model_has_a_place(lesson: str) -> None:
    debugger = Debugger(load(lesson))
    debugger.seek(debugger.timeline.length)
    moment, program = debugger.moment(), debugger.program
    for name, labels in program.labels.items():
        shape = program.shapes[name]
        last = place_names(moment, Address(name, tuple(extent - 1 for extent in shape)))
        said = {label for label, extent in zip(labels, shape, strict=True) if label and extent > 1}
        assert all(any(label in text for text in last) for label in said) or len(shape) < 2
