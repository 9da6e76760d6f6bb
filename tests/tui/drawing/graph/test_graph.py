"""What holds of the graph of any program, and what it shows."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from backprop_tui.engine.program.operation import AFTER
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from backprop_tui.tui.drawing.graph.box import box
from backprop_tui.tui.drawing.graph.geometry import Form
from backprop_tui.tui.drawing.graph.links import Way
from backprop_tui.tui.drawing.graph.places import BACKWARD, FORWARD, Role
from backprop_tui.tui.drawing.graph.sheet import Sheet
from backprop_tui.tui.drawing.graph.window import aim
from backprop_tui.tui.drawing.graph.wires import Wire
from backprop_tui.tui.drawing.line_raster import Weight
from tests.sampled import some
from tests.tui.drawing.graph.graphs import NAMES, VALUE, Graph, graph_of, graphs

ANY = given(graphs())
FEW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
EVERY = pytest.mark.parametrize("name", some(NAMES, 20))
SIZES = st.tuples(st.integers(1, 200), st.integers(1, 60))
ADAM, NORM = graph_of("adam"), graph_of("batch norm")


@EVERY
def test_of_every_network(name: str) -> None:
    check(graph_of(name))


@FEW
@ANY
def test_of_every_program(graph: Graph) -> None:
    check(graph)


def check(graph: Graph) -> None:
    check_nodes(graph)
    check_links(graph)
    for size in ((42, 10), (64, 10), (118, 32), (300, 90)):
        check_cells(graph, graph.sheet(*size))


def check_nodes(graph: Graph) -> None:
    """A node for everything that is read or written, each in a cell of its own; every gradient beside its variable."""
    places, nodes = graph.places, graph.places.flow.nodes
    settings = {name for node in nodes.values() for name in node.settings}
    read = {operation.keys[name] for operation in graph.operations for name in operation.reads} - settings
    assert places.of.keys() == nodes.keys() == {*read, *(operation.key for operation in graph.operations)}
    assert len(places.at) == len(places.of), "two nodes in one cell"
    rows = [places.of[node.key].row for node in nodes.values() if node.phase is Phase.FORWARD and node.index >= 0]
    assert rows == sorted(set(rows)), "the forward half goes down"
    for node in nodes.values():
        place = places.of[node.key]
        if node.of in places.of:
            assert (place.row, place.column) == (places.of[node.of].row, BACKWARD)
        if node.key == node.name + AFTER and node.phase is Phase.UPDATE:
            assert place.row == places.of[node.name].row, "a new value stands in the row of the old one"
            assert places.of[node.name].column == FORWARD
        if node.phase is Phase.UPDATE:
            assert all(places.of[key].column < place.column for key in node.reads), "the update goes to the right"


def check_links(graph: Graph) -> None:
    """Whatever an operation reads is linked with it once, or named."""
    linked = Counter((link.source, link.target) for link in graph.links if not link.tie)
    assert set(linked.values()) <= {1}
    nodes = graph.places.flow.nodes
    for operation in graph.operations:
        node = nodes[operation.key]
        sources = {source for source, target in linked if target == operation.key}
        assert sources == {operation.keys[name] for name in operation.reads} - set(node.settings)
        assert set(graph.names(operation.key)) >= set(node.settings)


def check_cells(graph: Graph, sheet: Sheet) -> None:
    """Columns are apart, lines run from a node to its reader, and none of them touches a text or a dot on its way."""
    for before, after in pairwise(sheet.geometry.columns):
        assert before.end == after.gap < after.spine - after.arcs
    taken = {cell: key for key in graph.places.of for cell in node_cells(sheet, key)}
    assert len(taken) == sum(len(node_cells(sheet, key)) for key in graph.places.of), "texts overlap"
    for wires in sheet.wires.values():
        for wire in wires:
            for ascii_only in (False, True):
                ink = {(x, y) for x, y, _ in wire.raster(Weight.MEDIUM, ascii_only=ascii_only)}
                assert ink.isdisjoint(taken), (wire.link, ink & taken.keys())
            assert {(arm.x, arm.y) for arm in wire.arms}.isdisjoint(taken)
            check_way(sheet, wire)


def node_cells(sheet: Sheet, key: str) -> set[tuple[int, int]]:
    """The cells of a node's dot, and all that its texts may take."""
    column, role, y = sheet.column(key), sheet.places.of[key].role, sheet.y(key)
    end = column.value + column.room if column.room else column.text(role) + len(key)
    return {(x, y) for x in (column.dot(role), *range(column.text(role), end))}


