"""However it ends, the process is gone soon, the session is kept, and the terminal is as it was."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Condition, Thread
from time import monotonic, sleep

import pytest

from backprop_tui.tui.terminal import leaving
from tests.tui.terminal.emulated import PATIENCE, Emulated, check_restored, environment

# A program that crashes at ?, in the way that is wanted.
CRASHING = """
import sys
from backprop_tui.cli import main
from backprop_tui.tui.main_screen import DebuggerScreen
def crash(self):
    raise RuntimeError("broken on purpose")
async def crash_later():
    raise RuntimeError("broken on purpose")
perform = DebuggerScreen.action_perform
DebuggerScreen.action_perform = lambda self, name: ({})(self) if name == "help" else perform(self, name)
sys.exit(main())
"""
WAYS: dict[str, tuple[str, Callable[[Emulated], object], int]] = {
    "q": ("crash", lambda terminal: terminal.press("q"), 0),
    "a crash": ("crash", lambda terminal: terminal.press("?"), 1),
    "a worker that crashes": ("lambda self: self.run_worker(crash_later)", lambda terminal: terminal.press("?"), 1),
    "SIGTERM": ("crash", lambda terminal: terminal.process.send_signal(signal.SIGTERM), 128 + signal.SIGTERM),
    "SIGHUP": ("crash", lambda terminal: terminal.process.send_signal(signal.SIGHUP), 128 + signal.SIGHUP),
    "SIGINT": ("crash", lambda terminal: terminal.process.send_signal(signal.SIGINT), 128 + signal.SIGINT),
    "a closed terminal": ("crash", lambda terminal: terminal.vanish(), 128 + signal.SIGHUP),
}


def kept(home: Path) -> list[str]:
    """The positions of the sessions that were kept."""
    folder = home / ".local" / "state" / "backprop-tui" / "sessions"
    return [json.loads(file.read_text("utf-8"))["position"] for file in folder.glob("*.json")]


@contextmanager
def program(way: str, home: Path) -> Iterator[Emulated]:
    """A program that can be ended in this way."""
    script = CRASHING.replace("{}", WAYS[way][0])
    terminal = Emulated([sys.executable, "-c", script, "article"], 80, 24, environment(home))
    try:
        yield terminal
    finally:
        terminal.close()


def check_left(terminal: Emulated, way: str) -> None:
    """It has left nothing behind but what is meant to be there."""
    with pytest.raises(ProcessLookupError):
        os.killpg(terminal.process.pid, 0)
    if terminal.master >= 0:
        check_restored(terminal)
        said = terminal.text().replace("\n", "")  # of a worker it is a line that is longer than the terminal is wide
        assert ("broken on purpose" in said) == (WAYS[way][2] == 1)


# A signal is a signal: one is enough for every day, beside the hangup of a closed terminal.
EVERY_DAY = [pytest.param(way, marks=pytest.mark.exhaustive if way in ("SIGHUP", "SIGINT") else ()) for way in WAYS]


@pytest.mark.parametrize("way", EVERY_DAY)
def test_a_way_to_end(way: str, tmp_path: Path) -> None:
    _, end, status = WAYS[way]
    with program(way, tmp_path) as terminal:
        terminal.shows("step 0/19", "? help")
        terminal.press("3n")
        terminal.shows("step 3/19")
        end(terminal)
        assert terminal.leave() == status
        assert kept(tmp_path) == ["1:z2"]
        check_left(terminal, way)


ROUNDS = 50
TOGETHER = 4  # programs at a time
LATEST = 0.1  # seconds from a key, whose answer is drawn meanwhile, to the end
GONE = 4.0  # seconds: the two that are promised, and what a process waits for its turn beside so much else
AHEAD = ("\t", "V", "+", "d", "\tV+d", "nN")


@pytest.fixture
def busy() -> Iterator[None]:
    """Six loops that want the processor, each in a session of its own: Linux gives it as much as the program's."""
    loop = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"  # none outlives the tests
    loops = [subprocess.Popen([sys.executable, "-c", loop], start_new_session=True) for _ in range(6)]
    yield
    for process in loops:
        process.kill()
        process.wait()


@pytest.mark.by_hand  # it is about time, and takes all of the machine for minutes
@pytest.mark.exhaustive
@pytest.mark.parametrize("way", WAYS)
def test_starts_and_ends_beside_busy_loops(way: str, tmp_path: Path, busy: None) -> None:
    with closing(Watch()) as watch, ThreadPoolExecutor(TOGETHER) as pool:
        rounds = ((way, number, tmp_path / str(number), watch) for number in range(ROUNDS))
        seconds = list(pool.map(start_and_end, *zip(*rounds, strict=True)))
    print(f"{way}: gone after {max(seconds):.2f} s at most")
    assert max(seconds) < GONE


