"""Reading the scenario's file again."""

from msgspec.structs import replace

from backprop_tui.debugger.reload import reloaded
from backprop_tui.scenario import ScenarioError, load
from backprop_tui.text import clean
from backprop_tui.tui.main.actions.commanding import Commanding

EVERY = 1.0  # seconds between two looks at the file

Stamp = tuple[tuple[int, int], ...]


class Reloading(Commanding):
    """The command that reloads, and the look-out for changes of the file."""

    stamp: Stamp | None = None
    """When the file, and a csv file that it names, were written and their sizes, as they were read."""

    def on_mount(self) -> None:
        self.stamp = self._stamp()
        if self.stamp is not None:
            self.set_interval(EVERY, self.look_out)

    def _stamp(self) -> Stamp | None:
        scenario = self.debugger.scenario
        if scenario.path is None:
            return None
        try:
            found = [path.stat() for path in (scenario.path, scenario.beside) if path is not None]
        except OSError:
            return None
        return tuple((one.st_mtime_ns, one.st_size) for one in found)

    def look_out(self) -> None:
        """Say so where the file is another than the one that was read."""
        stamp = self._stamp()
        if stamp is None or stamp == self.stamp or self.notice:
            return
        key = next(row.keys[0] for row in self.rows if row.id == "reload")
        self.notice = f"the file changed: {key} reloads"
        if self.is_current:
            self.show()

    def action_reload(self) -> None:
        if self.going_home():
            return
        self.pending, self.notice = "", ""
        scenario = self.debugger.scenario
        if scenario.path is None:
            self.say("this scenario has no file to be read again")
            self.show()
            return
        self.stamp = self._stamp()
        try:
            new = load(scenario.given if scenario.path.name != scenario.given else scenario.path)
        except ScenarioError as error:
            lines = str(error).replace(clean(scenario.given), clean(scenario.path.name)).splitlines()
            self.tell("\n".join(["not reloaded:", *lines]) if len(lines) > 1 else f"not reloaded: {lines[0]}")
            return
        if self.travel is not None:
            self.stop()
        quiz = self.debugger.quiz
        self.debugger, step, lost = reloaded(self.debugger, new)
        self.session.debugger = self.debugger
        if quiz is not None:
            quiz.follow(self.debugger)
        self.origin = None
        self.hits.clear()
        self.notation = replace(self.notation, symbols=self.debugger.program.symbols)
        self.place()
        self.restore(step)
        same = " (it is the same)" if new.digest == scenario.digest else ""
        self.say(f"reloaded{same}" + (f"; without {', '.join(lost)}" if lost else ""))
        self.show()
