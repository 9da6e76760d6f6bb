"""Classic mistakes: what they make of a program, and the numbers that come of it, some of them computed by hand."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, default, slips
from backprop_tui.engine.mistakes.mistakes import MISTAKES, ROWS
from backprop_tui.engine.mistakes.sites import Layers, sites
from backprop_tui.engine.model.model import Model
from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.statements.derived_again import derived_again
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Name, Tree, names, substitute
from backprop_tui.formula.writing.printer import source
from backprop_tui.scenario import bundled, load
from tests.engine.mistakes.slips import MODELS, NETWORKS, program_of
from tests.engine.networks import Case, article, column
from tests.engine.options import layered, network, optimizer
from tests.sampled import some

NAMES = [row.name for row in ROWS]


def mistaken(name: str, of: Any) -> Mistaken:
    return Mistaken.of(Program.of(of), Slip.of(MISTAKES[name]))


def frame(name: str, of: Any, iteration: int = 1) -> Frame:
    return Timeline(mistaken(name, of).program).frame(iteration)


@cache
def made(name: str) -> dict[str, Mistaken]:
    """The mistake in every network that it changes."""
    row, programs = MISTAKES[name], {key: program_of(key) for key in (*NETWORKS, *MODELS)}
    return {k: Mistaken.of(p, slip) for k, p in programs.items() if (slip := default(p, row)) is not None}


@cache
def right(key: str, iteration: int) -> Frame:
    """An iteration of the right program of a network."""
    return Timeline(program_of(key)).frame(iteration)


def every(program: Program) -> Iterator[Slip]:
    for row in ROWS:
        yield from slips(program, row)


def values(frame: Frame) -> dict[str, Any]:
    return {o.name: np.asarray(frame[o.key]) for o in frame.program.operations}


@pytest.mark.parametrize("name", some(NAMES, 20))
def test_it_changes_the_numbers_of_some_network(name: str) -> None:
    found = made(name)
    assert found
    different = 0
    for key, one in found.items():
        good, wrong = values(right(key, 3)), values(Timeline(one.program).frame(3))
        assert good.keys() == wrong.keys()
        assert all(good[n].shape == wrong[n].shape for n in good)
        different += any(not np.allclose(good[n], wrong[n], rtol=1e-9, atol=0, equal_nan=True) for n in good)
    assert different


@pytest.mark.parametrize("name", some(NAMES, 30))
def test_a_mistaken_formula_is_one_of_the_language(name: str) -> None:
    for wrong in made(name).values():
        for operation in wrong.program.operations:
            # the name of a step's part is none that can be read
            plain: dict[str, Tree] = {n: Name(n.replace("@", "_at_")) for n in names(operation.tree)}
            tree = substitute(operation.tree, plain)
            assert parse(source(tree)) == tree
            assert operation.formula
            assert "digits" not in operation.formula


@pytest.mark.parametrize("name", some(NAMES, 30))
def test_where_nothing_is_changed_above_a_value_it_is_the_right_one(name: str) -> None:
    for key, one in made(name).items():
        good, wrong = right(key, 1), Timeline(one.program).frame(1)
        tainted = {*one.slip.starts(one.right)}
        for operation in one.program.operations:
            if operation.name in one.changed or not tainted.isdisjoint(operation.keys.values()):
                tainted.add(operation.key)
            else:
                np.testing.assert_allclose(
                    wrong[operation.key], good[program_of(key).by_name[operation.name].key], rtol=1e-12
                )


@pytest.mark.parametrize("name", some(NAMES, 30))
def test_what_is_computed_when_it_is_asked_for_is_the_same(name: str) -> None:
    for wrong in [*made(name).values()][:6]:
        program, lazy = wrong.program, Timeline(wrong.on_demand, 0, 0)
        assert not lazy.frame(1).keys() & (program.by_key.keys() - program.start.keys())
        found, expected = lazy.frame(3), Timeline(program).frame(3)
        for operation in program.operations:
            np.testing.assert_array_equal(found[operation.key], expected[operation.key])


@pytest.mark.parametrize("key", [*some(NETWORKS, 6), *MODELS])
def test_a_mistake_in_one_place_is_made_there_alone(key: str) -> None:
    program = program_of(key)
    for slip in every(program):
        assert Mistaken.of(program, slip).changed
        trees = {o.name: o.tree for o in program.operations}
        made = slip.mistake.made(
            program.statements, program.shapes, digits=slip.digits, at=slip.at(program), way=slip.way, by_hand=True
        )
        written = [s for s in made or () if s.tree != trees[s.name]]
        assert not slip.site or all(slip.site in sites(statement, Layers.of(program)) for statement in written)
        assert slip.when(program)
        assert "{" not in slip.when(program)


DERIVED = [row.name for row in ROWS if row.derived or any(way.derived for way in row.ways)]


@pytest.mark.parametrize("name", DERIVED)
def test_what_is_derived_from_a_mistake_is_the_slope_of_its_loss(name: str) -> None:
    for one in made(name).values():
        program = one.program
        if not isinstance(program.network, Model):
            continue
        gradients = Timeline(program).frame(1)
        for parameter, value in program.parameters.items():
            at = np.unravel_index(int(np.argmax(np.abs(gradients[f"dL_d{parameter}"]))), value.shape)
            slope = (loss(program, parameter, at, 1e-5) - loss(program, parameter, at, -1e-5)) / 2e-5
            assert gradients[f"dL_d{parameter}"][at] == pytest.approx(slope, rel=1e-5, abs=1e-8)


def loss(program: Program, parameter: str, at: Any, step: float) -> float:
    """L of the first iteration, with one number of a parameter moved."""
    value = np.array(program.start[parameter])
    value[at] += step
    moved = msgspec.structs.replace(program, start={**program.start, parameter: value})
    return float(Timeline(moved).frame(1)["L"])


@pytest.mark.parametrize("name", [name for name, _ in bundled() if isinstance(load(name).network, Model)])
def test_what_is_derived_from_a_right_model_is_its_own_backward_half(name: str) -> None:
    program = Program.of(load(name).network)
    assert derived_again(program.statements, program.shapes) == list(program.statements)


def test_where_it_cannot_be_made_that_is_said() -> None:
    with pytest.raises(ValueError, match="betas-swapped changes nothing here: it is made in Adam, AdamW, NAdam"):
        mistaken("betas-swapped", article())


def test_a_model_has_no_z_that_a_sentence_could_mean() -> None:
    slip = Slip.of(MISTAKES["derivative-at-output"])
    said = "the activation's derivative is taken at its value instead of at "
    assert slip.when(Program.of(load("article").network)) == said + "z"
    assert slip.when(Program.of(load("attention").network)) == said + "its argument"


def test_a_formula_that_jumps_over_a_mistake_gives_way() -> None:
    left = mistaken("derivative-left-out", article()).program.by_name["delta2"]
    assert (left.stable, left.formula) == (None, "∂L/∂ŷ")
    other = mistaken("derivative-at-output", article()).program.by_name["delta2"]
    assert (other.stable, other.formula) == (None, "∂L/∂ŷ ⊙ ∂ŷ/∂z₂")
    loss = mistaken("log-base-2", article()).program
    assert loss.by_name["L"].stable is None
    assert loss.by_name["delta2"].computed_as == "ŷ − y"


# name -> a network, and of what is computed in its second iteration what it is by hand: from that iteration's values
# (v), those of the iteration before (u) and those of the right program (r)
Values = Mapping[str, Any]
Check = tuple[Any, str, Callable[[Values, Values, Values], Any]]
SQUARE = msgspec.structs.replace(
    article(),
    layers=(Layer(np.array([[0.2, -0.4], [0.7, 0.3]]), column(0.1, -0.2), "sigmoid"), *article().layers[1:]),
    x=np.array([[1.0, -0.5, 2.0], [0.3, 0.8, -1.0]]),
    y=np.array([[1.0, 0.0, 1.0]]),
)
ADAM = optimizer("adam", weight_decay=0.1)
HALF = network()
SOFTMAX = Case(("tanh", "tanh", "softmax"), "half-squared-error", batch=5).network()
CLASSES = Case(("tanh", "softmax"), "categorical-cross-entropy", batch=4, units=(3, 3)).network()
LEAKY = Case(("leaky-relu", "softmax"), "categorical-cross-entropy", batch=4, units=(3, 3)).network()
ONE = Case(("tanh", "identity"), "mean-squared-error", batch=4, units=(3, 1)).network()
AS_MANY = Case(("tanh", "sigmoid"), "binary-cross-entropy", batch=3, units=(3, 3)).network()
NORMED, DROPPED, PENALISED = layered(norm="batch"), layered(dropout=0.4), network(l2=0.07)
LOOKING = msgspec.structs.replace(optimizer("sgd", momentum=0.9, nesterov=True), ahead=True)
HEADS, GRU, GPT, MAKEMORE, IMAGE = (
    MODELS[name] for name in ("multi-head-attention", "gru", "gpt-block", "makemore", "an image")
)
RESIDUAL, LOOP = load("residual-block").network, load("rnn-through-time").network
MOVING, CLIPPED = optimizer("sgd", momentum=0.9), network(clip=("norm", 0.05))


def softmax(a: Any, axis: int = 0) -> Any:
    return np.exp(a) / np.exp(a).sum(axis=axis, keepdims=True)


def sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def scores(v: Values) -> Any:
    """Of every head, without the mask."""
    return v["q"] @ v["k"].swapaxes(-1, -2) / np.sqrt(2)


def convolved(image: Any, kernel: Any) -> Any:
    """One channel slid over by one kernel, number by number."""
    (rows, columns), (n, m) = image.shape, kernel.shape
    return np.array(
        [[(image[i : i + n, j : j + m] * kernel).sum() for j in range(columns - m + 1)] for i in range(rows - n + 1)]
    )


BELOW = np.tril(np.ones((3, 3)))


def length(v: Values) -> float:
    return float(np.sqrt(sum((value**2).sum() for name, value in v.items() if name.startswith(("dL_dW", "dL_db")))))


BY_HAND: dict[str, Check] = {
    "scale-left-out": (HEADS, "s", lambda v, u, r: scores(v) * np.sqrt(2) + np.triu(np.full((3, 3), -1e9), 1)),
    "softmax-wrong-axis": (HEADS, "a", lambda v, u, r: softmax(v["s"] - v["s"].max(axis=-2, keepdims=True), axis=-2)),
    "mask-after-softmax": (HEADS, "a", lambda v, u, r: softmax(scores(v), axis=-1) * BELOW),
    "mask-left-out": (HEADS, "a", lambda v, u, r: softmax(scores(v), axis=-1)),
    "mask-turned-round": (
        HEADS,
        "a",
        lambda v, u, r: np.exp(scores(v)) * BELOW.T / (np.exp(scores(v)) * BELOW.T).sum(axis=-1, keepdims=True),
    ),
    "scores-transposed": (
        HEADS,
        "s",
        lambda v, u, r: scores(v).swapaxes(-1, -2) + np.triu(np.full((3, 3), -1e9), 1),
    ),
    "gradient-through-time-cut": (LOOP, "dL_dh1", lambda v, u, r: v["dL_do1"] * v["Wy"]),
    "last-step-only": (GRU, "dL_dUn", lambda v, u, r: v["delta_n3"] @ (v["r3"] * v["h2"]).T),
    "gate-turned-round": (GRU, "h2", lambda v, u, r: (1 - v["u2"]) * v["h1"] + v["u2"] * v["n2"]),
    "path-forgotten": (RESIDUAL, "dL_dx", lambda v, u, r: v["W1"].T @ v["dL_dz1"]),
    "residual-left-out": (RESIDUAL, "y_hat", lambda v, u, r: v["W3"] @ (v["W2"] @ v["h1"] + v["b2"])),
    "norm-mean-path-left-out": (MAKEMORE, "dL_dhprebn", lambda v, u, r: v["dL_dbndiff"]),
    "variance-biased": (MAKEMORE, "bnvar", lambda v, u, r: v["hprebn"].var(axis=0, keepdims=True)),
    "kernel-flipped": (
        IMAGE,
        "z",
        lambda v, u, r: np.array(
            [[convolved(np.pad(v["x"][0, 0], 1), v["K"][k, 0][::-1, ::-1]) + v["b"][k, 0, 0] for k in (0, 1)]]
        ),
    ),
    "kernel-not-flipped-back": (
        IMAGE,
        "dL_dx",
        lambda v, u, r: sum(convolved(np.pad(v["dL_dz"][0, k], 2), v["K"][k, 0])[1:-1, 1:-1] for k in (0, 1)).reshape(
            1, 1, 4, 4
        ),
    ),
    "pool-gradient-to-all": (
        IMAGE,
        "dL_dh",
        lambda v, u, r: v["dL_dp"].repeat(2, axis=-1).repeat(2, axis=-2),
    ),
    "softmax-twice": (CLASSES, "y_hat", lambda v, u, r: softmax(softmax(v["z2"]))),
    "look-ahead-left-out": (LOOKING, "z1", lambda v, u, r: v["W1"] @ v["x"] + v["b1"]),
    "softmax-over-batch": (CLASSES, "y_hat", lambda v, u, r: softmax(v["z2"], axis=1)),
    "softmax-over-all": (CLASSES, "y_hat", lambda v, u, r: np.exp(v["z2"]) / np.exp(v["z2"]).sum()),
    "activation-left-out": (SQUARE, "h1", lambda v, u, r: v["z1"]),
    "activation-twice": (SQUARE, "h1", lambda v, u, r: sigmoid(sigmoid(v["z1"]))),
    "leaky-slope-left-out": (LEAKY, "dh1_dz1", lambda v, u, r: (v["z1"] > 0).astype(float)),
    "variance-unbiased": (NORMED, "var2", lambda v, u, r: v["z2"].var(axis=1, ddof=1, keepdims=True)),
    "norm-over-units": (
        NORMED,
        "z_hat2",
        lambda v, u, r: (v["z2"] - v["z2"].mean(axis=0)) / np.sqrt(v["z2"].var(axis=0) + 1e-5),
    ),
    "norm-without-root": (NORMED, "std2", lambda v, u, r: v["z2"].var(axis=1, keepdims=True) + 1e-5),
    "dropout-mask-left-out": (DROPPED, "drop2", lambda v, u, r: v["h2"] / 0.6),
    "dropout-scale-left-out": (DROPPED, "drop2", lambda v, u, r: v["mask2"] * v["h2"]),
    "targets-broadcast": (ONE, "dL_dy_hat", lambda v, u, r: 2 * (v["y_hat"] - v["y"].mean()) / 4),
    "complement": (
        SQUARE,
        "dL_dy_hat",
        lambda v, u, r: (-v["y"] / v["y_hat"] + (1 - v["y"]) / v["y_hat"]) / 3,
    ),
    "cross-entropy-sign": (CLASSES, "L", lambda v, u, r: (v["y"] * np.log(v["y_hat"])).sum() / 4),
    "l2-sign": (PENALISED, "dL_dW1", lambda v, u, r: v["delta1"] @ v["x"].T - 0.07 * v["W1"]),
    "l2-left-out-of-gradient": (PENALISED, "dL_dW1", lambda v, u, r: v["delta1"] @ v["x"].T),
    "l2-on-biases": (
        PENALISED,
        "dL_db1",
        lambda v, u, r: v["delta1"].sum(axis=1, keepdims=True) + 0.07 * v["b1"],
    ),
    "l2-without-mean": (PENALISED, "dL_dW1", lambda v, u, r: v["delta1"] @ v["x"].T + 5 * 0.07 * v["W1"]),
    "l2-half-left-out": (
        PENALISED,
        "penalty",
        lambda v, u, r: 0.07 * sum((v[name] ** 2).sum() for name in ("W1", "W2", "W3")),
    ),
    "l2-one-weight-twice": (
        msgspec.structs.replace(AS_MANY, l2=0.07),
        "penalty",
        lambda v, u, r: 0.07 * (v["W1"] ** 2).sum(),
    ),
    "output-derivative-extra": (
        SQUARE,
        "delta2",
        lambda v, u, r: (v["y_hat"] - v["y"]) * v["y_hat"] * (1 - v["y_hat"]) / 3,
    ),
    "softmax-diagonal-only": (
        CLASSES,
        "delta2",
        lambda v, u, r: -v["y"] * (1 - v["y_hat"]) / 4,
    ),
    "other-layer-derivative": (AS_MANY, "delta1", lambda v, u, r: v["dL_dh1"] * v["dy_hat_dz2"]),
    "function-for-derivative": (SQUARE, "dh1_dz1", lambda v, u, r: v["h1"]),
    "derivative-of-error": (
        SQUARE,
        "delta1",
        lambda v, u, r: sigmoid(v["dL_dh1"]) * (1 - sigmoid(v["dL_dh1"])),
    ),
    "bias-gradient-wrong-axis": (AS_MANY, "dL_db1", lambda v, u, r: v["delta1"].sum(axis=0).reshape(3, 1)),
    "bias-gradient-over-all": (AS_MANY, "dL_db1", lambda v, u, r: np.full((3, 1), v["delta1"].sum())),
    "activation-for-input": (AS_MANY, "dL_dW1", lambda v, u, r: v["delta1"] @ v["h1"].T),
    "weights-left-out-on-the-way-back": (
        AS_MANY,
        "dL_dh1",
        lambda v, u, r: np.ones((3, 1)) * v["delta2"].sum(axis=0),
    ),
    "one-output-only": (AS_MANY, "dL_dh1", lambda v, u, r: np.outer(v["W2"][0], v["delta2"][0])),
    "norm-paths-left-out": (NORMED, "delta2", lambda v, u, r: v["dL_dz_hat2"] / v["std2"]),
    "momentum-average": (MOVING, "m_W1′", lambda v, u, r: 0.9 * u["m_W1′"] + 0.1 * v["dL_dW1"]),
    "momentum-old-buffer": (MOVING, "W1′", lambda v, u, r: v["W1"] - 0.05 * u["m_W1′"]),
    "momentum-rate-inside": (MOVING, "m_W1′", lambda v, u, r: 0.9 * u["m_W1′"] + 0.05 * v["dL_dW1"]),
    "momentum-sign": (MOVING, "m_W1′", lambda v, u, r: v["dL_dW1"] - 0.9 * u["m_W1′"]),
    "momentum-twice": (MOVING, "W1′", lambda v, u, r: v["W1"] - 0.05 * (v["dL_dW1"] + 0.9 * v["m_W1′"])),
    "clipping-left-out": (CLIPPED, "W1′", lambda v, u, r: v["W1"] - 0.1 * v["dL_dW1"]),
    "clip-squared-norm": (CLIPPED, "grad_norm", lambda v, u, r: length(v) ** 2),
    "clip-each-alone": (
        CLIPPED,
        "c_W1",
        lambda v, u, r: v["dL_dW1"] * 0.05 / (np.sqrt((v["dL_dW1"] ** 2).sum()) + 1e-6),
    ),
    "clip-before-mean": (CLIPPED, "clip_scale", lambda v, u, r: 0.05 / (5 * length(v) + 1e-6)),
    "time-step-fixed": (ADAM, "m_hat_W1", lambda v, u, r: v["m_W1′"] / (1 - 0.9)),
    "time-step-per-parameter": (ADAM, "m_hat_b3", lambda v, u, r: v["m_b3′"] / (1 - 0.9**8)),
    "moments-overwritten": (ADAM, "m_W1′", lambda v, u, r: 0.9 * u["m_hat_W1"] + 0.1 * v["d_W1"]),
    "beta-without-power": (ADAM, "v_hat_W1", lambda v, u, r: v["v_W1′"] / (1 - 0.999)),
    "root-left-out": (ADAM, "W1′", lambda v, u, r: v["W1"] - 0.05 * v["m_hat_W1"] / (v["v_hat_W1"] + 1e-8)),
    "square-left-out": (ADAM, "v_W1′", lambda v, u, r: 0.999 * u["v_W1′"] + 0.001 * v["d_W1"]),
    "rate-twice": (article(), "W1′", lambda v, u, r: v["W1"] - 0.01 * v["dL_dW1"]),
    "rate-left-out": (article(), "W1′", lambda v, u, r: v["W1"] - v["dL_dW1"]),
    "schedule-left-out": (network(schedule=("exponential", {"gamma": 0.5})), "eta", lambda v, u, r: 0.1),
    "labels-shifted": (
        AS_MANY,
        "delta2",
        lambda v, u, r: (v["y_hat"] - np.asarray(AS_MANY.y)[:, [1, 2, 0]]) / 9,
    ),
    "inputs-shuffled": (AS_MANY, "z1", lambda v, u, r: v["W1"] @ AS_MANY.x[:, [2, 1, 0]] + v["b1"]),
    "reshape-for-transpose": (AS_MANY, "z1", lambda v, u, r: v["W1"] @ AS_MANY.x.T + v["b1"]),
    "inputs-standardised-per-sample": (
        AS_MANY,
        "z1",
        lambda v, u, r: v["W1"] @ ((AS_MANY.x - AS_MANY.x.mean(axis=0)) / AS_MANY.x.std(axis=0)) + v["b1"],
    ),
    "integer-weights": (AS_MANY, "W1′", lambda v, u, r: np.trunc(v["W1"] - 0.1 * v["dL_dW1"])),
    "bias-left-out": (article(), "z1", lambda v, u, r: v["W1"] @ v["x"]),
    "bias-sign-flipped": (article(), "z1", lambda v, u, r: v["W1"] @ v["x"] - v["b1"]),
    "transpose-added": (SQUARE, "z1", lambda v, u, r: v["W1"].T @ v["x"] + v["b1"]),
    "softmax-without-exp": (SOFTMAX, "y_hat", lambda v, u, r: v["z3"] / v["z3"].sum(axis=0)),
    "log-base-10": (SQUARE, "L", lambda v, u, r: r["L"] / np.log(10)),
    "log-base-2": (SQUARE, "L", lambda v, u, r: r["L"] / np.log(2)),
    "log-forgotten": (
        SQUARE,
        "L",
        lambda v, u, r: -(v["y"] * np.log(v["y_hat"]) + (1 - v["y"]) * (1 - v["y_hat"])).mean(),
    ),
    "second-term-forgotten": (SQUARE, "delta2", lambda v, u, r: -v["y"] * (1 - v["y_hat"]) / 3),
    "half-left-out-of-loss": (HALF, "L", lambda v, u, r: 2 * r["L"]),
    "half-left-out-of-derivative": (HALF, "delta3", lambda v, u, r: 2 * (v["y_hat"] - v["y"]) / 5),
    "two-left-out": (network(loss="mean-squared-error"), "delta3", lambda v, u, r: (v["y_hat"] - v["y"]) / 10),
    "mean-left-out": (SQUARE, "delta2", lambda v, u, r: v["y_hat"] - v["y"]),
    "mean-twice": (SQUARE, "dL_dW1", lambda v, u, r: v["delta1"] @ v["x"].T / 3),
    "difference-reversed": (SQUARE, "delta2", lambda v, u, r: (v["y"] - v["y_hat"]) / 3),
    "derivative-left-out": (SQUARE, "delta1", lambda v, u, r: v["W2"].T @ v["delta2"]),
    "derivative-at-output": (
        SQUARE,
        "dh1_dz1",
        lambda v, u, r: np.exp(-v["h1"]) / (1 + np.exp(-v["h1"])) ** 2,
    ),
    "derivative-at-input": (SQUARE, "dh1_dz1", lambda v, u, r: v["z1"] * (1 - v["z1"])),
    "transpose-left-out": (HALF, "dL_dh2", lambda v, u, r: v["W3"] @ v["delta3"]),
    "updates-first": (article(), "dL_dh1", lambda v, u, r: (v["W2"] - 0.1 * v["dL_dW2"]).T @ v["delta2"]),
    "gradients-kept": (article(), "dL_dW1′", lambda v, u, r: u["dL_dW1′"] + v["delta1"] @ v["x"].T),
    "bias-never-updated": (article(), "b1", lambda v, u, r: column(0.1, -0.2)),
    "gradient-ascent": (article(), "W1′", lambda v, u, r: v["W1"] + 0.1 * v["dL_dW1"]),
    "momentum-dropped": (optimizer("sgd", momentum=0.9), "W1′", lambda v, u, r: v["W1"] - 0.05 * v["dL_dW1"]),
    "momentum-coefficient-left-out": (
        optimizer("sgd", momentum=0.9),
        "m_W1′",
        lambda v, u, r: u["dL_dW1"] + v["dL_dW1"],
    ),
    "bias-correction-left-out": (
        ADAM,
        "W1′",
        lambda v, u, r: v["W1"] - 0.05 * v["m_W1′"] / (np.sqrt(v["v_W1′"]) + 1e-8),
    ),
    "betas-swapped": (ADAM, "m_W1′", lambda v, u, r: 0.999 * u["m_W1′"] + 0.001 * v["d_W1"]),
    "eps-inside-root": (ADAM, "W1′", lambda v, u, r: v["W1"] - 0.05 * v["m_hat_W1"] / np.sqrt(v["v_hat_W1"] + 1e-8)),
    "time-step-ahead": (ADAM, "m_hat_W1", lambda v, u, r: v["m_W1′"] / (1 - 0.9**3)),
    "time-step-behind": (ADAM, "v_hat_W1", lambda v, u, r: v["v_W1′"] / (1 - 0.999)),
    "decay-decoupled": (
        ADAM,
        "W1′",
        lambda v, u, r: (1 - 0.005) * v["W1"] - 0.05 * v["m_hat_W1"] / (np.sqrt(v["v_hat_W1"]) + 1e-8),
    ),
    "decay-coupled": (
        optimizer("adamw", weight_decay=0.1),
        "m_W1′",
        lambda v, u, r: 0.9 * u["m_W1′"] + 0.1 * (v["dL_dW1"] + 0.1 * v["W1"]),
    ),
    "cut-off": (SQUARE, "h1", lambda v, u, r: np.trunc(1000 / (1 + np.exp(-v["z1"]))) / 1000),
    "rounded-intermediates": (
        SQUARE,
        "y_hat",
        lambda v, u, r: 1 / (1 + np.exp(-v["z2"].round(3))),
    ),
    "float32": (
        article(),
        "z1",
        lambda v, u, r: (v["W1"] @ article().x.astype(np.float32) + v["b1"]).astype(np.float32),
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_its_number_is_that_of_a_hand(name: str) -> None:
    of, key, expected = BY_HAND[name]
    wrong, right = Timeline(mistaken(name, of).program), Timeline(Program.of(of))
    v, u, r = wrong.frame(2), wrong.frame(1), right.frame(2)
    np.testing.assert_allclose(v[key], expected(v, u, r), rtol=1e-7 if name == "float32" else 1e-12)
    if not name.endswith("-forgotten"):  # of y = 1 nothing is forgotten
        assert not np.allclose(v[key], r[key.rstrip("′") if key not in right.program.by_key else key], rtol=1e-8)


def test_the_start_may_be_changed_in_several_ways() -> None:
    found = {(slip.mistake.name, slip.way): slip.starts(Program.of(AS_MANY)) for slip in every(Program.of(AS_MANY))}
    np.testing.assert_array_equal(
        found["labels-shifted", 1]["y"], np.roll(AS_MANY.y if AS_MANY.y is not None else 0, 1, axis=1)
    )
    wide = Case(("tanh", "sigmoid"), "binary-cross-entropy", batch=2, units=(3, 3)).network()
    (first, second) = (
        slip.starts(Program.of(wide))["x"]
        for slip in slips(Program.of(wide), MISTAKES["reshape-for-transpose"])
        if slip.starts(Program.of(wide))
    )
    np.testing.assert_array_equal(first, wide.x.T.reshape(wide.x.shape))
    np.testing.assert_array_equal(second.T, wide.x.reshape(wide.x.T.shape))


@pytest.mark.parametrize("rows", [True, False])
def test_a_matrix_is_reshaped_instead_of_transposed_on_the_way_back(rows: bool) -> None:
    case = Case(("tanh", "identity"), "mean-squared-error", batch=5, units=(4, 2)).network()
    program = Program.of(case)
    good = values(Timeline(program).frame(1))
    way = 2 if rows else 3
    made = {
        slip.site: values(Timeline(Mistaken.of(program, slip).program).frame(1))
        for slip in slips(program, MISTAKES["reshape-for-transpose"])
        if slip.way == way
    }

    def turned(own: Any) -> Any:
        """What a source has in place of a transpose; in rows it has all matrices the other way round."""
        return own.T.reshape(own.shape).T if rows else own.reshape(own.T.shape)

    delta, h, w = good["delta2"], good["h1"], program.start["W2"]
    np.testing.assert_allclose(made["dL_dh1"]["dL_dh1"], turned(w) @ delta, rtol=1e-12)
    np.testing.assert_array_equal(made["dL_dh1"]["dL_dW2"], good["dL_dW2"])
    np.testing.assert_allclose(made["dL_dW2"]["dL_dW2"], delta @ turned(h), rtol=1e-12)
    np.testing.assert_allclose(made[""]["dL_dW2"], delta @ turned(h), rtol=1e-12)
    square = Program.of(Case(("tanh",), "mean-squared-error", batch=3, units=(3,)).network())
    assert all(slip.way < 2 for slip in slips(square, MISTAKES["reshape-for-transpose"]))


def test_any_layer_may_be_penalised_in_the_place_of_any_other() -> None:
    program = Program.of(network(l2=0.07))
    made = {
        (s := slip).when(program): Mistaken.of(program, s) for slip in slips(program, MISTAKES["l2-one-weight-twice"])
    }
    assert len(made) == 12
    wrong = made["the weights of layer 3 are penalised twice, and those of layer 1 not"].program
    v = values(Timeline(wrong).frame(1))
    start = {name: program.start[name] for name in ("W1", "W2", "W3")}
    assert v["penalty"] == pytest.approx(0.035 * (2 * (start["W3"] ** 2).sum() + (start["W2"] ** 2).sum()))
    also = made["the weights of layer 3 are penalised twice, and those of layer 1 not, in their gradients too"]
    assert also.changed == {"penalty", "dL_dW1", "dL_dW3"}
    good, found = values(Timeline(program).frame(1)), values(Timeline(also.program).frame(1))
    np.testing.assert_allclose(found["dL_dW1"], good["dL_dW1"] - 0.07 * start["W1"], rtol=1e-9)
    np.testing.assert_allclose(found["dL_dW3"], good["dL_dW3"] + 0.07 * start["W3"], rtol=1e-9)


def test_a_time_step_for_each_parameter_may_count_from_the_first_layer_on() -> None:
    program = Program.of(optimizer("adam"))
    last, first, weights = (
        Mistaken.of(program, msgspec.structs.replace(Slip.of(MISTAKES["time-step-per-parameter"]), way=way)).program
        for way in (0, 1, 2)
    )
    count = len(program.parameters)
    assert f"(t − 1)·{count} + 1" in last.by_name["m_hat_W3"].formula
    assert f"(t − 1)·{count} + 1" in first.by_name["m_hat_W1"].formula
    assert f"(t − 1)·{count} + 2" in first.by_name["m_hat_b1"].formula
    assert f"(t − 1)·{count} + 2" in weights.by_name["m_hat_W2"].formula


def test_a_batch_norm_over_the_units_with_its_gradient_is_a_layer_norm() -> None:
    over_units = msgspec.structs.replace(Slip.of(MISTAKES["norm-over-units"]), way=1)
    wrong = values(Timeline(Mistaken.of(Program.of(NORMED), over_units).program).frame(1))
    layer = values(Timeline(Program.of(layered(norm="layer"))).frame(1))
    for name in ("z_hat2", "delta2", "dL_dW2", "dL_dW1", "dL_dscale2"):
        np.testing.assert_allclose(wrong[name], layer[name], rtol=1e-9, atol=1e-12)


def test_a_momentum_that_is_dropped_is_dropped_from_the_look_ahead_too() -> None:
    nesterov = optimizer("sgd", momentum=0.9, nesterov=True)
    for at in (1, 3):
        dropped, plain = frame("momentum-dropped", nesterov, at), Timeline(Program.of(optimizer("sgd"))).frame(at)
        np.testing.assert_allclose(dropped.at_end("W1"), plain.at_end("W1"), rtol=1e-12)


def test_the_mean_may_be_taken_twice_of_all_but_the_penalty() -> None:
    slip = msgspec.structs.replace(Slip.of(MISTAKES["mean-twice"]), way=1)
    program = Program.of(PENALISED)
    wrong, good = Timeline(Mistaken.of(program, slip).program).frame(1), Timeline(program).frame(1)
    samples = PENALISED.x.shape[1]
    np.testing.assert_allclose(wrong["dL_db1"], good["dL_db1"] / samples)
    penalty = 0.07 * good["W1"]
    np.testing.assert_allclose(wrong["dL_dW1"] - penalty, (good["dL_dW1"] - penalty) / samples, rtol=1e-9)
    assert {one.way for one in slips(Program.of(SQUARE), MISTAKES["mean-twice"])} == {0}


@pytest.mark.parametrize("name", ["variance-unbiased", "norm-without-root"])
def test_a_norm_with_its_own_gradient(name: str) -> None:
    """The slope of the changed forward half, by differences."""
    program = Program.of(NORMED)
    ways = [slip for slip in slips(program, MISTAKES[name]) if slip.way and not slip.site]
    (wrong,) = (one for one in (Mistaken.of(program, slip).program for slip in ways) if "delta2" in moved(program, one))
    loss = []
    for off in (-1e-5, 1e-5):
        start = np.array(program.start["W1"])
        start[1, 0] += off
        own = msgspec.structs.replace(wrong, start=wrong.start | {"W1": start})
        loss.append(float(Timeline(own).frame(1)["L"]))
    slope = (loss[1] - loss[0]) / 2e-5
    assert float(Timeline(wrong).frame(1)["dL_dW1"][1, 0]) == pytest.approx(slope, rel=1e-6)
    assert float(Timeline(program).frame(1)["dL_dW1"][1, 0]) != pytest.approx(slope, rel=1e-3)


def moved(right: Program, wrong: Program) -> set[str]:
    """What has another value in the first iteration."""
    good, found = Timeline(right).frame(1), Timeline(wrong).frame(1)
    return {o.name for o in right.operations if not np.allclose(good[o.key], found[o.key])}


def test_dropout_left_out() -> None:
    program = Program.of(DROPPED)
    made = {
        s.when(program): values(Timeline(Mistaken.of(program, s).program).frame(1))
        for s in slips(program, MISTAKES["dropout-mask-left-out"])
    }
    without = made["dropout is left out"]
    np.testing.assert_array_equal(without["drop2"], without["h2"])
    np.testing.assert_array_equal(without["dL_dh2"], without["dL_ddrop2"])
    back = made["the dropout mask is left out on the way back, and its scale with it"]
    np.testing.assert_array_equal(back["dL_dh2"], back["dL_ddrop2"])
    np.testing.assert_array_equal(back["drop2"], values(Timeline(program).frame(1))["drop2"])


def test_clipping_without_an_epsilon_is_another_way() -> None:
    program = Program.of(network(clip=("norm", 0.5)))
    good = values(Timeline(program).frame(1))
    norm, samples = good["grad_norm"], program.feed.size
    for name, scale in (("clip-squared-norm", 0.5 / norm**2), ("clip-before-mean", 0.5 / (norm * samples))):
        one = Mistaken.of(program, Slip(MISTAKES[name], way=1)).program
        assert float(Timeline(one).frame(1)["clip_scale"]) == pytest.approx(min(1.0, float(scale)), rel=1e-12)
    alone = values(Timeline(Mistaken.of(program, Slip(MISTAKES["clip-each-alone"], way=1)).program).frame(1))
    own = np.linalg.norm(alone["dL_dW1"])
    np.testing.assert_allclose(alone["c_W1"], alone["dL_dW1"] * min(1.0, 0.5 / own), rtol=1e-12)


def test_a_half_forgotten_everywhere_and_a_swapped_complement() -> None:
    halved = Case(("tanh", "sigmoid"), "half-squared-error", batch=4, units=(3, 2)).network()
    good = values(Timeline(Program.of(halved)).frame(1))
    wrong = values(
        Timeline(Mistaken.of(Program.of(halved), Slip(MISTAKES["half-left-out-of-loss"], way=1)).program).frame(1)
    )
    for name in ("L", "delta2", "dL_dW1"):
        np.testing.assert_allclose(wrong[name], 2 * good[name], rtol=1e-12)
    binary = Program.of(Case(("tanh", "sigmoid"), "binary-cross-entropy", batch=4, units=(3, 1)).network())
    v = values(Timeline(Mistaken.of(binary, Slip(MISTAKES["complement"], way=1)).program).frame(1))
    y, p = binary.start["y"], v["y_hat"]
    assert v["L"] == pytest.approx(-(y * np.log(1 - p) + (1 - y) * np.log(p)).mean(), rel=1e-12)


def test_the_hidden_layers_are_a_place() -> None:
    """Where a cross-entropy has the output's derivative in it, it is left out in all others at most."""
    program = Program.of(Case(("tanh", "tanh", "softmax"), "categorical-cross-entropy", units=(3, 3, 3)).network())
    (hidden,) = (slip for slip in slips(program, MISTAKES["derivative-left-out"]) if slip.site == "hidden-layers")
    assert Mistaken.of(program, hidden).changed == {"delta1", "delta2"}
    assert hidden.when(program) == "the activation's derivative is left out in the hidden layers"


