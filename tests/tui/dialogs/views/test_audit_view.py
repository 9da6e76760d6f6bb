"""The audit on the screen: what the panes say of a published value, and the sheet of all of them."""

import msgspec
import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import load
from tests.debugger.scenarios import training
from tests.engine.networks import article
from tests.tui.harness import asynchronous, opened

PLAIN = training(article(), 3)


@asynchronous
async def test_a_root_is_told_with_its_causes() -> None:
    async with opened() as s:
        await s.press("n")
        said = s.pane("equation")
        assert "✗ the source prints [−0.15 1.8] (section 2)\n" in said.replace(" \n", "\n").replace("  ", "")
        assert "z₁[0] = −0.15 is what you get when the bias is left out" in said
        assert "z₁[1] = 1.8 is what you get when the bias's sign is" in said


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ("h1", "prints [0 1.8] (section 2) h[1]: printed 1.8, computed 1.4, carried over from z₁"),
        ("y_hat", "carried over from z₂ and cut off"),
        ("delta2", "prints −0.83 (section 4): carried over from ŷ"),
        ("W1", "✓ the source prints"),
        ("L", "with the new parameters it is 1.0792"),
    ],
)
@asynchronous
async def test_what_is_said_at_an_operation(position: str, said: str) -> None:
    async with opened(at=position, size=(200, 60)) as s:
        assert said in " ".join(s.pane("equation").split())


@asynchronous
async def test_a_verdict_is_about_the_run_without_edits() -> None:
    async with opened(at="delta2", size=(200, 60)) as s:
        assert "carried over from ŷ" in s.pane("equation")
        s.debugger.seek(0)
        s.debugger.assign("b1[0]", 0.5)
        await s.press("8", "n")
        said = s.pane("equation")
        assert "the source prints −0.83" in said
        assert "carried over" not in said
        s.debugger.undo()
        await s.press("N", "n")
        assert "carried over from ŷ" in s.pane("equation")


@asynchronous
async def test_the_table_has_the_verdicts() -> None:
    scenario = load("article")
    published = tuple(one for one in scenario.published if one.name in ("W1", "b1"))
    claims = published[0].claims.copy()
    claims[1, 0] = msgspec.structs.replace(claims[1, 0], text="0.622", value=0.622)
    claims[1, 1] = msgspec.structs.replace(claims[1, 1], text="0.261", value=0.261)
    changed = (msgspec.structs.replace(published[0], claims=claims), *published[1:])
    async with opened(msgspec.structs.replace(scenario, published=changed), at="b1", size=(200, 60)) as s:
        rows = {line.split()[0]: line.split()[-2:] for line in s.pane("parameters").splitlines() if "[" in line}
        assert rows["W₁[0,0]"] == ["0.2", "✓"]
        assert rows["W₁[1,0]"] == ["0.622", "✗"]
        assert rows["W₁[1,1]"] == ["0.261", "≈"]


@asynchronous
async def test_the_sheet_goes_to_what_is_chosen() -> None:
    async with opened(load("mazur")) as s:
        await s.press("A")
        await s.wait_for(lambda: "25 agree" in s.text)
        assert "are updated before they are backpropagated through" in " ".join(s.text.split())
        await s.press("k", "k")
        assert "Hidden Layer, ∂E/∂w1" in s.text
        await s.press("j", "j", "enter")
        assert s.debugger.position == "2:L"
        assert "updated before they are" in " ".join(s.pane("equation").split())
        await s.press("A", "escape")
        assert not s.in_dialog
        assert s.debugger.position == "2:L"


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 36)])
@asynchronous
async def test_the_sheet_fits(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        await s.press("A")
        rows = [row for row in s.rows if "z₂" in row and "−1.6" in row]
        assert len(rows) == 1
        assert "carried over from h" in rows[0]
        await s.resize(100, 30)
        assert "carried over from z₂ and cut off" in s.text


@asynchronous
async def test_the_sheet_in_ascii() -> None:
    async with opened(ascii_only=True) as s:
        await s.press("A")
        assert s.text.isascii()
        assert "x z1" in s.text
        assert "< delta2" in s.text


@asynchronous
async def test_the_word_opens_the_sheet() -> None:
    async with opened() as s:
        await s.press("colon", *"check", "enter")
        await s.wait_for(lambda: "13 agree" in s.text)


@asynchronous
async def test_nothing_published() -> None:
    async with opened(PLAIN) as s:
        await s.press("n", "A")
        assert not s.in_dialog
        assert "no published values" in s.footer


@asynchronous
async def test_it_says_where_it_begins_and_goes_to_the_number_that_is_wrong() -> None:
    async with opened(size=(120, 36)) as s:
        await s.press("A")
        await s.wait_for(lambda: "it begins at z₁" in s.text)
        assert "value printed computed verdict" in " ".join(s.text.split())
        await s.press("j", "enter")
        assert s.debugger.position == "1:h1"
        assert s.debugger.selection == Address("h1", (1, 0))


@asynchronous
async def test_what_is_told_by_its_count_takes_no_room_from_the_verdicts() -> None:
    async with opened(size=(80, 24)) as s:
        await s.press("8", "n", "A")
        assert "carried over from z₂ and cut off" in s.text
        assert "6 numbers" in s.text