# Watches processes end and says when, on the clock that all processes share: in one of its own, ahead of the others
# where that is allowed, for a thread of the tests would wait for its turn beside those that draw.
WATCHING = """
import os, sys, select, time
try:
    os.setpriority(os.PRIO_PROCESS, 0, -20)
except PermissionError:
    pass
poll, watched = select.poll(), {}
poll.register(0, select.POLLIN)
while True:
    for file, _ in poll.poll():
        now = time.monotonic()
        if file:
            print(watched.pop(file), now, flush=True)
            poll.unregister(file)
            os.close(file)
        else:
            line = sys.stdin.buffer.raw.readline()
            if not line:
                sys.exit()
            file = os.pidfd_open(int(line))
            watched[file] = int(line)
            poll.register(file, select.POLLIN)
            print("watching", int(line), flush=True)
"""


class Watch:
    """When processes ended."""

    def __init__(self) -> None:
        command = [sys.executable, "-S", "-c", WATCHING]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii")
        self.known = Condition()
        self.watched: set[int] = set()
        self.ended: dict[int, float] = {}
        self.listening = Thread(target=self._listen)
        self.listening.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            first, second = line.split()
            with self.known:
                if first == "watching":
                    self.watched.add(int(second))
                else:
                    self.ended[int(first)] = float(second)
                self.known.notify_all()

    def begin(self, process: int) -> None:
        """Watch a process that runs."""
        assert self.process.stdin is not None
        with self.known:
            self.process.stdin.write(f"{process}\n")
            self.process.stdin.flush()
            assert self.known.wait_for(lambda: process in self.watched, PATIENCE)

    def end_of(self, process: int) -> float:
        """When a process ended that was watched."""
        with self.known:
            assert self.known.wait_for(lambda: process in self.ended, PATIENCE)
        return self.ended[process]

    def close(self) -> None:
        """Watch no more."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.listening.join()
        with self.process:  # closes what is left, and waits
            pass


def start_and_end(way: str, number: int, home: Path, watch: Watch) -> float:
    """Start it with a key typed ahead, and end it while a key's answer is drawn; how long that took, in seconds."""
    _, end, status = WAYS[way]
    home.mkdir()
    with program(way, home) as terminal:
        terminal.press(AHEAD[number % len(AHEAD)])
        terminal.shows("step 0/19")
        terminal.press("3n")
        terminal.shows("step 3/19")
        watch.begin(terminal.process.pid)
        terminal.press("n")
        sleep(LATEST * number / (ROUNDS - 1))
        begun = monotonic()
        end(terminal)
        assert terminal.leave() == status
        took = watch.end_of(terminal.process.pid) - begun
        (position,) = kept(home)
        assert position in ("1:z2", "1:y_hat")
        check_left(terminal, way)
        return took


# The main thread hangs in one of these ways; the end that is begun comes all the same.
HANGING = """
import ctypes, threading
from backprop_tui.tui.terminal import leaving
leaving.PATIENCE = leaving.LAST = 0.2
def lock():
    lock = threading.Lock(); lock.acquire(); lock.acquire()
def loop():
    while True: pass
def library():  # whose code no signal interrupts, so that no handler of Python's runs
    mutex = ctypes.create_string_buffer(256); libc = ctypes.CDLL(None)
    libc.pthread_mutex_lock(mutex); libc.pthread_mutex_lock(mutex)
class Ends:
    def ask(self, status): pass
    def keep(self): {keep}
    def give_back(self): {give_back}
    def last_words(self, status): self.keep(); return status, "last words"
with leaving.Leaving(Ends()) as begun:
    print("ready", flush=True)
    {hang}()
"""
DOES = {"keep": "print('kept', flush=True)", "give_back": "print('given back', flush=True)", "hang": "lock"}
WORDS = ["kept", "given back", "last words"]
HANGS: dict[str, tuple[dict[str, str], int, list[str]]] = {
    "a lock": ({}, 128 + signal.SIGTERM, WORDS),
    "a loop": ({"hang": "loop"}, 128 + signal.SIGTERM, WORDS),
    "a library": ({"hang": "library"}, 128 + signal.SIGTERM, WORDS),
    "q": ({"hang": "begun.begin(0); lock"}, 0, WORDS),
    "the terminal": ({"give_back": "lock()"}, 128 + signal.SIGTERM, ["kept", "last words"]),
    "the disk": ({"keep": "lock()"}, 2, ["given back", "the session was not saved: that took too long"]),
}


@pytest.mark.parametrize("what", HANGS)
def test_what_hangs_is_not_waited_for(what: str) -> None:
    does, status, words = HANGS[what]
    script = HANGING.format(**(DOES | does))
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if status != 0:
            process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == status
        said = process.stdout.read()
    for word in words:
        assert word in said
    assert "Traceback" not in said


def test_all_of_it_takes_two_seconds_at_most() -> None:
    assert leaving.PATIENCE + 3 * leaving.LAST <= 2


def test_a_signal_that_a_system_lacks_is_not_asked_for() -> None:
    script = "import signal; del signal.SIGHUP; import backprop_tui.tui.terminal.leaving"
    subprocess.run([sys.executable, "-c", script], check=True)