def test_the_layers_with_one_activation_are_a_place() -> None:
    """As somebody makes it whose function for the ReLU's derivative is wrong."""
    case = Case(("tanh", "relu", "relu", "softmax"), "categorical-cross-entropy", units=(3, 3, 3, 3))
    program = Program.of(case.network())
    found = {slip.site: slip for slip in slips(program, MISTAKES["derivative-left-out"])}
    assert Mistaken.of(program, found["relu-layers"]).changed == {"delta2", "delta3"}
    assert found["relu-layers"].when(program) == "the activation's derivative is left out in the layers with relu"
    assert not {"tanh-layers", "softmax-layers"} & found.keys()  # which are one layer


@pytest.mark.parametrize("network", [SQUARE, PENALISED], ids=["plain", "with a penalty"])
def test_the_mean_is_left_out_of_one_gradient(network: Network) -> None:
    program = Program.of(network)
    found = {slip.site: slip for slip in slips(program, MISTAKES["mean-left-out"]) if slip.way}
    good, samples = Timeline(program).frame(1), network.x.shape[1]
    last = len(network.layers)
    of_layer, biases = {f"dL_dW{last}", f"dL_db{last}"}, {f"dL_db{layer}" for layer in range(1, last + 1)}
    for site, changed in ((f"dL_db{last}", {f"dL_db{last}"}), ("b", biases), (f"layer{last}", of_layer)):
        one = Mistaken.of(program, found[site])
        assert one.changed == changed
        wrong = Timeline(one.program).frame(1)
        for name in changed:
            parameter = program.variables[name].parameter
            penalty = network.l2 * good[parameter] if program.variables[parameter].kind == "W" else 0.0
            np.testing.assert_allclose(wrong[name] - penalty, samples * (good[name] - penalty), rtol=1e-9)


