"""Every operation has its sentence, and of its cases the first that is so: recomputed here in another way."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing, next_loss
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.meaning.facts import Facts
from backprop_tui.debugger.meaning.sentence import TABLE, TABLES, chosen, holds, meaning, row_of
from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.meanings import Case, Meaning, Row
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.training import look_ahead
from backprop_tui.engine.training.update_statements import BOUNDED, LENGTH, SCALE, SCALED
from backprop_tui.formula.values.element import evaluate
from backprop_tui.scenario import Scenario, bundled, load
from tests import sampled
from tests.debugger.meaning.models import MODELS
from tests.debugger.scenarios import training
from tests.engine.networks import CASES
from tests.engine.networks import Case as NetworkCase
from tests.engine.options import IN_BATCHES, NETWORKS

Place = tuple[int, ...]


class Seen:
    """What a reader of the debugger's values sees of an operation, or of one number of its value."""

    def __init__(self, debugger: Debugger, at: Place | None) -> None:
        event = debugger.event
        assert event is not None
        self.debugger, self.event, self.at = debugger, event, at
        self.variable = event.operation.variable
        self.k, self.p = str(self.variable.block or ""), self.variable.parameter

    def own(self, array: Any) -> Any:
        """The number at this place, or all of an array."""
        array = np.asarray(array)
        if self.at is None or array.ndim == 0:
            return array
        assert array.ndim == len(self.at)
        return array[tuple(0 if n == 1 else i for n, i in zip(array.shape, self.at, strict=True))]

    @property
    def ans(self) -> Any:
        return self.own(self.event.value)

    @property
    def a(self) -> Any:
        return self.own(next(iter(self.event.inputs.values())))

    @cached_property
    def gate(self) -> Any:
        (found,) = [v for n, v in self.event.inputs.items() if re.fullmatch(r"d(h\d+|y_hat)_d\w+", n)]
        return self.own(found)

    @property
    def switch(self) -> Any:
        assert set(np.unique(self.gate)) <= {0.0, 1.0}
        (name,) = [n for n in self.event.inputs if re.fullmatch(r"d(h\d+|y_hat)_d\w+", n)]
        assert re.fullmatch(r"\[.*\]", self.debugger.program.by_name[name].formula)
        return self.gate

    @property
    def flow(self) -> Any:
        (found,) = [v for n, v in self.event.inputs.items() if n.startswith("dL_d")]
        return self.own(found)

    def before(self, name: str) -> Any:
        here = self.debugger.step
        self.debugger.seek(here - 1)
        found = self.debugger[name]
        self.debugger.seek(here)
        return found

    @property
    def w(self) -> Any:
        return self.own(self.before(self.p))

    @property
    def g(self) -> Any:
        return self.own(self.debugger[f"dL_d{self.p}"])

    @property
    def old(self) -> Any:
        if self.event.name != "L":
            return self.own(self.before(self.event.name))
        assert self.event.iteration > 1
        assert not self.debugger.program.feed.changes  # another loss is of other samples
        here = self.debugger.step
        self.debugger.skip(-1)
        found = self.debugger["L"]
        self.debugger.seek(here)
        return found

    @property
    def new(self) -> Any:
        found = [v for n, v in self.event.inputs.items() if re.match(r"[ndc]_|dL_d", n)]
        return self.own(found[-1])

    @property
    def inputs(self) -> Any:
        (found,) = [v for n, v in self.event.inputs.items() if re.fullmatch(r"x|h\d+|drop\d+", n)]
        return found

    @property
    def factors(self) -> tuple[Any, Any]:
        assert self.at is not None
        i, j = self.at
        values = list(self.event.inputs.items())
        if self.variable.role is Role.WEIGHTED_SUM:
            return values[0][1][i], values[1][1][:, j]
        by_name = dict(values)
        (given,) = [v for n, v in values if re.fullmatch(r"x|h\d+|drop\d+", n)]
        (delta,) = [v for n, v in by_name.items() if n.startswith(("delta", "dL_dz"))]
        return delta[i], given[j]

    def of(self, name: str) -> Any:
        return self.own(self.debugger[name])

    @property
    def down(self) -> bool:
        """Whether the shares of a column add up to 1, or else those of a row."""
        return bool(np.allclose(self.event.value.sum(axis=-2), 1))

    @property
    def peaks(self) -> Any:
        return np.sort(self.event.value, axis=-2 if self.down else -1).take(-1, axis=-2 if self.down else -1)

    @property
    def along(self) -> Any:
        assert self.at is not None
        *stack, i, j = self.at
        matrix = self.event.value[tuple(stack)]
        return matrix.T[j] if self.down else matrix[i]

    @property
    def past(self) -> Any:
        """What a sum adds as it is, and does something with besides."""
        terms = f" + {self.event.operation.formula} + ".replace(" + ", " +  + ")
        bare = [name for name in self.event.inputs if f" + {self.symbol(name)} + " in terms]
        computed = [name for name in self.event.inputs if name not in self.debugger.program.start]
        made = {name: [other for other in computed if name in self.above(other)] for name in bare}
        (name,) = [name for name in bare if made[name]]
        return self.own(self.event.inputs[name])

    def above(self, name: str) -> set[str]:
        """What a variable is computed from."""
        operation = self.debugger.program.by_name.get(name)
        read = set(operation.keys) if operation and operation.key == name else set()
        return read.union(*map(self.above, read)) if read else read

    def symbol(self, name: str) -> str:
        return self.debugger.program.symbols.symbol(name)

    @property
    def from_steps(self) -> tuple[Any, Any]:
        """What flows back from later steps, and the rest: each term of the sum is asked what it would be without
        what later steps computed.
        """
        later = [
            n for n in self.event.inputs if self.debugger.program.variables[n].step not in ("", self.variable.step)
        ]
        backward = [n for n in later if re.match("dL_d|delta", n)]
        assert backward
        without = {n: np.zeros_like(v) if n in backward else v for n, v in self.event.inputs.items()}
        rest = evaluate(self.event.operation.tree, without)
        return self.own(self.event.value - rest), self.own(rest)


