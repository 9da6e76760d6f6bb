"""Show: autoplay, predictions, inputs of one's own, plots, the audit; the scenario's file and its session."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from backprop_tui.scenario import ScenarioError, again
from backprop_tui.text import clean
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key

if TYPE_CHECKING:
    from backprop_tui.tui.dialogs.views.audit_view import Chosen

FASTEST = 100  # operations a second: terminals show hardly more


def autoplay(desk: DeskScreen, count: Count) -> None:
    """Step by itself; a count is the number of operations a second."""
    from backprop_tui.tui.dialogs.views.autoplay import PlayScreen

    player = desk.autoplay
    if count.typed:
        player.speed = float(min(count, FASTEST))
    player.begin()
    desk.app.push_screen(PlayScreen(player.tick, player.speed), player.ended)


def predict(desk: DeskScreen) -> None:
    desk.command("predict off" if desk.debugger.quiz else "predict on")


def try_input(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.views.trial_view import TryScreen

    if desk.travel.going_home():
        return
    if desk.busy:  # what is tried belongs to one step
        desk.stop()
    desk.said = ""
    try:
        desk.debugger.evaluator  # noqa: B018 - a model has none
    except ValueError as error:
        desk.say(str(error))
        desk.show()
        return
    desk.app.push_screen(TryScreen(desk))


def plot(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.views.plot_view import PlotScreen

    desk.app.push_screen(PlotScreen(desk, desk.plotted))


def audit(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.views.audit_view import AuditScreen

    if not desk.debugger.scenario.published:
        desk.say("this scenario has no published values to audit")
        desk.show()
    else:
        desk.app.push_screen(AuditScreen(desk.debugger.audit, desk.notation), lambda chosen: _to_number(desk, chosen))


def _to_number(desk: DeskScreen, chosen: "Chosen | None") -> None:
    """Go to what was chosen in the audit, and select the number of it that is wrong."""
    from backprop_tui.tui.main.actions.run_actions import jump

    if chosen is not None:
        step, address = chosen
        jump(desk, step)
        if address is not None:
            desk.select(address)


def reload(desk: DeskScreen) -> None:
    """Read the scenario's file again, and go back to the current step."""
    from backprop_tui.debugger.reload import reloaded

    if desk.travel.going_home():
        return
    scenario = desk.debugger.scenario
    desk.file.take()
    if scenario.path is None:
        desk.say("this scenario has no file to be read again")
        desk.show()
        return
    try:
        new = again(scenario)
    except ScenarioError as error:
        lines = str(error).replace(clean(scenario.given), clean(scenario.path.name)).splitlines()
        desk.tell("\n".join(["not reloaded:", *lines]) if len(lines) > 1 else f"not reloaded: {lines[0]}")
        return
    if desk.busy:
        desk.stop()
    quiz = desk.debugger.quiz
    desk.debugger, step, lost = reloaded(desk.debugger, new)
    desk.session.debugger = desk.debugger
    if quiz is not None:
        quiz.follow(desk.debugger)
    desk.travel.forget()
    desk.line.lecture = None  # its places are those of the run before
    desk.notation = replace(desk.notation, symbols=desk.debugger.program.symbols)
    desk.place()
    desk.travel.restore(step)
    same = " (it is the same)" if new.digest == scenario.digest else ""
    desk.say(f"reloaded{same}" + (f"; without {', '.join(lost)}" if lost else ""))
    desk.show()


def save(desk: DeskScreen) -> None:
    desk.command("save")


def open_page(desk: DeskScreen) -> None:
    """Open the page of the scenario's source."""
    from backprop_tui.tui.terminal.browser import open_page as opened

    desk.tell(opened(desk.app, desk.debugger.scenario.url))


def present(desk: DeskScreen) -> None:
    """Show one thing large, for a class."""
    desk.presenting.begin()


def blank(desk: DeskScreen) -> None:
    """Blank the screen; the next key brings it back."""
    desk.presenting.blank()


def speak(desk: DeskScreen) -> None:
    """Let a speaker's view find this session."""
    desk.presenting.open()


def speak_aloud(desk: DeskScreen) -> None:
    """The same, and say how to open one."""
    desk.presenting.open(aloud=True)


def lecture_off(desk: DeskScreen) -> None:
    desk.line.end()


SHOW = "Show"
KEYS = (
    Key("autoplay", ("a",), "autoplay: + and - change its speed, any other key stops it", SHOW, autoplay, counted=True),
    Key("predict", ("Q",), "predict: n asks for each result first, on or off", SHOW, predict),
    Key("try", ("t",), "try: evaluate an input of your own, and the held-out samples", SHOW, try_input),
    Key("plot", ("p",), "plots: loss, gradients, watches, decision map", SHOW, plot),
    Key("audit", ("A",), "audit: every number that the source printed, checked", SHOW, audit),
    Key("present", ("L",), "present: one thing large, revealed part by part", SHOW, present),
    Key("blank", ("full_stop",), "blank the screen, until the next key", SHOW, blank),
    Key("reload", ("R", "ctrl+r"), "read the scenario again, keeping the position", SHOW, reload),
    Key("save", ("W", "ctrl+s"), "save the session, as leaving does", SHOW, save),
)
WITHOUT_KEY = {"open-page": open_page, "lecture-off": lecture_off, "speak": speak, "notes": speak_aloud}
