"""`import backprop_tui as bt`, as a notebook uses it."""

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tui as bt

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = {
    "Audit",
    "Debugger",
    "Evaluation",
    "EvaluationError",
    "Event",
    "Finding",
    "PositionError",
    "Scenario",
    "ScenarioError",
    "Stop",
    "gradcheck",
    "check",
    "load",
    "run",
}


def python(code: str) -> str:
    result = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, encoding="utf-8")
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import backprop_tui; dir(backprop_tui); backprop_tui.__version__", {"numpy", "textual", "rich", "msgspec"}),
        ("import backprop_tui as bt; bt.Debugger(bt.load('article')).seek('2:delta2')", {"textual", "rich"}),
        ("import backprop_tui as bt; list(bt.run(bt.load('article')))", {"textual", "rich"}),
        ("import backprop_tui as bt; bt.check(bt.load('article'))", {"textual", "rich"}),
        ("from backprop_tui import *; Debugger(load('article'))", {"textual", "rich"}),
    ],
)
def test_what_is_not_imported(code: str, absent: set[str]) -> None:
    modules = set(python(f"{code}\nimport sys; print(*sys.modules)").split())
    assert "backprop_tui" in modules
    assert modules & absent == set()


def test_the_example_of_the_docstring_works() -> None:
    assert bt.__doc__ is not None
    example = bt.__doc__.split("\n\n", 1)[1].rpartition("\n\n")[0]
    lines = python("import sys; sys.stdout.reconfigure(encoding='utf-8')\n" + textwrap.dedent(example)).splitlines()
    assert len(lines) >= 19
    assert lines[0].startswith("1 z₁ = W₁x + b₁ = [[-0.05")


def test_the_names() -> None:
    assert NAMES | {"__version__"} <= set(dir(bt))
    assert set(dir(bt)) == {*bt.__all__, *bt.MODULES, "__version__"}
    assert set(bt.__all__) == set(bt.PLACES)
    for name in dir(bt):
        assert getattr(bt, name) is getattr(bt, name)


@pytest.mark.parametrize("name", ["nonsense", "Load", "__wrapped__", "_repr_html_"])
def test_an_unknown_name_is_an_attribute_error(name: str) -> None:
    assert not hasattr(bt, name)
    with pytest.raises(AttributeError, match=f"'backprop_tui' has no attribute '{name}'"):
        getattr(bt, name)


@pytest.mark.parametrize("source", ["article", str(SCENARIOS / "article.toml"), SCENARIOS / "article.toml"])
def test_load(source: str | Path) -> None:
    scenario = bt.load(source)
    assert isinstance(scenario, bt.Scenario)
    assert scenario.title == "Understanding Backpropagation Through a Basic Neural Network Example"
    assert (scenario.source, scenario.iterations, len(scenario.published)) == ("Priyank Goyal", 1, 11)


def test_load_lists_every_problem(tmp_path: Path) -> None:
    wrong = (SCENARIOS / "article.toml").read_text("utf-8").replace('"relu"', '"relux"').replace('"sgd"', '"sdg"')
    path = tmp_path / "wrong.toml"
    path.write_text(wrong, "utf-8")
    with pytest.raises(bt.ScenarioError) as caught:
        bt.load(path)
    lines = str(caught.value).split("\n")
    assert len(lines) == 2
    assert all(line.startswith(f"{path}:") for line in lines)
    assert "'relux' (did you mean 'relu'?)" in lines[0]
    with pytest.raises(bt.ScenarioError, match="artcle: is neither a file nor a bundled scenario"):
        bt.load("artcle")


def test_run() -> None:
    first, *_, last = events = list(bt.run(bt.load("article"), iterations=2))
    assert len(events) == 38
    assert all(isinstance(event, bt.Event) for event in events)
    assert [event.step for event in events] == list(range(1, 39))
    assert (first.step, first.iteration, first.stage, first.name, first.symbol) == (1, 1, "forward", "z1", "z₁")
    assert (first.formula, first.reads) == ("W₁x + b₁", ("W1", "x", "b1"))
    assert list(first.inputs) == ["W1", "x", "b1"]
    assert first.value.tolist() == [[-0.05000000000000002], [1.4000000000000001]]
    assert (last.step, last.iteration, last.stage, last.name, last.symbol) == (38, 2, "update", "b1", "b₁")
    assert (last.formula, last.reads) == ("b₁ − η ∂L/∂b₁", ("b1", "eta", "dL_db1"))
    np.testing.assert_array_equal(last.value, last.inputs["b1"] - 0.1 * last.inputs["dL_db1"])


def test_run_takes_the_iterations_of_the_scenario() -> None:
    assert [len(list(bt.run(bt.load("article"), *count))) for count in ((), (None,), (0,), (3,))] == [19, 19, 0, 57]


def test_run_computes_what_is_asked_for() -> None:
    events = bt.run(bt.load("article"), iterations=10**12)
    assert next(events).step == 1


def test_events_do_not_change_as_the_run_goes_on() -> None:
    events = bt.run(bt.load("article"), iterations=3)
    kept = [next(events) for _ in range(19)]
    values = [event.value.tolist() for event in kept]
    inputs = [{name: value.tolist() for name, value in event.inputs.items()} for event in kept]
    list(events)
    assert [event.value.tolist() for event in kept] == values
    assert [{name: value.tolist() for name, value in event.inputs.items()} for event in kept] == inputs


def test_events_are_read_only() -> None:
    for event in bt.run(bt.load("article")):
        with pytest.raises(AttributeError):
            event.step = 7  # type: ignore[misc]
        for value in (event.value, *event.inputs.values()):
            assert not value.flags.writeable
            assert value.dtype == np.float64


def test_gradcheck() -> None:
    checks = bt.gradcheck(bt.load("article"))
    assert [check.variable for check in checks] == ["W2", "b2", "W1", "b1"]
    for check in checks:
        assert check.agrees
        for entry in check.entries:
            assert entry.numeric == pytest.approx(entry.analytic, rel=1e-9)
            assert check.relative(entry) < 1e-9


def test_the_debugger_of_the_contract() -> None:
    debugger = bt.Debugger(bt.load("article"))
    debugger.advance()
    debugger.advance(10)
    debugger.rewind(3)
    assert (debugger.step, debugger.position) == (8, "1:delta2")
    debugger.seek(0)
    assert (debugger.step, debugger.position, debugger.event) == (0, "start", None)
    debugger.seek("1:delta2")
    event: Any = debugger.event
    assert (event.name, event.symbol, event.position) == ("delta2", "δ₂", "1:delta2")
    assert debugger["W1"].shape == (2, 3)
    debugger.breakpoints.add("delta1")
    stop = debugger.resume()
    assert isinstance(stop, bt.Stop)
    assert (stop.reason, stop.which, debugger.position) == ("breakpoint", "delta1", "1:delta1")
    assert (debugger.resume().reason, debugger.position) == ("end", "1:b1")
    assert (debugger.resume(back=True).reason, debugger.position) == ("breakpoint", "1:delta1")
    assert (debugger.resume(back=True).reason, debugger.position) == ("end", "start")
    with pytest.raises(bt.PositionError):
        debugger.seek("1:delta9")