def some(array: Any) -> bool:
    return bool(np.count_nonzero(array) > 0)


def every(array: Any) -> bool:
    return bool(np.count_nonzero(array) == np.size(array))


# each condition of the tables, said in another way
HOLDS: dict[str, Callable[[Seen], bool]] = {
    "all(inputs == 0)": lambda s: not some(s.inputs),
    "all(terms == 0)": lambda s: not some(s.factors[0] * s.factors[1]),
    "ans > 0": lambda s: bool(np.sign(s.ans) == 1),
    "ans < 0": lambda s: bool(np.sign(s.ans) == -1),
    "ans == 0": lambda s: not some(s.ans),
    "any(ans == 0)": lambda s: not every(s.ans),
    "any(a < eps{k})": lambda s: bool(np.min(s.a) < s.debugger[f"eps{s.k}"]),
    "abs(ans) > 2": lambda s: not -2 <= s.ans <= 2,
    "abs(ans) <= 2": lambda s: bool(-2 <= s.ans <= 2),
    "all(scale{k} == 1) and all(shift{k} == 0)": lambda s: (
        every(s.event.inputs[f"scale{s.k}"] == 1) and not some(s.event.inputs[f"shift{s.k}"])
    ),
    "all(mask{k} == 1)": lambda s: every(s.debugger[f"mask{s.k}"]),
    "all(mask{k} == 0)": lambda s: not some(s.debugger[f"mask{s.k}"]),
    "any(mask{k} == 0)": lambda s: not every(s.debugger[f"mask{s.k}"]),
    "mask{k} == 0": lambda s: not some(s.of(f"mask{s.k}")),
    "mask{k} == 1": lambda s: some(s.of(f"mask{s.k}")),
    "all(a > 0)": lambda s: bool(np.min(s.a) > 0),
    "all(a <= 0)": lambda s: bool(np.max(s.a) <= 0),
    "all(a < 0)": lambda s: bool(np.max(s.a) < 0),
    "samples > 1 and any(sum_samples(ans) == 0)": lambda s: s.ans.shape[1] > 1 and any(not some(row) for row in s.ans),
    "any(a <= 0)": lambda s: bool(np.min(s.a) <= 0),
    "a > 0": lambda s: bool(np.sign(s.a) == 1),
    "a < 0": lambda s: bool(np.sign(s.a) == -1),
    "a == 0": lambda s: not some(s.a),
    "all((ans > 0.98) or (ans < 0.02))": lambda s: bool(np.min(np.abs(s.ans - 0.5)) > 0.48),
    "any((ans > 0.98) or (ans < 0.02))": lambda s: bool(np.max(np.abs(s.ans - 0.5)) > 0.48),
    "ans > 0.98": lambda s: not s.ans <= 0.98,
    "ans < 0.02": lambda s: not s.ans >= 0.02,
    "all(abs(ans) > 0.96)": lambda s: bool(np.min(s.ans**2) > 0.96**2),
    "any(abs(ans) > 0.96)": lambda s: bool(np.max(s.ans**2) > 0.96**2),
    "abs(ans) > 0.96": lambda s: not -0.96 <= s.ans <= 0.96,
    "a > 3": lambda s: not s.a <= 3,
    "a < -3": lambda s: not s.a >= -3,
    "abs(a) <= 3": lambda s: bool(-3 <= s.a <= 3),
    "any(abs(a) >= 3)": lambda s: bool(max(np.max(s.a), -np.min(s.a)) >= 3),
    "a >= 3": lambda s: not s.a < 3,
    "a <= -3": lambda s: not s.a > -3,
    "abs(a) < 3": lambda s: bool(-3 < s.a < 3),
    "samples == 1 and max(ans) > 0.9": lambda s: s.ans.shape[1] == 1 and bool(np.sort(s.ans.ravel())[-1] > 0.9),
    "samples == 1 and max(ans) < 1.5 * min(ans)": lambda s: (
        s.ans.shape[1] == 1 and bool(np.ptp(s.ans) < 0.5 * np.sort(s.ans.ravel())[0])
    ),
    "max(column) == min(column)": lambda s: s.at is not None and every(s.event.value[:, s.at[1]] == s.ans),
    "ans == max(column) and is_output == 1": lambda s: (
        s.event.name == "y_hat" and s.at is not None and every(s.event.value[:, s.at[1]] <= s.ans)
    ),
    "all((ans > 0.98) or (ans < 0.02)) and is_output == 1": lambda s: (
        s.event.name == "y_hat" and bool(np.min(np.abs(s.ans - 0.5)) > 0.48)
    ),
    "any((ans > 0.98) or (ans < 0.02)) and is_output == 1": lambda s: (
        s.event.name == "y_hat" and bool(np.max(np.abs(s.ans - 0.5)) > 0.48)
    ),
    "all(q_{p} >= 0)": lambda s: bool(np.min(s.event.inputs[f"q_{s.p}"]) >= 0),
    "q_{p} >= 0": lambda s: not s.of(f"q_{s.p}") < 0,
    "ans == max(column)": lambda s: every(s.event.value[:, s.at[1]] <= s.ans) if s.at else False,
    "ans < max(column)": lambda s: some(s.event.value[:, s.at[1]] > s.ans) if s.at else False,
    "ans < old": lambda s: bool(s.ans - s.old < 0),
    "ans > old": lambda s: bool(s.ans - s.old > 0),
    "ans == old": lambda s: bool(s.ans - s.old == 0),
    "all(ans == 0)": lambda s: not some(s.ans),
    "all(ans < 0)": lambda s: bool(np.max(s.ans) < 0),
    "all(ans > 0)": lambda s: bool(np.min(s.ans) > 0),
    "abs(ans) > 1e300": lambda s: bool(np.isinf(s.ans)) or not -1e300 <= s.ans <= 1e300,
    "all(ans == 1)": lambda s: every(s.ans) and bool(np.max(s.ans) == np.min(s.ans) == 1),
    "ans == 1": lambda s: bool(s.ans - 1 == 0),
    "all(abs(ans) < 0.05)": lambda s: bool(np.max(s.ans**2) < 0.05**2),
    "any(abs(ans) < 0.05)": lambda s: bool(np.min(s.ans**2) < 0.05**2),
    "abs(ans) < 0.05": lambda s: bool(-0.05 < s.ans < 0.05),
    "all(switch == 0)": lambda s: not some(s.switch),
    "any(switch == 0)": lambda s: not every(s.switch),
    "max(abs(ans)) < 0.1 * max(abs(flow))": lambda s: bool(
        10 * max(np.max(s.ans), -np.min(s.ans)) < max(np.max(s.flow), -np.min(s.flow))
    ),
    "switch == 0": lambda s: not some(s.switch),
    "gate == 0": lambda s: not some(s.gate),
    "flow == 0": lambda s: not some(s.flow),
    "any(sum_samples(abs(ans)) == 0)": lambda s: any(not some(row) for row in s.ans),
    "all(left == 0)": lambda s: not some(s.factors[0]),
    "all(right == 0)": lambda s: not some(s.factors[1]),
    "ans == eta0": lambda s: bool(s.ans - s.debugger["eta0"] == 0),
    "ans < eta0": lambda s: bool(s.ans - s.debugger["eta0"] < 0),
    "ans > max_norm": lambda s: not s.ans <= s.debugger["max_norm"],
    "ans <= max_norm": lambda s: bool(s.ans <= s.debugger["max_norm"]),
    "ans < 1": lambda s: not s.ans >= 1,
    "clip_scale == 1": lambda s: bool(s.debugger["clip_scale"] >= 1),
    "clip_scale < 1": lambda s: not s.debugger["clip_scale"] >= 1,
    "all(ans == g)": lambda s: not some(s.ans - s.g),
    "any(ans != g)": lambda s: some(s.ans - s.g),
    "ans == g": lambda s: not some(s.ans - s.g),
    "ans != g": lambda s: some(s.ans - s.g),
    "w * g > 0": lambda s: bool(np.sign(s.w) * np.sign(s.g) == 1),
    "w * g < 0": lambda s: bool(np.sign(s.w) * np.sign(s.g) == -1),
    "w == 0": lambda s: not some(s.w),
    "all(old == 0)": lambda s: not some(s.old),
    "sum(old * new) > 0": lambda s: bool(np.vdot(s.old, s.new) > 0),
    "sum(old * new) < 0": lambda s: bool(np.vdot(s.old, s.new) < 0),
    "old == 0": lambda s: not some(s.old),
    "old * new > 0": lambda s: bool(np.sign(s.old) * np.sign(s.new) == 1),
    "old * new < 0": lambda s: bool(np.sign(s.old) * np.sign(s.new) == -1),
    "beta1 ** t > 0.5": lambda s: bool(s.event.iteration * np.log(s.debugger["beta1"]) > np.log(0.5)),
    "beta1 ** t < 0.01": lambda s: bool(s.event.iteration * np.log(s.debugger["beta1"]) < np.log(0.01)),
    "beta2 ** t > 0.5": lambda s: bool(s.event.iteration * np.log(s.debugger["beta2"]) > np.log(0.5)),
    "beta2 ** t < 0.01": lambda s: bool(s.event.iteration * np.log(s.debugger["beta2"]) < np.log(0.01)),
    "all(ans == w)": lambda s: not some(s.ans - s.w),
    "ans == w and g == 0": lambda s: not some(s.ans - s.w) and not some(s.g),
    "ans == w": lambda s: not some(s.ans - s.w),
    "ans > w and g < 0": lambda s: bool(s.ans - s.w > 0 > s.g),
    "ans < w and g > 0": lambda s: bool(s.ans - s.w < 0 < s.g),
    "g == 0": lambda s: not some(s.g),
    "(ans - w) * g > 0": lambda s: bool(np.sign(s.ans - s.w) * np.sign(s.g) == 1),
    "all(ans < 0.05)": lambda s: not np.max(s.ans) >= 0.05,
    "all(ans > 0.95)": lambda s: not np.min(s.ans) <= 0.95,
    "ans < 0.05": lambda s: not s.ans >= 0.05,
    "ans > 0.95": lambda s: not s.ans <= 0.95,
    "ans <= 0.95": lambda s: not s.ans > 0.95,
    "all(peaks > 0.98)": lambda s: not np.min(s.peaks) <= 0.98,
    "max(peaks) * choices < 1.5": lambda s: bool(np.max(s.peaks) < 1.5 / s.event.value.shape[-2 if s.down else -1]),
    "ans == max(along)": lambda s: every(s.along <= s.ans),
    "ans < max(along)": lambda s: some(s.along > s.ans),
    "ans < -1e8": lambda s: not s.ans >= -1e8,
    "norm(ans - past) < 0.1 * norm(past)": lambda s: bool(
        100 * np.vdot(s.ans - s.past, s.ans - s.past) < np.vdot(s.past, s.past)
    ),
    "abs(ans - past) > abs(past)": lambda s: bool((s.ans - s.past) ** 2 > s.past**2),
    "abs(ans - past) <= abs(past)": lambda s: not (s.ans - s.past) ** 2 > s.past**2,
    "norm(later) > norm(here)": lambda s: bool(np.vdot(*2 * [s.from_steps[0]]) > np.vdot(*2 * [s.from_steps[1]])),
    "norm(later) <= norm(here)": lambda s: not np.vdot(*2 * [s.from_steps[0]]) > np.vdot(*2 * [s.from_steps[1]]),
    "abs(later) > abs(here)": lambda s: bool(s.from_steps[0] ** 2 > s.from_steps[1] ** 2),
    "abs(later) <= abs(here)": lambda s: not s.from_steps[0] ** 2 > s.from_steps[1] ** 2,
    "parts > 1": lambda s: len([name for name in s.event.inputs if "@" in name]) >= 2,
    "abs(ans) < 0.1 * abs(flow)": lambda s: bool(100 * s.ans**2 < s.flow**2),
}
ABSENT = (KeyError, AssertionError, ValueError)  # what is not there makes a case not hold


