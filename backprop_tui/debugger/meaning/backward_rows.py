"""What gradients and local derivatives mean."""

from backprop_tui.debugger.meaning.table import Table
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.meanings import Case, Row

SLOPE = (
    Case("abs(ans) > 1e300", "the slope is as good as infinite"),
    Case("ans < 0", "L falls when {of} grows"),
    Case("ans > 0", "L rises when {of} grows"),
    Case("ans == 0", "L does not move with {of}"),
)
NOTHING = Case("all(ans == 0)", "all of it is 0: L does not move with {name}")


def signal(says: str, function: str = "") -> Row:
    """A row for what says how L moves: all of it may be 0, and one number of it is a slope."""
    return Row(says, function, cases=(NOTHING,), one=SLOPE)


SEVERAL_WAYS = signal("L moves with {name} in several ways, which are added up", "add")
EVERY_OUTPUT = signal("the error signal: every output of a sample moves with each of its pre-activations", "vjp")
GATED = (
    Case("switch == 0", "{unit} is off, so nothing flows back through it"),
    Case("gate == 0", "{unit} is on a flat part, so nothing flows back through it"),
    Case("flow == 0", "no error signal arrives at {unit}, so none goes on"),
    *SLOPE,
)
OFF = (
    Case("all(switch == 0)", "every unit is off, so nothing flows back through layer {k}"),
    Case("all(ans == 0)", "all of it is 0: nothing flows back through layer {k}"),
    Case("any(switch == 0)", "{which} {is} off, so nothing flows back through {it}", which="switch == 0", label="unit"),
    Case(
        "max(abs(ans)) < 0.1 * max(abs(flow))",
        "the activation is flat here: less than a tenth of the error signal is left",
    ),
)
GATE = (
    Row(
        "the gate: 1 where the unit was on, 0 where it was off",
        "indicator",
        cases=(
            Case("all(ans == 1)", "the gate is open for every unit: all were on"),
            Case("all(ans == 0)", "the gate is closed for every unit: all were off"),
            Case("any(ans == 0)", "the gate is closed for {which}, open for the rest", which="ans == 0", label="unit"),
        ),
        one=(
            Case("ans == 1", "{unit} is on, so all of the error signal flows back through it"),
            Case("ans == 0", "{unit} is off, so nothing flows back through it"),
        ),
    ),
    Row("one matrix for each sample: how every output (row) moves with every input (column)", "matrices"),
    Row("each output moves exactly as its pre-activation does", "fill"),
    Row(
        "how each unit's output moves with its pre-activation",
        cases=(
            Case(
                "all(abs(ans) < 0.05)",
                "it is nearly flat everywhere in layer {k}: what flows back is multiplied by less than 0.05",
            ),
            Case(
                "any(abs(ans) < 0.05)",
                "{which} {is} nearly flat: what flows back through {it} is multiplied by less than 0.05",
                which="abs(ans) < 0.05",
                label="unit",
            ),
        ),
        one=(
            Case("abs(ans) < 0.05", "{unit} hardly moves with {argument}: it is nearly flat there"),
            Case("ans < 0", "{unit} falls where {argument} grows"),
            Case("ans > 0", "{unit} grows with {argument}: a small change in that comes out {value} times as large"),
        ),
    ),
)

