"""A trace as text: what a screen reader or a diff gets."""

import re
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from backprop_tui.debugger.basics.notation import heading
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.program import Program
from backprop_tui.export.handout import Form
from backprop_tui.export.plain_text import WIDTH
from backprop_tui.scenario import load, parse
from tests.debugger.scenarios import training
from tests.engine.networks import Case
from tests.export.traces import SATURATED, VALID, diverging, saturated, trace
from tests.sampled import some

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "article.txt"
INDENT = " " * 6
OPERATION = re.compile(r" {0,4}\d+  \S+ = \S.* = \S.*")
HEADING = re.compile(r"\n(epoch \d+, )?iteration \d+, \S.*")
SCENARIOS = {path.stem: load(path) for path in VALID} | {"diverging": diverging()}


def test_the_article() -> None:
    """After a change that is meant: backprop-tui trace article > tests/export/golden/article.txt."""
    assert "\n".join(trace(load("article"), "text")) + "\n" == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("name", some(SCENARIOS, 12))
def test_every_line_of_every_scenario(name: str) -> None:
    scenario = SCENARIOS[name]
    title, *lines = trace(scenario, "text", 2)
    assert title == scenario.title
    lines = lines[lines.index("\ngiven") + 1 :]
    headings = [line for line in lines if line.startswith("\n")]
    operations = [line for line in lines if not line.startswith(("\n", INDENT))]
    assert all(map(HEADING.fullmatch, headings))
    assert all(map(OPERATION.fullmatch, operations))
    assert [int(line.split()[0]) for line in operations] == list(range(1, len(operations) + 1))


def test_headings_stand_between_stages() -> None:
    lines = trace(load("article"), "text", 2)
    places = [place for place, line in enumerate(lines) if line.startswith("\niteration 2, ")]
    assert lines[places[0]] == "\niteration 2, forward"
    assert lines[places[0] - 3].startswith("  19  b₁ = ")
    assert lines[places[0] - 1] == "      L 1.4632824673 → 1.0792030650 with the new parameters"
    assert lines[places[0] + 1].startswith("  20  z₁ = ")
    assert len(places) == 7


def test_there_are_no_new_parameters_where_nothing_is_trained() -> None:
    assert not any("new parameters" in line for line in trace(SCENARIOS["all-frozen"], "text", 2))


def test_headings() -> None:
    program = Program.of(Case(("tanh", "relu", "identity"), "mean-squared-error").network())
    assert [heading(stage, program) for stage in program.stages] == [
        "forward",
        "loss",
        "δ₃",
        "gradients of layer 3",
        "δ₂",
        "gradients of layer 2",
        "δ₁",
        "gradients of layer 1",
        "update",
    ]


def test_the_gradient_of_the_inputs_stands_with_those_of_the_layer_that_reads_them() -> None:
    frozen = Layer(np.eye(2), None, "tanh", frozen=frozenset("W"))
    network = Network((frozen,), np.ones((2, 1)), np.ones((2, 1)), "mean-squared-error", "sgd", {"learning_rate": 0.1})
    program = Program.of(replace(network, input_gradient=True))
    assert heading(program.by_name["dL_dx"].stage, program) == "gradients of layer 1"


