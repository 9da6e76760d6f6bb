"""What is asked of all numbers of an array at once is what each of them says."""

from decimal import Decimal

import numpy as np
import pytest

from backprop_tui.scenario.claims import Claims
from backprop_tui.scenario.printed_number import Claim, in_full

RANDOM = np.random.default_rng(8)
EDGES = [0.0, -0.0, 0.05, 0.0499999999, 0.15, -0.15, 0.25, 1.0, 0.9999, np.nan, np.inf, -np.inf, 1e-320, 1e300]
ARRAYS = {
    "decimals": ["0.1", "-0.2", "0.0", "1.25"],
    "exact": ["0", "1", "-3", "0"],
    "no numbers": ["nan", "inf", "-inf", "0.5"],
    "exponents": ["1.2e-5", "-3.40e3", "0e-3", "1e300"],
}


@pytest.mark.parametrize("name", [*ARRAYS, "in full"])
def test_each_number_says_the_same(name: str) -> None:
    claims = in_full([0.1, -0.2, 0.0, 1.0], "float64")
    if name in ARRAYS:
        claims = Claim.together([Decimal(text) for text in ARRAYS[name]])
    own = Claims.of(np.array(claims, dtype=object))
    near = [claim.value + claim.unit * k for claim in claims for k in (-1.0, -0.5, 0.3, 0.5, 0.50001, 0.99, 1.0)]
    for number in (*EDGES, *near, *RANDOM.normal(size=20)):
        assert own.agrees(np.full(4, number)).tolist() == [claim.agrees(number) for claim in claims], number
        assert own.cut_off(np.full(4, number)).tolist() == [claim.cut_off(number) for claim in claims], number
