"""What the lessons about samples say: batches, their statistics, data sets, what is held out."""

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec.structs import replace

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.evaluation import Evaluation
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


def right(found: Evaluation) -> int:
    """How many samples are on the right side."""
    assert found.confusion is not None
    return int(np.trace(found.confusion))


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
}
