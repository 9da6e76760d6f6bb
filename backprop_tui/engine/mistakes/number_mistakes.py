"""Mistakes with numbers: rounding, precision, data that is not what it should be.

A row each; `change.py` explains the parts of a row.
"""

from backprop_tui.engine.mistakes.change import Mistake, Reading, Replace, Way
from backprop_tui.engine.mistakes.changes.changes_by_layer import Reshaped
from backprop_tui.engine.mistakes.changes.starts import (
    reshaped_columns,
    reshaped_inputs,
    reversed_inputs,
    shifted_back,
    shifted_targets,
    standardised_samples,
    whole_weights,
)
from backprop_tui.engine.mistakes.patterns import ANY, WEIGHTS

DECIMALS = (3, 2, 4, 5, 6)

ROWS = (
    Mistake(
        "cut-off",
        "values are cut off after {digits} decimals instead of rounded",
        "anything",
        (Replace(ANY, "a", "cut(a, digits)", whole=True),),
        digits=DECIMALS,
    ),
    Mistake(
        "rounded-intermediates",
        "the values that go into it are rounded to {digits} decimals",
        "anything",
        (Reading("rounded(a, digits)"),),
        digits=DECIMALS,
    ),
    Mistake(
        "float32",
        "it is computed in float32",
        "anything",
        (Replace(ANY, "a", "float32(a)", whole=True),),
        dtype="float32",
    ),
    Mistake(
        "labels-shifted",
        "the targets are those of the next sample",
        "several samples",
        start=shifted_targets,
        ways=(Way("the targets are those of the sample before", start=shifted_back),),
    ),
    Mistake(
        "inputs-shuffled",
        "the inputs are in another order than their targets",
        "several samples",
        start=reversed_inputs,
    ),
    Mistake(
        "reshape-for-transpose",
        "the inputs are reshaped instead of transposed",
        "several samples and inputs",
        start=reshaped_inputs,
        ways=(
            Way(
                "the inputs, a column for each sample, are reshaped to rows instead of transposed",
                start=reshaped_columns,
            ),
            Way("a matrix is reshaped instead of transposed on the way back", (Reshaped(rows=True),)),
            Way("a matrix is reshaped instead of transposed on the way back", (Reshaped(rows=False),)),
        ),
    ),
    Mistake(
        "inputs-standardised-per-sample",
        "each sample's inputs are scaled to mean 0 and deviation 1",
        "several inputs",
        start=standardised_samples,
    ),
    Mistake(
        "integer-weights",
        "the weights are whole numbers, so their update is cut off",
        "anything that is trained",
        (Replace(WEIGHTS, "a", "cut(a, 0)", whole=True),),
        start=whole_weights,
        together=True,
    ),
)