def so(case: Case, seen: Seen) -> bool:
    """Whether a case is so, as it is said here; of a condition that is not said here, as the program has it."""
    if case.when not in HOLDS:
        return holds(case.when, Facts(seen.debugger.moment(), seen.event.operation, seen.at))
    try:
        with np.errstate(all="ignore"):
            return HOLDS[case.when](seen)
    except ABSENT:
        return False


def one_layer(activation: str, *z: float, y: float = 0.5, **changes: Any) -> Network:
    """A layer of several units behind one input of 1, so that its pre-activations are these numbers, and an output."""
    loss = changes.pop("loss", "mean-squared-error")
    settings = changes.pop("settings", {"learning_rate": 0.1})
    last = changes.pop("last", Layer(np.ones((1, len(z))), np.array([[0.1]]), "identity"))
    first = Layer(np.array(z).reshape(-1, 1), np.zeros((len(z), 1)), activation, **changes.pop("layer", {}))
    layers = (first,) if last is None else (first, last)
    outputs = len(z) if last is None else 1
    return Network(
        layers,
        changes.pop("x", np.array([[1.0]])),
        changes.pop("targets", np.full((outputs, 1), y)),
        loss,
        changes.pop("optimizer", "sgd"),
        settings,
        **changes,
    )


def made() -> Iterator[tuple[str, Network, int]]:
    """Networks in which rare cases are so, and how many iterations of each are looked at."""
    for name in ACTIVATIONS:
        if name not in ("softmax", "log-softmax"):
            for z in ((4.5, 5.5), (-5.5, -4.5), (0.0, 1.0), (-0.7, 0.4, 6.0), (-0.5, -0.7), (0.5, 0.7)):
                yield f"{name} at {z}", one_layer(name, *z), 2
                yield f"{name} out at {z}", one_layer(name, *z, last=None, y=0.0), 1
                yield f"{name} of nothing at {z}", one_layer(name, *z, x=np.array([[0.0]])), 1


