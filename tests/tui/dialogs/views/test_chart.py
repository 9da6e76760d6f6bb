"""The chart: what it keeps of long curves, how it labels its axes, and that it is zoomed."""

import numpy as np
import pytest

from backprop_tui.tui.dialogs.views.chart import Chart, Values, Whole, _runs, _thinned
from tests.tui.harness import asynchronous, opened


def test_a_long_curve_keeps_its_ends_and_extremes() -> None:
    values = np.sin(np.arange(100_000.0))
    values[40_000], values[60_000] = 7.0, -7.0
    x, y = _thinned(values, 50)
    assert len(x) <= 200
    assert (x[0], x[-1]) == (1, 100_000)
    assert {7.0, -7.0} <= set(y)
    np.testing.assert_array_equal(values[x - 1], y)


def test_a_short_one_keeps_all() -> None:
    x, y = _thinned(np.array([3.0, 1.0]), 50)
    assert (x.tolist(), y.tolist()) == ([1, 2], [3.0, 1.0])


def test_what_is_not_finite_is_a_gap() -> None:
    values = np.array([1.0, 2.0, np.nan, 3.0, np.inf, 4.0, 5.0])
    runs = [(x.tolist(), y.tolist()) for x, y in _runs(np.arange(1, 8), values)]
    assert runs == [([1, 2], [1.0, 2.0]), ([4, 4], [3.0, 3.0]), ([6, 7], [4.0, 5.0])]
    assert list(_runs(np.arange(1, 3), np.array([np.nan, np.nan]))) == []


def test_iterations_are_whole() -> None:
    assert Whole().get_ticks(0.5, 1.5) == [1.0]
    assert Whole().get_labels_for_ticks([1000.0]) == ["1,000"]


@pytest.mark.parametrize(("low", "high", "labels"), [(-1.2, 0.1, ["0.1", "0.2", "0.5", "1"]), (-8, 0, ["1e−8", "1"])])
def test_logarithms_are_labelled_with_their_values(low: float, high: float, labels: list[str]) -> None:
    values = Values("−", 30, log=True)
    ticks = [tick for tick in values.get_ticks(low, high) if low <= tick <= high]
    assert set(labels) <= set(values.get_labels_for_ticks(ticks))


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("rows", range(1, 20))
@pytest.mark.parametrize(("low", "high"), [(0.15, 1.52), (-3.0, 0.2), (0.0, 1e-9), (-8.0, 8.0)])
def test_no_two_labels_are_in_one_row(low: float, high: float, rows: int, log: bool) -> None:
    ticks = [tick for tick in Values("−", rows, log=log).get_ticks(low, high) if low <= tick <= high]
    places = [int((tick - low) / (high - low) * rows + 1e-9) for tick in ticks]
    assert len(set(places)) == len(places)


@asynchronous
async def test_it_is_zoomed_and_shown_whole_again() -> None:
    async with opened("xor", size=(80, 24)) as s:
        await s.press("5", "n", "p")
        await s.wait_for(lambda: "next plot" in s.text)
        chart = s.app.screen.query_one(Chart)
        whole = (chart._x_min, chart._x_max)
        assert whole == (0.5, 400.5)
        await s.press("plus", "right")
        assert chart._x_min > 0.5
        assert chart._x_max < 400.5
        await s.press("i")  # what is zoomed stays so while one goes on
        assert chart._x_min > 0.5
        await s.press("0")
        assert (chart._x_min, chart._x_max) == whole
