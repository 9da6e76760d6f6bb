"""What a session tells the speaker's view, and that the audience never sees it."""

import asyncio
from asyncio import StreamReader, StreamWriter
from pathlib import Path

import pytest

from backprop_tui.scenario import load
from backprop_tui.tui.dialogs.views.blank_view import BlankScreen
from backprop_tui.tui.speaker.messages import Do, State, Wish, read_state, written
from tests.tui.harness import Session, asynchronous, opened

SECRET = "Let the two fractions cancel on the blackboard"


async def connected(s: Session) -> tuple[StreamReader, StreamWriter]:
    await s.wait_for(lambda: s.app.speaker is not None and s.app.speaker.is_open)
    assert s.app.speaker is not None
    return await asyncio.open_unix_connection(str(s.app.speaker.place))


async def told(reader: StreamReader) -> State:
    """The last state that was told."""
    state = read_state(await asyncio.wait_for(reader.readline(), 30))
    while True:
        try:
            state = read_state(await asyncio.wait_for(reader.readline(), 0.2))
        except TimeoutError:
            return state


async def asks(s: Session, writer: StreamWriter, do: Do) -> None:
    writer.write(written(Wish(do)))
    await asyncio.sleep(0.05)
    await s.settle()


@asynchronous
async def test_it_follows_and_is_driven() -> None:
    async with opened(at="1:dy_hat_dz2", size=(80, 24), present=True) as s:
        reader, writer = await connected(s)
        state = await told(reader)
        assert (state.session, state.step, state.last_step) == ("article", 7, 19)
        assert state.next is not None
        assert (state.next.symbol, state.next.value) == ("δ₂", "−0.7685")
        assert state.remarks_next == [load("article").remarks[1].text]
        assert (state.revealed, state.parts) == (1, 4)
        for _ in range(4):
            await asks(s, writer, "on")
        assert s.debugger.position == "1:delta2"
        state = await told(reader)
        assert SECRET in state.remarks[0]
        assert state.now.formula == "∂L/∂ŷ ⊙ ∂ŷ/∂z₂"
        for _ in range(3):
            await asks(s, writer, "on")
            assert SECRET not in s.text  # whatever is revealed
        await asks(s, writer, "blank")
        assert isinstance(s.app.screen, BlankScreen)
        assert (await told(reader)).blank
        await asks(s, writer, "on")  # brings it back, and does nothing else
        assert s.debugger.position == "1:delta2"
        assert not (await told(reader)).blank
        await asks(s, writer, "clock")
        assert not (await told(reader)).running
        for _ in range(4):  # each takes back what was revealed last
            await asks(s, writer, "back")
        assert s.debugger.position == "1:dy_hat_dz2"
        await s.press("L")
        for _ in range(2):
            await asks(s, writer, "on")  # now of the debugger
        assert s.debugger.position == "1:dL_dW2"
        writer.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
@asynchronous
async def test_private_notes_are_on_no_pane(size: tuple[int, int]) -> None:
    async with opened(at="1:delta2", size=size) as s:
        assert SECRET not in s.text
        await s.press("tab", "plus")
        assert SECRET not in s.text
        await s.press("slash", *"blackboard")
        assert "no match after this step" in s.text


@asynchronous
async def test_a_lecture_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "own.demo"
    file.write_text("n\npause first\n# say this\nn\npause\n")
    async with opened(size=(80, 24)) as s:
        await s.press("colon", *f"source {file}", "enter")
        reader, writer = await connected(s)
        state = await told(reader)
        assert state.talk is not None
        assert (state.talk.done, state.talk.pauses, state.talk.title) == (1, 2, "first")
        assert state.talk.remarks == ["say this"]
        assert state.talk.coming == ["n"]
        assert "say this" not in s.text
        writer.close()


@asynchronous
async def test_nobody_is_told_anything_unless_it_is_wanted() -> None:
    async with opened(at="1:L") as s:
        await s.press("n")
        assert s.app.speaker is None
        await s.press("colon", *"notes", "enter")
        await s.wait_for(lambda: s.app.speaker is not None and s.app.speaker.is_open)
        assert "'backprop-tui notes' in a second terminal" in s.text
        place = s.app.speaker and s.app.speaker.place
    assert isinstance(place, Path)
    assert not place.exists()


@asynchronous
async def test_the_view_goes_along_to_another_scenario() -> None:
    async with opened(present=True) as s:
        reader, writer = await connected(s)
        await s.press("L", "colon", *"scenario mazur", "enter")
        assert (await told(reader)).session == "mazur"
        await asks(s, writer, "on")
        assert s.debugger.step == 1
        assert s.debugger.scenario.name == "mazur"
        writer.close()


@pytest.fixture
def unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is none."""
    (tmp_path / "backprop-tui").touch()
    tmp_path.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@asynchronous
async def test_without_a_safe_place_it_says_so(unsafe: None) -> None:
    async with opened() as s:
        await s.press("colon", *"notes", "enter")
        await s.wait_for(lambda: "no speaker's view" in s.footer)
        assert s.debugger.step == 0
