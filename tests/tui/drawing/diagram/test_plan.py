"""How much is written in how much room."""

import pytest
from msgspec.structs import replace

from backprop_tui.tui.drawing.diagram.plan import plan_of
from tests.tui.drawing.diagram.pictures import network


@pytest.mark.parametrize(("width", "height"), [(78, 9), (108, 26), (118, 30), (198, 50)])
def test_more_room_never_means_fewer_digits(width: int, height: int) -> None:
    plan = plan_of(network(2, 16, 16, 1).outlines, width, height)
    assert plan is not None
    assert {place.decimals for place in plan.places} == {4}


def test_a_table_of_weights_is_worth_a_digit_of_the_units() -> None:
    outlines = network(4, 3).outlines
    inputs, outputs = outlines.columns
    inputs = replace(inputs, decimals=1, names=("sepal length", "sepal width", "petal length", "petal width"))
    outputs = replace(outputs, bias=7, names=("setosa", "versicolor", "virginica"))
    plan = plan_of(replace(outlines, columns=(inputs, outputs), target=3), 58, 11)
    assert plan is not None
    assert plan.gaps[1].cells
    assert plan.places[1].decimals < 4
