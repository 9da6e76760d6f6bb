"""A storm: random keys, pastes, the mouse, sizes and `:` lines, as a terminal sends them, at the real application.

./dev storm --seconds 60 --seed 7 [--scenario NAME …]     every lesson in turn, or these
./dev storm --replay FILE                                 what a failure has left behind, again

It goes in rounds: a lesson is opened, so many gusts are typed without waiting for what they do, the keys that leave are
typed, and then the state must be right: the program has ended, and the run computed again is the same to the last bit.
What was typed in a round is written to a file where it fails. A round depends on its seed alone, not on how fast the
machine is; what a key meets does, so that a failure may need more than one replay.
"""

import argparse
import asyncio
import contextlib
import gc
import io
import json
import os
import random
import re
import resource
import string
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from msgspec import Struct, field
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.events import Key, Resize
from textual.geometry import Size

from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import load
from backprop_tui.scenario.library import names
from backprop_tui.tui.app import BackpropApp
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.main.actions.key_table import KEYS
from backprop_tui.tui.main_screen import DebuggerScreen

GUSTS = 250  # in a round
STUCK = 180.0  # seconds without an answer
LEAVING = 60.0  # seconds that leaving may take once all that was typed is dealt with
REPLAYING = 5.0  # seconds of computing the run again, as far as that gets
SIZES = ((1, 1), (1, 40), (200, 1), (2, 2), (10, 5), (39, 11), (40, 12), (60, 20), (80, 24), (120, 36), (200, 60))
ESCAPE = "\x1b[27u"  # unlike a lone ESC it is an Esc whatever follows it
RARE = ("q", "\x11", "\x03")  # what quits: a storm that is over after ten keys shows little
SELDOM = 0.01  # how often what closes a dialog, and quits where none is open, is a q
TEXT = (
    *("W1[0,0]", "1e308", "nan", "loss", "norm(dW1)", "x", "=", "-3.5", "δ₁", "ŷ", ",", "]", ")", "(", "**", "/", "*"),
    *("'", '"', "\\", "\x07", "999999999", "main", "branch-1", "z1", "h", "b2", "0"),
)
JUNK = ("", "\t", "\n", "a\nb\nc\n", "x" * 3000, "[bold]", "\x1b[31m", "é漢字🙂", "1 2\t3", "$(id)", "q\nq\n")

Gust = str | tuple[int, int] | float
"""What is typed, a size, or seconds to wait; less than 0 is until nothing moves any more."""


class Round(Struct, frozen=True):
    """All that a round depends on; it is also the file that replays it."""

    scenario: str
    gusts: tuple[Gust, ...]
    size: tuple[int, int] = (120, 36)
    options: dict[str, Any] = field(default_factory=dict)


class StormError(Exception):
    """The state after a storm is not right."""


# what is typed


def _sequences() -> dict[str, str]:
    """What a terminal sends for each key of the table: what is read as that key."""
    sent = {"escape": ESCAPE}
    for text in (*string.printable, *ANSI_SEQUENCES_KEYS, "\x1b[23;2~"):
        for event in XTermParser().feed(text):
            if isinstance(event, Key):
                sent.setdefault(event.key, text)
    return {key: sent[key] for row in KEYS for key in row.keys}


SENT = _sequences()
ON_DESK = tuple(text for text in SENT.values() if text not in RARE)
COMMANDS = tuple(word.name for word in WORDS.rows if word.name != "quit")


def gusts(chance: random.Random, count: int) -> Iterator[Gust]:
    """So many gusts. It knows nothing of what they meet."""
    kinds: dict[Callable[[random.Random], Iterator[Gust]], int] = {
        _keys: 40,
        _count: 6,
        _answers: 14,
        _line: 14,
        _escapes: 6,
        _paste: 3,
        _click: 8,
        _wheel: 6,
        _drag: 4,
        _size: 6,
        _quit: 1,
    }
    for _ in range(count):
        yield from chance.choices(list(kinds), [*kinds.values()])[0](chance)
        pause = chance.choices((None, 0.0, 0.005, 0.02, 0.1, -1.0), (50, 20, 10, 8, 4, 8))[0]
        if pause is not None:
            yield pause


def _keys(chance: random.Random) -> Iterator[Gust]:
    yield "".join(chance.choices(ON_DESK, k=chance.choice((1, 1, 2, 3, 5, 9))))


