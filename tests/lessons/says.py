"""What the lessons' notes say, to be recomputed: the words, and what gives their last number or makes them true.

A row stands for words of the note at a position. A function gets the debugger there. Where it returns a number, the
last number of the words has to agree with it at the precision printed; where it returns a truth, that has to hold.
"""

import numpy as np

from backprop_tui.debugger.audit.audit import check
from backprop_tui.debugger.basics.printed_values import Verdict
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from tests.lessons.models import MODELS
from tests.lessons.samples import SAMPLES
from tests.lessons.saying import Says, elsewhere, instead, moved, other, value


def without_the_second_weight(debugger: Debugger) -> float:
    """What one layer gives with its second weight at 0."""
    W1 = debugger["W1"].copy()
    W1[0, 1] = 0.0
    return float(np.tanh(W1 @ debugger["x"] + debugger["b1"]).item())


def halves(debugger: Debugger) -> list[float]:
    """Half of the inputs, and half of the weights."""
    return [*(debugger["x"].ravel() / 2), *(debugger["W1"].ravel() / 2)]


def at_the_end(debugger: Debugger, *names: str) -> list[float]:
    """The numbers of some variables at the end of the iteration."""
    frame = debugger.moment().frame
    return [number for name in names for number in frame.at_end(name).ravel().tolist()]


SLIPS = ["bias-left-out", "derivative-left-out", "gradient-ascent"]
INNOCENT = {"y_hat", "L", "delta2", "dL_dW2", "dL_dh1"}


def handout(debugger: Debugger, name: str) -> np.ndarray:
    """What the handout prints for a variable."""
    (published,) = (one for one in debugger.scenario.published if one.name == name)
    return np.array([claim.value for claim in published.claims.flat]).reshape(published.claims.shape)


def loss_of_handout(debugger: Debugger) -> float:
    """L with the parameters that the handout ends with."""
    debugger.seek("1:z1")
    h = np.tanh(handout(debugger, "W1") @ debugger["x"] + handout(debugger, "b1"))
    z = handout(debugger, "W2") @ h + handout(debugger, "b2")
    return float(np.log1p(np.exp(-z)).item())


def verdict_counts(debugger: Debugger) -> dict[str, int]:
    """How many of the printed numbers have each verdict."""
    return check(debugger.scenario).counts


def slips(debugger: Debugger) -> list[str]:
    """What the audit says was done, each with certainty."""
    causes = check(debugger.scenario).causes
    assert {cause.level for cause in causes} == {"is"}
    return sorted(cause.name for cause in causes)


def innocent(debugger: Debugger) -> set[str]:
    """What is wrong, and follows from z2 alone."""
    found, of = set[str](), {"z2"}
    for finding in check(debugger.scenario):
        if finding.worst == "carried-over" and of.issuperset(finding.follows_from):
            found.add(finding.published.name)
            of.add(finding.published.name)
    return found