def hinges() -> Iterator[tuple[str, Network, int]]:
    """A prediction within its margin, and one beyond it."""
    for weight in (0.2, 2.0):
        hinge = NetworkCase(("identity",), "hinge", units=(1,)).network()
        alone = (Layer(np.array([[weight]]), None, "identity"),)
        yield (
            f"hinge at {weight}",
            msgspec.structs.replace(hinge, layers=alone, x=np.ones((1, 1)), y=np.ones((1, 1))),
            1,
        )


def rare() -> Iterator[tuple[str, Network, int]]:
    """Networks in which what is rarer still is so."""
    batch = np.array([[1.0, -1.0, 2.0]])
    yield (
        "no bias, and nothing comes in",
        one_layer("tanh", 0.5, x=np.zeros((1, 1)), last=Layer(np.ones((1, 1)), None, "identity")),
        1,
    )
    bare = Layer(np.ones((2, 1)), None, "tanh")
    silent = one_layer("tanh", 0.5, 0.5, x=np.zeros((1, 1)))
    yield (
        "no bias in a layer, and nothing comes in",
        msgspec.structs.replace(silent, layers=(bare, silent.layers[1])),
        1,
    )
    yield "too steep", one_layer("identity", 1e200, 1.0, last=Layer(np.full((1, 2), 1e200), None, "identity")), 1
    for norm in ("batch", "layer"):
        for name in ("relu", "softmax", "sigmoid"):
            case = NetworkCase((name, name), "mean-squared-error", batch=4, norms=(norm, norm))
            yield f"{name} after {norm} norm", case.network(), 1
            few = NetworkCase((name, name), "mean-squared-error", batch=4, norms=(norm, norm), units=(1, 1))
            yield f"{name} after {norm} norm, few", few.network(), 1
    yield from hinges()
    yield "dead for the batch", one_layer("relu", 0.0, 1.0, x=np.abs(batch), targets=batch), 1
    yield "dead for the batch, out", one_layer("relu", 0.0, 1.0, last=None, x=np.abs(batch), targets=np.ones((2, 3))), 1
    for name in ("softmax", "log-softmax"):
        for z in ((0.1, 0.2, 0.0), (9.0, 0.0, 1.0), (1.0, 0.5, 0.2), (0.5, 0.5, 0.5)):
            targets = np.array([[1.0], [0.0], [0.0]])
            for last in (None, Layer(np.ones((1, 3)), None, "identity")):
                yield (
                    f"{name} at {z} {last}",
                    one_layer(name, *z, last=last, targets=targets if last is None else np.ones((1, 1))),
                    1,
                )
    right = one_layer("identity", 0.5, last=None, y=0.5)
    yield "exactly right", right, 2
    yield "as wrong as can be", one_layer("sigmoid", -800.0, last=None, y=1.0, loss="binary-cross-entropy"), 1
    for y in (9.0, -9.0):
        yield f"all too small or large: {y}", one_layer("identity", 0.5, 0.7, last=None, targets=np.full((2, 1), y)), 1
    constant = NetworkCase(("relu", "identity"), "mean-squared-error", batch=4, norms=("batch",)).network()
    yield "no variance", msgspec.structs.replace(constant, x=np.ones((3, 4))), 1
    yield "no variance in a layer", one_layer("tanh", 1.0, 1.0, layer={"norm": "layer"}), 1
    far = NetworkCase(("relu", "identity"), "mean-squared-error", batch=12, norms=("batch", "batch")).network()
    x = far.x.copy()
    x[:, 0] = 60.0
    yield "far from the mean", msgspec.structs.replace(far, x=x), 3
    for share in (1e-9, 1 - 1e-9):
        yield f"dropout {share}", one_layer("tanh", 0.3, 0.4, layer={"dropout": share}), 2
    yield "dropout", one_layer("relu", *np.linspace(-1, 1, 30), layer={"dropout": 0.5}), 2
    zeros = one_layer("relu", 1.0, 1.0, l2=0.1, last=Layer(np.zeros((1, 2)), None, "identity"))
    nothing = Layer(np.zeros((2, 1)), None, "relu")
    yield "weights of 0", msgspec.structs.replace(zeros, layers=(nothing, zeros.layers[1])), 1
    for optimizer, more in (
        ("sgd", {"momentum": 0.95, "weight_decay": 0.4}),
        ("adam", {"betas": (0.6, 0.7), "weight_decay": 0.1, "amsgrad": True}),
        ("adam", {"betas": (0.9, 0.999)}),
        ("nadam", {}),
        ("rmsprop", {"momentum": 0.9, "alpha": 0.5}),
        ("adadelta", {}),
        ("adagrad", {}),
        ("adamw", {"weight_decay": 0.9}),
    ):
        settings = {"learning_rate": 0.3, **more}
        yield f"{optimizer} {more}", one_layer("tanh", 0.4, -0.8, 0.0, optimizer=optimizer, settings=settings), 14
        dead = one_layer("relu", -1.0, 0.5, optimizer=optimizer, settings=settings)
        yield f"{optimizer} {more}, a unit off", dead, 3
    leaving = one_layer("relu", 0.2, 0.5, optimizer="sgd", settings={"learning_rate": 0.6, "momentum": 0.9})
    yield "momentum moves a unit that is off", leaving, 6
    for clip in (("norm", 0.01), ("norm", 100.0), ("value", 0.01), ("value", 100.0), ("value", 0.2)):
        yield f"clip {clip}", one_layer("tanh", 0.4, -0.8, clip=clip), 1
    yield "schedule", one_layer("tanh", 0.4, schedule=("exponential", {"gamma": 0.5})), 2
    yield (
        "normed relu",
        NetworkCase(("relu", "sigmoid"), "binary-cross-entropy", batch=5, norms=("batch", "batch")).network(),
        2,
    )
    yield "normed, off", one_layer("relu", 1.0, -1.0, layer={"norm": "layer"}), 1
    yield "learning rate 0", one_layer("tanh", 0.4, 0.5, settings={"learning_rate": 1e-300}), 2
    yield (
        "identity normed",
        NetworkCase(("identity", "identity"), "mean-squared-error", batch=3, norms=("layer",)).network(),
        1,
    )