def _count(chance: random.Random) -> Iterator[Gust]:
    yield f"{chance.choice((2, 7, 40, 300, 5000, 10**7))}{chance.choice('nNsSfFiIcCjkhl<>dD')}"


def _answers(chance: random.Random) -> Iterator[Gust]:
    """What dialogs are answered with, and a second answer right after it."""
    keys = (
        "\r",
        "\t",
        ESCAPE,
        " ",
        "j",
        "k",
        "\x1b[A",
        "\x1b[B",
        "\x1b[C",
        "\x1b[D",
        "\x7f",
        "\x1b[5~",
        "\x1b[6~",
        *TEXT,
    )
    yield "".join(chance.choices(keys, k=chance.choice((1, 2, 4))))
    if chance.random() < 0.5:
        closes = "q" if chance.random() < SELDOM else ESCAPE
        yield chance.choice(("\r", "\r\r", closes, closes * 2))


def _line(chance: random.Random) -> Iterator[Gust]:
    word = chance.choice(COMMANDS)
    word = word[: chance.randint(1, len(word))] if chance.random() < 0.1 else word
    arguments = " ".join(chance.choices(TEXT, k=chance.choice((0, 0, 1, 1, 2, 3))))
    yield (
        f":{word} {arguments}"
        + chance.choices(("\r", "\r\r", f"\r{ESCAPE}", "\t\r", ESCAPE, ""), (60, 10, 15, 5, 5, 5))[0]
    )


def _escapes(chance: random.Random) -> Iterator[Gust]:
    yield ESCAPE * chance.choice((1, 2, 3))


def _paste(chance: random.Random) -> Iterator[Gust]:
    yield f"\x1b[200~{chance.choice((*JUNK, *TEXT))}\x1b[201~"


def _spot(chance: random.Random) -> tuple[int, int]:
    wide, high = chance.choice(((40, 12), (80, 24), (120, 36), (210, 70)))
    return chance.randint(1, wide), chance.randint(1, high)


def _mouse(button: int, spot: tuple[int, int], *, up: bool = False) -> str:
    return f"\x1b[<{button};{spot[0]};{spot[1]}{'m' if up else 'M'}"


def _click(chance: random.Random) -> Iterator[Gust]:
    spot, button = _spot(chance), chance.choice((0, 0, 0, 2))
    yield (_mouse(button, spot) + _mouse(button, spot, up=True)) * chance.choice((1, 1, 2))


def _wheel(chance: random.Random) -> Iterator[Gust]:
    yield _mouse(chance.choice((64, 65, 66, 67)), _spot(chance)) * chance.choice((1, 3, 20))


def _drag(chance: random.Random) -> Iterator[Gust]:
    spots = [_spot(chance) for _ in range(chance.randint(2, 5))]
    moves = "".join(_mouse(32, spot) for spot in spots[1:])
    let_go = _mouse(0, spots[-1], up=True) if chance.random() < 0.9 else ""
    yield _mouse(0, spots[0]) + moves + let_go + _mouse(35, _spot(chance))


def _size(chance: random.Random) -> Iterator[Gust]:
    for _ in range(chance.choice((1, 1, 1, 4))):
        yield chance.choice(SIZES) if chance.random() < 0.7 else (chance.randint(1, 220), chance.randint(1, 70))


def _quit(chance: random.Random) -> Iterator[Gust]:
    if chance.random() < 0.2:
        yield ESCAPE * 4 + "q" + "".join(chance.choices(ON_DESK, k=chance.choice((0, 0, 3))))


# the application that it meets


