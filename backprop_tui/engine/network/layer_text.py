"""Dense layers as the text of a model: a line for each operation, a block for each layer, and the record of each line.

    block layer1:
        z1 = W1 @ x + b1
        y_hat = sigmoid(z1)
    L = -mean(y * log(y_hat) + (1 - y) * log(1 - y_hat))

What a line is to a reader, such as a weighted sum of layer 1, stands beside the text: a formula does not say it.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from backprop_tui.engine.network.layers import DROPPED, NORMS, RUNNING
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES, ONLY, REDUCTIONS, with_reduction
from backprop_tui.formula.language.algebra import build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Name
from backprop_tui.formula.writing.printer import source

PENALTIES = (
    ("l1", "l1", "sum(abs({}))"),
    ("l2", "0.5 * l2", "sum({} ** 2)"),
)  # the setting, its factor, a layer's term


class Layers(Protocol):
    """What the text says: the layers, and the loss that reads the last of them."""

    @property
    def layers(self) -> Sequence[Any]: ...
    @property
    def loss(self) -> str: ...
    @property
    def reduction(self) -> str: ...
    @property
    def l1(self) -> float: ...
    @property
    def l2(self) -> float: ...


class Written(NamedTuple):
    """A text, and the record of what each of its lines writes."""

    text: str
    records: dict[str, Variable]


class _Line(NamedTuple):
    name: str
    formula: str
    record: Variable


def forward_text(of: Layers, samples: int, *, evaluating: bool = False, has_loss: bool = True) -> Written:
    """The forward half for a number of samples. When evaluating, nothing is dropped and running statistics take the
    place of a batch's; without targets there is no loss.
    """
    text: list[str] = []
    records: dict[str, Variable] = {}

    def write(lines: Iterator[_Line], indent: str = "") -> None:
        for name, formula, record in lines:
            text.append(f"{indent}{name} = {formula}")
            records[name] = record

    for k in range(1, len(of.layers) + 1):
        text.append(f"block layer{k}:")
        write(_of_layer(of, k, evaluating=evaluating), "    ")
    if has_loss:
        write(_of_loss(of, samples))
    return Written("\n".join(text), records)


def update_text(of: Layers) -> Written:
    """What an iteration adds to running statistics; carried on like the slots of an optimizer."""
    text: list[str] = []
    records: dict[str, Variable] = {}
    for k, layer in enumerate(of.layers, 1):
        for name, mean, formula in RUNNING if layer.norm and NORMS[layer.norm].running else ():
            text.append(f"{name} = {formula}".format(k=k))
            records[name.format(k=k)] = Variable(Role.STATISTIC, name.format(k=""), k, of=mean.format(k=k))
    return Written("\n".join(text), records)


def _of_layer(of: Layers, k: int, *, evaluating: bool) -> Iterator[_Line]:
    layer, row = of.layers[k - 1], ACTIVATIONS[of.layers[k - 1].activation]
    before = "x" if k == 1 else f"drop{k - 1}" if of.layers[k - 2].dropout and not evaluating else f"h{k - 1}"
    bias = "" if layer.bias is None else f" + b{k}"
    yield _Line(f"z{k}", f"W{k} @ {before}{bias}", Variable(Role.WEIGHTED_SUM, "z", k))
    if layer.norm:
        norm = NORMS[layer.norm]
        for name, formula in norm.lines(evaluating=evaluating):
            record = Variable(Role.NORMALISATION, name.format(k=""), k)
            yield _Line(name.format(k=k), formula.format(k=k, axis=norm.axis), record)
    is_last = k == len(of.layers)
    operands = ", ".join([f"scaled{k}" if layer.norm else f"z{k}", *(f"{name}{k}" for name in layer.constants)])
    active = Variable(Role.ACTIVATION, "y_hat" if is_last else "h", k, means=row.meaning)
    yield _Line("y_hat" if is_last else f"h{k}", f"{row.primitive}({operands})", active)
    if layer.dropout and not evaluating:
        name, formula = DROPPED
        yield _Line(name.format(k=k), formula.format(k=k), Variable(Role.DROPOUT, name.format(k=""), k))


def _of_loss(of: Layers, samples: int) -> Iterator[_Line]:
    """The cost of large weights, over all layers together, where there is one (biases cost nothing); and L."""
    weights = [f"W{k}" for k in range(1, len(of.layers) + 1)]
    terms = [
        f"{factor} * ({' + '.join(term.format(weight) for weight in weights)})"
        for name, factor, term in PENALTIES
        if getattr(of, name)
    ]
    if terms:
        yield _Line("penalty", " + ".join(terms), Variable(Role.PENALTY, "penalty"))
    row, last = LOSSES[of.loss], of.layers[-1]
    has_no_effect = samples == 1 and (last.units == 1 or row.over == "samples")
    form, _ = ONLY if last.units == samples == 1 else REDUCTIONS[row.over, "sum" if has_no_effect else of.reduction]
    formula = row.behind.get(last.activation, row.formula)
    loss = _loss(formula, form, "y" if row.has_targets else "y_hat", has_penalty=bool(terms))
    yield _Line("L", loss, Variable(Role.LOSS, "L", means=row.meaning))


@lru_cache(maxsize=64)
def _loss(formula: str, form: str, counted: str, *, has_penalty: bool) -> str:
    """The formula of a row, with a form of its reduction put in; `counted` has as many samples as there are."""
    tree = with_reduction(parse(formula), put_in(parse(form), {"n": Name(counted)}))
    return source(build("add", tree, Name("penalty")) if has_penalty else tree)
