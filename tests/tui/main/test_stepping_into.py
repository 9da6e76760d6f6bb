"""Stepping into an operation on the screen: what the element is made of is lit, what is not reached is not there."""

from collections.abc import Set as AbstractSet
from typing import Any

import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.network.network import Network
from backprop_tui.formula.language.tree import Index, Name, Number, walk
from backprop_tui.formula.values.element import Shape, element
from backprop_tui.scenario import Scenario, load
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import Places, places_of
from backprop_tui.tui.panes.tables.parameter_rows import Rows
from backprop_tui.tui.panes.tables.parameters import Table
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import THEMES, styles
from backprop_tui.tui.shared.view import View
from tests.debugger.scenarios import training
from tests.engine.mistakes.slips import NETWORKS as SLIPS
from tests.engine.options import NETWORKS
from tests.sampled import some
from tests.tui.harness import asynchronous, network, opened

Lit = dict[tuple[int, str], set[Any]]


def view_of(debugger: Debugger) -> View:
    return View(debugger.moment(), Notation(debugger.program.symbols), styles(THEMES[0]))


def shown(debugger: Debugger) -> Lit:
    """What the diagram lights, by column and part."""
    found: Lit = {}
    drawn = picture(view_of(debugger), places(debugger))
    shapes = debugger.program.shapes
    counts = [shapes[places(debugger).main(index)][0] for index in range(len(drawn.columns))]
    for index, column in enumerate(drawn.columns):
        units, before = counts[index], counts[index - 1] if index else 0
        everything: dict[str, set[Any]] = {
            "values": set(range(units)),
            "deltas": set(range(units)),
            "weights": {(i, j) for i in range(units) for j in range(before)},
        }
        for part, lit in (("values", column.lit), ("deltas", column.lit_deltas), ("weights", column.lit_edges)):
            if lit == "all":
                found[index, part] = everything[part]
            elif isinstance(lit, AbstractSet) and lit:
                found[index, part] = set(lit)
    return found


def places(debugger: Debugger) -> Places:
    """What stands where in the diagram."""
    found = places_of(debugger.program)
    assert found is not None
    return found


def numbers(debugger: Debugger) -> set[tuple[str, Shape]]:
    """The numbers that the element's scalar formula has in it."""
    moment = debugger.moment()
    assert moment.operation is not None
    assert moment.place is not None
    found = set[tuple[str, Shape]]()
    for node in walk(element(moment.operation.tree, moment.place, moment.shapes)):
        match node:
            case Index(Name(name), places):
                found.add((name, tuple(int(i.value) for i in places if isinstance(i, Number))))
    return found


def wanted(debugger: Debugger) -> Lit:
    """The same, from the numbers that the element's scalar formula has in it."""
    moment = debugger.moment()
    assert moment.operation is not None
    assert moment.place is not None
    found: Lit = {}
    for name, place in {*numbers(debugger), (moment.operation.name, moment.place)}:
        where = places(debugger).of.get(name)
        if where is None or where.part not in ("values", "deltas", "weights"):
            continue
        if len(place) == 3:  # a sample's matrix: how one unit moves with another
            if place[0] == moment.sample:
                found.setdefault((where.column, where.part), set()).update(place[1:])
        elif where.part == "weights":
            found.setdefault((where.column, "weights"), set()).add(place)
        elif place[-1] == moment.sample:
            found.setdefault((where.column, where.part), set()).add(place[0])
    return found


def of(kind: str) -> Network:
    return next(network for key, network in SLIPS.items() if kind in key)


SCENARIOS: dict[str, Scenario] = {
    "article": load("article"),
    "a batch": network(3, 4, 2, batch=3),
    "norms and dropout": training(NETWORKS["dropout and norms"]),
    "layer norm": training(NETWORKS["layer norm"]),
    "a matrix for each sample": training(of("softmax-mean-absolute-error")),
    "a matrix of a logarithm": training(of("log-softmax")),
    "moments": load("adam"),
    "a penalty": load("regularisation"),
    "clipping": load("clipping"),
}


def cells(debugger: Debugger) -> set[tuple[str, Shape]]:
    """What the table lights: parameters, slots, masks, and gradients."""
    moment = debugger.moment()
    table, index = Table(view_of(debugger), 100, 14, 0), Rows.of(moment.program, moment.sample)
    found = set[tuple[str, Shape]]()
    for row in range(index.ends[-1]):
        address = index.address(row)
        for which in table.lit(address.name, address.at):
            found.add((f"dL_d{address.name}" if which == "gradient" else address.name, address.at))
    return found


def in_table(debugger: Debugger) -> set[tuple[str, Shape]]:
    """What of the element's formula is there."""
    moment = debugger.moment()
    index = Rows.of(moment.program, moment.sample)
    there = {index.address(row) for row in range(index.ends[-1])}
    return {(name, at) for name, at in numbers(debugger) if Address(name.removeprefix("dL_d"), at) in there}


