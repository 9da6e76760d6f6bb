"""There is one selection, a scalar's address, and every pane shows it."""

import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.tui.panes.network.network_pane import NetworkPane
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, network, opened

W12 = Address("W1", (1, 2))


def row(s: Session, pane: str, text: str) -> str:
    return next(row for row in s.pane(pane).splitlines() if text in row)


@asynchronous
async def test_every_pane_shows_it() -> None:
    async with opened(size=(200, 60), at="W1") as s:
        s.screen.focus_pane("parameters")
        await s.press("down", "5", "down")
        assert s.debugger.selection == W12
        assert s.marked("parameters") == ["W₁[1,2]"]
        assert "W₁[1,2] = −0.5 − 0.1·(−1.1528) = −0.3847" in s.pane("equation")
        assert s.marked("program") == ["W₁ = W₁ − η ∂L/∂W₁"]
        assert s.marked("network") == ["−0.5 → −0.3847"]
        assert "W₁[1,2] = −0.3847" in s.footer


@pytest.mark.parametrize(
    ("at", "pane", "text", "found"),
    [
        ("0", "parameters", "W₁[1,2]", W12),
        ("0", "parameters", "b₁[0]", Address("b1", (0, 0))),
        ("0", "network", "x[1]", Address("x", (1, 0))),
        ("4", "network", "h[1]", Address("h1", (1, 0))),
        ("8", "network", "−0.7685", Address("delta2", (0, 0))),
        ("8", "network", "1.4633", Address("L", ())),
        ("8", "network", "y 1", Address("y", (0, 0))),
        ("8", "network", "b −0.2", Address("b1", (1, 0))),
        ("8", "program", "= −(y log", Address("L", ())),
        ("0", "program", "δ₁ =", Address("delta1", (0, 0))),
    ],
)
@asynchronous
async def test_clicks(at: str, pane: str, text: str, found: Address) -> None:
    async with opened(at=at, size=(200, 60)) as s:
        await s.click_on(pane, text)
        assert s.debugger.selection == found
        assert s.app.focused is s.panes[pane]
        symbol = s.debugger.program.symbols
        assert found.shown(symbol) in s.footer


@asynchronous
async def test_a_click_on_nothing_keeps_it() -> None:
    async with opened(size=(200, 60)) as s:
        s.screen.select(W12)
        await s.click("equation", 2, 2)
        await s.click("program", 3, 0)
        await s.click("network", 0, 0)
        await s.click("parameters", 5, 0)
        assert s.debugger.selection == W12


@asynchronous
async def test_the_value_follows_the_steps() -> None:
    async with opened(at="W2") as s:
        await s.click_on("parameters", "W₂[0,1]")
        assert "−0.8924" in s.footer
        await s.press("g", "g")
        assert s.debugger.selection == Address("W2", (0, 1))
        assert s.marked("parameters") == ["W₂[0,1]"]
        s.screen.select(Address("delta1", (1, 0)))
        await s.settle()
        assert "δ₁[1] is not computed yet" in s.footer


@asynchronous
async def test_arrows_move_in_the_pane_that_has_the_focus() -> None:
    async with opened(at="dL_dW1") as s:
        s.screen.focus_pane("equation")
        await s.press("j", "j", "l", "l", "h")
        assert s.debugger.selection == Address("dL_dW1", (1, 1))
        assert "∂L/∂W₁[1,1] = 0.7685·0.5 = 0.3843" in s.pane("equation")
        s.screen.focus_pane("program")
        await s.press("k")
        assert s.debugger.selection == Address("delta1", (0, 0))
        s.screen.focus_pane("parameters")
        await s.press("j")
        assert s.debugger.selection == Address("W1", (0, 0))
        await s.press("l")
        assert s.debugger.selection == Address("dL_dW1", (0, 0))
        await s.press("h")
        assert s.debugger.selection == Address("W1", (0, 0))
        s.screen.focus_pane("network")
        await s.press("j", "j")  # along the numbers on the lines, as they stand
        assert s.debugger.selection is not None
        assert s.debugger.selection.name == "dL_dW1"  # which stand there now
        await s.press("l")
        assert s.debugger.selection == Address("h1", (0, 0))


