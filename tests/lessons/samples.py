"""What the lessons about samples say: batches, their statistics, data sets, what is held out."""

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec.structs import replace

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.evaluation import Evaluation
from tests.lessons.saying import Says, instead, other, value


def of_all(position: str, gradient: str) -> Callable[[Debugger], Any]:
    """A gradient of all samples together, with the parameters at a position."""

    def found(debugger: Debugger) -> Any:
        debugger.seek(position)
        network = debugger.scenario.network
        (layer,) = network.layers
        now = replace(layer, weights=debugger["W1"], bias=debugger["b1"])
        whole = replace(network, layers=(now,), batch_size=None)
        return other(f"1:{gradient}", gradient, 0, 0)(Debugger(replace(debugger.scenario, network=whole)))

    return found


def without_norm(position: str, name: str, *at: int) -> Callable[[Debugger], Any]:
    """A scalar in the same run without the norms."""

    def found(debugger: Debugger) -> Any:
        layers = tuple(replace(layer, norm=None) for layer in debugger.scenario.network.layers)
        return instead(position, name, *at, layers=layers)(debugger)

    return found


def straight(debugger: Debugger) -> float:
    """The last loss of the network without its hidden layers, which has one minimum wherever it starts."""
    last = replace(debugger.scenario.network.layers[-1], weights=np.zeros((1, 2)))
    found: float = instead(f"{debugger.scenario.iterations}:L", "L", layers=(last,))(debugger)
    return found


def percent(found: Evaluation) -> float:
    """How many of a hundred samples are on the right side."""
    assert found.accuracy is not None
    return 100 * found.accuracy


def taken(found: Evaluation, true: int, predicted: int) -> int:
    """How many samples of a class are taken for those of another."""
    assert found.confusion is not None
    return int(found.confusion[true, predicted])


def right(found: Evaluation) -> int:
    """How many samples are on the right side."""
    assert found.confusion is not None
    return int(np.trace(found.confusion))


def sums_to_1(debugger: Debugger) -> bool:
    """Whether the outputs of every sample do at the end."""
    debugger.seek("200:y_hat")
    return bool(np.allclose(debugger["y_hat"].sum(axis=0), 1, rtol=1e-15))


def adds_up_to_0(matrices: np.ndarray) -> bool:
    """Whether every row and every column of each matrix does."""
    return all(bool((np.abs(matrices.sum(axis=axis)) < 1e-15).all()) for axis in (1, 2))


