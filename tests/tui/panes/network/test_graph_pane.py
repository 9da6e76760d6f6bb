"""The graph of operations on the screen: what is in sight at every step, keys, the mouse, edits, and the way to it."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.cells import cell_len

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import library, load, parse
from backprop_tui.tui.panes.network.graph_pane import Graph
from backprop_tui.tui.panes.network.network_pane import NetworkPane
from backprop_tui.tui.shared.view import View
from tests.sampled import crossed, some
from tests.tui.harness import DATA, Session, asynchronous, network, opened
from tests.tui.hostile import HOSTILE, hostile
from tests.tui.panes.drawn import STYLES, Drawn
from tests.tui.test_sizes import check_frame

SIZES = [(42, 10), (58, 11), (64, 10), (78, 20), (118, 32), (198, 56)]  # of the pane's inside
SCENARIOS = [
    *library.names(),
    *(DATA / f"{name}.toml" for name in ("norm-batch", "norm-layer", "dropout", "clip-norm")),
]


@pytest.mark.parametrize("scenario", some(SCENARIOS, 3), ids=str)
@pytest.mark.parametrize("size", SIZES)
def test_what_an_operation_reads_is_in_sight(scenario: str | Path, size: tuple[int, int]) -> None:
    drawn = Drawn(load(scenario), *size)
    for operation in drawn.debugger.program.operations:
        drawn.debugger.advance()
        lines = drawn.lines()
        assert len(lines) <= size[1]
        assert {cell_len(line) for line in lines} == {size[0]}
        nodes = drawn.graph.places.flow.nodes
        assert {operation.key, *nodes[operation.key].reads, *nodes[operation.key].settings} <= drawn.seen()


@pytest.mark.parametrize(("scenario", "size"), crossed(2, ["article", "adam", "clipping"], [(42, 10), (118, 32)]))
def test_going_back_shows_what_was_shown(scenario: str, size: tuple[int, int]) -> None:
    """What is kept of the rows shows no more than what is painted afresh."""
    drawn = Drawn(load(scenario), *size)
    count = 2 * drawn.debugger.timeline.length
    for step in [*range(count), *range(count, -1, -7)]:
        drawn.debugger.seek(step)
        kept, fresh = drawn.lines(), Graph()
        drawn.lines(fresh)
        fresh.top, fresh.left = drawn.graph.top, drawn.graph.left
        assert drawn.lines(fresh) == kept


def test_an_edited_value_is_shown_from_its_edit_on() -> None:
    drawn = Drawn(load("article"), 118, 32)
    drawn.debugger.seek("1:h1")
    before = drawn.lines()
    drawn.debugger.assign("W2[0,1]", 0.125)
    assert any("0.125" in line for line in drawn.lines())
    drawn.debugger.rewind()
    drawn.debugger.advance()
    assert any("0.125" in line for line in drawn.lines())
    drawn.debugger.seek("1:z1")
    assert not any("0.125" in line for line in drawn.lines())
    drawn.debugger.undo()
    drawn.debugger.seek("1:h1")
    assert drawn.lines() == before


def test_the_selected_element_is_written() -> None:
    drawn = Drawn(load("article"), 118, 32)
    drawn.debugger.seek("1:delta1")
    drawn.debugger.selection = Address("z1", (1, 0))
    assert any("z₁[1] 1.4" in line for line in drawn.lines())
    drawn.debugger.selection = Address("W1", (1, 2))
    assert any("W₁[1,2] −0.5" in line for line in drawn.lines())


def test_a_folded_block_is_not_said_to_read_its_own_last_variable() -> None:
    drawn = Drawn(load("convolution"), 118, 16)
    drawn.debugger.seek("1:L")
    updates = [line for line in drawn.lines() if "dense 2 operations" in line]
    assert updates
    assert all(line.rstrip().endswith("← η") for line in updates)


def test_a_parameter_is_selected_where_it_is_newest() -> None:
    drawn = Drawn(load("article"), 118, 32)
    for position, key in (("1:delta1", "W2"), ("1:W2", "W2′")):
        drawn.graph = Graph()
        drawn.debugger.seek(position)
        drawn.debugger.selection = Address("W2", (0, 1))
        drawn.lines()
        assert drawn.graph.chosen == key


def test_a_last_batch_of_another_size() -> None:
    drawn = Drawn(load(DATA / "mini-batches.toml"), 118, 32)
    drawn.debugger.advance(drawn.debugger.timeline.length)
    shape = drawn.debugger["x"].shape
    drawn.debugger.selection = Address("x", tuple(extent - 1 for extent in shape))
    for _ in range(12):
        drawn.debugger.advance(drawn.debugger.timeline.length)
        drawn.lines()


def test_the_first_key_that_asks_for_it_imports_it() -> None:
    code = "import sys; from backprop_tui.tui.app import BackpropApp; print([m for m in sys.modules if '.graph' in m])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def graph_of(s: Session) -> Graph:
    pane = s.panes["network"]
    assert isinstance(pane, NetworkPane)
    return pane.graph


@pytest.mark.parametrize(
    ("name", "size", "ascii_only"),
    crossed(3, ("batch", "optimizer-adam", "norm-batch"), ((120, 36), (80, 24), (60, 15), (200, 60)), (False, True)),
)
@asynchronous
async def test_it_fits_every_screen(name: str, size: tuple[int, int], ascii_only: bool) -> None:
    async with opened(load(DATA / f"{name}.toml"), size=size, ascii_only=ascii_only) as s:
        await s.press("V")
        for _ in range(s.debugger.timeline.length):
            await s.press("n")
            check_frame(s, size)
            assert s.text.isascii() or not ascii_only
        await s.press("plus", "N", "down", "left", "ctrl+d", "ctrl+u", "plus", "V")
        check_frame(s, size)
        assert "Graph" not in s.text


@asynchronous
async def test_arrows_go_along_the_graph() -> None:
    async with opened() as s:
        await s.press("V", "8", "n")
        seen = []
        for key in ("down", "down", "up", "h", "l", "h", "k"):
            await s.press(key)
            assert s.debugger.selection is not None
            seen.append(graph_of(s).chosen)
        assert seen == ["dy_hat_dz2", "dL_dy_hat", "dy_hat_dz2", "y_hat", "dL_dy_hat", "y_hat", "z2"]
        s.screen.select(Address("dL_dW2", (0, 1)))
        await s.press("l")
        assert graph_of(s).chosen == "W2′"
        assert s.debugger.selection == Address("W2", (0, 1))  # the same element
        await s.press("3", "h")
        assert graph_of(s).chosen in ("W2", "h1")


@asynchronous
async def test_page_keys_and_the_wheel_scroll() -> None:
    async with opened("vanishing-gradient") as s:
        await s.press("V", "n", "tab")
        first = s.pane("network")
        assert "x" in first
        await s.press("ctrl+d", "ctrl+d", "ctrl+d")
        assert s.debugger.selection is None
        assert s.pane("network") != first
        assert "▲ z₁" in s.pane("network")  # the current operation is pinned
        await s.press("9", "9", "ctrl+u")
        assert s.pane("network") == first
        s.panes["network"].scroll_lines(3)
        await s.settle()
        assert s.pane("network") != first
        await s.press("n")  # a step brings the operation back into sight
        assert "h₁" in s.pane("network")


@asynchronous
async def test_a_click_selects_what_it_hits() -> None:
    async with opened(size=(200, 60)) as s:
        await s.press("V", "8", "n")
        await s.click_on("network", "∂L/∂W₂")
        assert s.debugger.selection == Address("dL_dW2", (0, 0))
        assert "∂L/∂W₂" in "".join(s.marked("network"))
        await s.click_on("network", "[0 1.4]")
        assert s.debugger.selection == Address("h1", (0, 0))
        await s.click_on("network", "η")
        assert s.debugger.selection == Address("eta", ())
        before = s.debugger.selection
        await s.click("network", 100, 20)  # nothing is there
        assert s.debugger.selection == before


@asynchronous
async def test_what_neurons_cannot_show_says_where_it_is_seen() -> None:
    async with opened("adam") as s:
        for name, hint in (("z1", ""), ("dL_dW1", ""), ("m_W1", "V shows m(W₁)"), ("v_hat_W1", "V shows v′(W₁)")):
            s.debugger.seek(f"1:{name}")
            s.screen.show()
            await s.settle()
            below = s.part(s.panes["network"].region)[-1].text
            assert (hint in below) if hint else ("shows" not in below)
        await s.press("V")
        assert "shows" not in s.part(s.panes["network"].region)[-1].text


@asynchronous
async def test_it_comes_into_sight_where_another_pane_is_alone() -> None:
    async with opened(size=(70, 20)) as s:
        await s.press("tab", "tab")
        assert s.seen() == ("equation",)
        await s.press("V")
        assert s.seen() == ("network",)
        assert "[Graph]" in s.frame("network")
        await s.press("V")
        assert "[Network]" in s.frame("network")


@asynchronous
async def test_any_network_has_a_graph() -> None:
    for units, batch in (((1, 1), 1), ((5, 4, 3, 2), 3), ((2, 1000, 1), 2)):
        async with opened(network(*units, batch=batch)) as s:
            await s.press("V")
            for operation in s.debugger.program.operations:
                await s.press("n")
                assert operation.symbol in s.pane("network")


@pytest.mark.parametrize("name", some(HOSTILE, 2))
@asynchronous
async def test_hostile_text_is_no_part_of_it(name: str) -> None:
    text, _ = HOSTILE[name]
    async with opened(parse(hostile(text).encode(), "x.toml")) as s:
        await s.press("V", "n", "n", "plus")
        for row in s.rows:
            assert row.isprintable()


def test_stepping_into_shows_no_more_than_is_reached() -> None:
    for size in ((64, 10), (118, 32)):
        drawn = Drawn(load("article"), *size)
        drawn.debugger.into()
        lines = drawn.lines()
        assert any("z₁[0] −0.05" in line for line in lines), lines
        assert not any("1.4" in line for line in lines)
        drawn.debugger.into()
        assert any("z₁[1] 1.4" in line for line in drawn.lines())


def test_what_is_asked_for_is_current_and_has_no_value() -> None:
    drawn = Drawn(load("article"), 118, 32)
    for operation in drawn.debugger.program.operations:
        lines = drawn.lines(prediction=SimpleNamespace(open=True))
        symbol = drawn.notation.symbol(operation.name)
        (line,) = [line for line in lines if "◉" in line]
        assert re.fullmatch(rf"◉[ ─┤]*{re.escape(symbol)}( +\?)? *([⠀-⣿○←].*)?", line[line.index("◉") :])
        drawn.debugger.advance()
        assert drawn.lines() != lines


@pytest.mark.parametrize("size", [(76, 12), (118, 30)])
@pytest.mark.parametrize("name", ["article", *some(["adam", "lstm", "attention"], 1)])
def test_the_number_at_the_node_that_is_marked_is_the_one_that_is_selected(name: str, size: tuple[int, int]) -> None:
    """Of a parameter that has its next value, the old one stands at a node, too."""
    s = Drawn(load(name), *size)
    debugger, length = s.debugger, s.debugger.timeline.length
    for step in (length // 2, length):
        debugger.seek(step)
        debugger.selection = None
        s.lines(first := Graph())
        cells = [(y, spot.x) for y, (_, row) in enumerate(first.rows) for spot in row if spot.key]
        for y, x in cells:
            debugger.selection = None
            graph = Graph()
            s.lines(graph)
            at = graph.address_at(View(debugger.moment(), s.notation, STYLES, graph=True), x, y)
            debugger.selection = at
            s.lines(graph)
            assert at is not None
            node = graph.places.flow.nodes[graph.chosen]
            newest = debugger.program.key(at.name, debugger.moment().index)
            assert node.block or newest in (None, node.key) or node.index > debugger.moment().index