RARE = {name: (training(network), n) for name, network, n in rare()}
MADE = {name: (training(network), n) for name, network, n in made()} | RARE
SCENARIOS: dict[str, tuple[Scenario, int]] = {
    **{name: (load(name), 2) for name, _ in bundled()},
    **{name: (training(network), 2) for name, network in (NETWORKS | IN_BATCHES).items()},
    **{str(case): (training(case.network()), 1) for case in list(CASES.values())[::11]},
    **MADE,
    **MODELS,
}


def places(value: Any) -> list[Place | None]:
    """All of it, and some of its numbers; of a single number that alone."""
    found = list(np.ndindex(np.shape(value)))
    return [None, *found[:7], found[-1]] if len(found) > 1 else [found[0]]


def states(name: str) -> Iterator[tuple[Debugger, Row, Seen]]:
    scenario, iterations = SCENARIOS[name]
    debugger = Debugger(scenario)
    for step in range(1, iterations * debugger.timeline.length + 1):
        debugger.seek(step)
        event = debugger.event
        assert event is not None
        row = row_of(event.operation)
        assert row is not None, event.name
        for at in places(event.value):
            debugger.seek(step)
            debugger.selection = None if at is None else Address(event.name, at)
            yield debugger, row, Seen(debugger, at)


@pytest.mark.parametrize("name", sampled.some(SCENARIOS, 16, 160))
def test_the_first_case_that_is_so_is_said(name: str) -> None:
    for debugger, row, seen in states(name):
        moment = debugger.moment()
        assert moment.operation is not None
        found = chosen(row, Facts(moment, moment.operation, seen.at))
        cases = row.cases if seen.at is None else row.one
        wanted = next((case for case in cases if so(case, seen)), None)
        debugger.selection = None if seen.at is None else Address(moment.operation.name, seen.at)
        assert found == wanted, (debugger.position, seen.at, found, wanted)
        said = meaning(debugger.moment(), Writing(debugger.program.symbols))
        assert len(said.split()) >= 3, said
        assert said.isprintable()
        assert not set(said) & set("{}")
        assert "  " not in said


