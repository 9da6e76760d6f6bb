"""The trees that explain: unfolding with keys and mouse, jumping to a step, at every size and with hostile texts."""

import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import load
from backprop_tui.tui.dialogs.views.tree_view import Rows, TreeScreen
from backprop_tui.tui.dialogs.views.unfolding import Folding, Knot
from backprop_tui.tui.shared.styled_line import with_result
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, network, opened

GRADIENT = Address("dL_dW1", (1, 0))


async def ask(s: Session, address: Address = GRADIENT, key: str = "enter", step: str = "end") -> None:
    await s.press(step)
    s.screen.select(address)
    await s.press(key)
    assert isinstance(s.app.screen, TreeScreen)


def rows(s: Session) -> list[str]:
    return [row.rstrip() for row in s.rows[1:-6] if row.strip()]


def here(s: Session) -> str:
    """The current row, which is in reverse."""
    (found,) = [
        segment.text.strip() for strip in s.strips[1:-6] for segment in strip if segment.style and segment.style.reverse
    ]
    return found


@asynchronous
async def test_unfolding_and_folding_with_keys() -> None:
    async with opened() as s:
        await ask(s)
        before = rows(s)
        assert [row.split(" = ")[0].strip() for row in before] == [
            "▾ ∂L/∂W₁[1,0]",
            "▸ δ₁[1]",
            "x[0]",
            "▾ 1 path from W₁[1,0] to L: together 0.7685: that is the gradient",
            "▸ W₁[1,0] → z₁[1] → h[1] → z₂[0] → ŷ[0] → L: 0.7685",
        ]
        await s.press("j", "l")
        assert here(s).startswith("δ₁[1]")
        assert any("▸ ∂L/∂h[1] = W₂[0,1]·δ₂[0]" in row for row in rows(s))
        await s.press("right", "space")
        assert here(s).startswith("∂L/∂h[1]")
        assert any("δ₂[0] = ∂L/∂ŷ[0]·∂ŷ/∂z₂[0]" in row for row in rows(s))
        await s.press("left", "left")
        assert here(s).startswith("δ₁[1]")
        await s.press("enter", "k")
        assert rows(s) == before
        await s.press("end")
        assert here(s).startswith("W₁[1,0] →")
        await s.press("home", "up")
        assert here(s).startswith("∂L/∂W₁[1,0]")
        await s.press("escape")
        assert not s.in_dialog
        assert s.debugger.position == "1:b1"


@asynchronous
async def test_to_the_step_of_a_number_and_back() -> None:
    async with opened() as s:
        await ask(s)
        await s.press("j", "l", "j", "g")
        assert not s.in_dialog
        assert (s.debugger.position, s.debugger.selection) == ("1:dL_dh1", Address("dL_dh1", (1, 0)))
        await s.press("grave_accent")
        assert s.debugger.position == "1:b1"


@asynchronous
async def test_asking_on_from_a_tree() -> None:
    async with opened() as s:
        await ask(s)
        await s.press("j", "o")
        assert "What does δ₁[1] touch?" in s.text
        await s.press("j", "w")
        assert "Why is ∂L/∂W₁[1,0] 0.7685?" in s.text  # the first of the three
        await s.press("escape", "escape")
        assert "Why is ∂L/∂W₁[1,0] 0.7685?" in s.text
        await s.press("o", "g")
        assert not s.in_dialog
        assert s.debugger.position == "1:delta1"


@asynchronous
async def test_with_the_mouse() -> None:
    async with opened() as s:
        await ask(s)
        area = s.app.screen.query_one(Rows).region

        async def click(x: int, y: int) -> None:
            await s.pilot.click(offset=(area.x + x, area.y + y))
            await s.settle()

        await click(2, 1)  # the sign of the second row
        assert any("▸ ∂L/∂h[1]" in row for row in rows(s))
        await click(10, 2)
        assert here(s).startswith("∂L/∂h[1]")
        await click(10, 2)  # once more unfolds it
        assert any("δ₂[0] = " in row for row in rows(s))
        await click(area.width - 4, 2)  # its step, at the right
        assert not s.in_dialog
        assert s.debugger.position == "1:dL_dh1"


