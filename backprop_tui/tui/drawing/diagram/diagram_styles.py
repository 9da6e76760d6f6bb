"""The styles of the diagram, by role and emphasis."""

from collections.abc import Callable
from enum import IntEnum
from functools import cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import replace
from rich.color import Color
from rich.style import Style

Legible = Callable[[str, tuple[str, ...]], str]
LEVELS = 12
"""Shades from nothing to the largest number of a map: more are hard to tell apart."""


class Emphasis(IntEnum):
    """How far a thing steps forward. Each differs from the others without its colour."""

    QUIET = 0
    NORMAL = 1
    LIT = 2
    FRESH = 3
    SELECTED = 4


_ATTRIBUTES = {
    Emphasis.QUIET: Style(dim=True),
    Emphasis.NORMAL: Style(),
    Emphasis.LIT: Style(bold=True),
    Emphasis.FRESH: Style(bold=True, underline=True),
    Emphasis.SELECTED: Style(bold=True, reverse=True),
}


@lru_cache(maxsize=1024)
def emphasised(style: Style, emphasis: Emphasis) -> Style:
    """The style of a role with the attributes of an emphasis."""
    return style + _ATTRIBUTES[emphasis]


def _unchanged(colour: str, _grounds: tuple[str, ...]) -> str:
    return colour


class ChipStyles(Struct, frozen=True):
    """The styles of a chip by emphasis, and what stands at its two ends."""

    styles: tuple[Style, ...]
    ends: tuple[str, str] = (" ", " ")

    def __getitem__(self, emphasis: Emphasis) -> Style:
        return self.styles[emphasis]


class Palette(Struct, frozen=True, dict=True):
    """One style per role, without emphasis, and the grounds of chips and shades."""

    positive: Style
    negative: Style
    zero: Style
    """A weight of 0, and lines that have no sign."""
    name: Style
    value: Style
    delta: Style
    node: Style
    label: Style
    arrow: Style
    off: Style
    odd: Style
    """A value that is not finite, or is wrong."""
    chips: ChipStyles
    delta_chips: ChipStyles
    positive_chips: ChipStyles
    negative_chips: ChipStyles
    ground: str = ""
    """The colour that everything lies on; empty where it is not known, and nothing can be blended with it."""
    colourless: bool = False
    """Colours are not shown, so signs need marks."""
    legible: Legible = _unchanged
    """Makes a colour one that can be read on some grounds."""

    def on(self, ground: str, legible: Legible = _unchanged) -> "Palette":
        """The same on a ground, #rrggbb, with which chips and shades are blended; `legible` makes a colour one that can
        be read on some grounds.
        """
        text = _hex(self.value.color)
        own = (self.value, self.delta, self.positive, self.negative)
        chips, delta, positive, negative = (_chips(_hex(one.color), ground, text, legible) for one in own)
        return replace(
            self,
            ground=ground,
            legible=legible,
            chips=chips,
            delta_chips=delta,
            positive_chips=positive,
            negative_chips=negative,
        )

    def shade(self, above: int, below: int, *, quiet: bool = False, image: bool = False) -> Style:
        """A cell of two numbers as levels from −LEVELS to LEVELS, the upper one in its foreground; on a ground."""
        colours = (self.positive, self.negative, self.value)
        return _shade(colours, self.ground, above, below, quiet, image)

    def halves(self, above: int, below: int, *, quiet: bool = False, image: bool = False) -> tuple[str, Style]:
        """A cell of two numbers, as a character and its style. Without colours to blend, what is nearly nothing is left
        out, since no colour of text is that of the ground: both are a dot, so that a map is seen to go on there.
        """
        key = (above, below, quiet, image)
        if key not in self._cells:
            self._cells[key] = self._halves(above, below, quiet=quiet, image=image)
        return self._cells[key]

    @cached_property
    def _cells(self) -> dict[tuple[int, int, bool, bool], tuple[str, Style]]:
        """The cells that were asked for: hundreds are at every step."""
        return {}

    def _halves(self, above: int, below: int, *, quiet: bool, image: bool) -> tuple[str, Style]:
        if self.ground:
            return UPPER, self.shade(above, below, quiet=quiet, image=image)
        upper, lower = (_one_of_sixteen(self, level, quiet=quiet, image=image) for level in (above, below))
        if upper is None and lower is None:
            return " " if image else REST, emphasised(self.zero, Emphasis.QUIET)
        if upper == lower:
            return FULL, Style(color=upper)
        if upper is None or (lower is not None and lower.is_default):  # a ground cannot have the colour of text
            return LOWER, Style(color=lower, bgcolor=upper)
        return UPPER, Style(color=upper, bgcolor=lower)

    def marked(self, level: int, *, quiet: bool = False) -> Style:
        """A cell of one number, with the colour of what is written in it."""
        if self.ground:
            colours = (self.positive, self.negative, self.value)
            return _marked(colours, self.ground, level, quiet, self.legible)
        under = _one_of_sixteen(self, level, quiet=quiet, image=False)
        if under is None or under.is_default:
            return Style.null()
        return Style(color="bright_white" if under.number in DEEP else "black", bgcolor=under)