def check_way(sheet: Sheet, wire: Wire) -> None:
    """The cells of a wire are one piece, from beside its source to beside its target."""
    link = wire.link
    if link.way is Way.NAMED:
        assert not wire.lines
        assert not wire.arms
        return
    here = (sheet.cells(link.source)[0], sheet.y(link.source))
    if link.way is Way.ACROSS:  # from behind the source's texts, where a leader ends
        here = (sheet.column(link.source).end - 1, sheet.y(link.source))
    there = (sheet.cells(link.target)[0], sheet.y(link.target))
    cells = {here, there, *((arm.x, arm.y) for arm in wire.arms)}
    cells |= {(x, y) for x, y, _ in wire.raster(Weight.MEDIUM, ascii_only=False)}
    reached, edge = {here}, [here]
    while edge:
        x, y = edge.pop()
        near = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & cells - reached
        reached |= near
        edge += near
    assert there in reached, link


def test_the_two_halves_of_the_article_stand_side_by_side() -> None:
    graph = graph_of("sgd")
    rows = {key: place.row for key, place in graph.places.of.items()}
    assert rows["z1"] == rows["delta1"] < rows["h1"] == rows["dL_dh1"] < rows["z2"] == rows["delta2"]
    assert rows["W1"] == rows["dL_dW1"] == rows["W1′"] < rows["z1"]
    assert rows["z1"] < rows["dh1_dz1"] < rows["h1"]


def test_an_optimizer_goes_to_the_right_in_the_rows_of_its_slots() -> None:
    place = {key: (p.row, p.column) for key, p in ADAM.places.of.items()}
    row = place["W1"][0]
    assert [place[key] for key in ("W1", "m_W1", "v_W1")] == [(row, 0), (row + 1, 0), (row + 2, 0)]
    assert [place[key] for key in ("m_W1′", "m_hat_W1", "W1′")] == [(row + 1, 2), (row + 1, 3), (row, 4)]


def test_a_sum_of_contributions_is_marked_where_a_variable_has_several_readers() -> None:
    nodes = NORM.places.flow.nodes
    sums = {node.of for node in nodes.values() if node.is_sum}
    assert sums == {"z2", "centered2"}
    readers = {key: [r for r in NORM.places.flow.readers[key] if r.phase is Phase.FORWARD] for key in sums}
    assert all(len(found) > 1 for found in readers.values())
    assert {node.of for node in graph_of("l2").places.flow.nodes.values() if node.is_sum} == {"W1", "W2", "W3"}
    sheet = NORM.sheet(118, 32)
    y = sheet.y("dL_dcentered2")
    assert "⊕" in NORM.painter(sheet, nodes["dL_dcentered2"].index - 1).paint(y)[0].text


def test_a_parameter_has_a_node_before_and_one_after() -> None:
    graph = graph_of("sgd")
    update = graph.places.flow.nodes["W3′"]
    assert update.reads == ("W3", "dL_dW3")
    assert update.settings == ("eta",)
    assert graph.names("W3′") == ["W3", "eta"]  # its gradient stands between the two, so it is named


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@FEW
@given(st.sampled_from(sorted(NAMES)), SIZES, st.integers(-1, 200))
def test_a_row_has_the_width_of_the_graph(glyphs: Glyphs, name: str, size: tuple[int, int], index: int) -> None:
    graph = graph_of(name)
    sheet = graph.sheet(*size, glyphs)
    painter = graph.painter(sheet, min(index, len(graph.operations) - 1))
    for y in range(sheet.height):
        strip, spots = painter.paint(y)
        assert strip.cell_length == cell_len(strip.text) == sheet.geometry.width
        for before, after in pairwise(sorted(spots)):
            assert before.x + before.width <= after.x
        for spot in spots:
            assert strip.text[spot.x : spot.x + spot.width].strip()


