"""The glossary: what every symbol stands for, its shape, and where it comes from."""

from collections.abc import Iterator
from typing import NamedTuple

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.meaning.variable_kind import kind_of
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.gradient_names import variable_of
from backprop_tui.formula.values.element import Shape

SAMPLES = "a row for each {row}, a column for each sample"
UNITS = "a row for each unit"
WEIGHTS = "a row for each unit, a column for each input of the layer"
MATRICES = "for each sample a row for each output and a column for each input"


class Entry(NamedTuple):
    """What a symbol is, and what its rows and columns are."""

    text: str
    axes: str = ""


LOCAL = Entry("a local derivative: how an activation moves with what it is computed from", SAMPLES.format(row="unit"))
SLOT = "kept from one iteration to the next, for every number of {w}"

# the kind of a name -> its entry; {k} is the layer, {w} the parameter that it belongs to
GLOSSARY: dict[str, Entry] = {
    # data
    "x": Entry("the inputs, as the data gives them", SAMPLES.format(row="feature")),
    "y": Entry("the targets: what the prediction should be", SAMPLES.format(row="output")),
    "y_hat": Entry("the prediction, the activation of the last layer", SAMPLES.format(row="output")),
    # layers
    "W#": Entry("the weights of layer {k}: how much each input counts for each unit", WEIGHTS),
    "b#": Entry("the biases of layer {k}: what each unit adds to its weighted inputs", UNITS),
    "z#": Entry("the pre-activations of layer {k}: weighted inputs and bias, added up", SAMPLES.format(row="unit")),
    "h#": Entry("the activations of layer {k}, which the next layer reads", SAMPLES.format(row="unit")),
    "slope#": Entry("the slope of layer {k}'s activation where its input is negative"),
    "dropout#": Entry("the share of layer {k} that dropout leaves out of an iteration"),
    "mask#": Entry("which units of layer {k} dropout keeps, 1, and which it drops, 0", SAMPLES.format(row="unit")),
    "drop#": Entry("the activations of layer {k} after dropout", SAMPLES.format(row="unit")),
    "mu#": Entry("the mean that the norm of layer {k} takes out"),
    "centered#": Entry("the pre-activations of layer {k} less their mean", SAMPLES.format(row="unit")),
    "var#": Entry("the variance of layer {k}'s pre-activations"),
    "std#": Entry("the standard deviation of layer {k}'s pre-activations, kept above 0 by ε"),
    "z_hat#": Entry("the pre-activations of layer {k} with mean 0 and variance 1", SAMPLES.format(row="unit")),
    "scale#": Entry("a trained stretch of what the norm of layer {k} gives, PyTorch's weight", UNITS),
    "shift#": Entry("a trained shift of what the norm of layer {k} gives, PyTorch's bias", UNITS),
    "scaled#": Entry("what the norm of layer {k} gives, stretched and shifted", SAMPLES.format(row="unit")),
    "running_mu#": Entry("the mean of past batches, which layer {k} is evaluated with", UNITS),
    "running_var#": Entry("the variance of past batches, which layer {k} is evaluated with", UNITS),
    "eps#": Entry("ε, which keeps the deviation in layer {k} above 0"),
    "momentum#": Entry("the share that a new batch has in the running statistics of layer {k}"),
    # loss
    "L": Entry("the loss: how wrong the prediction is, one number that training makes smaller"),
    "penalty": Entry("what large weights cost, as a part of L"),
    "l#": Entry("how much the penalty of the weights counts in L"),
    # gradients
    "delta#": Entry(
        "the error signal of layer {k}: ∂L/∂z, how L moves with its pre-activations", SAMPLES.format(row="unit")
    ),
    "dh#_dz#": LOCAL,
    "dh#_dscaled#": LOCAL,
    "dy_hat_dz#": LOCAL,
    "dy_hat_dscaled#": LOCAL,
    # update
    "eta": Entry("the learning rate: how long a step is, as a share of the gradient"),
    "eta#": Entry("the learning rate that the schedule begins with"),
    "t": Entry("the iteration, counted from 1"),
    "epoch": Entry("the epoch: how often all samples have been seen, counted from 1"),
    "momentum": Entry("how much of the past gradients a step keeps"),
    "dampening": Entry("how much less a new gradient counts in the momentum"),
    "weight_decay": Entry("how strongly each weight is pulled towards 0 by itself"),
    "beta#": Entry("how slowly a mean of Adam's forgets: its share of the past"),
    "alpha": Entry("how slowly the mean square forgets: its share of the past"),
    "rho": Entry("how slowly the means of Adadelta forget: their share of the past"),
    "eps": Entry("ε, which keeps what is divided by above 0"),
    "lr_decay": Entry("how fast the learning rate falls"),
    "momentum_decay": Entry("how fast NAdam's momentum comes to its full size"),
    "gamma": Entry("what the schedule multiplies the learning rate by"),
    "step_size": Entry("after how many iterations the schedule takes its next step"),
    "t_max": Entry("after how many iterations the schedule has come to its end"),
    "steps": Entry("how many iterations the schedule warms up for"),
    "max_norm": Entry("how long all gradients together may be"),
    "max_value": Entry("how large any number of a gradient may be"),
    "grad_norm": Entry("how long all gradients are together, as one vector"),
    "clip_scale": Entry("what clipping multiplies all gradients by, 1 where nothing is clipped"),
    "c_#": Entry("the gradient of {w} after clipping"),
    "d_#": Entry("the gradient of {w} with weight decay"),
    "m_#": Entry(f"the momentum, PyTorch's momentum_buffer or exp_avg: a mean of past gradients, {SLOT}"),
    "v_#": Entry(f"the mean square, PyTorch's square_avg or exp_avg_sq: how large the gradients were, {SLOT}"),
    "m_hat_#": Entry("the momentum of {w}, corrected for its start at 0"),
    "v_hat_#": Entry("the mean square of {w}, corrected for its start at 0"),
    "s_#": Entry(f"the largest mean square so far, PyTorch's max_exp_avg_sq, {SLOT}"),
    "a_#": Entry(f"a mean of past gradients, PyTorch's grad_avg, {SLOT}"),
    "q_#": Entry("the variance of the gradients of {w}"),
    "n_#": Entry("the step of {w} before the learning rate"),
    "u_#": Entry("of Adadelta how large past steps were; of AdamW {w} after its decay"),
    "rate_#": Entry("the learning rate of {w} in this iteration"),
    "mu_#": Entry("how much momentum counts in this iteration"),
    "mu_next_#": Entry("how much momentum will count in the next iteration"),
    "p_#": Entry("the product of all momentum factors so far, PyTorch's mu_product"),
}


