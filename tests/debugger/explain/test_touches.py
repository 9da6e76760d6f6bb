"""What a number touches: all that changes when it does, and nothing that comes before it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.explanation_text import touched
from backprop_tui.debugger.explain.touches import Touch, in_order
from backprop_tui.engine.program.program import Frame
from backprop_tui.formula.values.reach import holds
from backprop_tui.scenario import Scenario, load
from tests.debugger.scenarios import scenarios


def recomputed(frame: Frame, key: str, at: tuple[int, ...], value: float) -> dict[str, object]:
    """The values of an iteration, by textbook formulas, with one number set to another; None sets nothing."""
    from backprop_tui.formula.values.compile import compiled

    values: dict[str, object] = dict(frame)
    moved = np.array(frame[key])
    moved[at] = value
    values[key] = moved
    for operation in frame.program.operations:
        if operation.key != key:
            with np.errstate(all="ignore"):
                values[operation.key] = compiled(operation.tree, operation.keys)(values)
    return values


@given(scenarios, st.data())
def test_all_that_changes_is_touched(scenario: Scenario, data: st.DataObject) -> None:
    debugger = Debugger(scenario)
    debugger.seek(debugger.timeline.length)
    frame = debugger.timeline.frame(1)
    names = [*debugger.program.parameters, "x", "z1"]
    name = data.draw(st.sampled_from(names))
    own = np.shape(frame[name])
    at = tuple(data.draw(st.integers(0, n - 1)) for n in own)
    debugger.seek(1 if name != "z1" else "1:z1")
    root = debugger.touches(Address(name, at))
    found = {touch.key: touch for touch in in_order(root)}
    before = recomputed(frame, root.key, at, float(frame[root.key][at]))
    after = recomputed(frame, root.key, at, float(frame[root.key][at]) + 0.37)
    for operation in frame.program.operations:
        if operation.key == root.key:
            continue
        a, b = np.asarray(before[operation.key]), np.asarray(after[operation.key])
        for place in map(tuple, np.argwhere((a != b) & ~(np.isnan(a) & np.isnan(b)))):
            regions = found[operation.key].regions
            assert any(holds(region, tuple(map(int, place))) for region in regions), (operation.name, place)


def names_below(root: Touch) -> list[str]:
    return [touch.name for touch in root.children]


def test_of_a_weight_down_to_the_updates_and_on() -> None:
    debugger = Debugger(load("article"))
    root = debugger.touches("W1[1,0]")
    assert names_below(root) == ["z1", "W1"]
    z1, update = root.children
    assert (z1.address, z1.value, z1.position) == (
        Address("z1", (1, 0)),
        debugger.timeline.frame(1)["z1"][1, 0],
        "1:z1",
    )
    assert (update.address, update.position) == (Address("W1", (1, 0)), "1:W1")
    assert names_below(z1) == ["h1", "dh1_dz1"]
    (following, again) = update.children
    assert (following.position, again.position) == ("2:z1", "2:W1")
    said = list(touched(root, Writing(debugger.program.symbols)))
    assert said[1] == "  z₁[1] = W₁x + b₁ = 1.4  (1:z1)"
    assert "  ∂L/∂W₁, 6 numbers = δ₁xᵀ  (1:dL_dW1)" in said
    assert said[-1] == "and all that follows in later iterations, by way of W₂, b₂, W₁, b₁"


def test_it_goes_by_what_was_read_not_by_names() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:")
    new = debugger.touches("W2[0,1]")  # after its update
    assert [(touch.name, touch.position) for touch in new.children] == [
        ("z2", "2:z2"),
        ("dL_dh1", "2:dL_dh1"),
        ("W2", "2:W2"),
    ]
    debugger.seek(1)
    old = debugger.touches("W2[0,1]")
    assert [touch.position for touch in old.children] == ["1:z2", "1:dL_dh1", "1:W2"]


def test_regions_are_told_as_they_are() -> None:
    debugger = Debugger(load("xor"))
    said = "\n".join(touched(debugger.touches("W1[1,0]"), Writing(debugger.program.symbols)))
    assert "z₁[1,:], 4 numbers = W₁x + b₁" in said
    ascii_ = "\n".join(touched(debugger.touches("W1[1,0]"), Writing(debugger.program.symbols, ascii=True)))
    assert ascii_.isascii()
    assert "z1[1,:], 4 numbers = W1 @ x + b1" in ascii_


def test_an_edited_number_stops_what_flows_into_it() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:z1")
    debugger.assign("z1[1]", 2.0)
    debugger.seek(0)
    debugger.seek("1:")
    root = debugger.touches("x[0]")
    by_name = {touch.name: touch for touch in in_order(root) if touch.name == "h1"}
    assert by_name["h1"].regions == ((0, 0),)


def test_what_an_update_wrote_is_read_by_the_next_iteration() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:")
    said = [*touched(debugger.touches("W1[1,0]"), Writing(debugger.program.symbols))]
    assert said[:2] == ["what is computed from W₁[1,0]", "  z₁[1] = W₁x + b₁ = 1.0542  (2:z1)"]


def test_nothing_reads_what_is_last() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:")
    (said,) = touched(debugger.touches("L"), Writing(debugger.program.symbols))
    assert said == "nothing reads L"


@pytest.mark.parametrize("depth", [3])
def test_trees_unfold_without_end_and_lazily(depth: int) -> None:
    debugger = Debugger(load("article"))
    touch = debugger.touches("W1[1,0]")
    for _ in range(depth):
        touch = touch.children[-1]
        assert touch.name == "W1"
    assert touch.position == f"{depth}:W1"
