"""Explanations are checked by evaluating them: what is below a number comes to it, and paths add up to gradients."""

import re
from collections.abc import Iterator
from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.explanation import Explanation, explain, leaves
from backprop_tui.debugger.explain.explanation_text import MANY_LINES, line, tree
from backprop_tui.debugger.explain.origin import History, Spot
from backprop_tui.formula.language.parse import Limits, parse
from backprop_tui.formula.language.tree import ExpressionError, Name, Tree, rebuild
from backprop_tui.formula.values.element import evaluate
from backprop_tui.scenario import Scenario, bundled, load
from tests.debugger.scenarios import scenarios, training
from tests.engine.networks import Case
from tests.engine.options import IN_BATCHES, NETWORKS
from tests.sampled import often, some

LONG = Limits(100_000, 10_000, 100)  # of a formula that is written with all digits


def come_to(explanation: Explanation) -> None:
    """What is right below a number comes to it, by its formula."""
    expansion = explanation.expansion
    if expansion is None:
        assert explanation.says
        assert not explanation.children
        return
    found = leaves(expansion.tree)
    assert len(found) == len(explanation.children)
    scalar = replaced(expansion.tree, {leaf: Name(f"n{place}") for place, leaf in enumerate(found)})
    values = {f"n{place}": np.float64(child.value) for place, child in enumerate(explanation.children)}
    value = float(evaluate(scalar, values))
    if isfinite(explanation.value):
        scale = max([abs(child.value) for child in explanation.children if isfinite(child.value)], default=1.0)
        np.testing.assert_allclose(value, explanation.value, rtol=1e-7, atol=1e-9 * max(1.0, scale))


def says(explanation: Explanation, writing: Writing) -> None:
    """What is written beside a number, read back and worked out, is that number."""
    expansion = explanation.expansion
    if expansion is None:
        assert explanation.numbers == ""
        return
    rests = iter(expansion.rests.values())
    written = re.sub(r"\.\.\. [\d,]+ more \.\.\.", lambda _: f"({next(rests).total!r})", writing.numbers(expansion))
    value = float(evaluate(parse(written, LONG), {"inf": np.float64("inf"), "nan": np.float64("nan")}))
    if isfinite(explanation.value):
        slack = 1e-9 * max(1.0, expansion.size)
        np.testing.assert_allclose(value, explanation.value, rtol=1e-7, atol=slack, err_msg=written)


def replaced(tree: Tree, names: dict[Tree, Name]) -> Tree:
    return names[tree] if tree in names else rebuild(tree, lambda child: replaced(child, names))


def spots(history: History, iteration: int, most: int) -> Iterator[Spot]:
    """Some numbers of every operation of an iteration."""
    frame = history.timeline.frame(iteration)
    for operation in frame.program.operations:
        places = list(np.ndindex(np.shape(frame[operation.key])))
        for at in places[: most - 1] + places[-1:]:
            yield Spot(iteration, operation.key, at)


def every_operation(scenario: Scenario, iterations: int, most: int = 3, *, read_back: bool = True) -> None:
    debugger = Debugger(scenario)
    history = History(scenario, debugger.timeline)
    writing = Writing(debugger.program.symbols, digits=15, ascii=True)
    for iteration in range(1, iterations + 1):
        for spot in spots(history, iteration, most):
            found = explain(history, spot)
            frame = history.timeline.frame(iteration)
            assert found.value == frame[spot.key][spot.at] or np.isnan(found.value)
            for one in (found, *found.children[:2]):
                come_to(one)
                if read_back:
                    says(one, writing)


@pytest.mark.parametrize("name", some((name for name, _ in bundled()), 4))
def test_every_operation_of_every_bundled_scenario(name: str) -> None:
    every_operation(load(name), 2)


@pytest.mark.parametrize("name", some([*NETWORKS, *IN_BATCHES], 4))
def test_with_every_option(name: str) -> None:
    every_operation(training((NETWORKS | IN_BATCHES)[name]), 3, most=2)


@settings(max_examples=often(8, 100))
@given(scenarios)
def test_of_random_networks(scenario: Scenario) -> None:
    every_operation(scenario, scenario.iterations, most=2, read_back=False)  # of any size: 15 decimals may not do


