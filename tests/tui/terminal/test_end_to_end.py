"""End to end: the program in a terminal, keys pressed and the screen read."""

import os
import re
import signal
import struct
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.lessons.article import NEXT_LOSS, OPERATIONS, VALUES, shown
from tests.sampled import some
from tests.tui.hostile import HOSTILE, hostile
from tests.tui.terminal.emulated import HAS_TMUX, Emulated, Tmux, check_restored, running

ARTICLE = str(Path(__file__).parents[3] / "scenarios" / "article.toml")
FIRST = ("step 0/19", "x[0]", "? shows all keys", "quit")
NEEDS_TMUX = (pytest.mark.tmux, pytest.mark.skipif(not HAS_TMUX, reason="tmux is not installed"))
KINDS = [Emulated, pytest.param(Tmux, marks=NEEDS_TMUX)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_article_from_end_to_end(kind: type[Emulated] | type[Tmux], tmp_path: Path) -> None:
    with running(kind, ARTICLE, home=tmp_path) as terminal:
        start = terminal.shows(*FIRST)
        for step, name in enumerate(OPERATIONS, 1):
            terminal.press("n")
            terminal.shows(f"step {step}/19", *map(shown, VALUES.get(name, ())))
        terminal.shows(shown(NEXT_LOSS))
        for step in reversed(range(len(OPERATIONS))):
            terminal.press("N")
            terminal.shows(f"step {step}/19")
        assert terminal.until(lambda text: text == start, "step 0's screen") == start
        terminal.press("g")
        terminal.shows("go to")
        terminal.press("2:L\r")
        terminal.shows("iteration 2", "step 24", shown(NEXT_LOSS))
        terminal.press("5n")
        terminal.shows("step 29")
        terminal.press("?")
        terminal.shows("next operation", "Esc closes")
        terminal.press("\x1b")
        terminal.until(lambda text: "Esc closes" not in text, "the help to close")
        terminal.press("q")
        if isinstance(terminal, Emulated):
            assert terminal.leave() == 0
            check_restored(terminal)
        else:
            terminal.shows("left 0")


def test_it_goes_on_where_it_was_left(tmp_path: Path) -> None:
    with running(Emulated, ARTICLE, home=tmp_path) as terminal:
        terminal.shows(*FIRST)
        terminal.press("3nb:display loss\r:set W2[0,1] = -0.25\r")
        terminal.shows("step 3/19", "branch-1", "1 break")
        assert isinstance(terminal, Emulated)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.leave() == 128 + signal.SIGTERM
        check_restored(terminal)
    with running(Emulated, ARTICLE, home=tmp_path) as terminal:
        terminal.shows("step 3/19", "branch-1", "1 break", "the session is resumed, at 1:z2", "loss", "✎")
        terminal.press("q")
        assert isinstance(terminal, Emulated)
        assert terminal.leave() == 0
    with running(Emulated, ARTICLE, "--fresh", home=tmp_path) as terminal:
        terminal.shows(*FIRST)


def test_a_session_that_cannot_be_saved_is_a_line(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("in the way")
    with running(Emulated, ARTICLE, home=tmp_path) as terminal:
        terminal.shows(*FIRST)
        terminal.press("nq")
        assert isinstance(terminal, Emulated)
        assert terminal.leave() == 2
        text = terminal.text()
        assert "backprop-tui: the session was not saved" in text
        assert "Traceback" not in text


def test_it_follows_the_size_of_the_terminal(tmp_path: Path) -> None:
    with running(Emulated, ARTICLE, home=tmp_path) as terminal:
        assert isinstance(terminal, Emulated)
        terminal.shows(*FIRST)
        terminal.press("8n")
        terminal.shows("step 8/19")
        for width, height, wanted in ((80, 24, "Parameters"), (50, 10, "at least 60×15"), (100, 30, "step 8/19")):
            ioctl(terminal.slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
            terminal.screen.resize(height, width)
            os.kill(terminal.process.pid, signal.SIGWINCH)
            terminal.shows(wanted)
        terminal.press("n")
        terminal.shows("step 9/19")


def test_a_terminal_that_tells_no_size_is_taken_for_a_usual_one(tmp_path: Path) -> None:
    with running(Emulated, ARTICLE, home=tmp_path, size=(0, 0)) as terminal:
        assert isinstance(terminal, Emulated)
        terminal.screen.resize(24, 80)
        terminal.shows("step 0/19", "? help")
        terminal.rests()  # it does not lay out for ever
        assert len(terminal.written) < 200_000


def test_the_picker_opens_a_scenario(tmp_path: Path) -> None:
    with running(Emulated, home=tmp_path) as terminal:
        assert isinstance(terminal, Emulated)
        terminal.shows("Which scenario?", "article")
        terminal.press("\r")
        terminal.shows("step 0/")
        terminal.press("q")
        terminal.shows("Which scenario?")
        terminal.press("q")
        assert terminal.leave() == 0
        check_restored(terminal)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no-such"], "is neither a file nor a bundled scenario"),
        (["article", "--theme", "nope"], "there is no theme 'nope'"),
        (["article", "--at", "nope"], "there is no operation 'nope'"),
    ],
)
def test_a_wrong_call_leaves_the_terminal_alone(words: list[str], message: str, tmp_path: Path) -> None:
    with running(Emulated, *words, home=tmp_path) as terminal:
        assert isinstance(terminal, Emulated)
        assert terminal.leave() == 2
        assert message in terminal.text()
        assert b"\x1b" not in terminal.written
        assert terminal.is_restored()


@pytest.mark.parametrize("kind", KINDS)
def test_ascii_reaches_the_terminal_as_ascii(kind: type[Emulated] | type[Tmux], tmp_path: Path) -> None:
    with running(kind, "article", "--ascii", home=tmp_path) as terminal:
        texts = [terminal.shows("step 0/19", "W1 @ x + b1", "quit")]
        terminal.press("8n")
        texts.append(terminal.shows("step 8/19", "-0.7685"))
        terminal.press("\t?")
        texts.append(terminal.shows("Esc closes"))
        if isinstance(terminal, Emulated):
            assert terminal.written.isascii()
        for text in texts:
            assert text.isascii(), set(re.findall(r"[^\x00-\x7f]", text))


def test_without_colours_there_are_none(tmp_path: Path) -> None:
    with running(Emulated, "article", home=tmp_path, NO_COLOR="1") as terminal:
        assert isinstance(terminal, Emulated)
        terminal.shows(*FIRST)
        terminal.press("8n\t")
        terminal.shows("step 8/19")
        colours = {colour for row in terminal.screen.buffer.values() for cell in row.values() for colour in cell[1:3]}
        assert all(is_grey(colour) for colour in colours), colours


def is_grey(colour: str) -> bool:
    """Whether an emulator's colour has no hue."""
    return colour in ("default", "black", "white") or colour[0:2] == colour[2:4] == colour[4:6]


INJECTED = [
    *(b"52;c;aGk=\x07", b"\x1b]0;owned", b"\x1b[31m", b"\xc2\x9b", b"\xc2\x9d", b"\x08", b"\x00", b"\x7f"),
    *(text.encode() for text in ("\u202e", "\u2066", "\u200d", "\ufe0f")),
]


@pytest.mark.parametrize(("text", "harmless"), some([pytest.param(*HOSTILE[name], id=name) for name in HOSTILE], 2))
def test_a_hostile_text_reaches_the_terminal_harmless(text: str, harmless: str, tmp_path: Path) -> None:
    file = tmp_path / "[red]\x1b[31m.toml"
    file.write_text(hostile(text), "utf-8")
    with running(Emulated, str(file), home=tmp_path, size=(120, 60)) as terminal:
        assert isinstance(terminal, Emulated)
        joined(terminal.shows("step 0/19", "? help"))
        terminal.press("n")
        seen = joined(terminal.shows("step 1/19", "[−0.05 1.4]"))
        assert joined(harmless) in seen
        terminal.press("y")
        terminal.shows("copied")
        clipboard = re.findall(rb"\x1b\]52;c;([^\x07\x1b]*)", terminal.written)
        assert len(clipboard) == 1  # what y copies, and nothing else
        for injected in INJECTED:
            assert injected not in terminal.written
        check_sequences(terminal.written)
        terminal.press("q")
        assert terminal.leave() == 0
        check_restored(terminal)


def joined(text: str) -> str:
    """A screen's text without its layout."""
    return re.sub(r"[\s│]", "", text)


def check_sequences(written: bytes) -> None:
    """Every escape is one that Textual needs: modes, moves, colours, and questions to the terminal."""
    known = re.compile(
        rb"\x1b(?:\[[?<>=]?[0-9;:]*\$?[a-zA-Z]|\](?:52;c;[A-Za-z0-9+/=]*|22;[a-z-]*)\x07|P\+q[0-9a-f;]*\x1b\\|P=[12]s\x1b\\|[=>78])"
    )
    rest = known.sub(b"", written)
    assert b"\x1b" not in rest, rest[rest.index(b"\x1b") :][:40]
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", rest)
