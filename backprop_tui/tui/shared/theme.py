"""Colours by role, made from a theme; and two themes of our own."""

from functools import partial
from itertools import cycle, islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from backprop_tui.tui.drawing.diagram.diagram_styles import Palette, palette
from backprop_tui.tui.shared.contrast import ENHANCED, LEAST, hues, legible

HIGH_CONTRAST = "high-contrast"
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
        variables={"positive": "#56b4e9", "negative": "#e69f00", "delta": "#cc79a7", "differs": "#ff8f80"},
    ),
    Theme(
        name=HIGH_CONTRAST,
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
        variables={
            "positive": "#00ffff",
            "negative": "#ffb000",
            "delta": "#ff9dff",
            "agrees": "#80ff80",
            "differs": "#ff9090",
        },
    ),
)


class ThemeError(ValueError):
    """A theme that does not exist: one line with those that do."""


def wear(app: App[Any], name: str) -> None:
    """Give an application a theme. Raises ThemeError."""
    if name not in app.available_themes:
        raise ThemeError(f"there is no theme '{name}'; there are {', '.join(sorted(app.available_themes))}")
    app.theme = name


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
    grounds: tuple[str, ...] = ()
    """The colours that text lies on; none where these are the terminal's own."""
    least: float = LEAST

    def curves(self, count: int) -> list[Style]:
        """As many styles as there are curves."""
        if not self.grounds:
            return [Style.parse(name) for name in islice(cycle(SIXTEEN), count)]
        return [Style.parse(colour) for colour in hues(count, self.grounds, self.least)]


# what text may be painted in, and its colour in a dark and in a light theme that has none of its own
COLOURS = {
    "foreground": ("#e0e0e0", "#1e1e1e"),
    "muted": ("#9aa0ad", "#5c6270"),
    "positive": ("#5fb3f9", "#005fb8"),
    "negative": ("#ff9e5e", "#b34700"),
    "delta": ("#d7a6ff", "#7a2fb5"),
    "agrees": ("#7fd68f", "#1a6b2f"),
    "differs": ("#ff7a8a", "#b3001b"),
    "accent": ("#ffa62b", "#004578"),
}
# the same among the terminal's sixteen, in a dark and in a light theme: what is read on black, and on white
ANSI = {
    "foreground": ("default", "default"),
    "muted": ("default", "default"),
    "positive": ("bright_cyan", "blue"),
    "negative": ("bright_yellow", "red"),
    "delta": ("bright_magenta", "magenta"),
    "agrees": ("bright_green", "default"),
    "differs": ("bright_red", "red"),
    "accent": ("bright_cyan", "blue"),
}
LISTED = 0.05  # how far Textual tints a list that has the focus
SIXTEEN = ("default", "cyan", "magenta", "yellow", "green", "red", "blue")


def fitting(color_system: str | None, ground: str) -> str | None:
    """The theme for a terminal that nobody chose one for: with sixteen colours those of the terminal itself, since what
    is nearest to other colours may be hard to read. None where the usual theme will do.

    `ground` is COLORFGBG, in which some terminals say which of the sixteen their ground is: 7 and 15 are light.
    """
    if color_system != "standard":
        return None
    return "ansi-light" if ground.rpartition(";")[2] in ("7", "15") else "ansi-dark"


def is_ansi(theme: Theme) -> bool:
    """Whether a theme has the terminal's own sixteen colours, whatever they are."""
    return theme.name.startswith("ansi") or theme.name == "textual-ansi"


def least_of(theme: Theme) -> float:
    """The least contrast of text in a theme."""
    return ENHANCED if theme.name == HIGH_CONTRAST else LEAST


_made: dict[int, tuple[Theme, dict[str, str]]] = {}  # by identity: a theme is not hashable


def made_of(theme: Theme) -> dict[str, str]:
    """The colours that Textual makes of a theme, which takes it a millisecond."""
    if id(theme) not in _made:
        _made[id(theme)] = theme, theme.to_color_system().generate()
    return _made[id(theme)][1]


def grounds_of(theme: Theme) -> tuple[str, ...]:
    """What text lies on: panes, dialogs, and the bars around them."""
    made = made_of(theme)
    listed = Color.parse(made["surface"]).blend(Color.parse(made["foreground"]), LISTED)
    grounds = (*(made[name] for name in ("background", "surface", "panel")), listed.hex)
    return tuple(dict.fromkeys(ground.lower() for ground in grounds))


def _sixteen(*, dark: bool) -> dict[str, str]:
    return {name: pair[not dark] for name, pair in ANSI.items()}


def _legible(theme: Theme) -> dict[str, str]:
    """A theme's colours, its own or the usual ones, each as far from every ground as it takes to be read."""
    made, grounds, least = made_of(theme), grounds_of(theme), least_of(theme)
    given = {"foreground": made["foreground"], "accent": made["accent" if theme.dark else "primary"]}
    wanted = {name: pair[not theme.dark] for name, pair in COLOURS.items()} | given | theme.variables
    return {name: legible(wanted[name].lower(), grounds, least) for name in COLOURS}


def variables(theme: Theme, made: dict[str, str]) -> dict[str, str]:
    """The variables that Textual made of a theme for its style sheets, with text that can be read."""
    if is_ansi(theme):
        return made | ({"primary": "ansi_bright_cyan"} if theme.dark else {})
    grounds, least, own = grounds_of(theme), least_of(theme), _legible(theme)
    texts = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
    changed = {name: legible(made[name].lower(), grounds, least) for name in texts if made[name].startswith("#")}
    under = made["block-cursor-background"].lower()  # of what is chosen in a list
    if under.startswith("#"):
        changed["block-cursor-foreground"] = legible(own["foreground"], (under[:7],), least)
    return made | changed | {"text-muted": own["muted"], "text-disabled": own["muted"]}


def styles(theme: Theme, *, colourless: bool = False) -> Styles:
    """The styles of a theme, on a terminal that may show no colours.

    What matters also differs in weight or in a sign, never in colour alone.
    """
    colours = _sixteen(dark=theme.dark) if is_ansi(theme) else _legible(theme)
    foreground, muted, positive, negative, delta, agrees, differs, accent = (colours[name] for name in COLOURS)
    ansi = is_ansi(theme)
    drawing = palette(
        positive=positive,
        negative=negative,
        text=foreground,
        muted=muted,
        accent=foreground,
        delta=delta,
        odd=differs,
    )
    return Styles(
        text=Style.parse(foreground),
        muted=Style(dim=True) if ansi else Style.parse(muted),
        strong=Style.parse(f"bold {foreground}"),
        accent=Style.parse(f"bold {accent}"),
        good=Style.parse(f"bold {agrees}"),
        bad=Style.parse(f"bold {differs}"),
        selected=Style(bold=True, reverse=True),
        heading=Style.parse(f"italic {muted}") if not ansi else Style(italic=True),
        bar=Style.parse(foreground),
        grounds=() if ansi else grounds_of(theme),
        least=least_of(theme),
        drawing=replace(
            drawing if ansi else drawing.on(grounds_of(theme)[0], partial(legible, least=least_of(theme))),
            colourless=colourless,
        ),
    )
