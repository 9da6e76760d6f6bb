"""Sessions on the screen: resumed, saved on leaving and on demand, refused with a line, never half loaded."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backprop_tui.debugger.sessions.session import default_path
from backprop_tui.scenario import Scenario, load
from tests.tui.harness import Session, asynchronous, opened

LONG = msgspec.structs.replace(load("article"), iterations=500_000)


@asynccontextmanager
async def sitting(
    scenario: Scenario | str | None = "article", session: str = "resume", **more: Any
) -> AsyncIterator[Session]:
    """The application with its sessions, and what it keeps on leaving."""
    async with opened(scenario, session=session, **more) as s:
        yield s
    if s.app.opened is not None:
        assert not s.app.opened.keeper.keep()


async def typed(s: Session, *lines: str) -> None:
    for line in lines:
        await s.press("colon", *line, "enter")


WORK = ("b delta1 if loss < 1", "display loss", "set W2[0,1] = -0.25", "rename mine", "goto 2:delta1", "mark a")


@asynchronous
async def test_all_of_it_comes_back() -> None:
    async with sitting() as s:
        await typed(s, *WORK)
        await s.press("d", "v", "tab", "tab", "tab", "tab", "j", "j")
        before = {name: s.pane(name) for name in s.seen()}
        told = s.status, s.text.splitlines()[-2]
    async with sitting() as s:
        assert "the session is resumed, at 2:delta1; --fresh starts without it" in s.footer
        await s.press("escape", "tab", "tab", "tab", "tab")
        assert before == {name: s.pane(name) for name in s.seen()}
        assert told == (s.status, s.text.splitlines()[-2])
        assert [str(bp) for bp in s.debugger.breakpoints] == ["1 delta1 if loss < 1"]
        await s.press("up", "colon", "up", "escape")
        await s.press("colon", "up")
        assert "mark a" in s.footer


@asynchronous
async def test_what_is_folded_and_shown_of_a_model_stays_so(tmp_path: Path) -> None:
    async with sitting("multi-head-attention", size=(120, 36)) as s:
        await typed(s, f"save {tmp_path}/before.json")
        await s.press("5", "n", "minus", "right_curly_bracket", "greater_than_sign")
        folds, shown = s.screen.folds, s.pane("equation")
        assert folds.closed
        assert "of sample 2 of 2, head 2 of 2" in shown
    async with sitting("multi-head-attention", size=(120, 36)) as s:
        assert (s.screen.folds, s.pane("equation")) == (folds, shown)
        await typed(s, f"load {tmp_path}/before.json")
        assert not s.screen.folds.closed


@asynchronous
async def test_nothing_is_saved_where_nothing_was_done() -> None:
    async with sitting():
        pass
    assert not default_path(load("article")).exists()


@asynchronous
async def test_fresh_begins_anew_and_none_keeps_nothing() -> None:
    async with sitting() as s:
        await typed(s, *WORK)
    kept = default_path(load("article")).read_bytes()
    async with sitting(session="none") as s:
        assert s.debugger.step == 0
        await s.press("n")
    async with sitting(session="fresh") as s:
        assert s.debugger.step == 0
        assert not s.debugger.breakpoints
    assert default_path(load("article")).read_bytes() == kept
    async with sitting(session="fresh") as s:
        await s.press("3", "n")
    async with sitting() as s:
        assert s.debugger.step == 3


@asynchronous
async def test_a_position_that_is_asked_for_wins() -> None:
    async with sitting() as s:
        await typed(s, *WORK)
    async with sitting(at="1:L") as s:
        assert s.debugger.position == "1:L"
        assert len(s.debugger.breakpoints) == 1
        assert s.debugger.branches.current.name == "mine"


@asynchronous
async def test_a_long_way_back_goes_on_in_the_background() -> None:
    async with sitting(LONG) as s:
        await typed(s, "goto 20000:delta2")
        await s.wait_for(lambda: s.debugger.iteration == 20_000)
    async with sitting(LONG) as s:
        await s.wait_for(lambda: "Esc stops" in s.footer)
        await s.wait_for(lambda: s.debugger.position == "20000:delta2")
        assert "the session is resumed, at 20000:delta2" in s.footer


@asynchronous
async def test_it_is_saved_on_demand_and_loaded_from_a_file(tmp_path: Path) -> None:
    async with opened() as s:
        await typed(s, *WORK, f"save {tmp_path}/lecture.json")
        await s.press("d", "W")
        assert "saved: " in s.text
    assert json.loads(default_path(load("article")).read_text())["view"]["digits"] == 5
    async with opened() as s:
        await typed(s, f"load {tmp_path}/lecture.json")
        assert s.debugger.position == "2:delta1"
        assert "mine" in s.status + s.rows[1]  # beside the chain, where the line has no room
        await typed(s, f"load {default_path(load('article'))}")
        assert s.screen.notation.digits == 5
        await typed(s, "load /no/such/file")
        assert "/no/such/file: there is no such session" in s.footer
        assert s.debugger.position == "2:delta1"


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda text: text[:90], "is not a session, or is damaged"),
        (lambda text: text.replace('"version": 1', '"version": 7'), "was saved by a newer backprop-tui"),
        (lambda text: text.replace('"position": "2:delta1"', '"position": "2:nope"'), "there is no operation 'nope'"),
    ],
)
@asynchronous
async def test_what_is_refused_is_told_and_put_aside(damage: Any, why: str) -> None:
    async with sitting() as s:
        await typed(s, *WORK)
    path = default_path(load("article"))
    path.write_text(damaged := damage(path.read_text()))
    async with sitting(size=(200, 60)) as s:
        assert "not resumed: " in s.footer
        assert why in s.footer
        assert s.debugger.step == 0
        assert not s.debugger.breakpoints
        assert len(s.debugger.branches) == 1
        await s.press("n")
    assert path.with_suffix(".refused.json").read_text() == damaged
    async with sitting() as s:
        assert s.debugger.step == 1


@asynchronous
async def test_of_a_changed_scenario_what_fits_is_resumed_and_the_rest_told(tmp_path: Path) -> None:
    text = (Path(__file__).parents[4] / "scenarios" / "article.toml").read_text("utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    async with sitting(load(file)) as s:
        await typed(s, *WORK, "b b2")
    file.write_text(text.replace("bias = [0.2]", "bias = false").replace('name = "b2"', 'name = "W2"', 0), "utf-8")
    published = text.index("[[published]]")
    file.write_text(text[:published].replace("bias = [0.2]", "bias = false"), "utf-8")
    async with sitting(load(file), size=(200, 60)) as s:
        assert "resumed; the scenario has changed since, without the breakpoint on b2, at 2:delta1" in s.footer
        assert s.debugger.branches.current.name == "mine"


@asynchronous
async def test_a_full_or_read_only_disk_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    async with opened(session="resume") as s:
        await s.press("n")
        monkeypatch.setattr(os, "fsync", full)
        await s.press("W")
        assert "No space left" in s.text
        await s.press("escape", "n")
        assert s.debugger.step == 2
    assert s.app.opened is not None
    assert s.app.opened.keeper.keep().startswith("the session was not saved: ")
    assert s.app.opened.keeper.keep().endswith("No space left on device")


@asynchronous
async def test_the_picker_says_where_there_is_one() -> None:
    async with sitting("xor") as s:
        await s.press("5", "n")
    async with sitting(None) as s:
        line = next(row for row in s.rows if " xor " in row)
        assert "(resumes at 1:" in line
        assert "resumes" not in next(row for row in s.rows if " article " in row)
