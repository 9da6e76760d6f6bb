"""Textual's palette, as one of our dialogs."""

from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.terminal.textual_private import PagedPalette


class Palette(PagedPalette, Dialog[None]):
    """All commands, searched by name."""
