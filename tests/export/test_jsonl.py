"""A trace as JSON lines, to the letter of the contract."""

import json
import re
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.export import jsonl
from backprop_tui.scenario import Scenario, load
from tests.export.traces import VALID, diverging, saturated, trace

ARTICLE = load("article")

FIRST = (
    '{"type":"scenario","format":1,"title":"Understanding Backpropagation Through a Basic Neural Network Example",'
    '"parameters":{"W1":[[0.2,-0.4,0.1],[0.7,0.3,-0.5]],"b1":[[0.1],[-0.2]],"W2":[[0.5,-1.0]],"b2":[[0.2]]}}'
)
Z1 = (
    '{"type":"operation","step":1,"iteration":1,"stage":"forward","name":"z1","symbol":"z₁","formula":"W₁x + b₁",'
    '"reads":["W1","x","b1"],"shape":[2,1],"value":[[-0.05000000000000002],[1.4000000000000001]]}'
)
LOSS = (
    '{"type":"operation","step":5,"iteration":1,"stage":"loss","name":"L","symbol":"L",'
    '"formula":"−(y log ŷ + (1 − y) log(1 − ŷ))","computed_as":"max(z₂, 0) − z₂ ⊙ y + log(1 + exp(−|z₂|))",'
    '"reads":["y","y_hat"],"shape":[],"value":1.4632824673380314}'
)
KEYS = {
    "scenario": ["type", "format", "title", "parameters"],
    "operation": ["type", "step", "iteration", "stage", "name", "symbol", "formula", "reads", "shape", "value"],
    "end": ["type", "iterations", "steps", "parameters"],
}


