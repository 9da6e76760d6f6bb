"""The type of numbers, as their digits show it."""

from decimal import Decimal

import numpy as np
import pytest

from backprop_tui.scenario.shown_precision import Dtype, shown_types

RANDOM = np.random.default_rng(5)
NUMBERS = RANDOM.normal(size=6)
SINGLE = NUMBERS.astype(np.float32)


def written(texts: list[str]) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("texts", "dtype"),
    [
        ([repr(n) for n in NUMBERS.tolist()], "float64"),
        ([repr(n) for n in SINGLE.tolist()], "float32"),
        ([str(n) for n in SINGLE], "float32"),
        ([f"{n:.8f}" for n in NUMBERS], ""),
        ([f"{n:.8f}" for n in SINGLE], "float32"),
        ([f"{n:.4f}" for n in NUMBERS], ""),
        (["0.5", "0.25"], ""),
        (["0.30000001192092896"], "float32"),
        (["0.30000000000000004"], "float64"),
        (["0.571675240882"], ""),  # 12 digits, as a calculator has them
        (["0", "0.0", "nan", "inf"], ""),
        ([], ""),
    ],
)
def test_of_one_array(texts: list[str], dtype: Dtype) -> None:
    assert shown_types([written(texts)]) == [dtype]


def test_what_one_number_cannot_tell_its_neighbours_do() -> None:
    loss = ["1.4632825"]
    assert shown_types([written(loss)]) == [""]
    assert shown_types([written(loss), written([str(n) for n in SINGLE])]) == ["float32", "float32"]
    assert shown_types([written(loss), written([f"{n:.8f}" for n in NUMBERS])]) == ["", ""]
    fewer = ["0.53963970155857"]
    assert shown_types([written(fewer)]) == [""]
    assert shown_types([written(fewer), written([repr(n) for n in NUMBERS.tolist()])]) == ["float64", "float64"]


def test_float32_as_numpy_prints_it() -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        arrays = [(random.normal(size=12) * 10.0 ** random.integers(-4, 2)).astype(np.float32) for _ in range(4)]
        texts = [str(array).strip("[]").split() for array in arrays]  # with exponents, or 8 decimals at most
        assert set(shown_types([written(text) for text in texts])) <= {"float32", ""}
        doubles = [str(array.astype(float) * (1 + 1e-9)).strip("[]").split() for array in arrays]
        assert "float32" not in shown_types([written(text) for text in doubles])
