"""Without colours, and with ASCII alone: nothing is said by colour or by a special character only."""

import re
from itertools import product

import pytest
from rich.style import Style

from backprop_tui.debugger.basics.address import Address
from backprop_tui.tui.drawing.glyphs import ASCII
from backprop_tui.tui.main.actions.look_actions import toggle_ascii
from backprop_tui.tui.shared.theme import THEMES
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, network, opened

Look = tuple[str | bool, ...]


def look(character: str, style: Style) -> Look:
    """What is left of a cell on a terminal without colours."""
    return character, *(bool(part) for part in (style.bold, style.reverse, style.underline, style.italic, style.dim))


def looks(s: Session, pane: str) -> list[list[Look]]:
    return [[look(*cell) for cell in row] for row in s.cells(s.panes[pane])]


@pytest.fixture
def no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def is_grey(style: Style) -> bool:
    for colour in (style.color, style.bgcolor):
        if colour is not None and not colour.is_default:
            red, green, blue = colour.get_truecolor()
            if not red == green == blue:
                return False
    return True


@pytest.mark.parametrize(
    "theme", some(["textual-dark", "textual-light", "ansi-dark", "ansi-light", "high-contrast"], 2)
)
@asynchronous
async def test_without_colours_there_are_none(no_colour: None, theme: str) -> None:
    async with opened(theme=theme) as s:
        await s.press("8", "n", "b", "tab", "down", "3")
        assert "step 8/19" in s.status
        for row in s.cells():
            for _, style in row:
                assert is_grey(style)
        for key in ("g", "question_mark", "P"):
            await s.press(key)
            for row in s.cells():
                for character, style in row:
                    assert is_grey(style), (key, character)
            await s.close()


@pytest.mark.parametrize("ascii_only", [False, True])
@asynchronous
async def test_what_matters_is_told_without_colour(no_colour: None, ascii_only: bool) -> None:
    async with opened(ascii_only=ascii_only) as s:

        async def differs(pane: str, *keys: str) -> None:
            before = looks(s, pane)
            await s.press(*keys)
            assert looks(s, pane) != before, (pane, keys)

        await differs("program", "n")  # the current line
        await differs("network", "n")  # what is in use
        await differs("program", "b")  # a breakpoint
        await differs("network", "f", "n")  # the way back
        for pane in ("network", "equation", "program", "parameters"):
            await differs(pane, "tab")  # the focus
        s.screen.select(Address("h1", (0, 0)))
        await s.settle()
        for pane in ("network", "program"):
            before = looks(s, pane)
            s.screen.select(Address("h1", (1, 0)) if pane == "network" else Address("L"))
            await s.settle()
            assert looks(s, pane) != before
        s.screen.focus_pane("parameters")
        await differs("parameters", "down")
        await differs("parameters", "down")  # the selected row
        await differs("parameters", "g", *"W2", "enter")  # what was changed


@asynchronous
async def test_a_weight_is_selected_without_colour(no_colour: None) -> None:
    async with opened() as s:
        for at in ((0, 0), (1, 2)):
            s.screen.select(None)
            await s.settle()
            before = looks(s, "network")
            s.screen.select(Address("W1", at))
            await s.settle()
            assert looks(s, "network") != before


@asynchronous
async def test_the_focus_is_seen() -> None:
    async with opened() as s:
        for theme in ("textual-dark", "textual-light", "ansi-dark", *(theme.name for theme in THEMES)):
            s.app.theme = theme
            s.app.set_focus(None)
            await s.settle()
            for pane in s.panes:
                before = looks(s, pane)
                s.screen.focus_pane(pane)
                await s.settle()
                assert looks(s, pane) != before
                s.app.set_focus(None)
                await s.settle()


@pytest.mark.parametrize("size", some([(120, 36), (80, 24), (60, 15), (200, 60), (30, 5)], 1))
@asynchronous
async def test_ascii_paints_ascii(size: tuple[int, int]) -> None:
    for scenario in ("article", network(3, 300, 12, 1, batch=2)):
        async with opened(scenario, size=size, ascii_only=True) as s:
            for keys in (*["n"] * 20, "b", "tab", "tab", "tab", "down", "down", "v", "v", "3", "escape", "d", "plus"):
                assert s.text.isascii(), set(re.findall(r"[^\x00-\x7f]", s.text))
                await s.press(keys)
            for key in ("g", "question_mark", "P"):
                await s.press(key)
                assert s.text.isascii(), (key, set(re.findall(r"[^\x00-\x7f]", s.text)))
                await s.press("pagedown", "z", "enter")
                await s.close()
            await s.press("c", "1", "0", "c", "y", "grave_accent", "g", *"δ₂", "enter", "escape")
            assert s.text.isascii()
            assert s.copied().isascii()


@asynchronous
async def test_ascii_can_be_switched_on_the_way() -> None:
    async with opened(at="8") as s:
        before = s.text
        toggle_ascii(s.screen)
        await s.settle()
        assert s.text.isascii()
        toggle_ascii(s.screen)
        await s.settle()
        assert s.text == before


@asynchronous
async def test_the_picker_in_ascii_and_without_colours(no_colour: None) -> None:
    async with opened(None, ascii_only=True) as s:
        assert s.text.isascii()
        assert all(is_grey(style) for row in s.cells() for _, style in row)


@asynchronous
async def test_ascii_says_the_same() -> None:
    """Every number and every name that is seen in Unicode is seen in ASCII."""
    async with opened(size=(200, 60)) as one, opened(size=(200, 60), ascii_only=True) as other:
        for _, pane in product(range(19), one.panes):
            await one.press("n")
            await other.press("n")
            for name in ("program", "parameters"):
                numbers = [re.findall(r"[-−]?\d+\.\d+", s.pane(name)) for s in (one, other)]
                assert [number.replace("−", "-") for number in numbers[0]] == numbers[1], pane
            if one.debugger.step == 19:
                break


@pytest.mark.parametrize(
    ("text", "plain"),
    [("η = 0.05", "eta = 0.05"), ("½ → ΣW₁² ✓", "1/2 -> SigmaW1^2 +"), ("√v′(W₁) + ε ≤ 1", "sqrtv'(W1) + eps <= 1")],
)
def test_prose_in_ascii_can_be_read(text: str, plain: str) -> None:
    assert ASCII.text(text) == plain
