"""The glossary: what every symbol stands for, its shape, and where it comes from."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.meaning.model_entries import ENTRIES
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.formula.values.element import Shape

MATRICES = "for each sample a row for each output and a column for each input"


class Entry(NamedTuple):
    """What a symbol is."""

    text: str


LOCAL = Entry("a local derivative: how an activation moves with what it is computed from")

CONSTANTS = {Role.SETTING: "a setting", Role.GIVEN: "the same in every iteration"}
PENALTY = Entry("how much the penalty for large weights counts in L")
RATE = Entry("the learning rate, which the steps of every update are scaled by")

# role and kind, or a role alone -> entry; {k} is the layer, {w} the parameter that it belongs to
OF_LAYERS: dict[tuple[Role, str] | Role, Entry] = {
    # data
    (Role.INPUT, "x"): Entry("the inputs, as the data gives them"),
    (Role.TARGET, "y"): Entry("the targets: what the prediction should be"),
    (Role.ACTIVATION, "y_hat"): Entry("the prediction, the activation of the last layer"),
    # models: what people named
    Role.INPUT: Entry("an input, as the data gives it"),
    Role.TARGET: Entry("what the prediction should be, as the data gives it"),
    Role.GIVEN: Entry("a constant that the scenario gives"),
    Role.NOISE: Entry("random numbers, drawn anew in every iteration"),
    Role.PARAMETER: Entry("a parameter, whose first value the scenario gives"),
    Role.VALUE: Entry("a value that is computed on the way to L"),
    (Role.LOCAL_DERIVATIVE, "value"): Entry("a local derivative: how {whose} moves with what it is computed from"),
    Role.DELTA: Entry("how L moves with the argument of the function in {whose}"),
    Role.PART: Entry("what step {step} of the loop adds to the gradient of {whose}"),
    # layers
    (Role.PARAMETER, "W"): Entry("the weights of layer {k}: how much each input counts for each unit"),
    (Role.PARAMETER, "b"): Entry("the biases of layer {k}: what each unit adds to its weighted inputs"),
    Role.WEIGHTED_SUM: Entry(
        "the pre-activations of layer {k}: weighted inputs, and the bias where there is one, added up"
    ),
    (Role.ACTIVATION, "h"): Entry("the activations of layer {k}: what its units make of their pre-activations"),
    (Role.SETTING, "dropout"): Entry("the probability with which dropout leaves out a unit of layer {k}"),
    Role.MASK: Entry("which units of layer {k} dropout keeps (1) and which it drops (0)"),
    Role.DROPOUT: Entry("the activations of layer {k} after dropout"),
    (Role.NORMALISATION, "mu"): Entry("the mean that the norm of layer {k} takes out"),
    (Role.NORMALISATION, "centered"): Entry("the pre-activations of layer {k} less their mean"),
    (Role.NORMALISATION, "var"): Entry("the variance of layer {k}'s pre-activations"),
    (Role.NORMALISATION, "std"): Entry("the standard deviation of layer {k}'s pre-activations, kept above 0 by ε"),
    (Role.NORMALISATION, "z_hat"): Entry(
        "the pre-activations of layer {k}, shifted to a mean of 0 and scaled to a variance of 1"
    ),
    (Role.PARAMETER, "scale"): Entry("a stretch of what the norm of layer {k} gives, PyTorch's weight"),
    (Role.NORMALISATION, "scaled"): Entry("what the norm of layer {k} gives, stretched and shifted"),
    (Role.STATISTIC, "running_mu"): Entry("a running mean over past batches, which layer {k} is evaluated with"),
    (Role.STATISTIC, "running_var"): Entry("a running variance over past batches, which layer {k} is evaluated with"),
    (Role.STATISTIC, "carried"): Entry("what is carried on from iteration to iteration"),
    # loss
    Role.LOSS: Entry("the loss: the one number that training makes smaller"),
    Role.PENALTY: Entry("what large weights cost, as a part of L"),
    (Role.SETTING, "l1"): PENALTY,
    (Role.SETTING, "l2"): PENALTY,
    # gradients
    (Role.GRADIENT, "z"): Entry("the error signal of layer {k}: ∂L/∂z, how L moves with its pre-activations"),
    Role.LOCAL_DERIVATIVE: LOCAL,
    # update
    Role.SETTING: Entry("a number that the scenario sets"),
    (Role.SETTING, "eta"): RATE,
    Role.LEARNING_RATE: RATE,
    (Role.SETTING, "eta0"): Entry(
        "the learning rate that the scenario sets, of which the schedule makes that of each iteration"
    ),
    (Role.COUNTER, "t"): Entry("the iteration, counted from 1"),
    (Role.COUNTER, "epoch"): Entry("the epoch: which pass through all samples this is, counted from 1"),
    (Role.CLIPPING, "c"): Entry("the gradient of {w} after clipping"),
    Role.CLIPPING: Entry("a part of clipping, which keeps gradients small"),
    Role.STEP: Entry("a part of the update of {w}, on the way from its gradient to the next values"),
}
GLOSSARY = OF_LAYERS | {kind: Entry(text) for kind, text in ENTRIES.items()}


def entry(name: str, program: Program, symbol: Callable[[str], str] = str) -> Entry:
    """What a variable of a program stands for; empty for what has no entry. `symbol` writes the names in it."""
    variable = program.variables[name]
    found = _own(variable)
    if variable.wrt and (variable.role, variable.kind) not in GLOSSARY:
        found = Entry("how L moves with {of}: its gradient")
    words = {"of": symbol(variable.of), "k": str(variable.block or ""), "w": symbol(variable.parameter)}
    words |= {"whose": symbol(variable.of), "step": variable.step}
    return Entry(found.text.format_map(words))


def _own(variable: Variable) -> Entry:
    """The entry of its row, of its kind, or of its role."""
    if variable.means is not None and variable.means.entry:
        return Entry(variable.means.entry)
    return GLOSSARY.get((variable.role, variable.kind)) or GLOSSARY.get(variable.role, Entry(""))


def glossary(name: str, program: Program, writing: Writing) -> Iterator[str]:
    """The entry of a variable of a program, in lines: what it is, its shape, where it comes from and what reads it."""
    found, symbol = entry(name, program, writing.symbol), writing.symbol(name)
    named = "" if symbol == name else f" ({name})"
    yield f"{symbol}{named}: {found.text}"
    shape = program.shapes[name]
    is_local = program.variables[name].role is Role.LOCAL_DERIVATIVE and program.variables[name].kind != "value"
    axes = MATRICES if len(shape) == 3 and is_local else _axes(program.labels.get(name, ()))
    yield "one number" if shape == () else f"{_by(shape, writing)}{f': {axes}' if axes and shape != (1, 1) else ''}"
    yield from _source(name, program, writing)
    readers = [writing.symbol(o.name) for o in program.operations if name in o.reads]
    if readers:
        yield f"read by {', '.join(readers)}"


def _axes(labels: Sequence[str]) -> str:
    """`for each sample and head a row for each token`: what the axes that have a name are."""
    *front, row, column = labels if len(labels) > 1 else ("", "")
    each = [
        f"a {what} for each {label}" for what, label in (("row", row), ("column", column)) if label not in ("", what)
    ]
    before = " and ".join(filter(None, front))
    if not each:
        return f"a matrix for each {before}" if before else ""
    return f"{f'for each {before} ' if before else ''}{', '.join(each)}"


def _source(name: str, program: Program, writing: Writing) -> Iterator[str]:
    """Where a variable comes from."""
    if name in program.by_name:
        operation = program.by_name[name]
        formula = writing.formula(operation.tree)
        yield f"computed as {formula}, operation {operation.index + 1} of {len(program.operations)}"
    if name in program.parameters:
        yield "a parameter, trained" if name in program.by_name else "a parameter, not trained"
    elif name in program.slots:
        yield "a slot: kept from one iteration to the next"
    elif name in program.counters:
        yield "a counter"
    elif name in program.constants:
        yield CONSTANTS.get(program.variables[name].role, "enters with an iteration")


def _by(own: Shape, writing: Writing) -> str:
    return (" x " if writing.ascii else " × ").join(map(str, own))
