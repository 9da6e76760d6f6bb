"""A lecture on the screen: the clicker goes from pause to pause and back, and nothing of it stays."""

from pathlib import Path

import pytest

from backprop_tui.debugger.sessions.session import default_path
from backprop_tui.scenario import load
from backprop_tui.tui.main.parts import line_runner
from tests.tui.harness import Session, asynchronous, opened


async def click(s: Session, *keys: str) -> None:
    """Press keys, and wait until all that they ask for is done."""
    await s.press(*keys)
    await s.wait_for(lambda: s.screen.line.script is None and not s.screen.line.clicks)


@asynchronous
async def test_the_clicker_goes_from_pause_to_pause() -> None:
    async with opened(at="1:delta1", size=(80, 24)) as s:
        await click(s, "b", "colon", *"source article", "enter")
        assert s.debugger.step == 0
        assert not s.debugger.breakpoints  # it begins with a run that nobody has touched
        assert "Three inputs, two hidden units, one output" in s.footer
        await click(s, "pagedown")
        assert s.debugger.position == "1:z1"
        assert "z₁: each unit adds up its weighted inputs" in s.footer
        await click(s, "n", "n", "n", "b")  # by hand
        await click(s, "n")
        assert "article.demo 2/19" in s.footer
        await click(s, "pagedown")
        assert s.debugger.position == "1:h1"
        assert not s.debugger.breakpoints
        await click(s, "pageup")
        assert s.debugger.position == "1:z1"
        assert "z₁: each unit adds up its weighted inputs" in s.footer
        await click(s, "pageup")
        assert s.debugger.step == 0
        await click(s, "pageup")
        assert "the beginning of article.demo: PgDn goes on" in s.footer
        await click(s, *["pagedown"] * 12)
        assert "Is that so?" in s.footer
        assert s.debugger.branches.current.name == "branch-1"
        await click(s, "pageup")
        assert len(s.debugger.branches) == 1
        await click(s, *["pagedown"] * 7)
        assert "Thank you" in s.footer
        await click(s, "pagedown")
        assert "the end of article.demo: PgUp goes back" in s.text
        await click(s, "pageup")
        assert s.debugger.beside is not None
        await click(s, "colon", *"source off", "enter")
        assert s.debugger.position == "1:delta1"
        assert s.debugger.breakpoints.names() == {"delta1"}
        assert s.debugger.beside is None
        await click(s, "pagedown")
        assert s.debugger.position == "1:dL_dW1"


@asynchronous
async def test_what_is_wrong_is_told_before_it_begins(tmp_path: Path) -> None:
    file = tmp_path / "own.demo"
    file.write_text("n\npause\nnxt\n")
    async with opened(at="1:L") as s:
        await click(s, "colon", *f"source {file}", "enter")
        assert "no command" in s.text
        assert s.in_dialog or "nxt" in s.footer
        await s.close()
        assert s.debugger.position == "1:L"
        await click(s, "pagedown")
        assert s.debugger.position == "1:dL_dy_hat"


@asynchronous
async def test_what_is_printed_makes_way_for_the_clicker(tmp_path: Path) -> None:
    file = tmp_path / "own.demo"
    file.write_text("goto 1:z1\nlist\npause\nn\npause second\n")
    async with opened() as s:
        await click(s, "colon", *f"source {file}", "enter")
        assert s.in_dialog
        await click(s, "pagedown")
        assert not s.in_dialog
        assert "second" in s.footer
        assert s.debugger.position == "1:h1"


@asynchronous
async def test_a_lecture_leaves_no_trace_in_the_session() -> None:
    async with opened(session="fresh") as s:
        await click(s, "colon", *"source article", "enter", "pagedown", "pagedown")
        assert s.app.keep() == ""
    assert not default_path(load("article")).exists()
    async with opened(session="fresh", at="1:L") as s:
        await click(s, "colon", *"source article", "enter", "pagedown", "pagedown")
        assert s.app.keep() == ""
    async with opened(session="resume") as s:
        assert s.debugger.position == "1:L"


@asynchronous
async def test_clicks_while_its_lines_are_tried_are_for_the_lecture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_runner, "PATIENCE", 0.0)  # as on a busy machine
    async with opened() as s:
        await click(s, "colon", *"source article", "enter", "pagedown", "pagedown")
        assert s.debugger.position == "1:h1"
        assert "h: ReLU lets through what is positive" in s.footer


@asynchronous
async def test_clicks_are_for_nothing_where_a_lecture_does_not_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_runner, "PATIENCE", 0.0)
    file = tmp_path / "own.demo"
    file.write_text("n\npause\nnxt\n")
    async with opened(at="1:L") as s:
        await click(s, "colon", *f"source {file}", "enter", "pagedown", "pagedown")
        await s.close()
        assert s.debugger.position == "1:L"
        assert not s.screen.line.clicks


@asynchronous
async def test_enlarged_panes_are_put_back() -> None:
    async with opened() as s:
        for keys in (["colon", *"source article", "enter"], ["pagedown"], ["tab", "plus", "V"], ["pageup"]):
            await click(s, *keys)
        assert not s.screen.enlarged
        assert not s.screen.graph