UPPER, LOWER, FULL, REST = "▀▄█·"
STRONG = 0.65  # the share of the largest number from which on a pixel has the colour of text
COLOURED = 0.3  # the share of the largest number from which on a cell has a colour where none can be blended


DEEP = (1, 4)  # red and blue, the two of the sixteen that black cannot be read on
BRIGHT = 8  # what the number of a bright colour is above that of the plain one


def _one_of_sixteen(palette: "Palette", level: int, *, quiet: bool, image: bool) -> Color | None:
    """The colour of a number; None for what is nearly nothing. Of an image, what is not strong is grey. What is quiet
    has the other of a colour's two brightnesses: the plain one on black, the bright one on white.
    """
    share = min(abs(level), LEVELS) / LEVELS
    if share < COLOURED:
        return None
    if image:
        return Color.default() if share >= STRONG else Color.parse("bright_black")
    colour = (palette.negative if level < 0 else palette.positive).color
    return Color.from_ansi(colour.number ^ BRIGHT) if quiet and colour and colour.number is not None else colour


@lru_cache(maxsize=8192)
def _shade(colours: tuple[Style, ...], ground: str, above: int, below: int, quiet: bool, image: bool) -> Style:  # noqa: FBT001 - cached
    return Style(
        color=_blended(colours, ground, above, quiet, image),
        bgcolor=_blended(colours, ground, below, quiet, image),
    )


@lru_cache(maxsize=1024)
def _marked(colours: tuple[Style, ...], ground: str, level: int, quiet: bool, legible: Legible) -> Style:  # noqa: FBT001 - cached
    under = _blended(colours, ground, level, quiet, image=False)
    shade = _hex(under)
    # The ground says the same, so a mark is as quiet as what can be read there.
    mark = legible(blend(shade, ground if abs(level) * 2 > LEVELS else _hex(colours[2].color), 0.45), (shade,))
    return Style(color=mark, bgcolor=legible(shade, (mark,)))  # no ink is far from a ground of a middle lightness


def _blended(colours: tuple[Style, ...], ground: str, level: int, quiet: bool, image: bool) -> Color:  # noqa: FBT001
    positive, negative, value = (style.color for style in colours)
    role = negative if level < 0 else value if image else positive
    share = min(abs(level), LEVELS) / LEVELS
    return Color.parse(blend(ground, _hex(role), 0.04 + 0.96 * share * (0.65 if quiet else 1.0)))


def _hex(colour: Color | None) -> str:
    return "#808080" if colour is None or colour.is_default else colour.get_truecolor().hex


@lru_cache(maxsize=4096)
def blend(ground: str, colour: str, share: float) -> str:
    """A colour over a ground, both as #rrggbb."""
    pairs = zip(Color.parse(ground).get_truecolor(), Color.parse(colour).get_truecolor(), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def palette(*, positive: str, negative: str, text: str, muted: str, accent: str, delta: str, odd: str) -> Palette:
    """A palette from seven colours, in any notation of rich; chips have brackets until it lies on a ground."""
    return Palette(
        positive=Style.parse(positive),
        negative=Style.parse(negative),
        zero=Style.parse(muted),
        name=Style.parse(muted),
        value=Style.parse(text),
        delta=Style.parse(delta),
        node=Style.parse(accent),
        label=Style.parse(accent),
        arrow=Style.parse(accent),
        off=Style.parse(muted),
        odd=Style.parse(odd) + Style(underline=True),
        chips=_brackets(text),
        delta_chips=_brackets(delta),
        positive_chips=_brackets(positive),
        negative_chips=_brackets(negative),
    )


def _brackets(colour: str) -> ChipStyles:
    """Chips between brackets, for a terminal whose colours are not known."""
    plain = Style.parse(colour)
    attributes = (Style(dim=True), Style(), Style(bold=True), Style(bold=True, underline=True))
    return ChipStyles((*(plain + one for one in attributes), plain + Style(bold=True, reverse=True)), ("[", "]"))


def _chips(colour: str, ground: str, text: str, legible: Legible) -> ChipStyles:
    """Chips on grounds of a colour, the stronger the more they step forward."""
    own = colour != text
    shares = (0.2, 0.26, 0.36) if own else (0.13, 0.18, 0.3)
    ink = blend(colour, text, 0.7) if own else text
    grounds = tuple(blend(ground, colour, share) for share in shares)
    styles = tuple(
        Style(color=legible(ink, (under,)), bgcolor=under, bold=bold)
        for under, bold in zip(grounds, (False, False, True), strict=True)
    )
    fresh = Style(color=ground, bgcolor=colour, bold=True)
    return ChipStyles((*styles, fresh, Style(color=text, bgcolor=ground, bold=True, reverse=True, underline=True)))


DARK = palette(
    positive="#5fb3f9",
    negative="#ff9e5e",
    text="#e8e8e8",
    muted="#b9bfd0",
    accent="#ffffff",
    delta="#d7a6ff",
    odd="#ff5f6d",
).on("#121212")
"""Blue and orange: apart for every kind of colour vision."""

COLOURLESS = replace(
    palette(
        positive="default",
        negative="default",
        text="default",
        muted="default",
        accent="default",
        delta="default",
        odd="default",
    ),
    colourless=True,
)
