"""Colours that can be read: the ratio of WCAG, and what every theme makes of them."""

from itertools import combinations, product

import pytest
from textual.theme import BUILTIN_THEMES

from backprop_tui.tui.drawing.diagram.diagram_styles import LEVELS, Emphasis
from backprop_tui.tui.drawing.plane import HUES, MIDDLE
from backprop_tui.tui.shared.contrast import LEAST, contrast, hues, legible, rgb_of
from backprop_tui.tui.shared.theme import THEMES, grounds_of, is_ansi, least_of, styles, variables

ALL = {theme.name: theme for theme in (*BUILTIN_THEMES.values(), *THEMES)}
COLOURED = [name for name, theme in ALL.items() if not is_ansi(theme)]
# what terminals show for the sixteen, those that differ most: VGA's and xterm's
SIXTEEN = {
    "vga": {
        "red": "#aa0000", "blue": "#0000aa", "magenta": "#aa00aa", "bright_red": "#ff5555", "bright_green": "#55ff55",
        "bright_yellow": "#ffff55", "bright_magenta": "#ff55ff", "bright_cyan": "#55ffff",
        "cyan": "#00aaaa", "green": "#00aa00", "yellow": "#aa5500",
    },
    "xterm": {
        "red": "#cd0000", "blue": "#0000ee", "magenta": "#cd00cd", "bright_red": "#ff0000", "bright_green": "#00ff00",
        "bright_yellow": "#ffff00", "bright_magenta": "#ff00ff", "bright_cyan": "#00ffff",
        "cyan": "#00cdcd", "green": "#00cd00", "yellow": "#cdcd00",
    },
}  # fmt: skip


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert contrast((1, 2, 3), (1, 2, 3)) == 1


def test_a_colour_that_can_be_read_stays_and_another_keeps_its_hue() -> None:
    assert legible("#5fb3f9", ("#121212",)) == "#5fb3f9"
    red, green, blue = rgb_of(legible("#000080", ("#121212",)))
    assert blue > green >= red


@pytest.mark.parametrize("name", COLOURED)
def test_every_style_can_be_read_in_every_theme(name: str) -> None:
    theme = ALL[name]
    paint, least = styles(theme), least_of(theme)
    drawing = paint.drawing
    texts = (
        *(paint.text, paint.muted, paint.strong, paint.accent, paint.good, paint.bad, paint.heading, paint.bar),
        *(drawing.positive, drawing.negative, drawing.delta, drawing.value, drawing.name, drawing.odd),
        *paint.curves(8),
    )
    made = variables(theme, theme.to_color_system().generate())
    for ground in grounds_of(theme):
        for style in texts:
            assert style.color is not None
            assert contrast(rgb_of(style.color.get_truecolor().hex), rgb_of(ground)) >= least
        for variable in ("foreground", "text-muted", "primary"):
            assert contrast(rgb_of(made[variable]), rgb_of(ground)) >= least


@pytest.mark.parametrize("name", COLOURED)
def test_every_chip_can_be_read_in_every_theme(name: str) -> None:
    drawing, least = styles(ALL[name]).drawing, least_of(ALL[name])
    for chips in (drawing.chips, drawing.delta_chips, drawing.positive_chips, drawing.negative_chips):
        for emphasis in Emphasis:
            colours = (chips[emphasis].color, chips[emphasis].bgcolor)
            ink, ground = (rgb_of(colour.get_truecolor().hex) for colour in colours if colour)
            assert contrast(ink, ground) >= least, emphasis


@pytest.mark.parametrize("name", COLOURED)
def test_every_mark_in_a_map_can_be_read_in_every_theme(name: str) -> None:
    drawing, least = styles(ALL[name]).drawing, least_of(ALL[name])
    for level, quiet in product(range(-LEVELS, LEVELS + 1), (False, True)):
        style = drawing.marked(level, quiet=quiet)
        ink, ground = (rgb_of(colour.get_truecolor().hex) for colour in (style.color, style.bgcolor) if colour)
        assert contrast(ink, ground) >= least, (level, quiet)


@pytest.mark.parametrize("palette", SIXTEEN.values(), ids=SIXTEEN)
@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light"])
def test_sixteen_colours_can_be_read(name: str, palette: dict[str, str]) -> None:
    paint = styles(ALL[name])
    ground = (0, 0, 0) if ALL[name].dark else (255, 255, 255)
    drawing = paint.drawing
    for style in (paint.accent, paint.good, paint.bad, drawing.positive, drawing.negative, drawing.delta):
        colour = style.color.name if style.color else "default"
        assert colour == "default" or contrast(rgb_of(palette[colour]), ground) >= LEAST, colour


def test_there_are_as_many_colours_as_curves() -> None:
    for count in range(1, 13):
        found = hues(count, ("#1e1e1e",))
        assert len(set(found)) == count
        distances = [
            sum(abs(a - b) for a, b in zip(rgb_of(p), rgb_of(q), strict=True)) for p, q in combinations(found, 2)
        ]
        assert not distances or min(distances) > 24


def test_samples_can_be_read_on_the_map() -> None:
    assert all(contrast(ground, (255, 255, 255)) >= LEAST for ground in (*HUES, MIDDLE))