LESSONS: dict[str, tuple[Says, ...]] = {
    "article": (
        Says("1:z1", "−0.15 is the first sum without its bias", lambda d: (d["W1"] @ d["x"])[0, 0].item()),
        Says("1:z1", "gets −0.05", value("z1", 0, 0)),
        Says("1:z1", "1.4", value("z1", 1, 0)),
        Says("1:delta2", "0.2315 − 1 = −0.7685", value("delta2", 0, 0)),
        Says("1:W2", "agrees with what is computed", lambda d: all(v.agrees.all() for v in d.moment().verdicts)),
    ),
    "mazur": (
        Says("1:z1", "0.35 here", value("b1", 0, 0)),
        Says("1:z1", "0.6 in the next layer", value("b2", 0, 0)),
        Says("1:z1", "neither is trained", lambda d: not {"dL_db1", "dL_db2", "b1", "b2"} & d.program.by_name.keys()),
        Says("1:delta2", "The first output is 0.7514", value("y_hat", 0, 0)),
        Says("1:delta2", "the second 0.7729", value("y_hat", 1, 0)),
        Says("1:delta2", "0.01 is wanted", value("y", 0, 0)),
        Says("1:delta2", "where 0.99", value("y", 1, 0)),
        Says("1:delta2", "the second negative", lambda d: d["delta2"][0, 0] > 0 > d["delta2"][1, 0]),
        Says("1:delta2", "3.6", lambda d: -(d["delta2"][0] / d["delta2"][1]).item()),
        Says("1:dL_dh1", "0.0554", lambda d: (d["W2"] * d["delta2"])[0, 0].item()),
        Says("1:dL_dh1", "−0.0190", lambda d: (d["W2"] * d["delta2"])[1, 0].item()),
        Says("1:dL_dh1", "0.0364", value("dL_dh1", 0, 0)),
        Says("1:dL_dh1", "0.4 and 0.5", value("W2", 1, 0)),
        Says("1:dL_dh1", "new w5 by now, 0.35891648", other("1:W2", "W2", 0, 0)),
        Says("1:W1", "Every new weight of the post agrees", lambda d: all(v.holds for v in printed(d, "1:W2", "1:W1"))),
        Says("1:W1", "L becomes 0.291027774", other("2:L", "L")),
        Says("1:W1", "says 0.291027924", lambda d: printed(d, "2:L")[0].published.claims.item().value),
        Says("2:L", "0.291027924", lambda d: half_squared_error(d, *updated_first(d))),
        Says("2:L", "w1 became 0.1498176386", lambda d: updated_first(d)[0][0, 0].item()),
        Says("2:L", "in place of 0.1497807161", other("1:W1", "W1", 0, 0)),
    ),
    "wrong-on-purpose": (
        Says("1:z1", "L is larger than before", lambda d: loss_of_handout(d) > other("1:L", "L")(d)),
        Says("1:z1", "Of its 27 numbers", lambda d: sum(verdict_counts(d).values())),
        Says("1:z1", "only 4 are right", lambda d: verdict_counts(d)["agrees"]),
        Says("1:z1", "only three slips", lambda d: slips(d) == SLIPS),
        Says("1:z1", "z₁ has an alibi: 1.36", value("z1", 0, 0)),
        Says("1:z1", "1.36 and 0.56", value("z1", 1, 0)),
        Says("1:z2", "0.73 here", value("z2", 0, 0)),
        Says("1:z2", "0.23 in the handout", lambda d: handout(d, "z2").item()),
        Says("1:z2", "too little by 0.5", lambda d: (d["z2"] - handout(d, "z2")).item()),
        Says("1:z2", "What is 0.5 in this network? b₂", lambda d: d["b2"].item() == 0.5),
        Says("1:z2", "each of them is right for a z₂ of 0.23", lambda d: innocent(d) == INNOCENT),
        Says("1:delta1", "−0.3985", lambda d: handout(d, "dL_dh1")[0].item()),
        Says("1:delta1", "and 0.4870", lambda d: handout(d, "dL_dh1")[1].item()),
        Says("1:delta1", "the same two numbers", lambda d: bool((handout(d, "delta1") == handout(d, "dL_dh1")).all())),
        Says("1:delta1", "1 − h²: 0.2319", lambda d: 1 - d["h1"][0, 0].item() ** 2),
        Says("1:delta1", "0.7420", lambda d: 1 - d["h1"][1, 0].item() ** 2),
        Says("1:W2", "own gradient, −0.3880", lambda d: handout(d, "dL_dW2")[0, 0].item()),
        Says("1:W2", "−0.3880) = 1.0940", lambda d: 0.9 - 0.5 * handout(d, "dL_dW2")[0, 0].item()),
        Says("1:W2", "prints 0.7060", lambda d: handout(d, "W2")[0, 0].item()),
        Says("1:b1", "takes L from 0.3933", other("1:L", "L")),
        Says("1:b1", "to 0.1907", other("2:L", "L")),
        Says("1:b1", "it is 0.9426", loss_of_handout),
    ),
    "cs231n-neuron": (
        Says("1:z1", "2·(−1)", lambda d: d["x"][0, 0].item()),
        Says("1:z1", "2·(−1) + (−3)·(−2)", lambda d: d["x"][1, 0].item()),
        Says("1:z1", "− 3 = 1", value("z1", 0, 0)),
        Says("1:dy_hat_dz1", "0.7311", value("y_hat", 0, 0)),
        Says("1:dy_hat_dz1", "= 0.1966", value("dy_hat_dz1", 0, 0)),
        Says("1:dy_hat_dz1", "come to the same", lambda d: np.isclose(gates(d), d["dy_hat_dz1"].item(), rtol=1e-12)),
        Says("1:delta1", "from above is 1", value("dL_dy_hat", 0, 0)),
        Says("1:delta1", "local derivative: 0.1966", value("delta1", 0, 0)),
        Says("1:dL_dx", "the weight −3", value("W1", 0, 1)),
        Says("1:dL_dx", "−0.5898", value("dL_dx", 1, 0)),
        Says("1:dL_dx", "1.5 times", lambda d: abs(d["dL_dx"][1] / d["dL_dx"][0]).item()),
        Says("2:y_hat", "η = 0.1", value("eta")),
        Says("2:y_hat", "from 0.7311", other("1:y_hat", "y_hat", 0, 0)),
        Says("2:y_hat", "to 0.7072", value("y_hat", 0, 0)),
    ),
    "tanh-neuron": (
        Says("1:z1", "0.88137", value("z1", 0, 0)),
        Says("1:z1", "log(1 + √2)", lambda d: np.isclose(d["z1"].item(), np.log(1 + np.sqrt(2)), rtol=1e-14)),
        Says("1:z1", "1/√2 = 0.70711", lambda d: np.tanh(d["z1"]).item()),
        Says("1:dy_hat_dz1", "0.5", value("dy_hat_dz1", 0, 0)),
        Says("1:dy_hat_dz1", "half of a weight", lambda d: np.allclose(at_the_end(d, "dL_dW1", "dL_dx"), halves(d))),
        Says("1:dL_dW1", "gradient 0", value("dL_dW1", 0, 1)),
        Says("1:dL_dW1", "stays 0.70711", without_the_second_weight),
        Says("1:dL_dW1", "1.", lambda d: d["x"][0, 0].item() / 2),
        Says("1:dL_dx", "0.5", value("dL_dx", 1, 0)),
        Says("1:W1", "from −3", lambda d: d.program.parameters["W1"][0, 0].item()),
        Says("1:W1", "to −3.1", value("W1", 0, 0)),
        Says("1:W1", "the second stays 1", value("W1", 0, 1)),
        Says("1:W1", "comes down to 0.5590", other("2:y_hat", "y_hat", 0, 0)),
    ),
    "xor": (
        Says("1:L", "0.6869", value("L")),
        Says("1:L", "log 2 = 0.6931", lambda _: np.log(2)),
        Says("1:delta2", "each is (ŷ − y)/4", lambda d: np.allclose(d["delta2"], (d["y_hat"] - d["y"]) / 4)),
        Says(
            "1:delta2", "Two pull up, two pull down", lambda d: (d["delta2"] > 0).sum() == 2 == (d["delta2"] < 0).sum()
        ),
        Says("1:delta2", "nearly cancel", lambda d: abs(d["delta2"].sum()) < 0.05 < abs(d["delta2"]).min()),
        Says("100:L", "L is 0.289", value("L")),
        Says("400:y_hat", "0.028", value("y_hat", 0, 0)),
        Says("400:y_hat", "0.984", value("y_hat", 0, 1)),
        Says("400:y_hat", "0.984 and 0.031", value("y_hat", 0, 3)),
        Says("400:y_hat", "below 0.025", lambda d: other("400:L", "L")(d) < 0.025),
        Says("400:W1", "opposite signs", lambda d: (d["W1"][0] > 0).all() and (d["W1"][1] < 0).all()),
        Says("400:W1", "equal to three digits", lambda d: np.allclose(d["W1"][:, 0], d["W1"][:, 1], rtol=1e-3)),
    ),
    "dead-relu": (
        Says("1:z1", "on for all four", lambda d: (d["z1"][0] > 0).all()),
        Says("1:z1", "up to 3.0", lambda d: d["z1"][0].max().item()),
        Says("1:z1", "z₁ is exactly 0", value("z1", 1, 0)),
        Says("1:b1", "19.78", value("L")),
        Says("1:b1", "−1.1625", value("W1", 0, 0)),
        Says("1:b1", "−1.0375", value("W1", 0, 1)),
        Says("1:b1", "−1.7", value("b1", 0, 0)),
        Says("2:h1", "Everything is 0 now", lambda d: not d["h1"].any()),
        Says("2:h1", "negative for every sample", lambda d: (d["z1"] < 0).all()),
        Says("2:dL_dW1", "exactly 0", lambda d: not d["dL_dW1"].any()),
        Says(
            "2:dL_dW1", "never change again", lambda d: other("1:b1", "W1", 0, 0)(d) == other("500:b1", "W1", 0, 0)(d)
        ),
        Says("20:y_hat", "All four predictions are the same", lambda d: np.ptp(d["y_hat"]) == 0),
        Says("20:y_hat", "0.721", value("y_hat", 0, 0)),
        Says("20:y_hat", "0.75", lambda d: d["y"].mean().item()),
        Says("20:y_hat", "on its way to", lambda d: abs(other("200:y_hat", "y_hat", 0, 0)(d) - 0.75) < 1e-9),
    ),
    "saturation": (
        Says("1:y_hat", "z is 4", value("z1", 0, 0)),
        Says("1:y_hat", "ŷ is 0.982", value("y_hat", 0, 0)),
        Says("1:dy_hat_dz1", "0.0177", value("dy_hat_dz1", 0, 0)),
        Says("1:dy_hat_dz1", "0.25", lambda _: max(p / 100 * (1 - p / 100) for p in range(101))),
        Says("1:delta1", "the error signal is 0.0173", value("delta1", 0, 0)),
        Says("1:delta1", "ŷ − y is 0.982", lambda d: (d["y_hat"] - d["y"]).item()),
        Says("1:delta1", "would be 0.982", instead("1:delta1", "delta1", 0, 0, loss="binary-cross-entropy")),
        Says("100:y_hat", "still 0.964", value("y_hat", 0, 0)),
        Says("300:y_hat", "0.795", other("200:y_hat", "y_hat", 0, 0)),
        Says("300:y_hat", "0.204", value("y_hat", 0, 0)),
    ),
    "vanishing-gradient": (
        Says("1:delta8", "−0.5467", lambda d: (d["y_hat"] - d["y"]).item()),
        Says("1:delta7", "−0.1356", value("delta7", 0, 0)),
        Says("1:delta7", "0.1073", value("delta7", 1, 0)),
        Says("1:delta7", "at most 0.25", lambda d: (d["dh7_dz7"] <= 0.25).all()),
        Says("1:delta1", "0.0000311", lambda d: abs(d["delta1"]).max().item()),
        Says("1:delta1", "17,594 times less", lambda d: (abs(d["delta8"]) / abs(d["delta1"])).min().item()),
        Says("100:W1", "none of its weights by more than 0.0001", lambda d: moved(d, "W1") < 1e-4),
        Says("100:W8", "fallen to 0.0087", value("L")),
        Says("100:W8", "from 1", lambda d: d.program.parameters["W8"][0, 0].item()),
        Says("100:W8", "to 2.54", value("W8", 0, 0)),
    ),
    "vanishing-cure": (
        Says("1:h1", "The same weights", lambda d: same_weights(d, "vanishing-gradient")),
        Says("1:delta7", "One of the two units is off", lambda d: sorted(d["dh7_dz7"].ravel()) == [0, 1]),
        Says("1:delta7", "0.8176", value("delta7", 1, 0)),
        Says("1:delta7", "the error whole", lambda d: d["delta7"][1, 0] == -d["delta8"][0, 0]),
        Says("1:delta1", "still 0.8176", value("delta1", 0, 0)),
        Says("1:delta1", "0.6132", value("delta1", 1, 0)),
        Says("1:delta1", "0.0000311", elsewhere("vanishing-gradient", "1:delta1", "delta1", 0, 0)),
        Says("100:W1", "to 0.591", value("W1", 0, 0)),
        Says("100:W1", "All layers learn", lambda d: min(moved(d, f"W{k}") for k in range(1, 9)) > 0.05),
    ),
    "exploding-gradient": (
        Says("1:y_hat", "192", value("y_hat", 0, 0)),
        Says(
            "1:y_hat",
            "each of the first seven makes its two numbers nearly twice as large",
            lambda d: all(1.8 < np.linalg.norm(d[f"h{k + 1}"]) / np.linalg.norm(d[f"h{k}"]) <= 2 for k in range(1, 7)),
        ),
        Says("1:delta1", "the error of 191", value("delta8", 0, 0)),
        Says("1:y_hat", "the last adds them up", lambda d: d["y_hat"].item() == d["h7"].sum()),
        Says("1:delta1", "six times", lambda d: (d["delta1"] == 2**6 * d["delta8"]).all()),
        Says("1:delta1", "12224", value("delta1", 0, 0)),
        Says("2:y_hat", "0.001", lambda d: d["eta"].item()),
        Says("2:y_hat", "ŷ is 1.7e10", value("y_hat", 0, 0)),
        Says("3:L", "L is 1.7e259", value("L")),
        Says("3:L", "no longer a number", lambda d: np.isinf(other("4:L", "L")(d))),
    ),
    "clipping": (
        Says("1:grad_norm", "58942", value("grad_norm")),
        Says("1:grad_norm", "allows 1", value("max_norm")),
        Says("1:clip_scale", "0.0000170", value("clip_scale")),
        Says("1:clip_scale", "the length becomes 1", lambda d: abs(length_of_clipped(d) - 1) < 1e-6),
        Says("1:c_W1", "12224", value("dL_dW1", 0, 0)),
        Says("1:c_W1", "0.207", value("c_W1", 0, 0)),
        Says("2:y_hat", "from 192", other("1:y_hat", "y_hat", 0, 0)),
        Says("2:y_hat", "185.9", value("y_hat", 0, 0)),
        Says("2:y_hat", "17 billion", lambda _: elsewhere("exploding-gradient", "2:y_hat", "y_hat", 0, 0)(_) / 1e9),
        Says("2:y_hat", "20 times smaller", lambda d: d["eta"].item() / elsewhere("exploding-gradient", "1", "eta")(d)),
        Says("100:L", "ŷ is 0.805", value("y_hat", 0, 0)),
        Says("100:L", "L is 0.019", value("L")),
    ),
    "momentum": (
        Says("1:dL_dW1", "−4.00", value("dL_dW1", 0, 0)),
        Says("1:dL_dW1", "−0.04", value("dL_dW1", 0, 1)),
        Says("1:m_W1", "the gradient itself", lambda d: (d["m_W1"] == d["dL_dW1"]).all()),
        Says("2:m_W1", "0.9", value("momentum")),
        Says("2:m_W1", "−0.0757", value("m_W1", 0, 1)),
        Says("2:m_W1", "−0.0397", value("dL_dW1", 0, 1)),
        Says("3:m_W1", "2.72", value("dL_dW1", 0, 0)),
        Says("3:m_W1", "still −1.24", value("m_W1", 0, 0)),
        Says("3:m_W1", "overshoots to 1.928", other("3:W1", "W1", 0, 0)),
        Says("60:L", "L is 0.0048", value("L")),
        Says("60:L", "it would be 0.0078", instead("60:L", "L", settings={"learning_rate": 0.2})),
        Says("60:L", "at 0.382", instead("60:W1", "W1", 0, 1, settings={"learning_rate": 0.2})),
        Says("60:L", "come to 1.035", other("60:W1", "W1", 0, 1)),
    ),
    "rmsprop": (
        Says("1:dL_dW1", "10000 times smaller", lambda d: (d["dL_dW1"][0, 0] / d["dL_dW1"][0, 1]).item()),
        Says("1:dL_dW1", "−4", value("dL_dW1", 0, 0)),
        Says("1:dL_dW1", "−0.0004", value("dL_dW1", 0, 1)),
        Says("1:v_W1", "1 − α = 0.01", lambda d: (d["v_W1"] / d["dL_dW1"] ** 2)[0, 0].item()),
        Says("1:n_W1", "−10", value("n_W1", 0, 0)),
        Says("1:n_W1", "−9.998", value("n_W1", 0, 1)),
        Says("60:W1", "0.924", value("W1", 0, 0)),
        Says("60:W1", "0.924 and 0.924", value("W1", 0, 1)),
        Says(
            "60:W1",
            "the second one at 0.0002",
            instead("60:W1", "W1", 0, 1, optimizer="sgd", settings={"learning_rate": 0.01}),
        ),
    ),
    "adam": (
        Says("1:m_W2", "1 − β₁ = 0.1", lambda d: (d["m_W2"] / d["dL_dW2"])[0, 0].item()),
        Says("1:m_W2", "−0.000613", value("m_W2", 0, 0)),
        Says("1:m_W2", "the gradient is −0.006135", value("dL_dW2", 0, 0)),
        Says("1:v_W2", "1 − β₂ = 0.001", lambda d: (d["v_W2"] / d["dL_dW2"] ** 2)[0, 0].item()),
        Says("1:m_hat_W2", "again: −0.006135", value("m_hat_W2", 0, 0)),
        Says("1:W2", "η = 0.05", value("eta")),
        Says("1:W2", "from 0.4 up to 0.45", value("W2", 0, 0)),
        Says("1:W2", "from 0.5 down to 0.45", value("W2", 0, 1)),
        Says("1:W2", "there it is positive", lambda d: (d["dL_dW2"] > 0).tolist() == [[False, True]]),
        Says("200:L", "below 0.01", lambda d: d["L"] < 0.01),
        Says("200:L", "at 0.662", instead("200:L", "L", optimizer="sgd", settings={"learning_rate": 0.05})),
    ),
    "adam-vs-l2": (
        Says("1:dL_dW1", "both are 100 times smaller", lambda d: (d["x"][0, 0] / d["x"][1, 2]).item()),
        Says("1:dL_dW1", "both are 100", lambda d: (d["delta1"][0, 0] / d["delta1"][0, 2]).item()),
        Says("1:dL_dW1", "−20", value("dL_dW1", 0, 0)),
        Says("1:dL_dW1", "−0.002", value("dL_dW1", 0, 1)),
        Says("1:d_W1", "−19.9", value("d_W1", 0, 0)),
        Says("1:d_W1", "0.098", value("d_W1", 0, 1)),
        Says("1:W1", "up by 0.01", lambda d: d["W1"][0, 0].item() - 1),
        Says("1:W1", "down by 0.01", lambda d: 1 - d["W1"][0, 1].item()),
        Says("500:W1", "at 1.199", value("W1", 0, 0)),
        Says("500:W1", "at 0.109", value("W1", 0, 1)),
        Says("500:W1", "0.1", value("weight_decay")),
    ),
    "adamw": (
        Says("1:dL_dW1", "The network and the data of adam-vs-l2", lambda d: same_weights(d, "adam-vs-l2")),
        Says("1:dL_dW1", "−20", value("dL_dW1", 0, 0)),
        Says("1:dL_dW1", "−0.002", value("dL_dW1", 0, 1)),
        Says("1:u_W1", "both go to 0.999", lambda d: d["u_W1"].max().item()),
        Says("1:u_W1", "both", lambda d: np.ptp(d["u_W1"]) == 0),
        Says("1:W1", "to 1.009", value("W1", 0, 1)),
        Says("500:W1", "1.197", value("W1", 0, 1)),
        Says("500:W1", "Both are at 1.197", value("W1", 0, 0)),
        Says("500:W1", "0.109", elsewhere("adam-vs-l2", "500:W1", "W1", 0, 1)),
    ),
    "regularisation": (
        Says("1:penalty", "cost 0.1125", value("penalty")),
        Says("1:penalty", "0.05·1.5", lambda _: 1.5),
        Says("1:dL_dW1", "−4.5875", value("dL_dW1", 0, 0)),
        Says("300:W1", "0.0009", value("W1", 0, 1)),
        Says("300:W1", "−0.0039", value("W1", 0, 2)),
        Says("300:W1", "0.3052", instead("300:W1", "W1", 0, 1, l1=0.0, l2=0.0)),
        Says("300:W1", "0.3052 and 0.0205", instead("300:W1", "W1", 0, 2, l1=0.0, l2=0.0)),
        Says("300:W1", "the first 1.9657", instead("300:W1", "W1", 0, 0, l1=0.0, l2=0.0)),
        Says("300:L", "L is 0.281", value("L")),
        Says("300:L", "0.263", value("penalty")),
        Says("300:L", "worse than without", lambda d: d["L"] - d["penalty"] > instead("300:L", "L", l1=0.0, l2=0.0)(d)),
    ),
    **SAMPLES,
    **MODELS,
}


