"""Networks of 2 to 8 layers of 1 to 1,000 units, one sample or many."""

import re

import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import load
from backprop_tui.tui.panes.tables import parameters
from backprop_tui.tui.panes.tables.listing import ListingPane
from tests.sampled import crossed
from tests.tui.harness import DATA, Session, asynchronous, network, opened
from tests.tui.test_sizes import check_frame

NETS: list[tuple[tuple[int, ...], int]] = [
    ((1, 1), 1),
    ((1, 1, 1), 1),
    ((3, 2, 1), 1),
    ((3, 2, 1), 4),
    ((5, 4, 3), 7),
    ((2, 3, 3, 3, 3, 3, 3, 1), 1),
    ((2, 3, 3, 3, 3, 3, 3, 3, 1), 2),
    ((1, 1000, 1), 1),
    ((7, 60, 1, 200, 2), 3),
    ((100, 100, 100, 100, 100, 100, 100, 10), 2),
]
HUGE = (1000, 1000, 1)
KINDS = ("dropout", "norm-batch", "norm-layer", "softmax", "softmax-batch", "output", "classes-by-number")


async def go_on(s: Session, size: tuple[int, int]) -> int:
    """Go through an iteration and look at every screen; how many operations it has."""
    operations = s.debugger.program.operations
    for operation in operations:
        await s.press("n")
        assert operation.symbol in s.status
        check_frame(s, size)
    return len(operations)


async def go_back(s: Session, count: int) -> None:
    """Take so many operations back, with the focus and the selection as they are at the start."""
    s.app.set_focus(None)
    s.screen.current = "network"
    s.screen.select(None)
    s.screen.place()
    await s.press(*"N" * count)


@pytest.mark.parametrize(("net", "size"), crossed(3, NETS, [(120, 36), (60, 15)]))
@asynchronous
async def test_there_and_back(net: tuple[tuple[int, ...], int], size: tuple[int, int]) -> None:
    units, batch = net
    async with opened(network(*units, batch=batch), size=size) as s:
        start = s.text
        count = await go_on(s, size)
        assert s.debugger.step == count
        for _ in range(4):
            await s.press("tab")
            check_frame(s, size)
            await s.press("down", "right", "5", "down", "ctrl+d", "up", "left")
            assert s.debugger.selection is not None
            check_frame(s, size)
        await go_back(s, count)
        assert s.text == start


@pytest.mark.parametrize("size", [(200, 60), (120, 36), (80, 24), (60, 15)])
@asynchronous
async def test_a_batch_says_which_sample_is_shown(size: tuple[int, int]) -> None:
    async with opened(network(3, 2, 1, batch=4), size=size) as s:
        for _ in range(4):
            assert "sample 1/4" in s.frame_below("network")
            await s.press("n")
        s.screen.select(Address("z1", (1, 3)))
        await s.settle()
        assert "z₁[1,3]" in s.footer
    async with opened(network(3, 2, 1), size=size) as s:
        assert "sample" not in s.text


@asynchronous
async def test_only_what_is_seen_of_a_large_table_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Address] = []
    row = parameters.Table.row

    def counted(self: parameters.Table, address: Address) -> object:
        made.append(address)
        return row(self, address)

    monkeypatch.setattr(parameters.Table, "row", counted)
    async with opened(network(*HUGE)) as s:
        s.screen.focus_pane("parameters")
        await s.settle()
        height = s.panes["parameters"].size.height
        made.clear()
        await s.press("n")
        assert made == []  # none of its numbers is another
        for keys in (
            ["down"],
            ["5", "0", "0", "0", "0", "0", "down"],
            ["9", "9", "9", "9", "9", "9", "9", "up"],
        ):
            made.clear()
            await s.press(*keys)
            assert 0 < len(made) <= height * (len(keys) + 1)
        await s.press(*"500501", "down")
        assert s.debugger.selection == Address("W1", (500, 501))
        assert "W₁[500,501]" in s.marked("parameters")
        s.screen.select(Address("b2", (0, 0)))
        await s.settle()
        assert "b₂" in "".join(s.marked("parameters"))


@asynchronous
async def test_a_huge_network_steps_through_a_whole_iteration() -> None:
    async with opened(network(*HUGE, iterations=1)) as s:
        for operation in s.debugger.program.operations:
            await s.press("n")
            assert operation.symbol in s.status
            assert re.search("…|1000×1000", s.pane("equation")) or operation.shape != (1000, 1000)
            check_frame(s, (120, 36))
        await s.press("y")
        assert len(s.copied()) < 20_000  # a large array is copied by shape and corner


