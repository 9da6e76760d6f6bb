"""Marks: letters for steps."""

from backprop_tui.tui.main.actions.commanding import Commanding

LIST = "'"


class Marking(Commanding):
    """The commands that set and find marks."""

    async def action_mark(self) -> None:
        from backprop_tui.tui.dialogs.basics.letter import LetterScreen

        self.pending = ""
        await self.app.push_screen(LetterScreen("mark this step: a letter or digit"), self._mark)

    def _mark(self, letter: str | None) -> None:
        if letter:
            self.command(f"mark {letter}")

    async def action_to_mark(self) -> None:
        from backprop_tui.tui.dialogs.basics.letter import LetterScreen

        self.pending = ""
        letters = " ".join(sorted(letter for letter, _ in self.debugger.marks.items())) or "none is set, m sets one"
        await self.app.push_screen(LetterScreen(f"to a mark: {letters}; ' lists them"), self._to_mark)

    def _to_mark(self, letter: str | None) -> None:
        if letter:
            self.command("marks" if letter == LIST else f"marks {letter}")
