"""Textual's palette, which crashes when one pages through a list that has no room yet."""

from textual.command import CommandList, CommandPalette

from backprop_tui.tui.dialogs.basics.dialog import Dialog


class Palette(CommandPalette, Dialog[None]):
    """All commands, searched by name."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region.area:
            super()._action_command_list(action)
