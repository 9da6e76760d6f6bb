"""Search over operations and notes."""

from backprop_tui.debugger.expressions.finder import Finder
from backprop_tui.tui.main.actions.moving import Moving


class Searching(Moving):
    """The commands that find what is written."""

    finder: Finder | None = None
    began = 0
    """The step that the search began at."""

    async def action_search(self) -> None:
        from backprop_tui.tui.dialogs.typing.search_prompt import SearchScreen

        self.pending, self.said = "", ""
        self.began = self.debugger.step
        await self.app.push_screen(SearchScreen(self._preview), self._search)

    def _preview(self, text: str) -> str:
        """Show the first match at once where its iteration is there already; what to say of it."""
        finder = Finder(self.debugger.scenario, self.debugger.timeline, text)
        step = finder.next(self.began) if finder else None
        shown = self.began
        if step is not None and self.debugger.timeline.has(step):
            shown = step
        if shown != self.debugger.step:
            self.debugger.seek(shown)
            self.show()
        if not text:
            return "an operation's name, symbol, stage or formula, or words of a note"
        return self.session.position(self.debugger.timeline, step) if step is not None else "no match after this step"

    def _search(self, text: str | None) -> None:
        if self.debugger.step != self.began:
            self.debugger.seek(self.began)
            self.show()
        if text is not None:
            if text:
                self.finder = Finder(self.debugger.scenario, self.debugger.timeline, text)
            self._find(1)

    def _find(self, way: int) -> None:
        count = self.count()
        finder, step = self.finder, self.debugger.step
        if finder is None:
            self.say("nothing was searched for yet: / begins")
            self.show()
            return
        if finder.timeline is not self.debugger.timeline:  # the scenario was read again
            finder = self.finder = Finder(self.debugger.scenario, self.debugger.timeline, finder.text)
        for _ in range(min(count, 1000)):
            found = (finder.next if way > 0 else finder.previous)(step) if finder else None
            if found is None:
                break
            step = found
        if step == self.debugger.step:
            self.say(f"no match for '{finder.text}' {'after' if way > 0 else 'before'} this step")
            self.show()
        else:
            self.go(step, jump=True)

    def action_search_next(self) -> None:
        self._find(1)

    def action_search_previous(self) -> None:
        self._find(-1)
