"""Widgets that keep their rows show what Textual would paint, and make no row that is as it was."""

import pytest
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from backprop_tui.tui.drawing.canvas import Canvas
from backprop_tui.tui.main.notes_below import Noting
from backprop_tui.tui.shared.painted import Painted
from tests.tui.harness import Session, asynchronous, opened


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


@asynchronous
async def test_a_step_paints_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as s:
        await s.press("n")
        whole: list[tuple[Widget, Region]] = []
        framed: list[Painted] = []
        of_textual, of_ours = Widget.render_lines, Painted._framed

        def rendered(widget: Widget, crop: Region) -> list[Strip]:
            whole.append((widget, crop))
            return of_textual(widget, crop)

        def put_in_frame(widget: Painted, row: Strip, width: int) -> Strip:
            framed.append(widget)
            return of_ours(widget, row, width)

        monkeypatch.setattr(Widget, "render_lines", rendered)
        monkeypatch.setattr(Painted, "_framed", put_in_frame)
        await s.press("n")
        assert framed
        assert [crop for widget, crop in whole if isinstance(widget, Painted) and crop.height > 1] == []
        rows = sum(widget.outer_size.height for widget in s.app.screen.query(Painted) if widget.display)
        assert len(framed) < rows


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
