"""Where what is wrong begins, as the first line says it; and a report that stays short."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec
import numpy as np
import pytest

import backprop_tui as bt
from backprop_tui.debugger.audit.audit_text import text
from backprop_tui.debugger.audit.beginning import beginning
from backprop_tui.scenario import Claim, Published, Scenario, load
from backprop_tui.text import width as cells


def published(scenario: Scenario, **values: Iterable[str]) -> Scenario:
    """A scenario in which other values are published."""
    shapes = {event.name: np.shape(event.value) for event in bt.run(scenario)}
    found = []
    for name, written in values.items():
        claims = np.array(Claim.together([Decimal(one) for one in written]), dtype=object)
        found.append(Published(name, claims.reshape(shapes[name]), "", 1))
    return msgspec.structs.replace(scenario, published=tuple(found))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"z1": ["-0.05", "1.4"]}, "✓ both numbers agree"),
        ({"z2": ["-1.2"]}, "✓ the number agrees"),
        ({"z1": ["-0.05", "1.5"]}, "✗ it begins at z₁: 1 of 2 numbers is wrong"),
        ({"z2": ["-1.3"]}, "✗ it begins at z₂"),
        ({"z1": ["-0.05", "1.6"], "h1": ["0", "1.6"]}, "✗ it begins at z₁: 1 of 2 numbers is wrong; h follows from it"),
        ({"z1": ["-0.05", "1.6"], "b2": ["0.9"]}, "✗ it begins at z₁: 1 of 2 numbers is wrong; b₂ is wrong too"),
        ({"dL_dW2": ["0.00", "-1.07"]}, "≈ nothing is wrong by itself: ∂L/∂W₂ is cut off or carried over"),
    ],
)
def test_the_first_line(values: dict[str, list[str]], said: str) -> None:
    audit = bt.check(published(load("article"), **values))
    assert beginning(audit) == said
    assert str(audit).splitlines()[0] == said


def test_what_is_printed_later_is_no_beginning() -> None:
    audit = bt.check(published(load("article"), h1=["0", "1.6"], z1=["-0.05", "1.6"]))
    assert beginning(audit).startswith("✗ it begins at z₁")


def large() -> tuple[bt.Scenario, dict[str, np.ndarray]]:
    random = np.random.default_rng(2)
    sizes = (20, 30, 10)
    layers = [
        (random.normal(size=(a, b)) / 5, random.normal(size=b), name)
        for a, b, name in zip(sizes, sizes[1:], ("tanh", "softmax"), strict=False)
    ]
    net = bt.network(random.normal(size=(16, 20)), random.integers(0, 10, size=16), layers, loss="cce")
    return net, {event.name: np.asarray(event.value) for event in bt.run(net)}


def test_a_large_report_is_at_most_a_screenful() -> None:
    net, values = large()
    names = ("z1", "h1", "z2", "y_hat", "delta2", "dL_dW2", "dL_db2", "delta1", "dL_dW1", "dL_db1")
    random = np.random.default_rng(3)
    given = {name: values[name] * random.uniform(1.1, 1.5, size=values[name].shape) for name in names}
    audit = bt.check(net, given, rows="features")
    lines = str(audit).splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 200
    assert any("30×20 [" in line and line.endswith("given") for line in lines)
    assert any(line.startswith("… ") and "more" in line for line in lines)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_it_fits_the_width(width: int) -> None:
    net, values = large()
    audit = bt.check(net, {"z1": values["z1"] * 1.1, "dL_dW1": values["dL_dW1"]}, rows="features")
    for one in (audit, bt.check("article"), bt.check("mazur")):
        lines = [line for line in text(one, width) if not line.startswith("http")]
        assert max(map(cells, lines)) <= width


def test_of_many_values_those_that_agree_may_have_no_row() -> None:
    scenario = load("article")
    many = published(scenario, z2=["-1.2"]).published * 50 + published(scenario, z2=["-1.3"]).published
    lines = str(bt.check(msgspec.structs.replace(scenario, published=many))).splitlines()
    assert "  … 27 more, which agree" in lines
    assert len(lines) < 40
