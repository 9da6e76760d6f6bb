"""The words about the line itself, the session, and what only a screen has."""

from pathlib import Path

from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import LineError, Reply, Typed, Word, number
from backprop_tui.debugger.console.console import MOST_LINES, LineSession
from backprop_tui.debugger.sessions import session as saving
from backprop_tui.scenario import bundled
from backprop_tui.scenario.library import names
from backprop_tui.text import clean

LARGEST = 1_000_000  # characters of a file of commands


def _source(_: LineSession, text: str) -> Reply:
    if not text:
        raise LineError("source which file?")
    try:
        with Path(text).expanduser().open(encoding="utf-8") as file:
            written = file.read(LARGEST + 1)
    except (OSError, ValueError, RuntimeError) as error:  # not UTF-8, a NUL in the name, no home
        reason = getattr(error, "strerror", None) or "cannot be read as text"
        raise LineError(f"{clean(text, 200)}: {reason.lower()}") from None
    lines = written.splitlines()
    if len(written) > LARGEST or len(lines) > MOST_LINES:
        raise LineError(f"{clean(text, 200)}: is longer than {MOST_LINES:,} lines")
    return Reply(lines=tuple(Typed(line, f"{text}:{row}") for row, line in enumerate(lines, 1)))


def _help(session: LineSession, text: str) -> Reply:
    if text:
        word = session.words.find(text)
        others = f"\nalso: {', '.join(word.names[1:])}" if word.names[1:] else ""
        return Reply("\n".join([f"{word.synopsis}\n{word.text}{others}", *word.more]))
    return Reply(session.table([(word.synopsis, word.text) for word in session.words.rows]))


def _quit(_: LineSession, __: str) -> Reply:
    return Reply(key="quit")


def _reload(_: LineSession, __: str) -> Reply:
    return Reply(key="reload")


def _open(session: LineSession, _: str) -> Reply:
    if not session.debugger.scenario.url:
        raise LineError("the scenario names no page of its source: [source] url does")
    return Reply(key="open-page")


def _autoplay(_: LineSession, text: str) -> Reply:
    return Reply(key="autoplay", count=number(text, "speed"))


def _save(session: LineSession, text: str) -> Reply:
    return Reply(f"saved: {clean(str(saving.save(session.debugger, _path(text))), 300)}")


def _load(session: LineSession, text: str) -> Reply:
    loaded = saving.load(session.debugger, _path(text), go=False)
    return Reply(told(loaded), task=session.debugger.travel.going(loaded.step))


def told(loaded: saving.Loaded) -> str:
    """What was resumed of a session, in words."""
    changed = "; the scenario has changed since" if loaded.changed else ""
    lost = f", without {', '.join(loaded.lost)}" if loaded.lost else ""
    return f"the session is resumed{changed}{lost}"


def _path(text: str) -> Path | None:
    """The file that is named; None for the scenario's default place."""
    try:
        return Path(text).expanduser() if text else None
    except RuntimeError:
        raise LineError("there is no home folder") from None


def _scenario(session: LineSession, text: str) -> Reply:
    if not text:
        return Reply(session.table(bundled()))
    return Reply(key="scenario", arguments=(text,))


def _plot(session: LineSession, text: str) -> Reply:
    if text:
        session.debugger.watches.add(text)
    return Reply(key="plot")


WORDS = (
    Word(("plot",), "[EXPRESSION]", "plots of the loss, gradients, and what is displayed", _plot, complete.variables),
    Word(("play", "autoplay"), "[SPEED]", "autoplay, SPEED operations a second", _autoplay),
    Word(("save",), "[FILE]", "save the session: position, stops, watches, marks, branches", _save, complete.files),
    Word(("load", "restore"), "[FILE]", "resume a saved session", _load, complete.files),
    Word(("reload", "run"), "", "read the scenario's file again, and stay at this position", _reload),
    Word(
        ("scenario", "lesson"),
        "[NAME]",
        "go on to another scenario, a file or a bundled one; alone, a list",
        _scenario,
        lambda session, text: [*names(), *complete.files(session, text)],
    ),
    Word(("open", "source-page"), "", "open the page of the scenario's source in a browser", _open),
    Word(("source", "so"), "FILE", "run a file of commands, a line each; # begins a comment", _source, complete.files),
    Word(("help", "h"), "[COMMAND]", "all commands, or one of them", _help, complete.words),
    Word(("quit", "q", "exit"), "", "quit", _quit),
)
