"""Weights of an integer type, told from whole numbers that are cut off."""

import pytest

from backprop_tui import check

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
