"""Search over operations and notes."""

from backprop_tui.debugger.expressions.find_by_text import Finder
from backprop_tui.tui.main.parts.host import Host

MOST = 1000  # matches that one key press passes


class TextSearch:
    """What was searched for last."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.finder: Finder | None = None
        self.began = 0
        """The step that the search began at."""

    def begin(self) -> None:
        """Begin at the current step."""
        self.began = self.host.debugger.step

    def preview(self, text: str) -> str:
        """Show the first match at once where its iteration is computed already; what to say of it."""
        debugger = self.host.debugger
        finder = Finder(debugger.scenario, debugger.timeline, text)
        step = finder.next(self.began) if finder else None
        self._seek(step if step is not None and debugger.timeline.has(step) else self.began)
        if not text:
            return "an operation's name, symbol, stage or formula, or words of a note"
        return self.host.session.position(debugger.timeline, step) if step is not None else "no match after this step"

    def search(self, text: str | None) -> None:
        """Go to the first match of a text, or of the last text where it is empty; stay for None."""
        debugger = self.host.debugger
        self._seek(self.began)
        if text is not None:
            if text:
                self.finder = Finder(debugger.scenario, debugger.timeline, text)
            self.find(1)

    def _seek(self, step: int) -> None:
        if step != self.host.debugger.step:
            self.host.debugger.seek(step)
            self.host.show()

    def find(self, count: int) -> None:
        """Go on by a number of matches, or back where the count is negative."""
        host, finder = self.host, self.finder
        timeline, step = host.debugger.timeline, host.debugger.step
        if finder is None:
            host.say("nothing was searched for yet: / begins")
            host.show()
            return
        if finder.timeline is not timeline:  # the scenario was read again
            finder = self.finder = Finder(host.debugger.scenario, timeline, finder.text)
        for _ in range(min(abs(count), MOST)):
            found = (finder.next if count > 0 else finder.previous)(step) if finder else None
            if found is None:
                break
            step = found
        if step == host.debugger.step:
            host.say(f"no match for '{finder.text}' {'after' if count > 0 else 'before'} this step")
            host.show()
        else:
            host.go(step, jump=True)