@pytest.mark.parametrize("name", some(SCENARIOS, 2))
def test_exactly_what_the_element_is_made_of_is_lit(name: str) -> None:
    debugger = Debugger(SCENARIOS[name])
    debugger.into()
    while debugger.iteration == 1:
        assert shown(debugger) == wanted(debugger), debugger.selection
        assert cells(debugger) == in_table(debugger), debugger.selection
        debugger.into()


def test_the_diagram_shows_only_what_is_reached_of_the_element_s_sample() -> None:
    debugger = Debugger(network(3, 4, 2, batch=3))
    debugger.into(5)  # z1[1,1]
    column = picture(view_of(debugger), places(debugger)).columns[1]
    z1 = debugger.event
    assert z1 is not None
    assert [column.value(unit) for unit in range(4)] == [z1.value[0, 1], z1.value[1, 1], None, None]


@asynchronous
async def test_the_table_brings_into_sight_and_marks_what_the_element_reads() -> None:
    for size, rows in (((120, 36), 3), ((200, 60), 4)):
        async with opened(size=size) as s:
            await s.press("2", "s")
            marked = [row.split()[1] for row in s.pane("parameters").splitlines() if row.startswith("←")]
            assert marked == ["W₁[1,0]", "W₁[1,1]", "W₁[1,2]", "b₁[1]"][:rows]
            await s.press("escape")
            assert "←" not in s.pane("parameters")


@asynchronous
async def test_a_slot_is_read_after_its_own_update() -> None:
    async with opened("adam", at="1:m_hat_W2", size=(200, 60)) as s:
        await s.press("s")
        (row,) = [row for row in s.pane("parameters").splitlines() if row.startswith("←")]
        assert row.split()[1] == "m(W₂)[0,0]"
        widget = s.panes["parameters"]
        (line,) = [line for line in s.cells(widget) if "← m(W₂)[0,0]" in "".join(c for c, _ in line)]
        bold = "".join(c for c, style in line[1:-1] if style.bold).split()
        assert bold == ["←", "−6.135e−4"]


@asynchronous
async def test_an_update_changes_one_number_after_the_other() -> None:
    async with opened(at="1:W1") as s:
        await s.press("4", "s")
        rows = [" ".join(row.split()) for row in s.pane("parameters").splitlines()]
        row = next(row for row in rows if "W₁[1,0]" in row)
        assert row.startswith("▸ W₁[1,0]")
        assert "W₁[1,0] 0.7000 0.7685 −0.0769 0.6231" in row
        assert "W₁[1,1] 0.3000 0.3843 · ·" in next(row for row in rows if "W₁[1,1]" in row)
        assert "W₁[0,2] 0.1000 0.0000 0.0000 0.1000" in next(row for row in rows if "W₁[0,2]" in row)
        assert "W₁[1,0] = 0.7 − 0.1·0.7685 = 0.6231" in s.pane("equation")
        assert "4/6  0.6231" in s.pane("program")


@asynchronous
async def test_the_sample_of_the_element_is_shown_and_named() -> None:
    async with opened(network(3, 4, 2, batch=3), size=(200, 60)) as s:
        await s.press("s")
        assert "sample 1/" in s.status
        await s.press("s", "s")
        assert "sample 3/" in s.status
        assert "z₁[0,2] = " in s.pane("equation")
        await s.press("escape")
        assert "sample 3/" in s.status


@pytest.mark.parametrize("size", some([(60, 15), (80, 24), (200, 60)], 1))
@asynchronous
async def test_at_every_size_through_an_iteration_and_back(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        for _ in range(40):
            await s.press("s")
        assert s.debugger.iteration == 2
        for _ in range(40):
            await s.press("S")
        assert s.debugger.step == 0


@asynchronous
async def test_in_ascii() -> None:
    async with opened(ascii_only=True) as s:
        await s.press("s")
        assert "z1[0] = 0.2*1 + (-0.4)*0.5 + 0.1*(-1.5) + 0.1 = -0.05" in s.text.replace(" * ", "*")
        assert s.text.isascii()


@asynchronous
async def test_of_large_layers_there_are_no_pages() -> None:
    async with opened(network(300, 80, 5, batch=10)) as s:
        await s.press(*"333", "s")
        assert s.debugger.moment().place == (33, 2)
        equation = s.pane("equation")
        assert "… 2" in equation
        assert "more … +" in " ".join(equation.split())
        assert s.panes["equation"].lines.count < 20
        number = s.screen.notation.number(float(s.debugger["z1"][33, 2]))
        assert f"333/800  {number}" in s.pane("program")