@pytest.mark.parametrize("name", ["adam", "batch norm", "l1 and l2", "clip norm"])
def test_what_a_row_depends_on_is_all_in_its_key(name: str) -> None:
    """A row that was painted for a key is the same as long as its key is."""
    graph = graph_of(name)
    sheet = graph.sheet(118, 32)
    kept: dict[object, object] = {}
    for index in [*range(-1, len(graph.operations)), *range(len(graph.operations) - 2, -2, -1)]:
        painter = graph.painter(sheet, index, values=False)
        for y in range(sheet.height):
            strip = painter.paint(y)[0]
            assert kept.setdefault(painter.key(y), strip) == strip
    assert len(kept) < 12 * len(graph.operations), "a step changes a few rows"


def test_more_is_written_where_there_is_more_room() -> None:
    forms = [ADAM.sheet(width, 20).geometry.form for width in range(1, 250)]
    assert forms[0] is Form.BARE
    assert forms[-1] is Form.FULL
    assert {Form.VALUES, Form.NAMES} & set(forms)
    for width in range(1, 250):
        geometry = ADAM.sheet(width, 20).geometry
        if geometry.form is not Form.BARE:
            assert geometry.width <= width
        if geometry.form in (Form.FULL, Form.VALUES):
            assert min(column.room for column in geometry.columns) >= 7


def test_rows_are_apart_where_there_is_room() -> None:
    graph = graph_of("sgd")
    heights = {rows: graph.sheet(118, rows).height for rows in (10, 30, 60, 100)}
    assert heights[10] == graph.places.rows < heights[60] <= 60
    assert heights[100] <= 100


@pytest.mark.parametrize("ascii_only", [False, True])
def test_what_the_current_operation_reads_is_drawn_in_another_way(ascii_only: bool) -> None:
    """Without colours: by weight of lines and by attributes."""
    graph = graph_of("sgd")
    sheet = graph.sheet(118, 32, ASCII if ascii_only else UNICODE)
    for operation in graph.operations:
        before, now = graph.painter(sheet, operation.index - 1), graph.painter(sheet, operation.index)
        for key in (operation.key, *(operation.keys[name] for name in operation.reads if name != "eta")):
            assert before.paint(sheet.y(key)) != now.paint(sheet.y(key))


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_spine_points_to_the_current_node_the_way_it_flows(glyphs: Glyphs) -> None:
    graph = graph_of("sgd")
    sheet = graph.sheet(118, 90, glyphs)
    for name, head, beside in (("h1", glyphs.down, -1), ("delta1", glyphs.up, 1)):
        painter = graph.painter(sheet, graph.places.flow.nodes[name].index)
        strip, _ = painter.paint(sheet.y(name) + beside)
        assert strip.text[sheet.cells(name)[0]] == head


def test_boxes_have_the_arms_that_they_are_asked_for() -> None:
    assert [box(arms) for arms in (5, 10, 6, 7, 15)] == ["│", "─", "╭", "├", "┼"]
    assert [box(arms, arms) for arms in (5, 10, 7)] == ["┃", "━", "┣"]
    assert box(7, 5) == "┠"
    assert [box(arms, ascii_only=True) for arms in (5, 10, 7)] == ["|", "-", "+"]


@given(st.integers(0, 99), st.integers(1, 40), st.integers(1, 100), st.data())
def test_aiming_shows_what_must_be_seen_and_moves_no_further(
    offset: int, size: int, total: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, total - 1))
    must = (start, data.draw(st.integers(start + 1, min(total, start + size))))
    wishes = [(at, at + 1) for at in data.draw(st.lists(st.integers(0, total - 1), max_size=4))]
    found = aim(offset, size, total, must, wishes)
    assert 0 <= found <= max(total - size, 0)
    assert found <= must[0]
    assert must[1] <= found + size
    assert aim(found, size, total, must, wishes) == found
    reach = min(start, *(at for at, _ in wishes), start), max(must[1], *(end for _, end in wishes), must[1])
    if reach[1] - reach[0] <= size:
        assert found <= reach[0]
        assert reach[1] <= found + size


def test_no_node_has_no_place() -> None:
    assert all(place.role in Role for name in NAMES for place in graph_of(name).places.of.values())
    assert VALUE > 0