def test_a_loss_that_forgets_its_second_term() -> None:
    (v, u) = frame("second-term-forgotten", SQUARE), Timeline(Program.of(SQUARE)).frame(1)
    assert v["L"] == pytest.approx(-(v["y"] * np.log(v["y_hat"])).mean())
    assert v["L"] != pytest.approx(u["L"])


def test_the_mean_of_the_loss_left_out_and_taken_twice() -> None:
    right = float(Timeline(Program.of(SQUARE)).frame(1)["L"])
    assert float(frame("mean-left-out", SQUARE)["L"]) == pytest.approx(3 * right)
    assert float(frame("mean-twice", SQUARE)["L"]) == pytest.approx(right / 3)


def test_the_derivative_of_a_softmax_left_out() -> None:
    for softmax in (SOFTMAX, Case(("tanh", "softmax"), "half-squared-error", units=(4, 400)).network()):
        found = mistaken("derivative-left-out", softmax)
        delta = found.program.by_name[f"delta{len(softmax.layers)}"]
        assert delta.formula == "∂L/∂ŷ"


def test_a_penalty_decoupled() -> None:
    of = network(l2=0.1, optimizer="adam")
    program = mistaken("decay-decoupled", of).program
    assert program.by_name["dL_dW1"].formula == "δ₁xᵀ"
    assert program.by_name["W1"].formula == "W₁ − ηl₂W₁ − ηm′(W₁)/(√v′(W₁) + ε)"
    assert program.by_name["b1"].formula == "b₁ − ηm′(b₁)/(√v′(b₁) + ε)"


