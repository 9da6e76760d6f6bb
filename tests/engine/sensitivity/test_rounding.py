"""What rounding does to a result is seen by rounding it in another way."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tui.engine.sensitivity.rounding import RUNS, shaken
from backprop_tui.formula.language.primitives import erf

EPS = float(np.finfo(float).eps)
X = np.array([[0.3, 0.7, -1.1]])

OFF: dict[str, tuple[Callable[[Any], Any], float]] = {  # a formula, and about how far off it is
    "a product": (lambda x: (x * x)[0, 0], EPS * 0.09),
    "a difference of large numbers": (lambda x: ((x + 1e8) - 1e8)[0, 0], EPS * 1e8),
    "a sum of terms that cancel": (lambda x: (np.concatenate((x * 1e6, x * -1e6))).sum(), EPS * 1e6),
    "what is left of the error function": (lambda x: (1 + erf(x * 4))[0, 2], EPS),
}


@pytest.mark.parametrize("what", OFF)
def test_the_spread_is_about_the_error(what: str) -> None:
    formula, expected = OFF[what]
    found = [float(formula(shaken(X, np.random.default_rng(seed)))) for seed in range(RUNS)]
    off = max(abs(one - float(formula(X))) for one in found)
    assert expected / 10 < off < 10 * expected


def test_a_value_itself_is_as_it_was_and_a_seed_says_how_it_is_rounded() -> None:
    one, other = (shaken(X, np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(np.asarray(one), X)
    assert np.array_equal(np.asarray(one @ one.T), np.asarray(other @ other.T))
    assert np.asarray(one > 0).dtype == bool


WHOLE = np.array([[3.0, -1.0, 0.0]])


@pytest.mark.parametrize(
    ("formula", "is_exact"),
    [
        (lambda x: x @ x.T - 10, True),
        (lambda x: np.floor(x / 3)[0, ::2], True),
        (lambda x: x / 7, False),
        (lambda x: np.floor(x / 7 + 2), False),
        (erf, False),
    ],
)
def test_whole_numbers_made_of_whole_numbers_are_not_rounded(formula: Callable[[Any], Any], is_exact: bool) -> None:
    found = [np.asarray(formula(shaken(WHOLE, np.random.default_rng(seed)))) for seed in range(RUNS)]
    assert all(np.array_equal(one, formula(WHOLE)) for one in found) == is_exact
    np.testing.assert_allclose(found[0], formula(WHOLE), rtol=1e-14)
