"""Graphs of models with blocks folded: nothing is lost, nothing stands twice, and what is read stands before."""

from collections.abc import Iterator
from functools import cache

import pytest

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.scenario import load
from backprop_tui.tui.drawing.graph.contraction import contracted
from backprop_tui.tui.drawing.graph.flow import Flow
from backprop_tui.tui.drawing.graph.links import links
from backprop_tui.tui.drawing.graph.places import Places
from tests.lessons.models import MODELS


@cache
def program_of(lesson: str) -> Program:
    return Program.of(load(lesson).network)


def foldings(program: Program) -> Iterator[frozenset[str]]:
    """All blocks folded; all but each; each alone."""
    blocks = frozenset(program.blocks.values())
    yield blocks
    for block in sorted(blocks):
        yield blocks - {block}
        yield frozenset({block})


@pytest.mark.parametrize("lesson", MODELS)
def test_a_folded_graph_has_everything_once(lesson: str) -> None:
    program = program_of(lesson)
    whole = Flow.of(program)
    for folded in foldings(program):
        flow = contracted(whole, program.blocks, folded)
        shown = [name for node in flow.nodes.values() for name in (node.members or (node.name,)) if node.index >= 0]
        assert sorted(shown) == sorted(operation.name for operation in program.operations)
        assert {program.blocks.get(name) for node in flow.nodes.values() for name in node.members} == folded
        before: set[str] = set()
        for node in flow.nodes.values():
            assert before.issuperset(node.reads), f"{node.key} reads what comes later"
            before.add(node.key)
        for node in whole.nodes.values():
            home = flow.home.get(node.key, node.key)
            read = {flow.home.get(key, key) for key in node.reads} - {home}
            assert read <= set(flow.nodes[home].reads)
        places = Places.arrange(flow)
        assert places.of.keys() == flow.nodes.keys()
        assert len(places.at) == len(places.of), "two nodes in one cell"
        assert all(link.source in places.of and link.target in places.of for link in links(places))


def test_nothing_is_folded_where_nothing_is_to_be() -> None:
    program = program_of("attention")
    whole = Flow.of(program)
    assert contracted(whole, program.blocks, frozenset()) is whole
    assert contracted(Flow.of(Program.of(load("article").network)), {}, frozenset({"look"})).home == {}


def forward(program: Program) -> list[str]:
    """The forward half with every block folded: what is computed, in order."""
    flow = contracted(Flow.of(program), program.blocks, frozenset(program.blocks.values()))
    return [n.block or n.name for n in flow.nodes.values() if n.phase is Phase.FORWARD and n.index >= 0]


def test_a_gpt_of_two_layers_is_seven_nodes() -> None:
    found = forward(Program.of(load("gpt-block", ["model.sizes.layers=2"]).network))
    assert found == ["x0", "l=1 attention", "l=1 mlp", "l=2 attention", "l=2 mlp", "logits", "L"]


def test_a_recurrent_net_of_three_steps_is_four_nodes() -> None:
    three = ["model.sizes.T=3", "data.x=[1.0, 2.0, 3.0]", "data.y=[1.0, 2.0, 3.0]"]
    assert forward(Program.of(load("rnn-through-time", three).network)) == ["t=1", "t=2", "t=3", "L"]
