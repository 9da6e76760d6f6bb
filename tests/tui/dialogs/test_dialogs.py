"""Help, palette, picker, themes."""

import pytest
from textual.command import CommandPalette

from backprop_tui.scenario import bundled
from backprop_tui.tui.dialogs.basics.dialog import Sheet
from backprop_tui.tui.dialogs.lists.picker import PickerScreen
from backprop_tui.tui.main.actions.key_table import KEYS
from backprop_tui.tui.shared.keys import cap
from backprop_tui.tui.shared.theme import THEMES, ThemeError, is_ansi
from tests.sampled import some
from tests.tui.harness import asynchronous, opened


@pytest.mark.parametrize("size", some([(120, 36), (80, 24), (60, 15)], 1))
@asynchronous
async def test_the_help_scrolls_through_every_key(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        await s.press("question_mark")
        seen = ""
        for _ in range(20):
            seen += s.text
            assert all(len(row) == size[0] for row in s.rows)
            await s.press("pagedown")
        for row in KEYS:
            assert " ".join(row.text.split()[:2]) in seen
            assert all(f" {cap(key)} " in seen for key in row.keys)
        assert s.debugger.step == 0
        await s.press("escape")
        assert not s.in_dialog


@asynchronous
async def test_keys_that_scroll_the_help_add_up() -> None:
    async with opened(size=(80, 24)) as s:
        await s.press("question_mark")
        sheet = s.app.screen.query_one(Sheet)
        page = sheet.scrollable_content_region.height - 1
        for keys, row in (
            (("pagedown", "pagedown"), 2 * page),
            (("pageup", "j", "down", "down"), page + 3),
            (("up", "k"), page + 1),
            (("ctrl+d", "ctrl+u"), page + 1),
            (("end", "k"), sheet.max_scroll_y - 1),
            (("home", "down"), 1),
        ):
            for key in keys:  # at once, as they come from a hurried hand
                s.app.simulate_key(key)
            await s.settle()
            assert sheet.scroll_y == row, keys


@asynchronous
async def test_the_palette_has_every_command() -> None:
    async with opened() as s:
        commands = {command.title for command in s.app.get_system_commands(s.app.screen)}
        assert {row.text for row in KEYS if row.id not in ("palette", "cancel")} <= commands


@asynchronous
async def test_the_palette_closes_by_escape() -> None:
    async with opened() as s:
        before = s.text
        await s.press("P")
        assert isinstance(s.app.screen, CommandPalette)
        await s.press("n")
        await s.close()
        assert s.text == before


@asynchronous
async def test_the_picker_lists_the_library_and_opens_one() -> None:
    async with opened(None, size=(120, 60)) as s:
        assert isinstance(s.app.screen, PickerScreen)
        for name, title in bundled():
            assert name in s.text
            assert title[:60] in s.text
        assert "backprop-tui new" in s.text
        await s.press("j", "k", "down", "up", "question_mark", "n")
        await s.press("home", "enter")
        assert "step 0/" in s.status
        await s.press("n")
        assert s.debugger.step == 1


@asynchronous
async def test_the_picker_has_groups_a_filter_and_previews() -> None:
    async with opened(None, size=(80, 24)) as s:
        path = ["Numbers", "micrograd", "One neuron", "tanh-neuron", "A network", "article", "Deeper"]
        assert sorted(path, key=s.text.index) == path
        assert "a model of 2 lines, sgd: 1 sample, 1 iteration" in " ".join(s.text.split())
        assert "Two gates: an addition, 3, and …" in s.text  # which is not all of it
        await s.press("slash", *"ball")
        assert "momentum" in s.text
        assert "tanh-neuron" not in s.text
        assert "mean-squared-error, sgd: 2 samples" in s.text
        await s.press("escape")
        assert "tanh-neuron" in s.text
        await s.press("slash", *"ball", "enter")
        assert s.debugger.scenario.name == "momentum"


@pytest.mark.parametrize("size", [(60, 15), (20, 5), (5, 2), (1, 1)])
@asynchronous
async def test_the_picker_in_a_small_terminal(size: tuple[int, int]) -> None:
    async with opened(None, size=size) as s:
        await s.press("down", "enter")
        assert s.debugger.step == 0


@pytest.mark.parametrize("key", ["q", "escape"])
@asynchronous
async def test_the_picker_quits(key: str) -> None:
    async with opened(None, size=(60, 15)) as s:
        await s.leave(key)
    assert s.app.return_code == 0


@asynchronous
async def test_every_theme_paints_every_moment() -> None:
    async with opened(at="8") as s:
        texts: dict[bool, set[str]] = {}
        names = sorted(s.app.available_themes)
        assert {theme.name for theme in THEMES} < set(names)
        for name in names:
            s.app.theme = name
            s.screen.select(None)
            await s.press("down", "N", "n")
            texts.setdefault(is_ansi(s.app.current_theme), set()).add(s.text)
            for strip in s.strips:
                for segment in strip:
                    style = segment.style
                    if style and style.color and segment.text.strip() and not style.color.is_default:
                        assert style.color != style.bgcolor, (name, segment)
        # a theme changes colours and nothing else; but where colours cannot be blended, chips have brackets
        assert [len(found) for found in texts.values()] == [1, 1]


def test_a_theme_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    from backprop_tui.tui.app import run

    with pytest.raises(ThemeError, match=r"there is no theme 'nope'; there are .*textual-light"):
        run(None, at=None, mistake=None, theme="nope", ascii_only=False, session="none")
