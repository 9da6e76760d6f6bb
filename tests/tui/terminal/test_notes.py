"""A session and its speaker's view in two terminals: however either ends, no process and no socket stays."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.tui.terminal.emulated import PROGRAM, Emulated, check_restored, environment

SIZE = (100, 30)
WAYS: dict[str, tuple[Callable[[Emulated], object], int]] = {
    "q": (lambda terminal: terminal.press("q"), 0),
    "ctrl+c": (lambda terminal: terminal.press("\x03"), 0),
    "SIGTERM": (lambda terminal: terminal.process.send_signal(signal.SIGTERM), 128 + signal.SIGTERM),
    "SIGHUP": (lambda terminal: terminal.process.send_signal(signal.SIGHUP), 128 + signal.SIGHUP),
    "SIGINT": (lambda terminal: terminal.process.send_signal(signal.SIGINT), 128 + signal.SIGINT),
    "a closed terminal": (lambda terminal: terminal.vanish(), 128 + signal.SIGHUP),
}
# a closed terminal is enough for every day: it is what ends most of them
EVERY_DAY = [pytest.param(way, marks=() if way == "a closed terminal" else pytest.mark.exhaustive) for way in WAYS]


class Room:
    """Terminals of one user."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.home, self.stack = home, stack
        self.run = home / "run"
        self.run.mkdir(0o700)

    def opens(self, *words: str) -> Emulated:
        env = environment(self.home, XDG_RUNTIME_DIR=str(self.run))
        terminal = Emulated([*PROGRAM, *words], *SIZE, env)
        self.stack.callback(terminal.close)
        return terminal

    @property
    def sockets(self) -> list[str]:
        return sorted(file.name for file in (self.run / "backprop-tui").glob("*"))


@contextmanager
def room(home: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(home, stack)


def is_gone(terminal: Emulated) -> bool:
    try:
        os.killpg(terminal.process.pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_follows_drives_and_ends_with_the_session(tmp_path: Path) -> None:
    with room(tmp_path) as two:
        session = two.opens("article", "--present", "--source", "article", "--no-session")
        session.shows("Three inputs, two hidden units, one output")
        assert two.sockets == [f"{session.process.pid}.sock"]
        view = two.opens("notes")
        view.shows("pause 1/19", "Everything we do today", "z₁ = W₁x + b₁ (1:z1)")
        view.press("n")
        session.shows("z₁ = W₁x + b₁", "step 1/19")
        view.shows("pause 2/19", "(shown: the formula)")
        session.press("nnn")
        view.shows("(shown: all of it)")
        assert "Ask the class" not in session.text()
        session.press("Lq")
        assert session.leave() == 0
        assert view.leave() == 0
        view.shows("the session has ended")
        check_restored(view)
        assert two.sockets == []
        assert is_gone(session)
        assert is_gone(view)


@pytest.mark.parametrize("way", EVERY_DAY)
def test_the_view_ends_by_itself_and_the_session_goes_on(way: str, tmp_path: Path) -> None:
    end, status = WAYS[way]
    with room(tmp_path) as two:
        session = two.opens("article", "--present", "--no-session")
        session.shows("Priyank Goyal", "step 0/19")
        view = two.opens("notes")
        view.shows("On the screen", "step 0/19")
        end(view)
        assert view.leave() == status
        assert is_gone(view)
        if view.master >= 0:
            check_restored(view)
        session.press("n")
        session.shows("z₁ = W₁x + b₁")
        again = two.opens("notes")
        again.shows("step 1/19")


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("q", "ctrl+c")])
@pytest.mark.exhaustive
def test_the_session_ends_in_any_way(way: str, tmp_path: Path) -> None:
    end, status = WAYS[way]
    with room(tmp_path) as two:
        session = two.opens("article", "--present", "--no-session")
        session.shows("Priyank Goyal", "step 0/19")
        view = two.opens("notes")
        view.shows("step 0/19")
        end(session)
        assert session.leave() == status
        assert view.leave() == 0
        assert two.sockets == []


def test_a_session_that_was_killed_leaves_a_socket_that_the_next_one_takes_away(tmp_path: Path) -> None:
    with room(tmp_path) as two:
        session = two.opens("article", "--present", "--no-session")
        session.shows("step 0/19")
        session.process.kill()
        session.leave()
        assert two.sockets == [f"{session.process.pid}.sock"]
        view = two.opens("notes")
        assert view.leave() == 2
        view.shows("there is no session to follow")
        assert two.sockets == []


@pytest.mark.exhaustive
def test_of_several_sessions_one_is_named(tmp_path: Path) -> None:
    with room(tmp_path) as two:
        sessions = [two.opens(name, "--present", "--no-session") for name in ("article", "mazur")]
        for session in sessions:
            session.shows("step 0/")
        view = two.opens("notes")
        assert view.leave() == 2
        text = " ".join(view.text().split())
        assert "there are several sessions, name one by its number" in text
        assert f"{sessions[1].process.pid} (mazur)" in text
        two.opens("notes", str(sessions[1].process.pid)).shows("mazur · start")


def test_without_a_terminal(tmp_path: Path) -> None:
    from subprocess import run

    done = run([sys.executable, "-m", "backprop_tui", "notes"], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (2, "backprop-tui: the speaker's view needs a terminal\n")
