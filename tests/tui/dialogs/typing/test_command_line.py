"""The `:` line, plots, autoplay, reload and the line of the run, on the screen."""

from pathlib import Path

import pytest

from backprop_tui.scenario import load
from backprop_tui.tui.terminal import line_history
from tests.sampled import crossed
from tests.tui.harness import asynchronous, opened

ARTICLE = Path(__file__).parents[4] / "scenarios" / "article.toml"
DATA = Path(__file__).parents[3] / "data"


@asynchronous
async def test_escape_leaves_the_line_and_errors_stay_in_the_footer() -> None:
    async with opened(at="8") as s:
        before = s.text
        await s.press("colon", *"next", "escape")
        assert s.text == before
        await s.press("colon", *"nxt", "enter")
        assert "there is no command 'nxt' (did you mean next?)" in s.footer
        assert s.debugger.step == 8


@asynchronous
async def test_long_output_is_in_a_panel() -> None:
    async with opened(size=(80, 24)) as s:
        await s.press("colon", *"help", "enter")
        assert s.in_dialog
        assert "next [COUNT]" in s.text
        await s.press("escape")
        assert not s.in_dialog


@asynchronous
async def test_history_is_kept_between_sessions() -> None:
    async with opened() as s:
        await s.press("colon", *"next 2", "enter")
        await s.press("colon", *"next 3", "enter")
    assert line_history.read() == ["next 2", "next 3"]
    async with opened() as s:
        await s.press("colon", *"ba", "up", "up", "enter")
        assert s.debugger.step == 2
        await s.press("colon", *"ba", "up", "down", *"ck", "enter")
        assert s.debugger.step == 1


@asynchronous
async def test_tab_completes() -> None:
    async with opened() as s:
        await s.press("colon", *"got", "tab", *"1:dL_dW", "tab")
        assert ":goto 1:dL_dW" in s.footer
        assert "1:dL_dW2  1:dL_dW1" in s.text
        await s.press("1", "enter")
        assert s.debugger.position == "1:dL_dW1"


@asynchronous
async def test_a_file_of_commands_goes_through_long_moves(tmp_path: Path) -> None:
    file = tmp_path / "lecture"
    file.write_text("b delta1\ngoto 3000:z1\nc\nn 2\nmark e\n")
    async with opened("xor") as s:
        await s.press("colon", *f"source {file}", "enter")
        await s.wait_for(lambda: len(s.debugger.marks) == 1 and not s.screen.busy)
        assert s.debugger.position.startswith("3000:")


@asynchronous
async def test_displays_are_shown_after_a_move() -> None:
    async with opened(at="8") as s:
        await s.press("colon", *"display L", "enter")
        await s.press("colon", *"n", "enter")
        assert "L    1.4633" in s.text


@asynchronous
async def test_any_key_stops_autoplay_and_speed_keys_do_not() -> None:
    async with opened("xor", at="20:z1") as s:
        await s.press("1", "a", "plus", "minus", "minus")
        assert "0.5 a second" in s.text
        await s.press("n")
        assert not s.in_dialog
        assert s.debugger.position == "20:z1"  # the key that stops it does nothing else


@asynchronous
async def test_autoplay_ends_with_the_run() -> None:
    async with opened(at="16") as s:
        await s.press("1", "0", "0", "a")
        await s.wait_for(lambda: not s.in_dialog)
        assert s.debugger.step <= 19


@asynchronous
async def test_a_changed_file_is_noticed_and_an_error_in_it_loses_nothing(tmp_path: Path) -> None:
    text = ARTICLE.read_text("utf-8")
    file = tmp_path / "a.toml"
    file.write_text(text, "utf-8")
    async with opened(load(file), size=(120, 36)) as s:
        await s.press("8", "n", "b")
        before = s.pane("program")
        file.write_text(text.replace('"relu"', '"relux"'), "utf-8")
        s.screen.file.look()
        await s.press("escape")
        assert "the file changed: R reloads" in s.footer
        await s.press("R")
        assert "not reloaded" in s.footer
        assert "unknown 'relux'" in s.footer
        assert s.pane("program") == before
        file.write_text(text.replace('"relu"', '"tanh"'), "utf-8")
        await s.press("R")
        assert "reloaded" in s.footer
        assert s.debugger.step == 8
        assert "─tanh→ h" in s.text
        assert s.debugger.breakpoints.names() == {"delta2"}


@asynchronous
async def test_a_changed_csv_file_is_noticed(tmp_path: Path) -> None:
    for name in ("csv.toml", "flowers.csv"):
        (tmp_path / name).write_bytes((DATA / "valid" / name).read_bytes())
    async with opened(load(tmp_path / "csv.toml"), size=(120, 36)) as s:
        (tmp_path / "flowers.csv").write_text("length,width,kind\n1,2,a\n3,4,b\n5,6,b\n", "utf-8")
        s.screen.file.look()
        await s.press("n")
        assert "the file changed: R reloads" in s.footer
        await s.press("R")
        assert s.debugger["x"].tolist() == [[1, 3, 5], [2, 4, 6]]
        assert s.debugger.scenario.features == ("length", "width")


@pytest.mark.parametrize(("size", "ascii_only"), crossed(2, [(60, 15), (80, 24), (120, 36), (200, 60)], (False, True)))
@asynchronous
async def test_every_plot_at_every_size(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened("xor", size=size, ascii_only=ascii_only) as s:
        await s.press("5", "n", "p")
        await s.wait_for(lambda: "next plot" in s.text)
        titles = []
        for _ in range(4):
            titles.append(s.text[s.text.index("[") + 1 : s.text.index("]")])
            assert all(len(row) == size[0] for row in s.rows)
            assert not ascii_only or s.text.isascii()
            await s.press("L", "i", "tab")
        assert titles == ["Loss", "Gradients", "Displayed", "Map"]
        await s.press("escape")
        assert s.debugger.iteration == 5


@asynchronous
async def test_the_line_of_the_run_is_dragged() -> None:
    async with opened("xor") as s:
        await s.press(*"4000n")
        await s.wait_for(lambda: s.debugger.step == 4000)
        await s.press("m", "k", *"800N")
        await s.wait_for(lambda: s.debugger.step == 3200)
        start, room = s.screen.status.region_of_line
        assert room
        assert "k" in s.status[start : start + room]
        await s.pilot.mouse_down(offset=(start + room // 2, 0))
        await s.pilot.hover(offset=(start + room - 1, 0))
        await s.pilot.mouse_up(offset=(start + room - 1, 0))
        await s.wait_for(lambda: s.debugger.step == s.debugger.last_step)
        await s.press("grave_accent")
        assert s.debugger.step == 3200