def same_weights(debugger: Debugger, lesson: str) -> bool:
    """Whether another lesson starts from the same parameters and data."""
    here, there = debugger.scenario.network, load(lesson).network
    pairs = [(here.x, there.x), (here.y, there.y), *zip(*(n.parameters().values() for n in (here, there)), strict=True)]
    return all(np.array_equal(one, two) for one, two in pairs)


def length_of_clipped(debugger: Debugger) -> float:
    """The length of all clipped gradients together."""
    debugger.seek("1:")
    return float(np.sqrt(sum((debugger[f"c_{name}"] ** 2).sum() for name in debugger.program.parameters)))


def printed(debugger: Debugger, *positions: str) -> list[Verdict]:
    """What the source printed for the values at some positions."""
    found: list[Verdict] = []
    for position in positions:
        debugger.seek(position)
        found += debugger.moment().verdicts
    return found


def updated_first(debugger: Debugger) -> tuple[np.ndarray, np.ndarray]:
    """W1 and W2 after one iteration that goes back through the output weights after their update."""
    debugger.seek("1:")
    frame, eta = debugger.moment().frame, debugger["eta"]
    delta1 = (debugger["W2"].T @ frame["delta2"]) * frame["dh1_dz1"]
    return frame["W1"] - eta * delta1 @ debugger["x"].T, debugger["W2"]


def half_squared_error(debugger: Debugger, W1: np.ndarray, W2: np.ndarray) -> float:
    """The loss of two layers of sigmoids with these weights."""
    h = 1 / (1 + np.exp(-(W1 @ debugger["x"] + debugger["b1"])))
    y_hat = 1 / (1 + np.exp(-(W2 @ h + debugger["b2"])))
    return float(((debugger["y"] - y_hat) ** 2).sum() / 2)


def gates(debugger: Debugger) -> float:
    """How σ moves with z, taken apart as in the notes of CS231n: times −1, exp, + 1 and 1/x."""
    power = np.exp(-debugger["z1"].item())
    return float(-1 / (power + 1) ** 2 * 1 * power * -1)
