"""Keys: what a row of the key table is, the count typed before one, and what is printed on keys.

The rows stand beside the functions that they name, in `tui/main/actions`; `key_table.py` has them all.
"""

from collections.abc import Awaitable, Callable
from typing import Self

from msgspec import Struct


class Count(int):
    """How often to do something: the number typed before the key, or 1 where none was `typed`."""

    typed: bool

    def __new__(cls, digits: str = "") -> Self:
        count = super().__new__(cls, digits or 1)
        count.typed = bool(digits)
        return count


class Key(Struct, frozen=True):
    """A row: an id, Textual's names of its keys (the first is shown), what to say of it, its heading in the help, and
    the function that it calls.

    `do` is given the desk, and where the row is `counted` the count as well. `footer` is its word in the footer, where
    it has a place there. With `keeps_said` what the footer says stays there.
    """

    id: str
    keys: tuple[str, ...]
    text: str
    group: str
    do: Callable[..., Awaitable[None] | None]
    footer: str = ""
    counted: bool = False
    keeps_said: bool = False

    @property
    def action(self) -> str:
        """What Textual runs for its keys."""
        return f"perform('{self.id}')"


# Textual's names -> what is printed on a key
CAPS = {
    "space": "Space",
    "enter": "Enter",
    "right": "→",
    "left": "←",
    "up": "↑",
    "down": "↓",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "backspace": "Backspace",
    "home": "Home",
    "end": "End",
    "grave_accent": "`",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "question_mark": "?",
    "colon": ":",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "slash": "/",
    "full_stop": ".",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "apostrophe": "'",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "shift+Tab",
    "shift+f11": "shift+F11",
}

# what is printed on a key -> the same in ASCII
ASCII_CAPS = {"→": "Right", "←": "Left", "↑": "Up", "↓": "Down"}


def cap(key: str, *, ascii_only: bool = False) -> str:
    """What is printed on a key."""
    printed = CAPS.get(key)
    if printed and ascii_only:
        return ASCII_CAPS.get(printed, printed)
    return printed or (key.upper() if key[0] == "f" and key[1:].isdecimal() else key)
