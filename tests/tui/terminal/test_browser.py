"""The page of a scenario's source: a link that the terminal can open, and `:open`."""

import pytest

from backprop_tui.debugger.console.command import LineError
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.tui.terminal import browser, clipboard
from tests.tui.harness import asynchronous, opened

URL = load("mazur").url


def links(pane: object, height: int) -> set[str | None]:
    """The addresses that the rows of a pane link to."""
    strips = [pane.render_line(y) for y in range(height)]  # type: ignore[attr-defined]
    return {segment.style.link for strip in strips for segment in strip if segment.style and segment.style.link}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@asynchronous
async def test_it_is_a_link_at_the_start(size: tuple[int, int]) -> None:
    async with opened("mazur", size) as s:
        pane = s.panes["equation"]
        assert URL in "".join(s.pane("equation").split())
        assert links(pane, pane.size.height) == {URL}


@asynchronous
async def test_open_asks_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(browser, "_open", asked.append)
    monkeypatch.setenv("DISPLAY", ":0")
    async with opened("mazur", (200, 60)) as s:
        await s.press("colon")
        await s.type("open")
        await s.press("enter")
        await s.wait_for(lambda: asked)
        assert asked == [URL]
        assert f"the browser is asked for {URL}" in s.rows[-1]


@asynchronous
async def test_without_a_window_the_address_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "PROGRAMS", ())
    monkeypatch.setattr("sys.platform", "linux")
    for name in browser.DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    async with opened("mazur", (200, 60)) as s:
        await s.press("colon")
        await s.type("source-page")
        await s.press("enter")
        assert f"no window can be opened from here; copied: {URL}" in s.rows[-1]
        assert s.app.clipboard == URL


def test_where_no_page_is_named_it_says_so() -> None:
    session = LineSession(Debugger(load("article")), WORDS)
    with pytest.raises(LineError, match=r"the scenario names no page of its source: \[source\] url does"):
        session.reply("open")