def test_every_case_is_met_and_none_always() -> None:
    """Only that is walked through in which a case may be met that was not so far."""
    all_rows = [*chain(*TABLE.values()), *(meaning.row for meaning in own_meanings() if meaning.row)]
    wanted = {pair: {True, False} for row in all_rows for pair in pairs(row)}
    for name in (
        *sorted(MADE, key=RARE.__contains__, reverse=True),
        *MODELS,
        *(name for name, _ in bundled()),
        *NETWORKS,
    ):
        rows = {row for o in Program.of(SCENARIOS[name][0].network).operations if (row := row_of(o))}
        if not any(wanted[pair] for row in rows for pair in pairs(row)):
            continue
        for _, row, seen in states(name):
            for level, case in pairs(row):
                if wanted[level, case] and level == ("cases" if seen.at is None else "one"):
                    wanted[level, case].discard(so(case, seen))
    wanting = [f"{level} {case.when}: {case.says} never {left}" for (level, case), left in wanted.items() if left]
    assert not wanting, "\n".join(wanting)


def pairs(row: Row) -> list[tuple[str, Case]]:
    """The cases of a row, each with its level."""
    return [*(("cases", case) for case in row.cases), *(("one", case) for case in row.one)]


SENTENCES = {  # of the article: position, selection -> what is said
    ("1:h1", ""): "h[0] is off, and the rest passes unchanged",
    ("1:h1", "h1[1,0]"): "z₁[1] is positive, so it passes unchanged",
    ("1:z1", "z1[1,0]"): "the sum is positive, and what pushes it up most is W₁[1,2]·x[2] = 0.75",
    ("1:delta1", ""): "h[0] is off, so nothing flows back through it",
    ("1:dL_dW1", ""): "the weights into h[0] do not move L, so they learn nothing",
    ("1:dL_dW2", "dL_dW2[0,0]"): "what comes in by W₂[0,0] is 0, so it does not move L",
    ("1:W1", "W1[1,0]"): "W₁[1,0] is lowered, since L rises with it",
    ("2:L", ""): "L has fallen from 1.4633 to 1.0792",
    ("1:h1", "W1[0,0]"): "h[0] is off, and the rest passes unchanged",  # what is selected is of another operation
}