def test_the_tree_of_the_contract_s_example() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:dL_dW1")
    found = debugger.explain("dL_dW1[1,0]")
    assert found.address == Address("dL_dW1", (1, 0))
    assert (found.formula, found.numbers) == ("δ₁[1]·x[0]", "0.7685·1")
    assert (found.kind, found.step, found.position) == ("operation", 14, "1:dL_dW1")
    delta, x = found.children
    assert (str(delta.address), delta.formula) == ("delta1[1,0]", "∂L/∂h[1]·f′(z₁)[1]")
    assert (str(x.address), x.kind, x.value, x.says) == ("x[0,0]", "input", 1.0, "given, sample 1 of the data")
    weight, delta2 = delta.children[0].children
    assert (str(weight.address), weight.value, weight.says) == ("W2[0,1]", -1.0, "as the run began")
    assert str(delta2.address) == "delta2[0,0]"


def test_an_event_is_explained_by_the_weights_that_it_was_computed_from() -> None:
    """After the update of W2, ∂L/∂h is still computed from the old one."""
    debugger = Debugger(load("article"))
    debugger.seek("2:b1")
    weight = debugger.explain("dL_dh1[1]").children[0]
    assert (weight.address.name, weight.position) == ("W2", "1:W2")
    assert weight.value == debugger.timeline.frame(2)["W2"][0, 1]
    now = debugger.explain("W2[0,1]")
    assert now.position == "2:W2"
    assert now.value == debugger["W2"][0, 1] != weight.value


def test_a_parameter_comes_from_its_update_in_the_iteration_before_and_so_on() -> None:
    debugger = Debugger(load("adam"))
    debugger.seek("4:z1")
    found = debugger.explain("W1[0,0]")
    for iteration in (3, 2, 1):
        assert found.position == f"{iteration}:W1"
        slot = next(child for child in found.children if child.address.name == "m_hat_W1")
        assert slot.children[0].position == f"{iteration}:m_W1"
        found = next(child for child in found.children if child.address.name == "W1")
    assert (found.kind, found.children, found.says) == ("parameter", (), "as the run began")
    first = debugger.timeline.frame(1).program.parameters["W1"][0, 0]
    assert found.value == first
    debugger.seek("1:m_W1")
    below = debugger.explain("m_W1[0,0]").children
    assert ("slot", 0.0) in [(child.kind, child.value) for child in below]


def test_settings_counters_masks_and_samples_say_what_they_are() -> None:
    network = IN_BATCHES["dropout, batch norm"]
    debugger = Debugger(training(network, 4))
    debugger.seek("3:")
    assert debugger.explain("eta").says == "a setting"
    mask = debugger.explain("mask1[0,0]")
    assert (mask.kind, mask.says) == ("mask", "drawn from the seed, anew for each iteration")
    x = debugger.explain("x[1,1]")
    place = debugger.program.feed.places(3)[1]
    assert x.says == f"given, sample {place + 1} of the data"
    assert x.value == network.x[1, place]
    debugger = Debugger(load("adam"))
    debugger.seek("3:m_hat_W1")
    assert {"t": "counts iterations"}.items() <= {
        c.address.name: c.says for c in debugger.explain("m_hat_W1[0,0]").children
    }.items()


def test_edits_are_said_and_stale_values_keep_what_they_came_from() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:h1")
    debugger.assign("W1[1,0]", 9.0)
    debugger.seek("1:")
    weight = debugger.explain("z1[1]").children[0]  # computed before the edit
    assert (weight.value, weight.kind) == (0.7, "parameter")
    changed = debugger.explain("W1[1,0]").children[0]  # its update reads the edited one
    assert (changed.value, changed.kind, changed.says) == (9.0, "edit", "set by an edit after 1:h1")
    other = debugger.explain("W1[1,1]").children[0]  # of the same variable, not edited
    assert (other.value, other.kind) == (0.3, "parameter")
    debugger.seek("2:z1")
    debugger.assign("eta", 0.5)
    debugger.seek("4:")
    eta = next(child for child in debugger.explain("b1[0]").children if child.address.name == "eta")
    assert (eta.value, eta.says, eta.position) == (0.5, "set by an edit after 2:z1", "2:z1")
    debugger.seek("1:")
    eta = next(child for child in debugger.explain("b1[0]").children if child.address.name == "eta")
    assert (eta.value, eta.says) == (0.1, "a setting")