SAMPLES: dict[str, tuple[Says, ...]] = {
    "minibatch": (
        Says("1:z1", "4 of the ten", lambda d: d["x"].shape[1] == 4 and d.program.feed.total == 10),
        Says("1:z1", "three iterations", lambda d: d.program.feed.per_epoch == 3),
        Says("1:z1", "of 4, 4 and the 2", lambda d: len(d.program.feed.places(3))),
        Says("1:z1", "an order of its own", lambda d: [*d.program.feed.places(1)] != [*d.program.feed.places(4)]),
        Says("1:dL_dW1", "−2.215", value("dL_dW1", 0, 0)),
        Says("1:dL_dW1", "−2.726", instead("1:dL_dW1", "dL_dW1", 0, 0, batch_size=None)),
        Says("1:dL_dW1", "the largest part is −1.68", lambda d: min(share.item() for share in d.per_sample("dL_dW1"))),
        Says("1:dL_dW1", "of the first one", lambda d: np.argmin([*d.per_sample("dL_dW1")]) == 0),
        Says("3:L", "0.345", other("2:L", "L")),
        Says("3:L", "is 1.387", value("L")),
        Says("3:L", "two samples", lambda d: d["x"].shape[1] == 2),
        Says("4:dL_dW1", "before it all ten together wanted a larger weight, −0.9036", of_all("3:z1", "dL_dW1")),
        Says("4:dL_dW1", "now a smaller one, 0.6346", of_all("4:z1", "dL_dW1")),
        Says("4:dL_dW1", "This batch says 0.8555", value("dL_dW1", 0, 0)),
        Says("60:b1", "the weight is 1.975", value("W1", 0, 0)),
        Says("60:b1", "the bias −1.019", value("b1", 0, 0)),
        Says("60:b1", "Twenty epochs", lambda d: d["epoch"] == 20),
        Says("60:b1", "come to 1.618", instead("20:b1", "W1", 0, 0, batch_size=None)),
        Says("60:b1", "1.618 and −0.585", instead("20:b1", "b1", 0, 0, batch_size=None)),
    ),
    "batch-norm": (
        Says("1:z1", "between −56.48", lambda d: d["z1"][0].min().item()),
        Says("1:z1", "−56.48 and −38.5", lambda d: d["z1"][0].max().item()),
        Says("1:z1", "The tanh of all of them is −1", lambda d: np.tanh(d["z1"][0]).max().item()),
        Says("1:z1", "nothing would flow back", lambda d: without_norm("1:dL_dW1", "dL_dW1", 0, 1)(d) == 0),
        Says("1:z1", "L would be 0.6931", without_norm("100:L", "L")),
        Says("1:z_hat1", "the mean is 0", lambda d: np.abs(d["z_hat1"].mean(axis=1)).max() < 1e-12),
        Says("1:z_hat1", "0.9999997", lambda d: d["z_hat1"][0].var()),
        Says("1:z_hat1", "between −1.69", lambda d: d["z_hat1"][0].min()),
        Says("1:z_hat1", "−1.69 and 1.35", lambda d: d["z_hat1"][0].max()),
        Says("1:delta1", "every row of δ₁ adds up to 0", lambda d: np.abs(d["delta1"].sum(axis=1)).max() < 1e-15),
        Says("1:delta1", "that sum, is 0", lambda d: abs(other("1:dL_db1", "dL_db1", 0, 0)(d)) < 1e-15),
        Says("1:running_mu1", "−46.49", value("mu1", 0, 0)),
        Says("1:running_mu1", "−4.649", value("running_mu1", 0, 0)),
        Says("1:running_mu1", "A tenth", lambda d: abs(d["momentum1"] - 0.1) < 1e-15),
        Says("100:L", "L is 0.182", value("L")),
        Says("100:L", "An evaluation gives 0.195", lambda d: d.evaluate().loss),
        Says("100:L", "behind", lambda d: abs(d["running_mu1"] - other("95:mu1", "mu1", 0, 0)(d)).min() < 0.2),
    ),
    "spirals": (
        Says("1:L", "0.6919 is", value("L")),
        Says("1:L", "log 2 = 0.6931", lambda _: np.log(2)),
        Says("1:L", "still be at 0.6654", straight),
        Says("200:L", "L is 0.0692", value("L")),
        Says("200:L", "126", lambda d: right(d.evaluate())),
        Says("200:L", "126 of the 128", lambda d: d.evaluate().y_hat.size),
        Says("200:L", "Of the 32 that are held out 28", lambda d: right(d.evaluate_held_out())),
        Says("400:y_hat", "all 128 are right", lambda d: right(d.evaluate()) == 128),
        Says("400:y_hat", "held out 31", lambda d: right(d.evaluate_held_out())),
        Says("400:W1", "15.51", lambda d: np.linalg.norm(d["W1"])),
        Says("400:W1", "from 1.79", lambda d: np.linalg.norm(d.program.parameters["W1"])),
    ),
    "softmax-iris": (
        Says("1:y_hat", "All weights are 0", lambda d: not d["W1"].any()),
        Says("1:y_hat", "0.3333 for each species", lambda d: d["y_hat"].max()),
        Says("1:y_hat", "the same three numbers", lambda d: np.ptp(d["y_hat"]) < 1e-15),
        Says("1:y_hat", "add up to 1 whatever z is", sums_to_1),
        Says("1:L", "log 3 = 1.0986", value("L")),
        Says("1:dy_hat_dz1", "its own output 0.2222", value("dy_hat_dz1", 0, 0, 0)),
        Says("1:dy_hat_dz1", "others 0.1111", lambda d: -d["dy_hat_dz1"][0, 0, 1]),
        Says("1:dy_hat_dz1", "Every row and every column", lambda d: adds_up_to_0(d["dy_hat_dz1"])),
        Says("1:delta1", "−0.025", lambda d: d["dL_dy_hat"][d["y"] == 1].mean()),
        Says("1:delta1", "of the true species alone", lambda d: not d["dL_dy_hat"][d["y"] == 0].any()),
        Says("1:delta1", "(ŷ − y)/120", lambda d: np.allclose(d["delta1"], (d["y_hat"] - d["y"]) / 120, atol=1e-15)),
        Says("1:delta1", "−0.0056", lambda d: d["delta1"][d["y"] == 1].mean()),
        Says("1:delta1", "0.0028", lambda d: d["delta1"][d["y"] == 0].mean()),
        Says("200:b1", "118", lambda d: right(d.evaluate())),
        Says("200:b1", "118 of the 120", lambda d: d.program.feed.total),
        Says("200:b1", "of the 30 that are held out 29", lambda d: right(d.evaluate_held_out())),
        Says("200:b1", "one versicolor is taken for virginica", lambda d: taken(d.evaluate_held_out(), 1, 2) == 1),
        Says("200:b1", "−2.46", value("W1", 0, 2)),
        Says("200:b1", "−0.12", value("W1", 1, 2)),
        Says("200:b1", "2.83", value("W1", 2, 2)),
    ),
    "digits": (
        Says("1:z1", "64 pixels", lambda d: d["x"].shape[0]),
        Says("1:z1", "from 0 to 1", lambda d: d["x"].min() == 0 and d["x"].max() == 1),
        Says("1:z1", "An iteration has 64", lambda d: d["x"].shape[1]),
        Says("1:z1", "1,348", lambda d: d.program.feed.total),
        Says("1:z1", "an epoch has 22", lambda d: d.program.feed.per_epoch),
        Says("1:z1", "gets the 4", lambda d: len(d.program.feed.places(22))),
        Says("1:L", "L is 2.522", value("L")),
        Says("1:L", "log 10 = 2.303", lambda _: np.log(10)),
        Says("22:b1", "of the 449", lambda d: d.evaluate_held_out().y_hat.shape[1]),
        Says("22:b1", "368", lambda d: right(d.evaluate_held_out())),
        Says("22:b1", "82.0", lambda d: percent(d.evaluate_held_out())),
        Says("264:b1", "Twelve epochs", lambda d: d["epoch"] == 12),
        Says("264:b1", "426", lambda d: right(d.evaluate_held_out())),
        Says("264:b1", "94.9", lambda d: percent(d.evaluate_held_out())),
        Says("264:b1", "98.1", lambda d: percent(d.evaluate())),
        Says("264:b1", "0.0742", lambda d: d.evaluate().loss),
        Says("264:b1", "0.1671", lambda d: d.evaluate_held_out().loss),
    ),
}
