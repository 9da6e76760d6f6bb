"""Every symbol of every program has its entry."""

from pathlib import Path

import pytest

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.meaning.glossary import GLOSSARY, OF_LAYERS, glossary
from backprop_tui.debugger.meaning.model_entries import ENTRIES
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import bundled, load
from tests.debugger.meaning.models import MODELS
from tests.engine.networks import CASES
from tests.engine.options import IN_BATCHES, NETWORKS
from tests.sampled import some

FILES = sorted((Path(__file__).parents[2] / "data" / "valid").glob("*.toml"))
PROGRAMS: dict[str, Network] = {
    **NETWORKS,
    **IN_BATCHES,
    **{str(case): case.network() for case in list(CASES.values())[::5]},
    **{name: load(name).network for name, _ in bundled()},
    **{path.stem: load(path).network for path in FILES},
    **{name: scenario.network for name, (scenario, _) in MODELS.items()},
}


@pytest.mark.parametrize("name", some(PROGRAMS, 24))
def test_every_symbol_has_an_entry(name: str) -> None:
    program = Program.of(PROGRAMS[name])
    for ascii_only in (False, True):
        writing = Writing(program.symbols, ascii=ascii_only)
        for variable in program.shapes:
            first, shape, *more = glossary(variable, program, writing)
            assert first.startswith(writing.symbol(variable))
            assert len(first.split(": ", 1)[1].split()) >= 3, first
            assert not set(first) & set("{}")
            assert all(line.isprintable() for line in (first, shape, *more))
            assert not ascii_only or all(line.isascii() for line in (shape, *more))
            assert shape == "one number" or shape[0].isdigit()
            assert more, variable


def test_no_entry_takes_the_place_of_another() -> None:
    assert not OF_LAYERS.keys() & ENTRIES.keys()


def test_every_entry_is_of_a_variable() -> None:
    variables = [v for network in PROGRAMS.values() for v in Program.of(network).variables.values()]
    known = {(v.role, v.kind) for v in variables} | {v.role for v in variables}
    assert not GLOSSARY.keys() - known


def test_the_article() -> None:
    program = Program.of(load("article").network)
    writing = Writing(program.symbols)
    assert list(glossary("delta1", program, writing)) == [
        "δ₁ (delta1): the error signal of layer 1: ∂L/∂z, how L moves with its pre-activations",
        "2 × 1: a row for each unit, a column for each sample",
        "computed as ∂L/∂h ⊙ f′(z₁), operation 13 of 19",
        "read by ∂L/∂W₁, ∂L/∂b₁",
    ]
    assert list(glossary("eta", program, writing))[1:3] == ["one number", "a setting"]
    assert list(glossary("W1", program, writing))[3] == "a parameter, trained"
    assert next(iter(glossary("dL_dh1", program, writing))) == "∂L/∂h (dL_dh1): how L moves with h: its gradient"


@pytest.mark.parametrize(
    ("lesson", "name", "shape"),
    [
        (
            "multi-head-attention",
            "a",
            "2 × 2 × 3 × 3: for each sample and head a row for each token, a column for each token",
        ),
        ("attention", "dL_dq", "2 × 3: a row for each query, a column for each token"),
        ("gpt-block", "u1", "8 × 8: a column for each position"),
        ("convolution", "dL_dK", "2 × 1 × 3 × 3: a matrix for each kernel and channel"),
        ("residual-block", "b1", "2 × 1"),
        ("softmax-iris", "W1", "3 × 4: a row for each output, a column for each input of the layer"),
        ("softmax-iris", "m_b1", "3 × 1: a row for each output"),
        ("batch-norm", "mu1", "2 × 1: a row for each unit"),
        ("batch-norm", "z_hat1", "2 × 6: a row for each unit, a column for each sample"),
    ],
)
def test_axes_have_the_names_that_follow_from_those_of_inputs_and_parameters(
    lesson: str, name: str, shape: str
) -> None:
    program = Program.of(load(lesson).network)
    assert list(glossary(name, program, Writing(program.symbols)))[1] == shape
