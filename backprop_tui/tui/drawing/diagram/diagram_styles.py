"""The styles of the diagram, by role and emphasis."""

from enum import IntEnum
from functools import lru_cache

from msgspec import Struct
from rich.style import Style


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


class Palette(Struct, frozen=True):
    """One style per role, without emphasis."""

    positive: Style
    negative: Style
    zero: Style
    """A weight of 0, and bundles of weights, which have no one sign."""
    name: Style
    value: Style
    delta: Style
    node: Style
    label: Style
    arrow: Style
    off: Style
    odd: Style
    """A value that is not finite."""


def palette(*, positive: str, negative: str, text: str, muted: str, accent: str, delta: str, odd: str) -> Palette:
    """A palette from seven colours, in any notation of rich."""
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
    )


DARK = palette(
    positive="#5fb3f9",
    negative="#ff9e5e",
    text="#e8e8e8",
    muted="#b9bfd0",
    accent="#ffffff",
    delta="#d7a6ff",
    odd="#ff5f6d",
)
"""Blue and orange: apart for every kind of colour vision."""

COLOURLESS = palette(
    positive="default",
    negative="default",
    text="default",
    muted="default",
    accent="default",
    delta="default",
    odd="default",
)