TABLE: Table = {
    (Role.GRADIENT, "y_hat"): (
        Row(
            "how L moves with the prediction",
            cases=(
                Case("all(ans == 0)", "L does not move with any prediction"),
                Case("all(ans < 0)", "L falls when any prediction grows, so each should be larger"),
                Case("all(ans > 0)", "L rises with every prediction, so each should be smaller"),
            ),
            one=(
                Case("abs(ans) > 1e300", "{of} is as wrong as can be: the slope of L is as good as infinite there"),
                Case("ans < 0", "L falls when {of} grows, so the prediction should be larger"),
                Case("ans > 0", "L rises with {of}, so the prediction should be smaller"),
                Case("ans == 0", "L does not move with {of}"),
            ),
        ),
    ),
    Role.LOCAL_DERIVATIVE: GATE,
    (Role.LOCAL_DERIVATIVE, "value"): (
        Row("1 where a number passed, 0 where it was cut off", "indicator", one=GATE[0].one),
        Row(
            "one matrix for each softmax: how each number that comes out (row) moves with each that goes in (column)",
            "matrices",
        ),
        Row("how each number moves with the one that it is computed from", one=GATE[-1].one),
    ),
    (Role.GRADIENT, "z"): (
        EVERY_OUTPUT,
        signal(
            "the error signal of layer {k}: what comes back by way of the values themselves, and by way of their mean",
            "add",
        ),
        Row("the error signal of layer {k}: how L moves with its pre-activations", cases=OFF, one=GATED),
    ),
    (Role.GRADIENT, "scaled"): (
        EVERY_OUTPUT,
        Row(
            "how L moves with the normalised, stretched and shifted values of layer {k}",
            cases=OFF,
            one=GATED,
        ),
    ),
    (Role.GRADIENT, "W"): (
        signal("error signal times input, and what the penalty adds: how L moves with each weight of layer {k}", "add"),
        Row(
            "error signal times input: how L moves with each weight of layer {k}",
            cases=(
                Case("all(ans == 0)", "no weight of layer {k} moves L, so its weights learn nothing"),
                Case(
                    "any(sum_samples(abs(ans)) == 0)",
                    "the weights into {which} do not move L, so they learn nothing",
                    which="sum_samples(abs(ans)) == 0",
                    label="unit",
                ),
            ),
            one=(
                Case("all(left == 0)", "no error signal reaches {unit}, so {of} does not move L"),
                Case("all(right == 0)", "what comes in by {of} is 0, so it does not move L"),
                *SLOPE,
            ),
        ),
    ),
    (Role.GRADIENT, "b"): (
        Row(
            "one bias shifts every unit of layer {k}, so its gradient is the sum of their error signals",
            "sum_units",
            one=SLOPE,
        ),
        signal(
            "a bias shifts its unit for every sample, so its gradient sums its unit's error signal over the batch",
            "sum_samples",
        ),
        signal("a bias shifts its unit directly, so its gradient is its unit's error signal"),
    ),
    (Role.GRADIENT, "drop"): (
        signal("the error signal flows back through the weights to what dropout left of layer {k}"),
    ),
    (Role.GRADIENT, "h"): (
        Row(
            "only units that were not dropped pass the error signal back to layer {k}",
            "div",
            cases=(
                Case("all(ans == 0)", "no error signal comes back to layer {k}"),
                Case(
                    "any(mask{k} == 0)",
                    "{which} {is} dropped, so no error signal comes back to {it}",
                    which="mask{k} == 0",
                    label="of",
                ),
            ),
            one=(Case("mask{k} == 0", "{of} is dropped, so no error signal comes back to it"), *SLOPE),
        ),
        signal("the error signal flows back through the weights to the units of layer {k}"),
    ),
    (Role.GRADIENT, "scale"): (
        signal("error signal times normalised value: how L moves with each stretch in layer {k}"),
    ),
    (Role.GRADIENT, "z_hat"): (signal("how L moves with the normalised values of layer {k}"),),
    (Role.GRADIENT, "std"): (
        signal("every value was divided by the deviation, so all error signals of layer {k} meet in it"),
    ),
    (Role.GRADIENT, "var"): (signal("how L moves with the variance of layer {k}, which stands under a root"),),
    (Role.GRADIENT, "mu"): (
        signal("the mean was subtracted from every value: how L moves with the mean in layer {k}"),
    ),
    (Role.GRADIENT, "x"): (signal("how L moves with the inputs"),),
    Role.GRADIENT: (SEVERAL_WAYS, signal("how L moves with {name}")),
}