class Terminal:
    """What stands between the storm and the application: bytes become events, as they do with a real terminal."""

    def __init__(self, app: App[Any]) -> None:
        assert app._driver is not None  # noqa: SLF001
        self.app, self.driver = app, app._driver  # noqa: SLF001
        self.parser = XTermParser()

    def type(self, text: str) -> None:
        """Send what somebody typed, all of it at once."""
        for event in self.parser.feed(text):
            self.driver.process_message(event)

    def resize(self, width: int, height: int) -> None:
        """Have another size."""
        self.driver._size = (width, height)  # noqa: SLF001
        self.driver.send_message(Resize(Size(width, height), Size(width, height)))

    @property
    def over(self) -> bool:
        """Whether the application has ended, or is about to."""
        return self.app._exit or self.app._exception is not None or not self.app.is_running  # noqa: SLF001

    async def settle(self) -> None:
        """Wait until nothing is left to be laid out or painted, or the application has ended."""
        limit = monotonic() + 2.0  # a continue goes on
        quiet = 0
        while not self.over and quiet < 3 and monotonic() < limit:
            await asyncio.sleep(0.01)
            quiet = 0 if self._busy() else quiet + 1

    def _busy(self) -> bool:
        waiting = any(not node._message_queue.empty() for node in (self.app, *self.app.screen_stack))  # noqa: SLF001
        screens = self.app.screen_stack
        return waiting or any(one._layout_required or one._callbacks or one._dirty_widgets for one in screens)  # noqa: SLF001

    async def leave(self) -> str:
        """Close what is open and quit, as somebody would; what is open where that does not work."""
        self.resize(120, 36)
        limit, before = monotonic() + LEAVING, 0
        while not self.over:
            waiting: int = self.app._message_queue.qsize()  # noqa: SLF001
            if waiting < before:  # a busy machine has much to catch up with
                limit = monotonic() + LEAVING
            before = waiting
            if monotonic() > limit:
                return str(self.app.screen_stack)
            await self.settle()
            if waiting or self.app._exit:  # noqa: SLF001
                continue
            front = self.app.screen
            closes = "L" if isinstance(front, Dialog) and front.closed_by == "L" else ESCAPE
            self.type(closes if front.is_modal else "q")
        return ""


async def weather(storm: Round, beat: Callable[[int], None]) -> None:
    """One round; `beat` is told how much was typed. Raises what the application raised, and StormError."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    app = BackpropApp(load(storm.scenario), **storm.options)
    async with app.run_test(size=storm.size):
        terminal = Terminal(app)
        for gust in storm.gusts:
            beat(characters(gust))
            if isinstance(gust, str):
                terminal.type(gust)  # also after it has ended: keys are on their way
            elif isinstance(gust, float):
                await (terminal.settle() if gust < 0 else asyncio.sleep(gust))
            else:
                terminal.resize(*gust)
            if terminal.over:
                break
        beat(0)
        stays = await terminal.leave()
    beat(0)
    if stays:
        raise StormError(f"it does not quit, and shows {stays}")
    for context in complaints:
        raise context.get("exception") or StormError(context["message"])
    if app.opened is not None:
        check(app.opened)


def check(screen: DebuggerScreen) -> None:
    """That all which is kept is what the same run gives anew, to the last bit. Raises StormError."""
    debugger, limit = screen.debugger, monotonic() + REPLAYING
    debugger.moment()
    kept = debugger.timeline
    anew = Timeline(kept.program, edits=kept.edits)
    last = max((iteration for lineage, iteration in kept.store.recent if lineage in kept.lineages), default=0)
    for iteration in range(1, last + 1):
        frame: dict[str, Any] = kept.kept(iteration) or {}
        other = anew.frame(iteration)
        for key in frame.keys() & other.keys():
            if np.asarray(frame[key]).tobytes() != np.asarray(other[key]).tobytes():
                raise StormError(f"{key} of iteration {iteration} is {frame[key]}, anew {other[key]}")
        if monotonic() > limit:
            break


# rounds


def shelter() -> Path:
    """A folder for all that the application writes; nothing of the user's is read or written."""
    folder = Path(tempfile.mkdtemp(prefix="storm-"))
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(folder)
    os.chdir(folder)
    os.environ["PATH"] = str(folder)  # no clipboard of a desktop
    return folder


class Watch:
    """Ends the program where nothing happens any more, and says where it stands."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self.failed, self.last, self.typed = failed, monotonic(), 0
        self.main = threading.get_ident()
        threading.Thread(target=self._look, daemon=True).start()

    def beat(self, typed: int) -> None:
        """Something happened, and so much of it was typed."""
        self.last = monotonic()
        self.typed += typed

    def _look(self) -> None:
        while monotonic() - self.last < STUCK:
            threading.Event().wait(1)
        stack = traceback.format_stack(sys._current_frames()[self.main])  # noqa: SLF001
        self.failed("".join([*stack, f"nothing happened in {STUCK:.0f} s\n"]))
        os._exit(3)


def made(scenario: str, seed: str, count: int) -> Round:
    """The round of a seed."""
    chance = random.Random(seed)
    size = chance.choice(((80, 24), (120, 36), (200, 60), (40, 12)))
    options: dict[str, Any] = {"ascii_only": chance.random() < 0.2}
    if chance.random() < 0.2:
        options["session"] = "resume"
    return Round(scenario, tuple(gusts(chance, count)), size, options)


def resident() -> float:
    """Megabytes that the process has now."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def write(storm: Round, path: Path) -> None:
    """Write what was typed, a gust a line."""
    head = {"scenario": storm.scenario, "size": storm.size, "options": storm.options}
    path.write_text("".join(f"{json.dumps(one)}\n" for one in (head, *storm.gusts)), "utf-8")


