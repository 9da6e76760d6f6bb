"""Colours by role, made from a theme; and two themes of our own."""

from msgspec import Struct
from msgspec.structs import replace
from rich.style import Style
from textual.theme import Theme

from backprop_tui.tui.drawing.diagram.diagram_styles import Palette, palette

# Blue and orange are apart for every kind of colour vision; signs differ in line and character as well.
THEMES = (
    Theme(
        name="colour-blind-safe",
        primary="#56b4e9",
        secondary="#e69f00",
        accent="#f0e442",
        success="#56b4e9",
        error="#e69f00",
        warning="#f0e442",
        foreground="#f2f2f2",
        background="#14161c",
        surface="#14161c",
        panel="#242834",
        dark=True,
        variables={"positive": "#56b4e9", "negative": "#e69f00", "delta": "#cc79a7"},
    ),
    Theme(
        name="high-contrast",
        primary="#ffffff",
        secondary="#ffff00",
        accent="#ffff00",
        success="#00ff00",
        error="#ff8080",
        warning="#ffff00",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        dark=True,
        variables={"positive": "#00ffff", "negative": "#ffb000", "delta": "#ff9dff"},
    ),
)


class ThemeError(ValueError):
    """A theme that does not exist: one line with those that do."""


class Styles(Struct, frozen=True):
    """What the panes are painted with."""

    text: Style
    muted: Style
    strong: Style
    accent: Style
    good: Style
    bad: Style
    selected: Style
    heading: Style
    bar: Style
    drawing: Palette


def styles(theme: Theme, *, colourless: bool = False) -> Styles:
    """The styles of a theme, on a terminal that may show no colours.

    What matters also differs in weight or in a sign, never in colour alone.
    """
    foreground = theme.foreground or ("#e0e0e0" if theme.dark else "#1e1e1e")
    muted = "#9aa0ad" if theme.dark else "#5c6270"
    own = theme.variables
    positive = own.get("positive", "#5fb3f9" if theme.dark else "#005fb8")
    negative = own.get("negative", "#ff9e5e" if theme.dark else "#b34700")
    delta = own.get("delta", "#d7a6ff" if theme.dark else "#7a2fb5")
    accent = (theme.accent if theme.dark else None) or theme.primary
    ground = theme.background or ("#121212" if theme.dark else "#e0e0e0")
    ansi = theme.name.startswith("ansi") or theme.name == "textual-ansi"
    if ansi:  # the terminal's own sixteen colours, whatever they are
        foreground, muted, positive, negative, delta, accent = "default", "default", "blue", "yellow", "magenta", "cyan"
    drawing = palette(
        positive=positive,
        negative=negative,
        text=foreground,
        muted=muted,
        accent=foreground,
        delta=delta,
        odd=negative,
    )
    return Styles(
        text=Style.parse(foreground),
        muted=Style(dim=True) if ansi else Style.parse(muted),
        strong=Style.parse(f"bold {foreground}"),
        accent=Style.parse(f"bold {accent}"),
        good=Style.parse(f"bold {positive}"),
        bad=Style.parse(f"bold {negative}"),
        selected=Style(bold=True, reverse=True),
        heading=Style.parse(f"italic {muted}") if not ansi else Style(italic=True),
        bar=Style.parse(foreground),
        drawing=replace(drawing if ansi or not ground.startswith("#") else drawing.on(ground), colourless=colourless),
    )