def test_two_losses_that_are_compared_have_the_same_digits_and_can_be_told_apart() -> None:
    writing = Writing(Debugger(load("article")).program.symbols)
    assert writing.both(0.011, 0.01094) == ("0.0110", "0.0109")
    assert writing.both(0.02324, 0.02323) == ("0.02324", "0.02323")
    assert writing.both(2, 1.5) == ("2.0", "1.5")
    assert writing.both(-1, -1) == ("−1", "−1")
    assert writing.both(1e-7, 0.5) == ("1e−7", "0.5")


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_two_losses_that_are_compared_read_differently(digits: int) -> None:
    debugger = Debugger(load("vanishing-gradient"))
    debugger.seek("2:L")
    writing = Writing(debugger.program.symbols, digits)
    before, after = re.findall(r"[\d.e−]+", meaning(debugger.moment(), writing).partition(" from ")[2])
    assert before != after
    said = next_loss(0.25, 0.25 - 1e-7, writing)
    assert len({*re.findall(r"0\.\d+", said)}) == 2


OF_MODELS = {  # lesson, position, selection -> what is said
    ("attention", "1:a", "a[1,0]"): "token 0 looks at token 1 with 52 % of its attention: nothing gets more",
    ("attention", "1:a", ""): "each token divides its attention: the shares of a column add up to 1",
    ("attention-unscaled", "1:P", "P[0,1]"): "token 0 looks at token 1 with 33 % of its attention",
    ("multi-head-attention", "1:a", "a[0,0,1,2]"): (
        "token 1 does not look at token 2 at all, so nothing of that goes into it"
    ),
    ("gru", "1:u1", "u1[1,0]"): "the gate is partly open: 20 % of the old state h₀ remains",
    ("gru", "1:u1", "u1[0,0]"): "the gate is partly open: 94 % of the old state h₀ remains",
    ("gru", "1:dL_dh1", ""): "most of it comes back from the steps after, through time",
    ("gru", "1:dL_dUu", ""): "each step that reads Uu has a part in it: the largest is step 3's",
    ("lstm", "1:o1", ""): "the gate is partly open: 82 % of what it multiplies passes",
    ("rnn-through-time", "1:h2", ""): "the state after step 2, which the loop carries on",
    ("rnn-through-time", "1:dL_dWh@1", ""): "as far as step 1 goes, L does not move with Wh",
    ("residual-block", "1:r", ""): "x goes past unchanged, and what was made of it is added",
    ("makemore", "1:bnvar_inv", ""): "one over the standard deviation of hprebn",
    ("makemore", "1:probs", ""): "shares that add up to 1 in each row: the larger a number, the larger its share",
    ("convolution", "1:z", ""): "each number is one window of the image, weighted by the kernel K and added up",
    ("gpt-block", "1:q1", "q1[0,0]"): "the sum is positive, and what pushes it up most is Wq₁[0,1]·n₁[1,0] = 0.7671",
}