@asynchronous
async def test_a_step_makes_only_the_lines_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    from backprop_tui.tui.panes.tables import listing

    made: list[str] = []
    make = listing._operation_line

    def counted(operation: object, *args: object, **kwargs: object) -> object:
        made.append(str(operation))
        return make(operation, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(listing, "_operation_line", counted)
    async with opened(network(*(2 for _ in range(9)))) as s:
        assert isinstance(s.panes["program"], ListingPane)
        await s.press("5", "n")
        made.clear()
        await s.press("n", "n", "n")
        assert len(made) <= 9  # the line that was current, the one that is, and one that comes into sight


@pytest.mark.parametrize(("name", "size"), crossed(2, KINDS, [(120, 36), (60, 15)]))
@asynchronous
async def test_every_kind_of_network(name: str, size: tuple[int, int]) -> None:
    async with opened(load(DATA / f"{name}.toml"), size=size) as s:
        start = s.text
        count = await go_on(s, size)
        for _ in range(4):
            await s.press("tab", "down", "right", "5", "down", "up", "left")
            check_frame(s, size)
        await go_back(s, count)
        assert s.text == start


@asynchronous
async def test_what_a_norm_trains_and_keeps_is_in_the_table() -> None:
    async with opened(load(DATA / "norm-batch.toml"), size=(200, 60)) as s:
        for name, symbol in (("scale1", "scale₁[1]"), ("shift1", "shift₁[1]"), ("running_var2", "running(σ²₂)[0]")):
            s.debugger.seek(s.debugger.program.by_name[name].index)
            await s.press("n")
            assert symbol in s.pane("parameters")


@asynchronous
async def test_what_is_dropped_is_out() -> None:
    async with opened(load(DATA / "dropout.toml"), size=(200, 60)) as s:
        s.debugger.seek("2:drop1")
        dropped = (s.debugger["mask1"][:, 0] == 0).sum()
        assert dropped == 1
        s.debugger.seek("2:h1")
        await s.press("n")
        assert re.search(r" 0.0000  out", s.pane("network"))
        await s.press("N")
        assert re.search(r"[\d.]+ +out", s.pane("network"))


@asynchronous
async def test_a_jacobian_is_one_samples_matrix() -> None:
    async with opened(load(DATA / "softmax-batch.toml"), size=(200, 60)) as s:
        s.debugger.seek("1:dL_dy_hat")
        await s.press("n")
        matrix = s.debugger["dy_hat_dz2"]
        assert matrix.shape == (4, 3, 3)
        equation = s.pane("equation")
        assert "of sample 1 of 4" in equation
        rows = [line for line in equation.splitlines() if line.strip()[:1] in ("⎡", "⎢", "⎣")]
        shown = [number for line in rows for number in re.findall(r"−?[01]\.\d{4}", line.replace("0  ", "0.0000 "))[:3]]
        assert [f"{v:.4f}".replace("-", "−") for v in matrix[0].ravel()] == shown
        s.screen.focus_pane("equation")
        await s.press("down", "l", "l")
        assert s.debugger.selection == Address("dy_hat_dz2", (0, 0, 2))
        s.screen.select(Address("dy_hat_dz2", (2, 1, 1)))
        await s.settle()
        assert "of sample 3 of 4" in s.pane("equation")
        assert "∂ŷ/∂z₂[2,1,1] = " in s.pane("equation")
        await s.press("n")
        assert "δ₂ = (∂ŷ/∂z₂)ᵀ ∂L/∂ŷ" in s.pane("program")


@asynchronous
async def test_a_jacobian_that_is_left_out_is_named_where_it_would_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backprop_tui.engine.statements.derive.LARGEST_JACOBIAN", 0)
    async with opened(load(DATA / "softmax.toml"), at="1:delta2") as s:
        assert ":print dy_hat_dz2[0]" in s.pane("equation")
        await s.press("n")
        assert ":print" not in s.pane("equation")


@asynchronous
async def test_inputs_and_outputs_have_their_names() -> None:
    async with opened(load(DATA / "names.toml"), at="1:y_hat", size=(200, 60)) as s:
        shown = s.pane("network")
        for name in ("petal length", "width, in [cm…", "setosa", "versicolor", "[/] [@click=a…"):
            assert name in shown
        assert "x[0]" not in shown
        s.screen.select(Address("y_hat", (2, 0)))
        await s.settle()
        assert "ŷ[2,0] = " in s.pane("equation")
        assert "([/] [@click=app.quit]virginica)" in s.pane("equation")
        s.screen.select(Address("W1", (0, 1)))
        await s.settle()
        assert r"(width, in [cm] and \x1b[31mred)" in s.pane("equation")


@pytest.mark.parametrize("size", [(200, 60), (120, 36), (100, 30)])
@asynchronous
async def test_names_take_the_same_room_whatever_is_shown(size: tuple[int, int]) -> None:
    async with opened(load(DATA / "names.toml"), size=size) as s:
        places = set()
        for _ in range(4):
            await s.press("n")
            (line,) = [line for line in s.pane("network").splitlines() if "setosa" in line]
            places.add(line.index("setosa"))
        assert len(places) == 1


@asynchronous
async def test_names_are_cut_before_they_go() -> None:
    async with opened(load(DATA / "names.toml"), at="1:y_hat", size=(80, 24)) as s:
        shown = s.pane("network")
        assert "versico…" in shown
        assert "petal l…" in shown
        assert "0.339" in shown
