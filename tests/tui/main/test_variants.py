"""A variant beside the run on the screen, and going from scenario to scenario."""

from backprop_tui.debugger.sessions.session import default_path
from backprop_tui.scenario import load
from backprop_tui.tui.dialogs.lists.picker import PickerScreen
from tests.tui.harness import asynchronous, opened


@asynchronous
async def test_a_variant_runs_beside_and_one_key_goes_back() -> None:
    async with opened(at="1:b1", size=(200, 60)) as s:
        await s.press("colon", *"variant optimizer.name=adam", "enter")
        assert "beside it runs the same with optimizer.name=adam" in s.footer
        assert "≠ optimizer.name=adam" in s.status
        assert "variant" in s.pane("parameters").splitlines()[0]
        assert "≠ 1.4633 → 1.0375 with optimizer.name=adam" in " ".join(s.pane("equation").split())
        await s.press("M")
        assert "the run alone, without optimizer.name=adam; M brings that back" in s.footer
        assert "≠" not in s.text
        await s.press("M")
        assert "≠ optimizer.name=adam" in s.status
        await s.press("p")
        assert "L, optimizer.name=adam" in s.text


@asynchronous
async def test_a_layer_that_is_of_another_shape_there_is_told() -> None:
    changes = "published= note= network.layers[0].units=3 network.layers[0].bias=[0,0,0]"
    weights = "network.layers[0].weights=[[1,0,0],[0,1,0],[0,0,1]] network.layers[1].weights=[[1,1,1]]"
    async with opened(at="1:z1") as s:
        await s.press("colon", *f"variant {changes} {weights}", "enter", "colon", *"goto 1:h1", "enter")
        assert "3×1 there" in " ".join(s.pane("equation").split())
        await s.press(*"nnnnnnnnnnnnnnnnnV")
        assert not s.in_dialog


@asynchronous
async def test_what_is_wrong_with_a_variant_is_told() -> None:
    async with opened() as s:
        await s.press("colon", *"variant optimizer.name=adm", "enter")
        assert "optimizer.name=adm: unknown 'adm' (did you mean 'adam'?)" in s.footer
        await s.press("M")
        assert "nothing runs beside" in s.footer


@asynchronous
async def test_to_another_scenario_and_its_session() -> None:
    async with opened(at="1:L", session="fresh") as s:
        await s.press("colon", *"scenario mazur", "enter")
        assert s.debugger.scenario.name == "mazur"
        assert s.debugger.step == 0
        assert default_path(load("article")).exists()
        await s.press("n", "colon", *"scenario nope", "enter")
        assert "nope: is neither a file nor a bundled scenario" in s.text
        await s.close()
        assert s.debugger.step == 1
        await s.press("colon", *"scenario xor", "enter")
        assert s.debugger.scenario.name == "xor"
        assert len(s.app.screen_stack) == 2
        await s.leave("q")


@asynchronous
async def test_q_goes_back_to_the_picker_and_ctrl_q_leaves() -> None:
    async with opened(None, session="resume") as s:
        await s.press("enter", "n", "n", "q")
        assert isinstance(s.app.screen, PickerScreen)
        assert "(resumes at 1:" in s.text
        assert s.app.opened is None
        await s.press("down", "enter", "colon", *"scenario xor", "enter")
        assert s.debugger.scenario.name == "xor"
        await s.press("q")
        assert isinstance(s.app.screen, PickerScreen)
        await s.press("enter")
        await s.leave("ctrl+q")