def read(path: Path) -> Round:
    """Read what `write` wrote."""
    head, *found = map(json.loads, path.read_text("utf-8").splitlines())
    rest = (tuple(gust) if isinstance(gust, list) else gust for gust in found)
    return Round(head["scenario"], tuple(rest), tuple(head["size"]), head["options"])


SEQUENCE = re.compile(r"\x1b\[200~.*?\x1b\[201~|\x1b\[[0-9;<?]*[A-Za-z~]|.", re.DOTALL)


def characters(gust: Gust) -> int:
    """How many keys, movements and pastes a gust has."""
    return len(SEQUENCE.findall(gust)) if isinstance(gust, str) else 0


def run(storm: Round, name: str, folder: Path) -> tuple[bool, int]:
    """One round: whether it was clean, and how much was typed until it was over.

    What failed is printed, and what was typed is written to a file.
    """
    path = folder / f"storm-{name.replace(':', '-')}.jsonl"

    def failed(why: str) -> None:
        write(storm, path)
        print(f"{why}\n{storm.scenario}, seed {name}: ./dev storm --replay {path}", flush=True)

    watch = Watch(failed)
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # the traceback is printed once, and not by Textual
            asyncio.run(weather(storm, watch.beat))
    except BaseException as error:
        failed("".join(traceback.format_exception(error)))
        if isinstance(error, KeyboardInterrupt):
            raise
        return False, watch.typed
    finally:
        watch.last = float("inf")
        XTermParser._parse_extended_key.cache_clear()  # noqa: SLF001  # its keys keep the application that they came to
        gc.unfreeze()  # what the application took out of the garbage collector's rounds at its start
        gc.collect()
    return True, watch.typed


def main() -> int:
    """Storm."""
    parser = argparse.ArgumentParser(
        prog="./dev storm", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument(
        "--seed", default=str(random.SystemRandom().randrange(10**6)), help="default: another each time"
    )
    parser.add_argument("--first", type=int, default=0, metavar="ROUND", help="the round to begin with")
    parser.add_argument("--rounds", type=int, default=10**9, help="at most so many rounds")
    parser.add_argument("--gusts", type=int, default=GUSTS, help=f"in a round (default: {GUSTS})")
    parser.add_argument("--scenario", nargs="+", default=names(), help="default: all lessons in turn")
    parser.add_argument("--go-on", action="store_true", help="after a failure too")
    parser.add_argument("--replay", metavar="FILE", type=Path, help="a round that failed")
    arguments = parser.parse_args()
    scenarios = [str(Path(name).resolve()) if name.endswith(".toml") else name for name in arguments.scenario]
    replayed = read(arguments.replay) if arguments.replay else None
    warnings.simplefilter("error")
    folder = shelter()
    if replayed is not None:
        clean, _ = run(replayed, "replay", folder)
        print("clean" if clean else "failed")
        return not clean
    print(f"storm: seed {arguments.seed}, {len(scenarios)} scenarios, {arguments.seconds:g} s", flush=True)
    began, failures, typed, number = monotonic(), 0, 0, arguments.first
    while monotonic() - began < arguments.seconds and number - arguments.first < arguments.rounds:
        scenario, seed = scenarios[number % len(scenarios)], f"{arguments.seed}:{number}"
        storm = made(scenario, seed, arguments.gusts)
        clean, keys = run(storm, seed, folder)
        number, typed, failures = number + 1, typed + keys, failures + (not clean)
        if not clean and not arguments.go_on:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    rounds = number - arguments.first
    print(
        f"storm: {rounds} rounds, {typed:,} keys and movements in {monotonic() - began:.0f} s;"
        f" {failures} failed; {resident():.0f} MB at the end, {peak:.0f} MB at most"
    )
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
