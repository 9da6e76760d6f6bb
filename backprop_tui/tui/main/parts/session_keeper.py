"""The session: resumed at the start, saved on leaving."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.main.parts.travelling import Travelling
from backprop_tui.tui.shared.background import PATIENCE

if TYPE_CHECKING:
    from backprop_tui.debugger.console.snapshot import Snapshot
    from backprop_tui.debugger.sessions.session import Loaded

# resume it and save it on leaving; begin anew and save that; neither
Policy = Literal["resume", "fresh", "none"]


class SessionKeeper:
    """What is kept of a scenario from one time that it is opened to the next."""

    def __init__(self, host: Host, travel: Travelling) -> None:
        self.host, self.travel = host, travel
        self.policy: Policy = "none"
        self.loaded: Loaded | None = None
        """The session that was resumed."""
        self.starting = False
        """Whether its step has not been reached yet."""
        self.instead: Callable[[], Snapshot | None] = lambda: None
        """What is kept in place of where somebody is: where it was before a lecture."""
        self.refused = False
        """Whether there is a session that could not be resumed: it is put aside, and not written over."""

    def resume(self, policy: Policy, *, at: str | None = None) -> None:
        """Take up the saved session, before anything is shown, and go to its step, or to `at` where that is given.

        What is wrong with the session is said. Raises PositionError.
        """
        debugger = self.host.debugger
        self.policy = policy
        if policy == "resume":
            self._take_up()
        if at is not None:
            debugger.seek(at)
        if self.loaded is None:
            return
        self.host.take_view()
        task = debugger.travel.going(self.loaded.step)
        if at is not None or task.go_on(PATIENCE):
            debugger.travel.arrive(Outcome(debugger.step) if at is not None else task.leave())
            self._say_so()
        else:
            self.starting, self.travel.home = True, self.loaded.step

    def _take_up(self) -> None:
        """Load the saved session, or say why it cannot be."""
        from backprop_tui.debugger.sessions.session_file import SessionError

        try:
            self._load()
        except (SessionError, OSError) as error:
            self.refused = True
            self.host.say(f"not resumed: {error}")

    def begin(self) -> None:
        """Go on to the session's step, where that takes long."""
        if self.starting and self.loaded is not None:
            self.host.call_later(self.travel.restore, self.loaded.step)

    def finished(self, _: Outcome) -> None:
        """Say that the session was resumed once its step is reached."""
        if self.starting:
            self.starting = False
            self._say_so()

    def keep(self) -> str:
        """Save the session on leaving; a line that says why it cannot be saved, or nothing."""
        from backprop_tui.debugger.sessions.session_file import SessionError

        if self.policy == "none" or (self.loaded is None and self._untouched()):
            return ""
        from backprop_tui.debugger.sessions.session import default_path, save

        before = self.instead()
        if before is not None and before.is_untouched:
            return ""
        debugger, home = self.host.debugger, self.travel.home
        debugger.view = self.host.kept_view()
        if home is not None:  # it was left on the way there
            debugger.cursor.step, debugger.cursor.element = home, None
        try:
            if self.refused:
                path = default_path(debugger.scenario)
                path.replace(path.with_suffix(".refused.json"))
                self.refused = False  # what is there next is ours
            save(debugger, saved=before.saved if before is not None else None)
        except (SessionError, OSError) as error:
            return f"the session was not saved: {(isinstance(error, OSError) and error.strerror) or error}"
        return ""

    def _load(self) -> None:
        from backprop_tui.debugger.sessions.session import default_path, load

        if default_path(self.host.debugger.scenario).exists():
            self.loaded = load(self.host.debugger, go=False)

    def _say_so(self) -> None:
        if self.loaded is not None:
            from backprop_tui.debugger.console.commands.general import told

            self.host.say(f"{told(self.loaded)}, at {self.host.debugger.position}; --fresh starts without it")

    def _untouched(self) -> bool:
        """Whether there is nothing to save."""
        debugger = self.host.debugger
        made = (
            debugger.step if self.travel.home is None else self.travel.home,
            len(debugger.breakpoints),
            len(debugger.watches),
            len(debugger.marks),
            debugger.selection,
        )
        return not any(made) and len(debugger.branches) == 1
