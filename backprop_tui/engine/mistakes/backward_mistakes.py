"""Mistakes on the way back.

A row each; `change.py` explains the parts of a row.
"""

from backprop_tui.engine.mistakes.change import Derivative, Mistake, Replace, Way, Where, updated_first
from backprop_tui.engine.mistakes.changes.changes_by_layer import (
    ActivationForInput,
    Diagonal,
    FunctionForDerivative,
    Instead,
    OfError,
    OneOutput,
    OtherLayer,
)
from backprop_tui.engine.mistakes.changes.changes_in_models import PathsForgotten
from backprop_tui.engine.mistakes.patterns import BACKWARD, DELTA, FLOWING, GRADIENT, INNER, OF_BIASES, OF_CENTERED
from backprop_tui.engine.statements.variable import Role

ROWS = (
    Mistake(
        "difference-reversed",
        "ŷ − y is written the wrong way round",
        "a derivative with ŷ − y in it",
        (Replace(BACKWARD, "y_hat - y", "y - y_hat", stable=True),),
    ),
    Mistake(
        "derivative-left-out",
        "the activation's derivative is left out",
        "layers with an activation",
        (
            Replace(BACKWARD, "a * local", "a"),
            Replace(BACKWARD, "vjp(local, a)", "a"),
            Replace(BACKWARD, "a * (b - sum_units(a * b))", "b"),  # of a softmax too large for its matrix
            Replace(INNER, "a * (b * (1 - b))", "a", whole=True),
            Replace(INNER, "a * (1 - b ** 2)", "a", whole=True),
            Replace(INNER, "a * indicator(b > 0)", "a", whole=True),
        ),
    ),
    Mistake(
        "derivative-at-output",
        "the activation's derivative is taken at its value instead of at {z}",
        "layers with an activation",
        (Derivative(at_output=True),),
    ),
    Mistake(
        "derivative-at-input",
        "the activation's derivative is taken at {z} instead of at the activation's value",
        "activations whose derivative is written with their value, such as σ and tanh",
        (Derivative(at_output=False),),
    ),
    Mistake(
        "transpose-left-out",
        "{matrix} is used without its transpose on the way back",
        "layers with as many units as inputs",
        (Replace(BACKWARD, "a.T @ b", "a @ b"),),
    ),
    Mistake(
        "updates-first",
        "{weights} are updated before they are backpropagated through",
        "two layers or more, without clipping by norm",
        reorder=updated_first,
    ),
    Mistake(
        "gradients-kept",
        "the gradients of the iteration before are still there (no zero_grad)",
        "the second iteration and later ones",
        persist=GRADIENT,
    ),
    Mistake(
        "output-derivative-extra",
        "the output's derivative is multiplied in although the cross-entropy has cancelled it",
        "a cross-entropy behind a sigmoid or a softmax",
        (
            Instead(DELTA, "stable * local", at_loss=True),
            Instead(DELTA, "stable * (output * (1 - output))", at_loss=True),
        ),
        ways=(
            Way(
                "the softmax's derivative is multiplied in although the cross-entropy has cancelled it",
                (Instead(DELTA, "vjp(local, stable)", at_loss=True),),
            ),
        ),
    ),
    Mistake(
        "softmax-diagonal-only",
        "only the diagonal of the softmax's derivative is used, p(1 − p) of each share p",
        "a softmax output",
        (Diagonal(),),
    ),
    Mistake(
        "other-layer-derivative",
        "the derivative of the next layer's activation is taken",
        "layers with as many units as their neighbour",
        (OtherLayer(1),),
        ways=(Way("the derivative of the activation of the layer before is taken", (OtherLayer(-1),)),),
    ),
    Mistake(
        "function-for-derivative",
        "the activation itself stands where its derivative is meant",
        "layers with an activation",
        (FunctionForDerivative(),),
    ),
    Mistake(
        "derivative-of-error",
        "the activation's derivative is taken at the incoming gradient",
        "layers with an activation",
        (OfError("c"),),
        ways=(
            Way("the incoming gradient is multiplied by the activation's derivative at itself", (OfError("a * c"),)),
            Way("g(1 − g) of the incoming gradient g stands where the derivative is meant", (OfError("a * (1 - a)"),)),
            Way(
                "σ(1 − σ(g)) of the incoming gradient g stands where the derivative is meant",
                (OfError("sigmoid(1 - b)"),),
            ),
        ),
    ),
    Mistake(
        "bias-gradient-wrong-axis",
        "the bias's gradient is summed over the units and not over the samples",
        "as many samples as units",
        (Replace(OF_BIASES, "sum_samples(a)", "sum_units(a).T"),),
    ),
    Mistake(
        "bias-gradient-over-all",
        "the bias's gradient is summed over all units too",
        "layers with several units and a bias",
        (Instead(OF_BIASES, "fill(sum(own), param)"),),
    ),
    Mistake(
        "activation-for-input",
        "the gradient of the weights is computed with the layer's own activation and not with its input",
        "layers with as many units as inputs",
        (ActivationForInput(),),
    ),
    Mistake(
        "weights-left-out-on-the-way-back",
        "{matrix} is left out on the way back",
        "two layers or more",
        (Replace(FLOWING, "a.T @ b", "fill(1, a).T @ b"),),
    ),
    Mistake(
        "one-output-only",
        "only the first unit is followed on the way back",
        "layers with several units",
        (OneOutput(0),),
        ways=(
            Way("only the second unit is followed on the way back", (OneOutput(1),)),
            Way("only the third unit is followed on the way back", (OneOutput(2),)),
            Way("only the fourth unit is followed on the way back", (OneOutput(3),)),
        ),
    ),
    Mistake(
        "norm-paths-left-out",
        "the gradient does not flow through the norm's mean and variance",
        "batch norm, layer norm",
        (
            Replace(Where((Role.GRADIENT,), ("z",)), "a / samples(b) + c", "c", whole=True),
            Replace(Where((Role.GRADIENT,), ("z",)), "a / units(b) + c", "c", whole=True),
            Replace(OF_CENTERED, "a + b", "b", whole=True),
            PathsForgotten(("mean", "variance")),
        ),
    ),
)
