"""Every text on the screen can be read, in every theme: measured on the cells that are painted."""

from collections.abc import Iterator, Mapping

import pytest
from rich.color import ANSI_COLOR_NAMES, Color
from rich.color_triplet import ColorTriplet
from textual.theme import BUILTIN_THEMES

from backprop_tui.scenario import load
from backprop_tui.tui.shared.contrast import Rgb, contrast, rgb_of
from backprop_tui.tui.shared.theme import THEMES, fitting, least_of
from tests.sampled import crossed
from tests.tui.harness import Session, asynchronous, opened
from tests.tui.shared.test_contrast import SIXTEEN

Screens = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
ALL = {theme.name: theme for theme in (*BUILTIN_THEMES.values(), *THEMES)}
FEW = ("textual-dark", "textual-light", "high-contrast", "ansi-dark")
DIM = 0.66  # of the way from the ground: how Textual itself paints what is dim
DRAWN = (range(0x2500, 0x2600), range(0x2800, 0x2900))  # lines, blocks, marks and dots: no text
# keys that lead to a screen, and those that lead away from it
SCREENS = {
    "start": ((), ()),
    "backward": (("1", "1", "n"), ()),
    "selected": (("tab", "tab", "tab", "tab", "j", "j"), ()),
    "audit": (("A",), ("escape",)),
    "help": (("question_mark",), ("escape",)),
    "graph": (("V",), ("V",)),
    "plot": (("p",), ("escape",)),
    "watches": (("w", *"loss", "enter"), ("escape",)),
    "why": (("enter",), ("escape",)),
    "end": (("end",), ()),
}
# the same of other networks: maps, tables of weights, bars, blocks, a mistaken run, and the large view
OTHERS = {
    "start": ((), ()),
    "forward": (("2", "n"), ()),
    "backward": (("9", "n"), ()),
    "mistaken": (("colon", *"mistake derivative-left-out", "enter"), ("colon", *"mistake none", "enter")),
    "present": (("L", "n", "n", "n"), ("L",)),
    "plot": (("p",), ("escape",)),
    "end": (("i",), ()),
}
LESSONS = ("softmax-iris", "digits", "spirals", "vanishing-gradient", "minibatch", "attention", "convolution")


def rgb(colour: Color | None, otherwise: Rgb) -> Rgb:
    """What a terminal shows: of the sixteen what xterm has, of no colour at all its own."""
    if colour is None or colour.is_default:
        return otherwise
    plain = {number: name for name, number in ANSI_COLOR_NAMES.items() if number < 16}
    name = colour.name if colour.number is None else plain.get(colour.number, colour.name)
    if name in SIXTEEN["xterm"]:
        return rgb_of(SIXTEEN["xterm"][name])
    found: ColorTriplet = colour.get_truecolor()
    return found.red, found.green, found.blue


def texts(s: Session) -> Iterator[tuple[str, Rgb, Rgb]]:
    """Every run of text of the screen in front with the colours of it and of its ground."""
    dark = s.app.current_theme.dark
    ink, paper = ((255, 255, 255), (0, 0, 0)) if dark else ((0, 0, 0), (255, 255, 255))
    shown = [
        widget for widget in s.app.screen.query("Pane, Bar, Below, Static, OptionList, Area, Input") if widget.display
    ]
    regions = [widget.region for widget in shown]
    for y, strip in enumerate(s.app.screen._compositor.render_strips(s.app.size)):
        x = 0
        for text, style, _ in strip:
            place, x = x, x + len(text)
            written = "".join(c for c in text if c.strip() and not any(ord(c) in drawn for drawn in DRAWN))
            if not written or style is None or not any(region.contains(place, y) for region in regions):
                continue
            above, below = rgb(style.color, ink), rgb(style.bgcolor, paper)
            if style.reverse:
                above, below = below, above
            if style.dim:
                red, green, blue = (round(b + (a - b) * DIM) for a, b in zip(above, below, strict=True))
                above = red, green, blue
            yield text.strip(), above, below


async def check(name: str, size: tuple[int, int], lesson: str = "article", screens: Screens = SCREENS) -> None:
    """Go from screen to screen in a theme, and look at every text."""
    least = least_of(ALL[name])
    async with opened(load(lesson), size=size, theme=name) as s:
        for screen, (there, back) in screens.items():
            await s.press(*there)
            poor = {(text, *pair, round(contrast(*pair), 2)) for text, *pair in texts(s) if contrast(*pair) < least}
            assert not poor, (screen, name, poor)
            await s.press(*back)


@pytest.mark.parametrize("name", FEW)
@asynchronous
async def test_what_is_seen_can_be_read(name: str) -> None:
    await check(name, (120, 36))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "size"), crossed(1, ALL, [(80, 24), (120, 36), (200, 60)], most=20))
@asynchronous
async def test_every_theme_can_be_read(name: str, size: tuple[int, int]) -> None:
    await check(name, size)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("name", "size", "lesson"), crossed(2, FEW, [(80, 24), (120, 36), (200, 60)], LESSONS, most=28)
)
@asynchronous
async def test_other_networks_can_be_read(name: str, size: tuple[int, int], lesson: str) -> None:
    await check(name, size, lesson, OTHERS)


@pytest.mark.parametrize(
    ("colours", "ground", "theme"),
    [
        ("standard", "", "ansi-dark"),
        ("standard", "15;0", "ansi-dark"),
        ("standard", "0;15", "ansi-light"),
        ("standard", "0;default;15", "ansi-light"),
        ("256", "", None),
        ("truecolor", "0;15", None),
        (None, "", None),
    ],
)
def test_a_terminal_of_sixteen_colours_gets_its_own(colours: str | None, ground: str, theme: str | None) -> None:
    assert fitting(colours, ground) == theme