def entry(name: str) -> Entry:
    """What a name stands for; empty for what has no entry."""
    kind, layer, parameter = kind_of(name)
    of = variable_of(name)
    if of is not None and kind not in GLOSSARY:
        found = Entry("how L moves with {of}: its gradient", GLOSSARY.get(kind_of(of).kind, Entry("")).axes)
    else:
        found = GLOSSARY.get(kind, Entry(""))
    return Entry(found.text.replace("{of}", of or "").replace("{k}", layer).replace("{w}", parameter), found.axes)


def glossary(name: str, program: Program, writing: Writing) -> Iterator[str]:
    """The entry of a variable of a program, in lines: what it is, its shape, where it comes from and what reads it."""
    found, symbol = entry(name), writing.symbol(name)
    text = found.text
    for one in (variable_of(name), kind_of(name).parameter):
        text = text.replace(one, writing.symbol(one)) if one else text
    named = "" if symbol == name else f" ({name})"
    yield f"{symbol}{named}: {text}"
    own = program.shapes[name]
    axes = MATRICES if len(own) == 3 else found.axes
    yield "one number" if own == () else f"{_by(own, writing)}{f': {axes}' if axes and own != (1, 1) else ''}"
    yield from _source(name, program, writing)
    readers = [writing.symbol(o.name) for o in program.operations if name in o.reads]
    if readers:
        yield f"read by {', '.join(readers)}"


def _source(name: str, program: Program, writing: Writing) -> Iterator[str]:
    """Where a variable comes from."""
    if name in program.by_name:
        operation = program.by_name[name]
        formula = writing.formula(operation.tree)
        yield f"computed as {formula}, operation {operation.index + 1} of {len(program.operations)}"
    if name in program.parameters:
        yield "a parameter, trained" if name in program.by_name else "a parameter, not trained"
    elif name in program.slots:
        yield "a slot: it goes on from one iteration to the next"
    elif name in program.counters:
        yield "a counter"
    elif name in program.constants:
        yield "a setting of the scenario" if program.shapes[name] == () else "enters with an iteration"


def _by(own: Shape, writing: Writing) -> str:
    return (" x " if writing.ascii else " × ").join(map(str, own))
