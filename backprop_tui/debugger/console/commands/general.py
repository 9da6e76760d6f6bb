"""The words about the line itself, the session, and what only a screen has."""

from collections.abc import Iterator
from pathlib import Path

from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import LineError, Reply, Typed, Word, number
from backprop_tui.debugger.console.console import MOST_LINES, LineSession, parted
from backprop_tui.debugger.console.lecture import SOURCE, Lecture
from backprop_tui.debugger.sessions import session as saving
from backprop_tui.scenario import bundled
from backprop_tui.scenario.library import find_lecture, lectures, names
from backprop_tui.text import clean

LARGEST = 1_000_000  # characters of a file of commands
DEEPEST = 10  # files that read one another
OFF = "off"


def _source(session: LineSession, text: str) -> Reply:
    if not text:
        raise LineError("source which file? 'source off' ends a lecture")
    if text == OFF:
        return Reply(key="lecture-off")
    lines = tuple(_lines(session, text, ()))
    return Reply(lines=lines, lecture=Lecture(_file(text).name, lines, session.words))


def _lines(session: LineSession, text: str, within: tuple[str, ...]) -> Iterator[Typed]:
    """The commands of a file, each with its place, and those of files that it reads in theirs. Raises LineError."""
    name = clean(text, 200)
    if text in within or len(within) >= DEEPEST:
        raise LineError(f"{name}: reads itself")
    try:
        with _file(text).open(encoding="utf-8") as file:
            written = file.read(LARGEST + 1)
    except (OSError, ValueError, RuntimeError) as error:  # not UTF-8, a NUL in the name, no home
        reason = getattr(error, "strerror", None) or "cannot be read as text"
        raise LineError(f"{name}: {reason.lower()}") from None
    lines = written.splitlines()
    if len(written) > LARGEST or len(lines) > MOST_LINES:
        raise LineError(f"{name}: is longer than {MOST_LINES:,} lines or {LARGEST:,} characters")
    for row, line in enumerate(lines, 1):
        for typed in parted(Typed(line, f"{name}:{row}")):
            word, _, rest = typed.text.strip().partition(" ")
            meant = session.words.meant(word) if word and not word.startswith("#") else None
            if meant is not None and meant.name == SOURCE and rest.strip() not in ("", OFF):
                yield from _lines(session, rest.strip(), (*within, text))
            else:
                yield typed


def _file(text: str) -> Path:
    """The file that is named, or the lecture of that name that comes with the program."""
    path = Path(text).expanduser()
    return path if path.exists() else find_lecture(text) or path


def _pause(_: LineSession, __: str) -> Reply:
    return Reply()


def _notes(_: LineSession, __: str) -> Reply:
    return Reply(key="notes")


def _present(_: LineSession, __: str) -> Reply:
    return Reply(key="present")


def _echo(_: LineSession, text: str) -> Reply:
    return Reply(clean(text, 2000))


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
    Word(
        ("save",),
        "[FILE]",
        "save the session: position, stops, watches, marks, branches",
        _save,
        complete.files,
        reaches_out=True,
    ),
    Word(("load", "restore"), "[FILE]", "resume a saved session", _load, complete.files, reaches_out=True),
    Word(("reload", "run"), "", "read the scenario's file again, and stay at this position", _reload, reaches_out=True),
    Word(
        ("scenario", "lesson"),
        "[NAME]",
        "go on to another scenario, a file or a bundled one; alone, a list",
        _scenario,
        lambda session, text: [*names(), *complete.files(session, text)],
        reaches_out=True,
    ),
    Word(("open", "source-page"), "", "open the page of the scenario's source in a browser", _open, reaches_out=True),
    Word(
        ("source", "so"),
        "FILE",
        "run a file of commands, a line each; # begins a comment; where it has pauses, PgDn goes on to the next"
        " and PgUp back to the one before; 'off' ends that",
        _source,
        lambda session, text: [*lectures(), *complete.files(session, text), OFF],
        (
            "All lines are tried on a copy first: what is wrong is told with file and line before anything runs.",
            "What a pause says is shown in place of what the commands before it say.",
            "A file with pauses starts from an untouched run, so it always plays the same. Comments after a",
            "pause are what to say there: only the speaker's view shows them.",
        ),
    ),
    Word(("pause",), "[TEXT]", "in a file of commands: wait there for the next key of the clicker", _pause),
    Word(("present",), "", "one thing large, for a class; L leaves it", _present),
    Word(("notes",), "", "let the speaker's view, 'backprop-tui notes' in a second terminal, see this session", _notes),
    Word(("echo",), "TEXT", "say something", _echo),
    Word(("help", "h", "?"), "[COMMAND]", "all commands, or one of them", _help, complete.words),
    Word(("quit", "q", "exit"), "", "quit", _quit, reaches_out=True),
)
