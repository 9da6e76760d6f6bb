"""Weights of an integer type, told from whole numbers that are cut off."""

import pytest

from backprop_tui import check, load
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline

FILE = {
    "format": 1,
    "network": {
        "inputs": 2,
        "layers": [
            {"activation": "sigmoid", "weights": [[2.0, -1.0], [1.0, 3.0]], "bias": [0.0, 0.0]},
            {"activation": "sigmoid", "weights": [[1.0, -2.0]], "bias": [0.0]},
        ],
    },
    "data": {"x": [1.0, 2.0], "y": 1.0},
    "loss": {"name": "binary-cross-entropy"},
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
}


def names(first: list[list[float]], second: list[list[float]]) -> list[tuple[str, str]]:
    published = [{"name": "W2", "value": second}, {"name": "W1", "value": first}]
    return [(cause.name, cause.level) for cause in check(FILE | {"published": published}).causes]


def test_six_whole_numbers_that_are_cut_off_may_be_of_an_integer_type() -> None:
    # by hand: 2.102, -0.796, 0.999, 2.999 and 1.204, -1.592 without their decimals
    assert names([[2, 0], [0, 2]], [[1, -1]]) == [("integer-weights", "may be")]


@pytest.mark.parametrize("first", [[[2, -1], [0, 2]], [[2, 0], [0, 3]]])
def test_a_number_that_is_not_cut_off_rules_it_out(first: list[list[float]]) -> None:
    assert ("integer-weights", "may be") not in names(first, [[1, -1]])


def test_biases_with_their_digits_bear_it_out() -> None:
    """Those of the second iteration were computed with what was left of the weights in the first."""
    program = Program.of(load(FILE).network)
    wrong = Timeline(Mistaken.of(program, Slip.of(MISTAKES["integer-weights"])).program).frame(2)
    weights = [{"name": name, "value": wrong.at_end(name).astype(int).tolist()} for name in ("W1", "W2")]
    biases = [{"name": name, "value": wrong.at_end(name).ravel().tolist()} for name in ("b1", "b2")]
    published = [one | {"iteration": 2} for one in (*weights, *biases)]
    causes = check(FILE | {"training": {"iterations": 2}, "published": published}).causes
    assert {(cause.name, cause.level) for cause in causes} == {("integer-weights", "is")}
