"""The characters that the diagram is drawn with."""

import unicodedata
from functools import lru_cache

from msgspec import Struct

from backprop_tui.tui.drawing.signs import MARKS

# signs as in `MARKS`, but for what prose writes otherwise
_SPELLED = dict(MARKS.values()) | {
    "ŷ": "y_hat",
    "Ŷ": "Y_hat",
    "δ": "d",
    "∂": "d",
    "ε": "eps",
    "∞": "inf",
    "−": "-",
    "×": "x",
    "²": "^2",
    "⋮": ":",
    "·": ".",
    "←": "<-",
    "⊙": "*",
    "√": "sqrt",
    "′": "'",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "±": "+-",
}
ASKED = "?"  # in place of a result that is asked for
GREEK = {"GREEK SMALL": str.lower, "GREEK CAPITAL": str.title}


class Glyphs(Struct, frozen=True):
    """One row per character set. Every glyph but `off_word` is one cell wide."""

    ascii: bool
    quiet: str
    lit: str
    fresh: str
    off: str
    forward: str
    backward: str
    up: str
    down: str
    source: str
    """Before what something is computed from."""
    sum: str
    """A sum of what several operations contribute."""
    absent: str
    """Stands for a number that is not computed yet."""
    more: str
    times: str
    between: str
    """Between two layers in the one-line summary."""
    axis: str
    shades: str
    """From nothing to the largest value of a heat strip."""
    leader: str
    strong: str
    """A leader of what is in use."""
    other: str
    """Before the value of a number in another run."""
    first: str
    """The first number that differs there."""
    cut: str
    """Ends a name that is too long."""
    becomes: str
    """Between a value and the one that takes its place."""
    rule: str
    corners: str
    """Of a line down the right side of other lines: its top, its middle, its bottom, and where nothing joins it."""
    tee: str
    """Where such a line is left to the right."""
    cross: str

    def joint(self, *, up: bool, down: bool, left: bool) -> str:
        """A cell of a line down the right side of others."""
        if not left:
            return self.corners[3]
        return self.corners[1 if up and down else 2 if up else 0]

    def text(self, text: str) -> str:
        """The text in this character set: unchanged, or spelled in ASCII."""
        return _spell(text) if self.ascii and not text.isascii() else text


@lru_cache(maxsize=4096)
def _spell(text: str) -> str:
    return "".join(_SPELLED.get(character) or _plain(character) for character in text)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    case, found, letter = unicodedata.name(character, "").partition(" LETTER ")
    if found and case in GREEK and letter.isalpha():
        return GREEK[case](letter)
    plain = unicodedata.normalize("NFKD", character).replace("\u2044", "/").encode("ascii", "ignore").decode()
    return plain or ("" if unicodedata.combining(character) else "?")


UNICODE = Glyphs(
    ascii=False,
    quiet="○",
    lit="●",
    fresh="◉",
    off="◌",
    forward="▶",
    backward="◀",
    up="▲",
    down="▼",
    source="←",
    sum="⊕",
    absent="·",
    more="⋮",
    times="×",
    between="→",
    axis="│",
    shades=" ░▒▓█",
    leader="⠒",
    strong="⠶",
    other=MARKS["other"][0],
    first=MARKS["first"][0],
    cut=MARKS["cut"][0],
    becomes=MARKS["to"][0],
    rule="─",
    corners="╮┤╯│",
    tee="├",
    cross="┼",
)
ASCII = Glyphs(
    ascii=True,
    quiet="o",
    lit="*",
    fresh="@",
    off=".",
    forward=">",
    backward="<",
    up="^",
    down="v",
    source="<",
    sum="+",
    absent=".",
    more=":",
    times="x",
    between="->",
    axis="|",
    shades=" .:=#",
    leader="-",
    strong="=",
    other=MARKS["other"][1],
    first=MARKS["first"][1],
    cut=MARKS["cut"][1],
    becomes=">",
    rule="-",
    corners=".|'|",
    tee="|",
    cross="+",
)
