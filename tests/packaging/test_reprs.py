"""How objects read in a notebook: one line or two, and an audit as its text or as a table."""

import re

import msgspec
import pytest

import backprop_tui as bt


def test_one_line_each() -> None:
    debugger = bt.Debugger("article")
    assert repr(debugger) == "<Debugger of article at start, step 0 of 19>"
    assert repr(debugger.moment()) == "<Moment start, step 0 of 19>"
    debugger.seek(3)
    assert repr(debugger.event) == "<Event 3 (1:z2): z₂ = W₂h + b₂ = −1.2>"
    assert repr(debugger.moment()) == "<Moment 1:z2, step 3 of 19: z₂ = W₂h + b₂ = −1.2>"
    assert repr(debugger.explain("z2")) == (
        "<Explanation z₂[0] = W₂[0,0]·h[0] + W₂[0,1]·h[1] + b₂[0] = 0.5·0 + (−1)·1.4 + 0.2 = −1.2 (1:z2)>"
    )
    assert repr(debugger.explain("W2[0,1]")) == "<Explanation W₂[0,1] = −1 (as the run began)>"
    quiz = debugger.predict(level=2)
    assert repr(quiz) == "<Quiz of article at 1:z2, level 2, 0 asked>"
    quiz.ask()
    assert repr(quiz).startswith("<Quiz of article at 1:z2, level 2, 0 asked, asks: ŷ")
    assert repr(debugger.moment()).startswith("<Moment 1:z2")
    assert repr(debugger.evaluate()) == "<Evaluation of 1 sample: L = 1.46328, accuracy 0>"
    assert repr(bt.gradcheck("article")[2]).startswith("<Check of dL_dW1: 6 agree; largest relative error ")
    assert repr(debugger.scenario) == (
        "<Scenario article: 3-2-1, binary-cross-entropy, sgd, 1 iteration, 11 published>"
    )
    assert repr(debugger.scenario.network) == "<Network 3 → 2 relu → 1 sigmoid, binary-cross-entropy, sgd, x 3×1>"
    assert repr(debugger.scenario.published[0]) == "<Published z1 in iteration 1: 2 numbers, section 2>"


@pytest.mark.parametrize("name", ["digits", "adam", "batch-norm"])
def test_large_ones_stay_short(name: str) -> None:
    debugger = bt.Debugger(name)
    for step in range(1, debugger.timeline.length + 1):
        debugger.seek(step)
        for one in (debugger, debugger.event, debugger.moment()):
            assert len(repr(one)) <= 200
            assert "\n" not in repr(one)


def test_an_audit_reads_as_the_command_prints_it() -> None:
    audit = bt.check("article")
    assert repr(audit).startswith("<Audit of article: ")
    assert re.fullmatch(r"<Finding on z1: 0 agree, 0 cut off, 0 carried over, 2 wrong>", repr(next(iter(audit))))
    lines = str(audit).splitlines()
    assert lines[0].startswith("✗ it begins at z₁ (section 2): both numbers are wrong; h, z₂, ŷ, L and δ₂ follow from")
    assert lines[1].startswith("Understanding Backpropagation")
    assert "✗ z₁[0]: printed −0.15, computed −0.05" in lines


def test_in_a_notebook_it_is_a_table_without_markup_of_the_scenario() -> None:
    scenario = bt.load("article")
    first, *others = scenario.published
    hostile = msgspec.structs.replace(first, where="<img src=x onerror=alert(1)> & more")
    wrong = msgspec.structs.replace(scenario, title="<b>bold</b>", published=(hostile, *others))
    shown = bt.check(wrong)._repr_html_()
    assert shown.count("<tr>") == 1 + len(scenario.published)
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; more" in shown
    assert "<img" not in shown
    assert "<script" not in shown
    assert "z₁[0]: printed −0.15, computed −0.05" in shown


def test_the_library() -> None:
    assert next(iter(bt.scenarios())) == "article"
    assert bt.scenarios()["article"] == bt.load("article").title


def test_every_error_is_exported_and_has_a_line() -> None:
    errors = [getattr(bt, name) for name in bt.__all__ if name.endswith("Error")]
    assert len(errors) >= 12
    assert all(issubclass(error, ValueError | KeyError) for error in errors)


@pytest.mark.parametrize("iteration", [0, -1])
def test_no_gradients_of_an_iteration_that_there_is_not(iteration: int) -> None:
    with pytest.raises(ValueError, match="they count from 1"):
        bt.gradcheck("article", iteration)
