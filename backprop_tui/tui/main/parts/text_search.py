"""Search over operations and notes, and for numbers by their value."""

from typing import TYPE_CHECKING

from backprop_tui.tui.main.parts.host import Host

if TYPE_CHECKING:
    from backprop_tui.debugger.expressions.find_by_text import Finder
    from backprop_tui.debugger.expressions.find_by_value import Sought, ValueSearch, ValueSteps


MOST = 1000  # matches that one key press passes


class TextSearch:
    """What was searched for last."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.finder: Finder | ValueSteps | None = None
        self.began = 0
        """The step that the search began at."""

    def begin(self) -> None:
        """Begin at the current step."""
        self.began = self.host.debugger.step

    def preview(self, text: str) -> str:
        """Show the first match at once where its iteration is computed already; what to say of it."""
        from backprop_tui.debugger.expressions.find_by_text import Finder

        debugger = self.host.debugger
        if (search := self._of_value(text)) is not None:
            self._seek(self.began)
            count = len(search.here)
            listed = "Enter lists them, and those of the run" if count else "Enter looks through the run"
            return (
                f"{count or 'no'} number{'' if count == 1 else 's'} of this step read{'s' * (count == 1)} so; {listed}"
            )
        finder = Finder(debugger.scenario, debugger.timeline, text)
        step = finder.next(self.began) if finder else None
        self._seek(step if step is not None and debugger.timeline.has(step) else self.began)
        if not text:
            return "an operation's name, symbol, stage or formula, words of a note, or a value such as 0.7685"
        return self.host.session.position(debugger.timeline, step) if step is not None else "no match after this step"

    def search(self, text: str | None) -> None:
        """Go to the first match of a text, or of the last text where it is empty; stay for None."""
        from backprop_tui.debugger.expressions.find_by_text import Finder
        from backprop_tui.debugger.expressions.find_by_value import Sought, is_number

        debugger = self.host.debugger
        self._seek(self.began)
        if text is not None:
            if is_number(text) and (sought := Sought.read(text, self.host.notation.digits)) is not None:
                self.list_numbers(sought, "go")
                return
            if text:
                self.finder = Finder(debugger.scenario, debugger.timeline, text)
            self.find(1)

    def list_numbers(self, sought: "Sought", what: str) -> None:
        """List the numbers that read so, those of the run as they are found. Enter goes to one, or asks "why"."""
        from backprop_tui.tui.dialogs.lists.numbers_panel import NumbersScreen

        search = self._search(sought)
        if what == "why" and len(search.here) == 1:
            self.host.perform("why-address", arguments=(str(search.here[0].address),))
        else:
            self.host.app.push_screen(NumbersScreen(self.host, search, what, self._keep))

    def _keep(self, search: "ValueSearch") -> None:
        """Have `]` and `[` go from one step with the number to the next."""
        from backprop_tui.debugger.expressions.find_by_value import ValueSteps

        self.finder = ValueSteps(search)

    def _of_value(self, text: str) -> "ValueSearch | None":
        """The search for a number, where a text is one."""
        from backprop_tui.debugger.expressions.find_by_value import Sought, is_number

        sought = Sought.read(text, self.host.notation.digits) if is_number(text) else None
        return None if sought is None else self._search(sought)

    def _search(self, sought: "Sought") -> "ValueSearch":
        from backprop_tui.debugger.expressions.find_by_value import ValueSearch

        debugger = self.host.debugger
        until = debugger.step if debugger.quiz is not None else None
        return ValueSearch(debugger.moment(), sought, self.host.notation.digits, until=until)

    def _seek(self, step: int) -> None:
        if step != self.host.debugger.step:
            self.host.debugger.seek(step)
            self.host.show()

    def find(self, count: int) -> None:
        """Go on by a number of matches, or back where the count is negative."""
        from backprop_tui.debugger.expressions.find_by_text import Finder
        from backprop_tui.debugger.expressions.find_by_value import ValueSteps

        host, finder = self.host, self.finder
        timeline, step = host.debugger.timeline, host.debugger.step
        if finder is None:
            host.say("nothing has been searched for yet: / begins")
            host.show()
            return
        if finder.timeline is not timeline:  # the scenario was read again, or edited
            if isinstance(finder, ValueSteps):
                host.say(f"the run has changed: /{finder.text} searches again")
                host.show()
                return
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
