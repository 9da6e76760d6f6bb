"""Widgets that keep their rows show what Textual would paint, and make no row that is as it was."""

import pyte
import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from backprop_tui.scenario import load
from backprop_tui.tui.drawing.canvas import Canvas
from backprop_tui.tui.main.notes_below import Noting
from backprop_tui.tui.shared.painted import Painted, different
from backprop_tui.tui.terminal import textual_private
from backprop_tui.tui.terminal.textual_private import Pieces, TiledScreen
from tests.tui.harness import Session, asynchronous, opened


@pytest.fixture(autouse=True)
def _every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast a machine is, no frame waits for the next sixtieth of a second."""
    monkeypatch.setattr(textual_private, "UPDATE_PERIOD", 0.0)


def cells(strips: list[Strip]) -> list[list[tuple[str, Style | None]]]:
    """Rows cell by cell: how they are cut into segments does not matter."""
    return [[(c, segment.style) for segment in strip for c in segment.text] for strip in strips]


def agree(s: Session) -> None:
    """All that is kept is what Textual makes of the same widgets from nothing."""
    for widget in s.app.screen.query(Painted):
        if widget.display and widget.region:
            own = widget.region.size.region
            kept = cells(widget.render_lines(own))
            widget._styles_cache.clear()
            assert kept == cells(Widget.render_lines(widget, own)), widget


KEYS = (
    *("n", "tab", "n", "n", "tab", "down", "down", "n", "N", "plus", "n", "plus", "D", "n"),
    *("b", "1", "n", "colon", *"watch loss", "enter", "n", "V", "n", "V", "end", "n", "home"),
)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@asynchronous
async def test_what_is_kept_is_what_textual_paints(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        agree(s)
        for key in KEYS:
            await s.press(key)
            agree(s)
        s.app.theme = "textual-light"
        await s.settle()
        agree(s)
        await s.press("n")
        agree(s)
        await s.resize(100, 30)
        await s.press("n")
        agree(s)


@asynchronous
async def test_rows_may_be_told_before_there_is_room_for_them() -> None:
    """Keys in quick succession: the screen is painted between a longer note and the layout that makes room for it."""
    async with opened(size=(80, 24)) as s:
        await s.press("n")
        notes = s.app.screen.query_one(Noting)
        before = notes.rows
        assert before
        notes.take(before + 1)
        notes.render_lines(notes.outer_size.region)  # another row of the screen changed
        notes.paint([*notes.strips, Strip.blank(80)])
        assert len(notes.render_lines(notes.outer_size.region)) == before
        await s.settle()
        assert notes.outer_size.height == before + 1
        agree(s)


def terminal(s: Session) -> tuple[pyte.Screen, pyte.Stream]:
    """A terminal with the screen as Textual paints all of it."""
    screen = pyte.Screen(*s.app.size)
    stream = pyte.Stream(screen)
    for y, strip in enumerate(s.app.screen._compositor.render_strips()):
        stream.feed(f"\x1b[{y + 1};1H{strip.render(s.app.console)}")
    return screen, stream


@asynchronous
async def test_a_step_writes_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, itself, and so that all is there that Textual would paint."""
    async with opened() as s:
        await s.press("n")
        whole: list[Widget] = []
        frames: list[list[tuple[int, int, str]]] = []
        of_textual = Widget.render_lines

        def rendered(widget: Widget, crop: Region) -> list[Strip]:
            if crop.height > 1:
                whole.append(widget)
            return of_textual(widget, crop)

        shown, stream = terminal(s)
        with monkeypatch.context() as patched:
            patched.setattr(Widget, "render_lines", rendered)
            patched.setattr(TiledScreen, "write", lambda _, pieces: frames.append(pieces))
            await s.press(*"nnnnnnNnNNnnnnnnnnnn")
        assert not whole
        assert len(frames) == 20
        assert all(frames)
        stream.feed("".join(f"\x1b[{y + 1};{x + 1}H{text}" for pieces in frames for y, x, text in pieces))
        wanted, _ = terminal(s)
        assert shown.display == wanted.display
        assert shown.buffer == wanted.buffer
        everything = sum(len(strip.render(s.app.console)) for strip in s.app.screen._compositor.render_strips())
        assert sum(len(text) for pieces in frames for _, _, text in pieces) < len(frames) * everything / 2


@pytest.mark.parametrize(("name", "size"), [("article", (120, 36)), ("lstm", (80, 24))])
@asynchronous
async def test_the_terminal_shows_what_is_painted(
    name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether rows were written at once or went through Textual, and whatever happens between the two."""
    async with opened(load(name), size=size) as s:
        shown, stream = terminal(s)
        display, ways = App._display, set()

        def displayed(app: App[None], screen: Screen[None], update: CompositorUpdate | None) -> None:
            if update is not None and not app._batch_count:
                ways.add(type(update))
                stream.feed(update.render_segments(app.console).replace("\n", "\r\n"))
            display(app, screen, update)  # type: ignore[arg-type]

        monkeypatch.setattr(App, "_display", displayed)
        for key in (*KEYS, *"nnVnNnnVfnF", "D", "n", "question_mark", "escape", *"nnnNL", "n", "L", *"n3nd", "n"):
            await s.press(key)
            wanted, _ = terminal(s)
            assert shown.display == wanted.display, key
            assert shown.buffer == wanted.buffer, key
        assert Pieces in ways
        assert len(ways) > 1


def test_what_is_different_in_a_row() -> None:
    one, two = Style(bold=True), Style(italic=True)
    row = [Segment("δ₁ ", one), Segment("=", two), Segment("深い", one), Segment("0.5", two), Segment("   ", one)]
    assert different(Strip(row), None) == (0, row)
    assert different(Strip(row), Strip(row)) == (14, [])
    other = [*row[:3], Segment("0.7", two), row[4]]
    assert different(Strip(other), Strip(row)) == (8, [other[3]])
    longer = [*row[:2], Segment("深い0.5 ", one), Segment("  ", one)]
    assert different(Strip(longer), Strip(row)) == (4, longer[2:])
    assert different(Strip([row[0], row[0]]), Strip([row[0]])) == (3, [row[0]])


@asynchronous
async def test_what_lies_over_the_panes_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message, or a dialog; nor is anything written while panes are about to change their places."""
    async with opened() as s:
        await s.press("n")
        frames: list[object] = []
        monkeypatch.setattr(TiledScreen, "write", lambda _, pieces: frames.append(pieces))
        await s.screen.mount(above := Static("above all"))
        await s.press("n")
        assert not frames
        await above.remove()
        await s.settle()
        await s.press("n", "question_mark")
        assert frames
        frames.clear()
        s.screen.show()
        assert not frames
        await s.press("escape", "plus")
        s.screen.show()
        assert not frames


def test_rows_that_are_as_they_were_are_the_same_strips() -> None:
    style = Style(bold=True)
    first = Canvas(8, 3)
    first.write(0, 0, "one", style)
    first.write(0, 1, "two", style)
    second = Canvas(8, 3)
    second.write(0, 0, "one", style)
    second.write(0, 1, "2", style)
    before, after = first.strips(), second.strips(first)
    assert [a is b for a, b in zip(before, after, strict=True)] == [True, False, True]
    assert [strip.text for strip in after] == ["one     ", "2       ", "        "]
