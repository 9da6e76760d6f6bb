"""First weights: a pure function of seed and place, of the distribution that PyTorch's init has."""

import numpy as np
import pytest

from backprop_tui.engine.tables.initializers import INITIALIZERS, initial

UNITS, INPUTS = 120, 300
# name -> variance and bound of a weight, None where there is no bound; of the rows that PyTorch has, written from
# torch.nn.init's documentation
MOMENTS: dict[str, tuple[float, float | None]] = {
    "zeros": (0.0, 0.0),
    "constant": (0.0, 1.0),
    "uniform": (1 / 12, 1.0),
    "normal": (1.0, None),
    "xavier-uniform": (2 / (INPUTS + UNITS), np.sqrt(6 / (INPUTS + UNITS))),
    "xavier-normal": (2 / (INPUTS + UNITS), None),
    "he-uniform": (2 / INPUTS, np.sqrt(6 / INPUTS)),
    "he-normal": (2 / INPUTS, None),
    "orthogonal": (1 / INPUTS, 1.0),
}
MEANS = {"constant": 1.0, "uniform": 0.5}


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("seed", [0, 1])
def test_mean_variance_and_bound(name: str, seed: int) -> None:
    weights = initial(name, UNITS, INPUTS, seed=seed, layer=1)
    variance, bound = MOMENTS[name]
    assert weights.shape == (UNITS, INPUTS)
    spread = np.sqrt(variance / weights.size)
    assert abs(weights.mean() - MEANS.get(name, 0.0)) <= 4 * spread
    assert weights.var() == pytest.approx(variance, rel=0.03)
    if bound is not None:
        largest = np.abs(weights).max()
        assert largest <= bound
        assert name == "orthogonal" or largest >= 0.99 * bound


@pytest.mark.parametrize(("units", "inputs"), [(4, 9), (9, 4), (5, 5), (1, 3), (3, 1)])
def test_orthogonal_has_orthonormal_rows_or_columns(units: int, inputs: int) -> None:
    weights = initial("orthogonal", units, inputs, seed=3, layer=2)
    product = weights @ weights.T if units <= inputs else weights.T @ weights
    np.testing.assert_allclose(product, np.eye(min(units, inputs)), atol=1e-12)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_weights_are_finite_numbers_of_their_shape(name: str) -> None:
    weights = initial(name, 3, 4, seed=5, layer=1)
    assert weights.shape == (3, 4)
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("name", sorted(MOMENTS.keys() - {"zeros", "constant"}))
def test_seed_and_place_decide(name: str) -> None:
    first = initial(name, 3, 4, seed=5, layer=1)
    assert np.array_equal(first, initial(name, 3, 4, seed=5, layer=1))
    assert not np.array_equal(first, initial(name, 3, 4, seed=6, layer=1))
    assert not np.array_equal(first, initial(name, 3, 4, seed=5, layer=2))
    assert not first.flags.writeable
