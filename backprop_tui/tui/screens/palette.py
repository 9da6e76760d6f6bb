"""Textual's palette, which crashes when one pages through a list that has no room yet, or closes it as it opens."""

from contextlib import suppress

from textual import work
from textual.command import CommandList, CommandPalette
from textual.css.query import NoMatches

from backprop_tui.tui.screens.dialog import Dialog


class Palette(CommandPalette, Dialog[None]):
    """All commands, searched by name."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region.area:
            super()._action_command_list(action)

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)  # noqa: SLF001 - Textual 8.2
    async def _gather_commands(self, search_value: str) -> None:
        with suppress(NoMatches):  # the list is gone before the work began
            await CommandPalette._gather_commands.__wrapped__(self, search_value)  # type: ignore[attr-defined]  # noqa: SLF001
