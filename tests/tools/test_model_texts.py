"""The grammar of models makes what is right, and what is nearly right."""

from random import Random

import numpy as np
import pytest

from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import ScenarioError, parse
from tools.model_texts import RIGHT, model_file

MANY = 60


def test_what_is_right_is_read_and_most_of_what_is_not_is_refused() -> None:
    files = [model_file(Random(seed)) for seed in range(MANY)]
    assert files == [model_file(Random(seed)) for seed in range(MANY)]
    right = [file for file in files if file.startswith(RIGHT)]
    assert MANY / 5 < len(right) < MANY / 2
    for file in right:
        assert parse(file.encode(), "x.toml").network
    refused = 0
    for file in {*files} - {*right}:
        try:
            parse(file.encode(), "x.toml")
        except ScenarioError:
            refused += 1
    assert refused > (MANY - len(right)) / 2


def test_it_makes_all_that_a_model_may_have() -> None:
    text = "\n".join(model_file(Random(seed)) for seed in range(200))
    for part in (
        "for t in 1..T:",
        "block ",
        "softmax(",
        "conv(",
        "max_pool(",
        "embed(",
        "heads(",
        "layer_norm(",
        ".T",
        "@",
    ):
        assert part in text, part


@pytest.mark.parametrize("of", ["heads(s, 2)", "pick(s, c)", "cross_entropy(s, c)", "join(s)", "max_pool(s, 2)"])
def test_a_number_where_an_array_belongs_is_told_so(of: str) -> None:
    file = f"""format = 1
[model]
forward = '''
s = sum(x * w)
L = sum({of})
'''
[model.parameters]
w = [1.0, 2.0]
[model.inputs]
x = {{ shape = [2] }}
c = {{ shape = [], classes = 2 }}
[data]
x = [[1.0, 2.0], [0.5, 1.0]]
c = [0, 1]
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
    with pytest.raises(ScenarioError, match=r"x.toml:5:9: model.forward: "):
        parse(file.encode(), "x.toml")


def test_classes_are_along_the_axis_that_has_as_many() -> None:
    """Whatever the values were computed from: here from parameters alone, of which nobody knows where features lie."""
    file = """format = 1
[model]
forward = '''
z = W @ V
L = cross_entropy(z, c) - mean(pick(log_softmax(z), c))
'''
[model.parameters]
W = [[1.0, -1.0], [0.5, 2.0], [0.1, 0.2], [-1.0, 1.0]]
V = [[1.0, 2.0, 0.5], [0.5, 1.5, -1.0]]
[model.inputs]
c = { shape = [], classes = 4 }
[data]
c = [0, 3, 2]
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
    program = Program.of(parse(file.encode(), "x.toml").network)
    frame = program.fill(program.first())
    z = frame["W"] @ frame["V"]
    logs = z - np.log(np.exp(z).sum(axis=0))
    np.testing.assert_allclose(frame[program.by_name["L"].key], -2 * np.mean(logs[[0, 3, 2], [0, 1, 2]]))
