"""Every gradient of a network is the slope of the L that is on the screen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.tables.activations import ACTIVATIONS, Activation
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.settings import defaults, variables
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Call, Name, names
from backprop_tui.formula.values.compile import compiled
from tests.engine.differences import assert_slopes, execute, slopes
from tests.engine.networks import CASES, REDUCTIONS, Case, outputs
from tests.engine.options import NETWORKS
from tests.sampled import some


def variable_of(gradient: str) -> str | None:
    """Whose gradient a variable is."""
    if gradient.startswith("delta"):
        return f"z{gradient.removeprefix('delta')}"
    return gradient.removeprefix("dL_d") if gradient.startswith("dL_d") else None


def check(network: Network) -> None:
    found, *_ = network.statements()
    forward = [s for s in found if s.stage in ("forward", "loss")]
    start = network.parameters() | network.constants()
    values = execute(forward, start)
    events = {event.name: event.value for event in run(Program.of(network), 1)}
    np.testing.assert_allclose(events["L"], values["L"], rtol=1e-12)
    gradients = {name: variable for name in events if (variable := variable_of(name))}
    assert {f"dL_d{name}" for name in network.trained()} <= gradients.keys()
    for name, variable in gradients.items():
        assert_slopes(events[name], slopes(forward, values, variable), name)
    for statement in forward[:-1]:  # activations that work element by element: all at once
        z = names(statement.tree)[0]
        local = events.get(f"d{statement.name}_d{z}")
        if local is None or local.shape != values[z].shape:
            continue
        above, below = (execute([statement], values | {z: values[z] + by})[statement.name] for by in (1e-5, -1e-5))
        smooth = np.abs(values[z]) > 1e-4
        np.testing.assert_allclose(local[smooth], ((above - below) / 2e-5)[smooth], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", some(CASES, 50))
def test_of_every_row_of_the_tables(name: str) -> None:
    check(CASES[name].network())


@pytest.mark.parametrize("name", [k for k, n in NETWORKS.items() if any(x.norm or x.dropout for x in n.layers)])
def test_of_norms_and_dropout(name: str) -> None:
    check(NETWORKS[name])


@st.composite
def random_cases(draw: st.DrawFn) -> Case:
    loss = draw(st.sampled_from([*LOSSES.values()]))
    hidden = draw(st.lists(st.sampled_from([*ACTIVATIONS]), max_size=3))
    return Case(
        activations=(*hidden, draw(st.sampled_from(outputs(loss)))),
        loss=loss.name,
        reduction=draw(st.sampled_from(REDUCTIONS)),
        batch=draw(st.integers(1, 5)),
        units=tuple(draw(st.lists(st.integers(1, 4), min_size=4, max_size=4))),
        seed=draw(st.integers(0, 2**32)),
    )


@given(random_cases())
def test_of_random_networks(case: Case) -> None:
    check(case.network())


@pytest.mark.parametrize("row", [row for row in ACTIVATIONS.values() if row.derivative], ids=lambda row: row.name)
def test_where_there_are_two_slopes_the_row_says_which_it_takes(row: Activation) -> None:
    """Looked for at whole numbers, where people put joints."""
    points = np.arange(-8.0, 9.0)[np.newaxis]
    settings = {name: np.float64(value) for name, value in variables(defaults(row.settings)).items()}

    def derivative(z: np.ndarray) -> np.ndarray:
        values = {"a": z, **settings}
        f = compiled(Call(row.primitive, tuple(map(Name, values))))(values)
        return np.broadcast_to(compiled(parse(row.derivative))(values | {"ans": f}), z.shape)

    jumps = points[np.abs(derivative(points + 1e-9) - derivative(points - 1e-9)) > 1e-6]
    assert bool(jumps.size) == bool(row.kink)
    assert all(f"{abs(place):g}" in row.kink for place in jumps)