@pytest.mark.parametrize("size", some([(60, 15), (80, 24), (200, 60)], 1))
@asynchronous
async def test_at_every_size(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        await ask(s)
        for _ in range(12):
            await s.press("l", "j")
            assert all(len(row) == size[0] for row in s.rows)
            assert here(s)
        await s.press("end", "pageup", "pagedown", "home")
        await s.resize(100, 30)
        assert here(s)


@asynchronous
async def test_what_is_cut_is_whole_below() -> None:
    async with opened(size=(80, 24)) as s:
        await s.press("g", *"z1", "enter")
        s.screen.select(Address("z1", (1, 0)))
        await s.press("enter")
        assert here(s).endswith("… = 1.4")
        below = " ".join(" ".join(s.rows[-6:-1]).split())
        assert "0.7·1 + 0.3·0.5 + (−0.5)·(−1.5) + (−0.2) = 1.4 (1:z1)" in below


@asynchronous
async def test_in_ascii() -> None:
    async with opened(ascii_only=True) as s:
        await ask(s)
        await s.press("j", "l")
        assert "- dL_dW1[1,0] = delta1[1, 0] * x[0, 0]" in s.text
        assert "Left fold" in s.footer
        assert s.text.isascii()
        await s.press("escape", "o")
        assert s.text.isascii()


@asynchronous
async def test_of_a_large_network_it_is_bounded_and_the_rest_unfolds() -> None:
    async with opened(network(300, 80, 5, batch=20)) as s:
        await ask(s, Address("W1", (3, 200)))
        await s.press("l", "j", "j", "j")
        for _ in range(30):
            await s.press("l", "j")
        assert len(s.app.screen.query_one(Rows).folding.rows) < 600
        await s.press("escape")
        await ask(s, Address("z1", (3, 7)), step="home")
        shown = s.app.screen.query_one(Rows).folding
        (place,) = [i for i, row in enumerate(shown.rows) if "292 more terms" in row.knot.text]
        await s.press(*"j" * place, "l")
        assert "284 more terms" in " ".join(row.knot.text for row in shown.rows)


@asynchronous
async def test_into_earlier_iterations() -> None:
    async with opened(load("adam")) as s:
        await s.press("5", "i")
        await ask(s, Address("W1", (0, 0)))
        for _ in range(3):
            await s.press("l", "j")
        assert ":W1" in s.text
        assert here(s)


def test_folding_keeps_the_row() -> None:
    leaf = Knot("leaf")
    folding = Folding([Knot("a", below=lambda: [Knot("b", below=lambda: [leaf]), leaf]), Knot("c")])
    assert [row.knot.text for row in folding.rows] == ["a", "b", "leaf", "c"]
    folding.move(1)
    folding.further()
    assert [row.knot.text for row in folding.rows] == ["a", "b", "leaf", "leaf", "c"]
    assert folding.row.knot.text == "b"
    folding.further()
    assert folding.row.way == (0, 0, 0)
    folding.further()  # nothing is below
    folding.back()
    assert folding.row.knot.text == "b"
    folding.move(-9)
    folding.turn()
    assert [row.knot.text for row in folding.rows] == ["a", "c"]
    folding.move(99)
    folding.back()
    assert folding.row.knot.text == "c"


def test_a_long_text_keeps_what_it_comes_to() -> None:
    text = "z = 0.7·1 + 0.3·0.5 + (−0.5)·(−1.5) = 1.4"
    assert with_result(text, 60) == text
    assert with_result(text, 30) == "z = 0.7·1 + 0.3·0.5 + (…  = 1.4".replace("  ", " ")
    assert with_result("x[0] → z₁[1] → h[1] → L: 0.5", 20) == "x[0] → z₁[1] →…: 0.5"
    assert with_result("no result at all, whatever", 10) == "no result at all, whatever"
    assert with_result("a = 1.23456789012345678901234567890", 20).startswith("a = 1.234")  # the strip cuts it
