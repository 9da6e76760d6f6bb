"""Textual's list of options, which crashes when one pages through it before it has rows, or with no room for any."""

from typing import Literal

from textual.widgets import OptionList


class Options(OptionList):
    """A list to choose from."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        if self._index_to_line:
            super()._move_page(direction)