def test_a_choice_of_stages() -> None:
    lines = trace(load("article"), "text", 2, ["loss", "delta1"])
    assert [line for line in lines if line.startswith("\n")] == ["\ngiven"] + [
        f"\niteration {iteration}, {stage}" for iteration in (1, 2) for stage in ("loss", "δ₁")
    ]
    assert [int(line.split()[0]) for line in lines if OPERATION.fullmatch(line)] == [
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
    lines = [line for line in trace(load("article"), "text") if OPERATION.fullmatch(line)]
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


def test_the_form_that_was_computed_is_said() -> None:
    """∂L/∂ŷ = −inf and ∂ŷ/∂z₁ = 0 do not give δ₁."""
    lines = trace(saturated(), "text")
    place = next(place for place, line in enumerate(lines) if " δ₁ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₁ = " in line)
    assert lines[place].endswith(" = 1")
    assert lines[place + 1] == f"{INDENT}computed as ŷ − y, which stays exact where ŷ is nearly 0 or 1"
    assert sum("computed as" in line for line in lines) == 2  # and L
    assert not any("computed as" in line for line in trace(diverging(), "text"))


def test_what_is_given_stands_before_the_first_operation() -> None:
    lines = trace(load("article"), "text")
    start = lines.index("\ngiven")
    assert [line.strip() for line in lines[start + 1 : start + 8]] == [
        *("W₁ = [[0.2 -0.4 0.1] [0.7 0.3 -0.5]]", "b₁ = [0.1 -0.2]", "W₂ = [0.5 -1]", "b₂ = 0.2"),
        *("x = [1 0.5 -1.5]", "y = 1", "η = 0.1"),
    ]
    assert lines[start + 8] == "\niteration 1, forward"


def test_the_samples_of_a_batch_are_those_of_its_iteration() -> None:
    scenario = parse(
        SATURATED.replace(b"x = [50]", b"x = [[1], [2], [3]]").replace(b"y = 0", b"y = [0, 1, 0]"), "x.toml"
    )
    network = replace(scenario.network, batch_size=2)
    lines = trace(replace(scenario, network=network), "text", 2)
    start = lines.index("\ngiven")
    assert "x = " not in "".join(lines[start : lines.index("\nepoch 1, iteration 1, forward")])
    for heading_, x in (("epoch 1, iteration 1", "[1 2]"), ("epoch 1, iteration 2", "3")):
        place = lines.index(f"\n{heading_}, forward")
        assert lines[place + 1] == f"{INDENT}x = {x}"


def test_slots_that_start_at_0_stand_in_one_line() -> None:
    lines = trace(load("adam"), "text", 1, ["forward"])
    (slots,) = [line for line in lines if "m(W₁)" in line and line.endswith(" = 0")]
    assert "v(W₁)" in slots


def test_digits_and_whole_arrays() -> None:
    network = Case(("relu", "identity"), "half-squared-error", batch=5, units=(4, 2)).network()
    scenario = training(network)
    (line,) = [line for line in trace(scenario, "text", None, (), Form(3, full=True)) if line.startswith("   1  z₁")]
    numbers = re.findall(r"-?[\d.]+(?:e-?\d+)?", line.rpartition(" = ")[2])
    assert len(numbers) == 20
    assert all(len(number.partition(".")[2]) <= 3 for number in numbers)


def test_settings_are_printed_as_they_were_given() -> None:
    lines = [line.strip() for line in trace(load("adam"), "text", 1, ["forward"], Form(1))]
    assert {"β₁ = 0.9", "β₂ = 0.999", "ε = 1e-8"} <= {*lines}


def test_what_the_source_printed_has_its_verdict_and_its_cause() -> None:
    lines = [line.strip() for line in trace(load("article"), "text")]
    place = next(place for place, line in enumerate(lines) if line.startswith("1  z₁"))
    assert lines[place + 1].startswith("the source prints [-0.15 1.8] (section 2): ")
    assert lines[place + 2] == "z₁[0] = −0.15 is what you get when the bias is left out"
    assert "the source prints [0.1 -0.277] (section 6): agrees" in lines
    assert sum(line.startswith("the source prints") for line in lines) == len(load("article").published)


@pytest.mark.parametrize(
    ("name", "says"), [("bias-left-out", "z₁[0] agrees, z₁[1] differs"), ("float32", "z₁[0] differs, z₁[1] differs")]
)
def test_of_a_mistaken_run_each_number_is_compared(name: str, says: str) -> None:
    """There is no audit of it: that is about the scenario's own run."""
    program = Mistaken.of(Program.of(load("article").network), Slip.of(MISTAKES[name])).program
    lines = [line.strip() for line in trace(load("article"), "text", program=program)]
    assert f"the source prints [-0.15 1.8] (section 2): {says}" in lines
    assert not any("is what you get when" in line for line in lines)


def test_what_no_operation_computes_is_compared_where_it_enters() -> None:
    article = (ROOT / "scenarios" / "article.toml").read_text("utf-8")
    extra = '\n[[published]]\nname = "x"\nvalue = [1.0, 0.5, 1.5]\nwhere = "the table"\n'
    lines = trace(parse((article + extra).encode(), "x.toml"), "text")
    line = lines[lines.index("\niteration 1, forward") + 1]
    assert line.startswith(f"{INDENT}x: the source prints [1.0 0.5 1.5] (the table): ")


def test_notes_are_wrapped() -> None:
    lines = trace(load("article"), "text")
    assert any(line.startswith(f"{INDENT}note: Here the prose") for line in lines)
    assert all(len(line) <= WIDTH for line in lines)


def test_the_page_of_the_source_is_named() -> None:
    url = b'source = { name = "A. Body", url = "https://example.org/a?b=1&c=2" }\n'
    lines = trace(parse(url + SATURATED, "x.toml"), "text")
    assert lines[1] == "A. Body, https://example.org/a?b=1&c=2"