@pytest.mark.parametrize(("lesson", "position", "selection"), OF_MODELS)
def test_models(lesson: str, position: str, selection: str) -> None:
    said = sentence(Debugger(load(lesson)), position, selection)
    assert said == OF_MODELS[lesson, position, selection]


def sentence(debugger: Debugger, position: str, selection: str) -> str:
    """What is said at a position, of what is selected."""
    debugger.seek(position)
    if selection:
        name, _, at = selection.rstrip("]").partition("[")
        debugger.selection = Address(name, tuple(map(int, at.split(","))))
    return meaning(debugger.moment(), Writing(debugger.program.symbols))


@pytest.mark.parametrize(("position", "selection"), SENTENCES)
def test_the_article(position: str, selection: str) -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:L")
    assert sentence(debugger, position, selection) == SENTENCES[position, selection]


def test_stepping_into_says_it_of_the_element() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:h1")
    debugger.into()
    writing = Writing(debugger.program.symbols)
    assert meaning(debugger.moment(), writing) == "z₁[0] is negative, so h[0] is off and passes nothing on"
    debugger.into()
    assert meaning(debugger.moment(), writing) == "z₁[1] is positive, so it passes unchanged"
    ascii_ = meaning(debugger.moment(), Writing(debugger.program.symbols, ascii=True))
    assert ascii_ == "z1[1] is positive, so it passes unchanged"


def test_before_anything_ran_there_is_no_sentence() -> None:
    debugger = Debugger(load("article"))
    assert meaning(debugger.moment(), Writing(debugger.program.symbols)) == ""


def own_meanings() -> list[Meaning]:
    """What stands on the rows of the engine's tables."""
    equations = (equation for row in OPTIMIZERS.values() for equation in row.equations)
    found = [equation.means for equation in equations]
    found += [row.meaning for row in ACTIVATIONS.values()]
    found += [row.meaning for row in LOSSES.values()]
    found += [LENGTH, SCALE, SCALED, BOUNDED, look_ahead.MEANING]
    return [meaning for meaning in found if meaning is not None]


def test_every_row_is_reached() -> None:
    files = (Path(__file__).parents[2] / "data" / "valid").glob("*.toml")
    networks = [*NETWORKS.values(), *(case.network() for case in CASES.values()), *(load(f).network for f in files)]
    networks += [scenario.network for scenario, _ in SCENARIOS.values()]
    operations = [operation for network in networks for operation in Program.of(network).operations]
    met = {id(row_of(operation)) for operation in operations}
    for operation in operations:
        assert row_of(operation) is not None, operation.name
    own = own_meanings()
    # what holds for all of a role is said of those that have no row of their own
    spare = {Role.ACTIVATION, Role.GRADIENT, Role.STEP, Role.LOSS, Role.CLIPPING}
    rows = [row for key, rows in TABLE.items() if key not in spare for row in rows]
    general = {id(row) for key in spare for row in TABLE.get(key, ())}
    assert {*map(id, rows), *(id(meaning.row) for meaning in own)} == met - general


def test_no_row_takes_the_place_of_another_table_s() -> None:
    assert len(TABLE) == sum(map(len, TABLES))


def test_units_that_are_off_for_a_batch_have_the_address_of_a_unit() -> None:
    network = one_layer("relu", 0.0, 1.0, x=np.abs(np.array([[1.0, -1.0, 2.0]])), targets=np.ones((1, 3)))
    said = "h[0] is off for the whole batch, which teaches it nothing"
    assert sentence(Debugger(training(network)), "1:h1", "") == said


def test_a_saturated_output_is_not_said_to_learn_little() -> None:
    """A cross-entropy makes up for the slope of its sigmoid; behind a hidden layer nothing does."""
    network = one_layer("sigmoid", 6.0, last=None, y=0.0, loss="binary-cross-entropy")
    debugger = Debugger(training(network))
    assert sentence(debugger, "1:y_hat", "") == "z₁[0] is so large that ŷ[0] is nearly 1, where σ is nearly flat"
    hidden = Debugger(training(one_layer("sigmoid", 6.0, 7.0)))
    said = "every unit of layer 1 is saturated: σ is nearly flat there, so little gradient gets through"
    assert sentence(hidden, "1:h1", "") == said


def test_what_a_shift_of_a_layer_is_said_to_be_is_true_of_a_batch() -> None:
    said = "a shift is added, so its gradient is what comes back to the sum, added up over the places where it is added"
    assert sentence(Debugger(load("batch-norm")), "1:dL_dshift1", "") == said


def test_there_is_a_row_for_each_condition() -> None:
    rows = [*chain(*TABLE.values()), *(meaning.row for meaning in own_meanings() if meaning.row)]
    used = {case.when for row in rows for case in (*row.cases, *row.one)}
    assert used >= HOLDS.keys()