@pytest.mark.parametrize("pane", some(["network", "equation", "program", "parameters"], 1))
@asynchronous
async def test_no_arrow_leaves_the_array(pane: str) -> None:
    async with opened(network(3, 4, 2, batch=3)) as s:
        shapes = s.debugger.program.shapes
        for step in range(s.debugger.timeline.length + 1):
            s.debugger.seek(step)
            s.screen.focus_pane(pane)
            for key in ("j", "l", "9", "j", "9", "l", "ctrl+d", "9", "k", "9", "h", "ctrl+u", "k"):
                s.app.simulate_key(key)
                await s.pilot.pause(0)
                found = s.debugger.selection
                if found is not None:
                    assert all(0 <= at < extent for at, extent in zip(found.at, shapes[found.name], strict=True))
        await s.settle()


@asynchronous
async def test_the_wheel_scrolls_and_keeps_the_selection() -> None:
    async with opened(network(20, 20, 3)) as s:
        s.screen.select(Address("W1", (0, 0)))
        await s.settle()
        pane = s.panes["parameters"]
        header = s.pane("parameters").splitlines()[0]
        pane.scroll_lines(50)
        await s.settle()
        assert "W₁[0,0]" not in s.pane("parameters")
        assert s.pane("parameters").splitlines()[0] == header
        pane.scroll_lines(10**6)
        await s.settle()
        assert "b₂[2]" in s.pane("parameters")
        pane.scroll_lines(-(10**6))
        await s.settle()
        assert s.marked("parameters") == ["W₁[0,0]"]


@asynchronous
async def test_titles_that_share_a_place_are_turned_by_a_click() -> None:
    async with opened(size=(80, 24)) as s:
        place = s.panes["equation"].region
        for shown, hidden in (("parameters", "equation"), ("equation", "parameters"), ("parameters", "equation")):
            await s.pilot.click(offset=(place.x + 5, place.y))
            await s.settle()
            assert shown in s.seen()
            assert hidden not in s.seen()


@asynchronous
async def test_a_click_in_the_gutter_sets_a_breakpoint() -> None:
    async with opened(size=(200, 60)) as s:
        y = next(y for y, line in enumerate(s.pane("program").splitlines()) if " δ₂ = " in line)
        await s.click("program", 0, y)
        assert s.debugger.breakpoints.names() == {"delta2"}
        assert s.pane("program").splitlines()[y].startswith("●")
        assert s.debugger.selection is None
        await s.click("program", 0, y)
        assert not s.debugger.breakpoints
        await s.click("program", 0, 0)  # a heading has none
        assert not s.debugger.breakpoints


@asynchronous
async def test_in_the_table_a_click_selects_a_value_or_its_gradient() -> None:
    for size in ((120, 36), (200, 60)):
        async with opened(size=size, at="1:dL_db1") as s:
            rows = s.pane("parameters").splitlines()
            y = next(y for y, row in enumerate(rows) if "b₁[1]" in row)
            for text, name in (("−0.2000", "b1"), ("0.7685", "dL_db1"), ("b₁[1]", "b1")):
                await s.click("parameters", rows[y].index(text) + 1, y)
                assert s.debugger.selection == Address(name, (1, 0))
            await s.click("parameters", rows[y].index("0.7685"), y)
            await s.press("enter")
            assert "Why is ∂L/∂b₁[1] 0.7685?" in s.text


@asynchronous
async def test_a_number_of_the_table_that_is_no_number_of_the_run_now_selects_nothing() -> None:
    async with opened(size=(200, 60), at="1:W1") as s:
        rows = s.pane("parameters").splitlines()
        y = next(y for y, row in enumerate(rows) if "W₁[1,2]" in row)
        for text, found in (
            ("−0.5000", None),
            ("0.1153", None),
            ("−0.3847", W12),
            ("−1.1528", Address("dL_dW1", (1, 2))),
        ):
            s.screen.select(None)
            await s.click("parameters", rows[y].index(text) + 1, y)
            assert s.debugger.selection == found, text


@asynchronous
async def test_a_node_and_an_edge_can_be_asked_why() -> None:
    async with opened(at="1:y_hat") as s:
        await s.click_on("network", "1.4000")
        await s.press("enter")
        assert "Why is h[1] 1.4?" in s.text
        await s.press("escape")
        pane = s.panes["network"]
        assert isinstance(pane, NetworkPane)
        assert pane.drawing.plan is not None
        line = pane.drawing.plan.line(1, 1, 2)  # from x[2]
        x = line.x1 - 12
        await s.click("network", x, line.row(x))
        assert s.debugger.selection == Address("W1", (1, 2))
        await s.press("enter")
        assert "Why is W₁[1,2] −0.5?" in s.text
        await s.press("escape")
        await s.click("network", x, line.row(x) + 2)  # on none
        assert s.debugger.selection == Address("W1", (1, 2))
