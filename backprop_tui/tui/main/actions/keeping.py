"""The session: resumed at the start, saved on demand and on leaving."""

from typing import TYPE_CHECKING, Literal

from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.debugger.sessions.session_file import SessionError
from backprop_tui.tui.main.actions.commanding import Commanding
from backprop_tui.tui.shared.background import PATIENCE

if TYPE_CHECKING:
    from backprop_tui.debugger.sessions.session import Loaded

# resume it and save it on leaving; begin anew and save that; neither
Policy = Literal["resume", "fresh", "none"]


class Keeping(Commanding):
    """What is kept of a scenario between two times that it is opened."""

    policy: Policy = "none"
    loaded: "Loaded | None" = None
    """The session that was resumed."""
    starting = False
    """Whether its step is still to be gone to."""
    refused = False
    """Whether there is one that could not be: it is put aside, and not written over."""

    def resume(self, policy: Policy, *, at: str | None = None) -> None:
        """Take up the session that there is, before anything is shown; where `at` is given, that is where one is.

        What is wrong with it is said. Raises PositionError.
        """
        self.policy = policy
        try:
            if policy == "resume":
                self._load()
        except (SessionError, OSError) as error:
            self.refused = True
            self.say(f"not resumed: {error}")
        if at is not None:
            self.debugger.seek(at)
        if self.loaded is None:
            return
        self.take_view()
        task = self.debugger.travel.going(self.loaded.step)
        if at is not None or task.go_on(PATIENCE):
            self.debugger.travel.arrive(Outcome(self.debugger.step) if at is not None else task.leave())
            self._say_so()
        else:
            self.starting, self.home = True, self.loaded.step

    def _load(self) -> None:
        from backprop_tui.debugger.sessions.session import default_path, load

        if default_path(self.debugger.scenario).exists():
            self.loaded = load(self.debugger, go=False)

    def on_mount(self) -> None:
        """Go on to where it was, which takes long."""
        if self.starting and self.loaded is not None:
            self.call_later(self.restore, self.loaded.step)

    def finished(self, outcome: Outcome) -> None:
        """Say that a session was resumed once it is."""
        super().finished(outcome)
        if self.starting:
            self.starting = False
            self._say_so()

    def _say_so(self) -> None:
        if self.loaded is not None:
            from backprop_tui.debugger.console.commands.general import told

            self.say(f"{told(self.loaded)}, at {self.debugger.position}; --fresh starts without it")

    def keep(self) -> str:
        """Save the session on leaving; a line that says why it cannot be, or nothing."""
        if self.policy == "none" or (self.loaded is None and self._untouched()):
            return ""
        from backprop_tui.debugger.sessions.session import default_path, save

        self.debugger.view = self.kept_view()
        if self.home is not None:  # left on the way to there: it is where one was
            self.debugger.cursor.step, self.debugger.cursor.element = self.home, None
        try:
            if self.refused:
                path = default_path(self.debugger.scenario)
                path.replace(path.with_suffix(".refused.json"))
                self.refused = False  # what is there next is ours
            save(self.debugger)
        except (SessionError, OSError) as error:
            return f"the session was not saved: {getattr(error, 'strerror', None) or error}"
        return ""

    def _untouched(self) -> bool:
        """Whether there is nothing to save."""
        debugger = self.debugger
        made = (
            debugger.step if self.home is None else self.home,
            len(debugger.breakpoints),
            len(debugger.watches),
            len(debugger.marks),
            debugger.selection,
        )
        return not any(made) and len(debugger.branches) == 1

    def action_save(self) -> None:
        self.pending = ""
        self.command("save")
