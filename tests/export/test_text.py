"""A trace as text: what a screen reader or a diff gets."""

import re
from pathlib import Path

import pytest

from backprop_tui.export.stages import heading
from backprop_tui.formula.symbols import Symbols
from backprop_tui.scenario import Scenario, load, parse
from tests.debugger.scenarios import training
from tests.engine.networks import Case
from tests.export.traces import VALID, diverging, trace

GOLDEN = Path(__file__).parent / "golden" / "article.txt"
OPERATION = re.compile(r" *\d+  \S+ = \S.* = \S.*")
HEADING = re.compile(r"\n(epoch \d+, )?iteration \d+, \S.*")
SCENARIOS = {path.stem: load(path) for path in VALID} | {"diverging": diverging()}


def test_the_article() -> None:
    """After a change that is meant: backprop-tui trace article > tests/export/golden/article.txt."""
    assert "\n".join(trace(load("article"), "text")) + "\n" == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_line_of_every_scenario(scenario: Scenario) -> None:
    title, *lines = trace(scenario, "text", 2)
    assert title == scenario.title
    headings = [line for line in lines if line.startswith("\n")]
    operations = [line for line in lines if not line.startswith("\n")]
    assert all(map(HEADING.fullmatch, headings))
    assert all(map(OPERATION.fullmatch, operations))
    assert [int(line.split()[0]) for line in operations] == list(range(1, len(operations) + 1))


def test_headings_stand_between_stages() -> None:
    lines = trace(load("article"), "text", 2)
    places = [place for place, line in enumerate(lines) if line.startswith("\niteration 2, ")]
    assert lines[places[0]] == "\niteration 2, forward"
    assert lines[places[0] - 1].startswith("  19  b₁ = ")
    assert lines[places[0] + 1].startswith("  20  z₁ = ")
    assert len(places) == 7


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("forward", "forward"), ("delta2", "δ₂"), ("delta12", "δ₁₂"), ("gradients12", "gradients of layer 12")],
)
def test_heading(stage: str, expected: str) -> None:
    assert heading(stage, Symbols({})) == expected


def test_a_choice_of_stages() -> None:
    lines = trace(load("article"), "text", 2, ["loss", "delta1"])
    assert [line for line in lines if line.startswith("\n")] == [
        f"\niteration {iteration}, {stage}" for iteration in (1, 2) for stage in ("loss", "δ₁")
    ]
    assert [int(line.split()[0]) for line in lines[1:] if not line.startswith("\n")] == [
        *(5, 11, 12, 13),
        *(24, 30, 31, 32),
    ]


def test_many_numbers_are_told_by_shape_and_corner() -> None:
    network = Case(("relu", "identity"), "half-squared-error", batch=5, units=(4, 2)).network()
    lines = dict(line.split(" = ", 1) for line in trace(training(network), "text") if " = " in line)
    number = r"-?[\d.]+(e-?\d+)?"
    assert re.fullmatch(rf"W₁x \+ b₁ = 4x5 \[{number}( {number}){{3}} \.\.\.\]", lines["   1  z₁"])
    assert re.fullmatch(rf"W₂h \+ b₂ = 2x5 \[{number}( {number}){{3}} \.\.\.\]", lines["   3  z₂"])


def test_numbers_have_an_ascii_minus_and_no_negative_zero() -> None:
    lines = trace(load("article"), "text")
    values = {line.split()[1]: line.rpartition(" = ")[2] for line in lines if " = " in line}
    assert all(value.isascii() for value in values.values())
    assert (values["δ₁"], values["z₂"]) == ("[0 0.7685247835]", "-1.2")


def test_what_is_not_finite_is_told() -> None:
    text = "\n".join(trace(diverging(), "text"))
    assert "W₁ = W₁ − η ∂L/∂W₁ = -inf" in text
    assert "W₁ = W₁ − η ∂L/∂W₁ = nan" in text
    assert " = inf" in text


def test_a_scenario_without_a_title_has_its_name() -> None:
    path = next(path for path in VALID if path.stem == "smallest")
    assert trace(parse(path.read_bytes(), "folder/my net.toml"), "text")[0] == "my net"