def test_an_edit_that_an_iteration_starts_with() -> None:
    debugger = Debugger(load("article"))
    debugger.assign("x[2]", 4.0)
    debugger.seek("1:z1")
    found = next(c for c in debugger.explain("z1[0]").children if c.address == Address("x", (2, 0)))
    assert (found.value, found.kind, found.says) == (4.0, "edit", "set by an edit after start")


def test_of_many_terms_the_largest_come_first_and_the_rest_unfolds() -> None:
    network = Case(("relu", "identity"), "half-squared-error", units=(60, 2)).network()
    debugger = Debugger(training(network))
    debugger.seek("1:z2")
    found = debugger.explain("z2[1]")
    assert len(found.children) < 20
    (rest,) = [child for child in found.children if child.kind == "rest"]
    weights, h = network.layers[1].weights[1], debugger["h1"][:, 0]
    assert rest.count == 60 - 8
    numbers = sorted(abs(weights * h))
    assert rest.value == pytest.approx(
        float((weights * h).sum())
        - sum(
            child.value * other.value
            for child, other in zip(found.children[0:16:2], found.children[1:16:2], strict=True)
        )
    )
    seen, parts = 8, []
    while True:
        *terms, last = rest.children
        parts += [term for term in terms if term.kind == "term"]
        if last.kind != "rest":
            parts.append(last)
            break
        assert last.value + sum(term.value for term in terms) == pytest.approx(rest.value)
        rest = last
    assert len(parts) + seen == 60
    assert [abs(part.value) for part in parts[:8]] == pytest.approx(numbers[::-1][8:16])
    for part in parts:
        come_to(part)


def test_where_the_textbook_form_is_not_finite_it_is_explained_as_it_was_computed() -> None:
    debugger = Debugger(load("article"))
    debugger.assign("b2", -2000.0)
    debugger.seek("1:delta2")
    loss = debugger.explain("L")
    assert loss.stable
    assert line(loss, Writing(debugger.program.symbols)).where == "1:L, as it was computed"
    come_to(loss)
    come_to(debugger.explain("delta2"))


@pytest.mark.parametrize("given", ["nope", "W1[9,9]", "delta1[0]", "W1[0,1", "\x1b[2J", "L[0]", "", "W1 + 1"])
def test_what_cannot_be_explained_is_refused_in_a_line(given: str) -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:L")
    for ask in (debugger.explain, debugger.touches):
        with pytest.raises(ExpressionError) as error:
            ask(given)
        assert str(error.value).isprintable()


def test_what_is_not_reached_yet_has_no_explanation_and_an_update_is_as_it_was() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:z1")
    debugger.into()
    assert debugger.explain("z1[0]").value == pytest.approx(-0.05)
    with pytest.raises(ExpressionError, match="not computed yet"):
        debugger.explain("z1[1]")
    debugger.seek("1:W1")
    debugger.into(4)
    assert debugger.explain("W1[1,0]").kind == "operation"
    assert debugger.explain("W1[1,1]").kind == "parameter"


@given(st.sampled_from(["article", "adam", "vanishing-gradient", "mazur"]), st.data())
def test_the_text_is_bounded_and_says_everything_once(name: str, data: st.DataObject) -> None:
    debugger = Debugger(load(name))
    debugger.seek("3:")
    operation = data.draw(st.sampled_from(debugger.program.operations))
    at = data.draw(st.sampled_from(list(np.ndindex(operation.shape))))
    found = debugger.explain(Address(operation.name, at))
    writing = Writing(debugger.program.symbols)
    lines = tree(found, writing)
    assert 1 <= len(lines) <= MANY_LINES
    assert lines[0] == str(line(found, writing))
    assert all(text.isprintable() for text in lines)
    unfolded = [text for text in lines if "above" not in text and text.startswith("  ")]
    assert unfolded or not found.children
    deep = tree(found, writing, 2)
    assert all(len(text) - len(text.lstrip()) <= 4 for text in deep)
    assert all(text.isascii() for text in tree(found, Writing(debugger.program.symbols, ascii=True), 2))


def test_leaves_are_in_order_and_once() -> None:
    found = leaves(parse("a[0] * b + a[1] * b - a[0]"))
    assert found == (parse("a[0]"), parse("b"), parse("a[1]"))