def test_the_number_of_mazurs_first_code() -> None:
    """His weights after one step, and the loss that is in hundreds of copies of the post."""
    of = Network(
        layers=tuple(
            Layer(np.array(weights), np.array([[bias]]), "sigmoid", frozen=frozenset("b"))
            for weights, bias in (([[0.15, 0.2], [0.25, 0.3]], 0.35), ([[0.4, 0.45], [0.5, 0.55]], 0.6))
        ),
        x=column(0.05, 0.1),
        y=column(0.01, 0.99),
        loss="half-squared-error",
        optimizer="sgd",
        settings={"learning_rate": 0.5},
    )
    found = Timeline(mistaken("updates-first", of).program)
    weights = found.frame(2)["W1"].ravel()
    np.testing.assert_allclose(weights, [0.1498176386, 0.1996352771, 0.2497881852, 0.2995763704], atol=5e-11)
    assert float(found.frame(2)["L"]) == pytest.approx(0.291027923905, abs=5e-13)
    right = float(Timeline(Program.of(of)).frame(2)["L"])
    assert right == pytest.approx(0.29102777369359933, abs=1e-16)


def test_updates_go_as_far_forward_as_they_can() -> None:
    order = list(mistaken("updates-first", optimizer("adam", weight_decay=0.1)).program.by_name)
    assert order.index("W3") < order.index("dL_dh2") < order.index("W2") < order.index("dL_dh1") < order.index("W1")
    assert order[order.index("dL_dh2") - 6 : order.index("dL_dh2")] == [
        *("d_W3", "m_W3", "v_W3", "m_hat_W3", "v_hat_W3", "W3")
    ]