def plain(value: Any) -> Any:
    """What JSON cannot write, as the contract has it."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isfinite(value):
        return value
    return {"nan": "nan", "inf": "inf", "-inf": "-inf"}[str(value)]


def bits(value: Any) -> bytes:
    """Numbers to the last bit, the sign of a zero too, but not that of a NaN."""
    array = np.asarray(value, dtype=np.float64)
    return np.where(np.isnan(array), np.nan, array).tobytes()


def test_the_article_to_the_letter() -> None:
    lines = trace(ARTICLE, "jsonl")
    assert len(lines) == 21
    assert (lines[0], lines[1], lines[5]) == (FIRST, Z1, LOSS)
    last = json.loads(lines[-1])
    parameters = last.pop("parameters")
    assert last == {"type": "end", "iterations": 1, "steps": 19}
    assert list(parameters) == ["W1", "b1", "W2", "b2"]
    np.testing.assert_allclose(
        parameters["W1"], [[0.2, -0.4, 0.1], [0.6231475217, 0.2615737608, -0.3847212825]], rtol=0, atol=5e-11
    )
    np.testing.assert_allclose(parameters["b1"], [[0.1], [-0.2768524783]], rtol=0, atol=5e-11)
    np.testing.assert_allclose(parameters["W2"], [[0.5, -0.8924065303]], rtol=0, atol=5e-11)
    np.testing.assert_allclose(parameters["b2"], [[0.2768524783]], rtol=0, atol=5e-11)


NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
SCENARIOS = {path.stem: load(path) for path in VALID} | {"article": ARTICLE, "diverging": diverging()}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_line_of_every_scenario(scenario: Scenario) -> None:
    program = Program.of(scenario.network)
    lines = trace(scenario, "jsonl", iterations=3)
    events = list(run(program, 3))
    first, *operations, last = map(json.loads, lines)
    for line, found in zip(lines, (first, *operations, last), strict=True):
        assert line.isprintable()
        assert [key for key in found if key != "computed_as"] == KEYS[found["type"]]
        assert [*found].index("computed_as") == 7 if "computed_as" in found else True
        # no blanks but those of the texts, and no escapes but where JSON needs one
        written = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        assert len(NUMBER.sub("0", line)) <= len(NUMBER.sub("0", written))  # 0.00002 or 2e-05, both are right
    assert (first["type"], last["type"], len(operations)) == ("scenario", "end", len(events))
    for found, event in zip(operations, events, strict=True):
        assert found == {
            "type": "operation",
            "step": event.step,
            "iteration": event.iteration,
            "stage": event.stage,
            "name": event.name,
            "symbol": event.symbol,
            "formula": event.formula,
            **({"computed_as": event.operation.computed_as} if event.operation.stable is not None else {}),
            "reads": list(event.reads),
            "shape": list(np.shape(event.value)),
            "value": plain(event.value.tolist()),
        }
        assert bits(found["value"]) == bits(event.value)
    parameters = {name: value.tolist() for name, value in scenario.network.parameters().items()}
    final = {
        name: plain(events[-1].frame[program.key(name, len(program.operations)) or name].tolist())
        for name in parameters
    }
    assert first == {"type": "scenario", "format": 1, "title": scenario.title, "parameters": parameters}
    assert last == {"type": "end", "iterations": 3, "steps": len(events), "parameters": final}


def test_the_form_that_was_computed_stands_behind_the_formula_where_it_is_another() -> None:
    _, *operations, _ = map(json.loads, trace(saturated(), "jsonl"))
    found = {line["name"]: line for line in operations}
    delta = found["delta1"]
    assert [*delta][6:9] == ["formula", "computed_as", "reads"]
    assert (delta["formula"], delta["computed_as"], delta["value"]) == ("∂L/∂ŷ ⊙ ∂ŷ/∂z₁", "ŷ − y", [[1.0]])
    assert found["dL_dy_hat"]["value"] == [["inf"]]
    assert [name for name, line in found.items() if "computed_as" in line] == ["L", "delta1"]
    _, *operations, _ = map(json.loads, trace(load("softmax-iris"), "jsonl", 1))
    assert [line["computed_as"] for line in operations if line["name"] == "delta1"] == ["(ŷ − y)/N"]


def test_a_number_that_is_not_finite_is_a_string() -> None:
    lines = trace(diverging(), "jsonl")
    values = {(found["iteration"], found["name"]): found["value"] for found in map(json.loads, lines[1:-1])}
    assert values[1, "L"] == 2_000_000
    assert (values[1, "W1"], values[2, "z1"], values[2, "L"]) == ([["-inf"]], [["-inf"]], "inf")
    assert values[2, "W1"] == [["nan"]]
    end = json.loads(lines[-1])
    assert end["parameters"]["W1"] == [["nan"]]
    assert len(lines) == end["steps"] + 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(np.nan), "nan"),
        (np.float64(-np.nan), "nan"),
        (np.array([[1.0, -np.inf], [np.nan, -0.0]]), [[1.0, "-inf"], ["nan", -0.0]]),
        (np.array([[0.1], [np.inf]]), [[0.1], ["inf"]]),
        (np.array([[5e-324, 1.7976931348623157e308]]), [[5e-324, 1.7976931348623157e308]]),
    ],
)
def test_exact(value: Any, expected: Any) -> None:
    assert repr(jsonl.exact(value)) == repr(expected)


@pytest.mark.parametrize("stages", [["forward"], ["loss", "delta2"], ["update"]])
def test_a_choice_of_stages_leaves_the_ends_as_they_are(stages: list[str]) -> None:
    whole = trace(ARTICLE, "jsonl", 2)
    chosen = [line for line in whole[1:-1] if json.loads(line)["stage"] in stages]
    assert trace(ARTICLE, "jsonl", 2, stages) == [whole[0], *chosen, whole[-1]]


def test_it_streams() -> None:
    """Each line comes as soon as there is its event."""
    program = Program.of(ARTICLE.network)
    taken = 0

    def events() -> Iterator[Event]:
        nonlocal taken
        for event in run(program, 10**9):
            taken += 1
            yield event

    lines = jsonl.lines(ARTICLE, program, events(), program.stages)
    for count in range(50):
        next(lines)
        assert taken == count


def test_no_event_at_all() -> None:
    program = Program.of(ARTICLE.network)
    first, last = jsonl.lines(ARTICLE, program, (), program.stages)
    assert json.loads(last) == {
        "type": "end",
        "iterations": 0,
        "steps": 0,
        "parameters": json.loads(first)["parameters"],
    }


def test_a_hostile_title_is_harmless() -> None:
    path = Path(__file__).parents[1] / "data" / "valid" / "hostile-text.toml"
    for line in trace(load(path), "jsonl") + trace(load(path), "text"):
        assert line.removeprefix("\n").isprintable()
