"""Coming back from a move, the way back after a reload, what ctrl+C says, and texts that scroll."""

import asyncio
from pathlib import Path

import pytest

from backprop_tui.scenario import load
from backprop_tui.tui.main.parts import travelling
from tests.tui.harness import Session, asynchronous, network, opened

BACK = "grave_accent"


@pytest.mark.parametrize(
    "keys",
    [
        ("1", "0", "i"),
        ("i",),
        ("2", "f"),
        ("F",),
        ("home",),
        ("end",),
        ("c",),
        ("C",),
        ("5", "n"),
        ("5", "N"),
        ("2", "0", "s"),
        ("g", *"3:z2", "enter"),
        ("g", "G"),
        ("colon", *"goto 3:start", "enter"),
        ("colon", *"next 3", "enter"),
        ("colon", *"finish 2", "enter"),
        ("slash", *"dL_dW", "enter"),
    ],
    ids=" ".join,
)
@asynchronous
async def test_a_move_of_more_than_a_step_is_come_back_from(keys: tuple[str, ...]) -> None:
    async with opened(network(2, 2, 1, iterations=3), at="1:h1") as s:
        s.debugger.seek("2:z2")
        began = s.debugger.step
        await s.press(*keys)
        assert abs(s.debugger.step - began) > 1
        there = s.debugger.step
        await s.press(BACK)
        assert s.debugger.step == began
        await s.press(BACK)
        assert s.debugger.step == there


@asynchronous
async def test_single_steps_keep_the_way_back() -> None:
    async with opened(at="1:h1") as s:
        await s.press("f", "n", "n", "N", BACK)
        assert s.debugger.position == "1:h1"


@asynchronous
async def test_autoplay_is_one_move() -> None:
    async with opened(network(2, 2, 1), at="1:z1") as s:
        await s.press("9", "9", "a")
        await s.wait_for(lambda: s.debugger.step > 4)
        await s.press("x", BACK)
        assert s.debugger.position == "1:z1"


class Gate:
    """Work in the background, which waits until it is let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = asyncio.Event()
        monkeypatch.setattr(travelling, "PATIENCE", 0)
        monkeypatch.setattr(travelling, "SLICE", 0)
        monkeypatch.setattr(travelling, "rest", lambda _: self.open.wait())


def copied(tmp_path: Path) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text((Path(__file__).parents[3] / "scenarios" / "article.toml").read_text("utf-8"), "utf-8")
    return file


async def reloading(s: Session, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """On the way back to where it was."""
    s.debugger.seek("40:delta2")
    s.screen.show()
    gate = Gate(monkeypatch)
    await s.press("R")
    assert s.travelling
    return gate


@pytest.mark.parametrize(
    "keys", [("n",), ("5", "i"), ("c",), ("e",), ("z",), ("R",), ("g", "G"), ("colon", *"set eta = 1", "enter"), ("t",)]
)
@asynchronous
async def test_a_key_during_a_reload_keeps_the_position(
    keys: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(load(copied(tmp_path))) as s:
        gate = await reloading(s, monkeypatch)
        await s.press(*keys)
        gate.open.set()
        await s.wait_for(lambda: not s.travelling)
        assert s.debugger.position == "40:delta2"
        assert len(s.debugger.branches) == 1


@asynchronous
async def test_a_reload_that_is_stopped_can_be_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(load(copied(tmp_path))) as s:
        gate = await reloading(s, monkeypatch)
        await s.press("escape")
        assert s.debugger.position != "40:delta2"
        gate.open.set()
        await s.press(BACK)
        await s.wait_for(lambda: not s.travelling)
        assert s.debugger.position == "40:delta2"


@asynchronous
async def test_who_leaves_during_a_reload_finds_the_position_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    file = copied(tmp_path)
    async with opened(load(file), session="fresh") as s:
        await reloading(s, monkeypatch)
        s.screen.keeper.keep()
        await s.press("escape")
    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with opened(load(file), session="resume") as s:
        await s.wait_for(lambda: s.debugger.position == "40:delta2")


@asynchronous
async def test_control_c_says_how_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        told: list[str] = []
        monkeypatch.setattr(s.app, "notify", lambda text, **_: told.append(text))
        await s.press("ctrl+c")
        assert "q quits" in s.footer
        assert not s.in_dialog
        await s.press("question_mark", "ctrl+c")
        assert told == ["Esc closes this, then q quits"]
        await s.press("escape")
        await s.press("a", "ctrl+c")
        assert not s.in_dialog


@asynchronous
async def test_control_c_ends_what_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(network(2, 2, 1, iterations=1000)) as s:
        Gate(monkeypatch)
        await s.press("c")
        assert s.travelling
        await s.press("ctrl+c")
        assert not s.travelling
        assert "q quits" in s.footer


@pytest.mark.parametrize("keys", [("question_mark",), ("colon", *"help", "enter")], ids=["keys", "words"])
@asynchronous
async def test_a_long_text_scrolls_as_in_a_pager(keys: tuple[str, ...]) -> None:
    async with opened(size=(80, 24)) as s:
        await s.press(*keys)
        sheet = s.app.screen.sheet  # type: ignore[attr-defined]
        for key, by in (("j", 1), ("k", -1), ("ctrl+d", sheet.size.height // 2), ("ctrl+u", -(sheet.size.height // 2))):
            before = sheet.scroll_offset.y
            await s.press(key)
            assert sheet.scroll_offset.y - before == by, key
        while sheet.scroll_offset.y < sheet.max_scroll_y:
            before = sheet.scroll_offset.y
            await s.press("space")
            assert sheet.scroll_offset.y > before
        assert s.in_dialog
        await s.press("space")  # what a command printed is read then, and the keys are to be looked at
        assert s.in_dialog == (keys == ("question_mark",))
        assert s.debugger.step == 0


@pytest.mark.parametrize("width", [80, 60, 120])
@asynchronous
async def test_the_words_fit_the_terminal(width: int) -> None:
    async with opened(size=(width, 40)) as s:
        await s.press("colon", *"help", "enter")
        said = s.app.screen.text.splitlines()  # type: ignore[attr-defined]
        assert max(map(len, said)) <= width - 4
        assert all(len(row) == len(row.rstrip()) for row in said)
        (row,) = (row for row in said if row.startswith("goto POSITION"))
        place = row.index("to a step number")
        beginnings = {len(row) - len(row.lstrip()) for row in said} - {0}
        assert beginnings == {place}  # what goes on does so under its beginning


@asynchronous
async def test_the_name_in_the_file_leads_to_the_variable() -> None:
    async with opened() as s:
        for name in ("learning_rate", "lr"):
            await s.press("colon", *f"set {name} = 0.5", "enter")
            assert f"there is no variable '{name}' (did you mean eta?)" in s.text
            await s.close()


@asynchronous
async def test_at_takes_what_goto_takes() -> None:
    for text in ("3:start", "3:", "start", "57", "2:forward", "δ₂", " 3 : delta2 "):
        async with opened(at=text) as s:
            step = s.debugger.step
            s.debugger.seek(7)
            await s.press("colon", *f"goto {text}", "enter")
            assert s.debugger.step == step, text