def test_a_schedule_goes_before_the_first_update() -> None:
    order = list(mistaken("updates-first", network(schedule=("exponential", {"gamma": 0.5}))).program.by_name)
    assert order.index("eta") < order.index("W3") < order.index("dL_dh2")


def test_what_has_to_wait_for_all_gradients_cannot_be_first() -> None:
    with pytest.raises(ValueError, match="updates-first changes nothing"):
        mistaken("updates-first", network(clip=("norm", 0.5)))


def test_a_transpose_that_would_not_fit_is_left_alone() -> None:
    assert mistaken("transpose-added", HALF).changed == {"z1", "z3"}
    assert HALF.layers[1].weights.shape == (2, 3)


def test_everything_is_single_precision() -> None:
    for iteration in (1, 3):
        found = frame("float32", layered(dropout=0.4), iteration)
        assert {np.asarray(value).dtype.name for value in found.values()} == {"float32"}


def test_the_right_program_stays_as_it_is() -> None:
    program = Program.of(article())
    before = [(o.name, o.tree, o.stable) for o in program.operations]
    Timeline(program).frame(1)
    for slip in every(program):
        Timeline(Mistaken.of(program, slip).program).frame(2)
    assert [(o.name, o.tree, o.stable) for o in program.operations] == before
    assert float(Timeline(program).frame(1)["L"]) == pytest.approx(1.4632824673380311, rel=1e-15)


def test_every_row_says_what_it_is() -> None:
    assert len(MISTAKES) == len(ROWS)
    for row in ROWS:
        assert row.when
        assert row.where
        assert row.name == row.name.lower().replace("_", "-").replace(" ", "-")
        assert not row.when.endswith(".")


def test_what_was_done_can_be_followed_by_where() -> None:
    """`… is multiplied in` cannot: `in in δ₁`."""
    said = [when for row in ROWS for when in (row.when, *(way.when for way in row.ways))]
    assert not [when for when in said if when.endswith((" in", " at", " of"))]
