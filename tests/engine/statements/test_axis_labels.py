"""What axes are called follows from what the inputs' and parameters' are called."""

from functools import cache

import pytest

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.axis_labels import SAMPLE
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.scenario import load
from tests.lessons.models import MODELS


@cache
def program_of(lesson: str) -> Program:
    return Program.of(load(lesson).network)


@pytest.mark.parametrize("lesson", [*MODELS, "minibatch", "batch-norm", "softmax-iris"])
def test_there_is_a_label_for_each_axis_and_one_is_the_samples(lesson: str) -> None:
    program = program_of(lesson)
    for name, labels in program.labels.items():
        assert len(labels) == len(program.shapes[name]), name
        if program.feed.size > 1:  # of one alone the axis is as long as others that it meets
            axes = [axis for axis, label in enumerate(labels) if label == SAMPLE]
            assert axes == [axis for axis in [program.sample_axes.get(name)] if axis is not None], name


@pytest.mark.parametrize("lesson", MODELS)
def test_what_flows_back_and_what_is_learned_have_the_labels_of_their_variable(lesson: str) -> None:
    program = program_of(lesson)
    for operation in program.operations:
        own = operation.variable
        subject = own.of if own.phase is Phase.BACKWARD else own.parameter
        if own.phase is not Phase.FORWARD and program.shapes.get(subject) == operation.shape:
            nothing = ("",) * len(operation.shape)
            assert program.labels[operation.name] == program.labels.get(subject, nothing), operation.name


@pytest.mark.parametrize(
    ("lesson", "name", "labels"),
    [
        ("attention", "q", "query token"),
        ("attention", "s", "token token"),
        ("attention", "dL_da", "token token"),
        ("attention", "o", "value token"),
        ("multi-head-attention", "q", "sample head token query"),
        ("multi-head-attention", "a", "sample head token token"),
        ("multi-head-attention", "dL_ds", "sample head token token"),
        ("multi-head-attention", "z", "sample token value"),
        ("convolution", "z", "sample kernel row column"),
        ("convolution", "p", "sample kernel row column"),
        ("convolution", "f", "sample - -"),
        ("convolution", "dL_dK", "kernel channel row column"),
        ("makemore", "emb", "sample position feature"),
        ("makemore", "embcat", "sample -"),
        ("makemore", "dL_dC", "character feature"),
        ("gpt-block", "x0", "feature position"),
        ("gpt-block", "a1", "position position"),
        ("gpt-block", "logits", "token id,position"),
    ],
)
def test_labels_go_where_the_rules_of_the_primitives_say(lesson: str, name: str, labels: str) -> None:
    wanted = labels.split("," if "," in labels else " ")
    assert [label or "-" for label in program_of(lesson).labels[name]] == wanted
