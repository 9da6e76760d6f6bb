"""The names of inputs and outputs, and the numbers that they belong to."""

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.basics.address import read_address
from backprop_tui.debugger.basics.labels import names_at, output_names
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario
from tests.debugger.scenarios import training
from tests.engine.networks import Case

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
