"""The list of numbers that read alike, from `/` and from `:why`."""

from backprop_tui.tui.dialogs.lists.numbers_panel import NumbersScreen
from backprop_tui.tui.dialogs.views.tree_view import TreeScreen
from tests.tui.harness import asynchronous, opened


@asynchronous
async def test_slash_lists_the_numbers_and_enter_goes_there() -> None:
    async with opened(at="1:delta2") as s:
        await s.press("slash", *"0.7685")
        assert "no numbers of this step read so; Enter looks through the run" in s.text
        await s.press("enter")
        assert isinstance(s.app.screen, NumbersScreen)
        assert "Numbers that read 0.7685" in s.text
        assert "∂L/∂h[1]     0.7685247835  1:dL_dh1, step 11" in s.text
        await s.press("j", "enter")
        assert s.debugger.position == "1:delta1"
        assert str(s.debugger.selection) == "delta1[1,0]"
        await s.press("grave_accent")
        assert s.debugger.position == "1:delta2"
        await s.press("right_square_bracket", "right_square_bracket")
        assert s.debugger.position == "1:delta1"


@asynchronous
async def test_a_number_of_this_step_is_selected_without_leaving_it() -> None:
    async with opened(at="1:b1") as s:
        await s.press("slash", *"0.7685", "enter", "j", "j", "enter")
        assert s.debugger.position == "1:b1"
        assert str(s.debugger.selection) == "dL_dW1[1,0]"


@asynchronous
async def test_why_opens_the_tree_that_enter_opens() -> None:
    async with opened(at="1:delta1", size=(80, 24)) as s:
        for keys in (("enter",), ("colon", *"why", "enter"), ("colon", *"why delta1[0]", "enter")):
            await s.press(*keys)
            assert isinstance(s.app.screen, TreeScreen)
            assert "δ₁[0] = ∂L/∂h[0]·f′(z₁)[0]" in s.text
            await s.press("escape")


@asynchronous
async def test_why_of_a_value_asks_which_where_there_are_several() -> None:
    async with opened(at="1:b1") as s:
        await s.press("colon", *"why 0.7685", "enter")
        assert isinstance(s.app.screen, NumbersScreen)
        await s.press("j", "enter")
        assert isinstance(s.app.screen, TreeScreen)
        assert "δ₁[1] = ∂L/∂h[1]·f′(z₁)[1]" in s.text
        await s.press("g")
        assert s.debugger.position == "1:delta1"
        await s.press("colon", *"why 0.2315", "enter")  # there is only one
        assert isinstance(s.app.screen, TreeScreen)


@asynchronous
async def test_nothing_reads_so() -> None:
    async with opened(at="1:z1") as s:
        await s.press("slash", *"-1.4", "enter")
        assert "no number reads -1.4; z₁[1] reads 1.4" in s.text
        await s.press("enter", "w", "escape")
        assert s.debugger.position == "1:z1"


@asynchronous
async def test_a_long_run_is_looked_through_while_the_list_is_there() -> None:
    async with opened("spirals") as s:
        await s.press("colon", *"find 0.123456", "enter")
        await s.press("escape")  # ends it
        assert not s.in_dialog
