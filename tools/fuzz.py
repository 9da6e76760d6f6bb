"""Fuzzing of all that the program reads: whatever it is given, it answers or says what is wrong in its own words.

./dev fuzz --kind scenario --cases 100000 --seed 1

A round is a pure function of kind, seed and number: what fails is printed with the command that plays it again.
"""

import argparse
import math
import os
import re
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import chdir, suppress
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from unittest.mock import patch

import numpy as np
from textual.theme import BUILTIN_THEMES

from backprop_tui.debugger.console.command import LineError, Typed
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession, Script
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.gradient_check import gradcheck
from backprop_tui.debugger.sessions.session import load as load_session
from backprop_tui.debugger.sessions.session import save as save_session
from backprop_tui.debugger.sessions.session import saved_of
from backprop_tui.debugger.sessions.session_file import SessionError
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.sensitivity.sample_shares import ShareError
from backprop_tui.formula.writing.definitions import definitions, identifier
from backprop_tui.scenario import Scenario, ScenarioError, load, parse
from backprop_tui.tui.config import ConfigError, read_config
from backprop_tui.tui.main.actions.key_table import KEYS
from backprop_tui.tui.panes.equation.equation import equation_rows
from backprop_tui.tui.panes.network.graph_pane import Graph
from backprop_tui.tui.panes.tables.listing import ListingPane
from backprop_tui.tui.panes.tables.parameters import ParametersPane
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import styles
from backprop_tui.tui.shared.view import View
from tools.model_texts import RIGHT, model_file

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
SLOWEST = 10.0  # seconds of the processor that a case may take: a limit for hangs, on any machine
PATIENCE = 0.05  # seconds that a command of the line runs before it is left, as ctrl+c does
LINES = 40  # or sessions, that one debugger is given
SMALL = 20_000  # numbers of a network that is run as well
LOOKED_AT = 0.05  # of the models that are right: looked at step by step, and their gradients checked

STYLES = styles(BUILTIN_THEMES["textual-dark"])
PIECES = re.compile(rb'("[^"\n]*"|[A-Za-z_][\w.-]*|[-+]?[0-9][\w.+-]*|[^\w\s]|\n)')
NASTY = [
    *b"0 -1 1 2 3 1.5 -0.0 1e308 -1e308 1e-320 1e400 nan inf -inf 1e12 0x1f 1_000 0. .5 a.b".split(),
    *b"1000000 1000001 9223372036854775807 9223372036854775808 true false True null 1979-05-27".split(),
    *(b'""', b'"x"', b'"\\u202e"', b'"\\ud800"', b'"z1"', b'"W1[0,0]"', b'"""', b"'''", b'"', b"9" * 30, b"9" * 500),
    *(b"[]", b"[[]]", b"[1]", b"[[1]]", b"[1, [2]]", b"{}", b"[" * 30, b"]" * 30, b"{a = 1}", b"a." * 40, b"(" * 40),
    *(b"np.array([1., 2.])", b"[0. 1.]", b"\xff", b"\xef\xbb\xbf", "\u202e".encode(), "∂L/∂W₁".encode(), b"$(x)"),
    *(b"\x00", b"\x1b[2J", b"\r", b"\n", b"\\", b"#", b",", b";", b"\t", b" ", b"=", b":", b"..", b"-", b"*", b"**"),
    *(b"@", b"!"),
]


class FailureError(AssertionError):
    """What must never be."""


def told(error: Exception, beginnings: Sequence[str] = ()) -> None:
    """What an error says is clean lines, each of which begins as it should."""
    said = str(error)
    for line in said.split("\n"):
        if not line or not line.isprintable():
            raise FailureError(f"not a clean line: {line!r}")
        if beginnings and not line.startswith(tuple(beginnings)):
            raise FailureError(f"does not say where: {line!r}")


def spliced(chance: Random, data: bytes) -> bytes:
    """Some bytes put in, left out or changed."""
    for _ in range(chance.randint(1, 3)):
        at, length = chance.randint(0, len(data)), chance.choice((0, 0, 1, 1, 2, 5, 20))
        put = chance.choice((b"", chance.randbytes(chance.randint(1, 4)), chance.choice(NASTY)))
        data = data[:at] + put + data[at + length :]
    return data


def rewritten(chance: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    """Some words and signs of a text replaced by others, left out, doubled or swapped; now and then a line."""
    parts = PIECES.split(data)
    places = range(1, len(parts), 2)
    for _ in range(chance.randint(1, 4)):
        if not places:  # nothing is left of it
            break
        at, other = chance.choice(places), chance.choice(places)
        match chance.randrange(6):
            case 0:
                parts[at] = chance.choice(NASTY)
            case 1:
                parts[at] = chance.choice(words)
            case 2:
                parts[at] = b""
            case 3:
                parts[at] *= chance.choice((2, 3, 50))
            case 4:
                parts[at], parts[other] = parts[other], parts[at]
            case _:
                lines = b"".join(parts).split(b"\n")
                here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[here:here] = lines[there : there + chance.randint(0, 3)]
                parts = PIECES.split(b"\n".join(lines))
                places = range(1, len(parts), 2)
    return b"".join(parts)


class Kind:
    """What is fuzzed: a round has cases, each of which is run; `folder` is for its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = list(self.texts())
        self.words = sorted({word for text in self.corpus for word in PIECES.findall(text)} - {b"\n"})

    def texts(self) -> Iterable[bytes]:
        """What is right, and nearly right."""
        raise NotImplementedError

    def cases(self, chance: Random) -> list[bytes]:
        """The cases of a round, run one after the other."""
        text = chance.choice(self.corpus)
        return [spliced(chance, text) if chance.random() < 0.3 else rewritten(chance, text, self.words)]

    def begin(self) -> None:
        """Before a round."""

    def run(self, data: bytes) -> None:
        """One case. Raises whatever should not be."""
        raise NotImplementedError


def texts_of(*folders: str) -> list[bytes]:
    """The scenarios in some folders that are not long."""
    found = [path.read_bytes() for folder in folders for path in sorted((ROOT / folder).glob("*.toml"))]
    return [text for text in found if len(text) < 6000]


@cache
def scenario_of(name: str) -> Scenario:
    """A bundled scenario, or one of the repository's."""
    return load(ROOT / name if "/" in name else name)


def check_scenario(scenario: Scenario, chance: Random) -> None:
    """A scenario that loads can run, and its gradients can be checked."""
    program = Program.of(scenario.network)
    size = sum(math.prod(shape) for shape in program.shapes.values())
    if size > SMALL:
        return
    for _ in run(program, 2):
        pass
    if chance.random() < 0.02 and size < 100:
        gradcheck(scenario)


class ScenarioKind(Kind):
    """Scenarios as bytes."""

    def texts(self) -> Iterable[bytes]:
        return texts_of("tests/data/valid", "tests/data/invalid", "scenarios")

    def run(self, data: bytes) -> None:
        try:
            scenario = parse(data, "x.toml")
        except ScenarioError as error:
            told(error, ["x.toml"])
            return
        check_scenario(scenario, Random(len(data)))


class ModelKind(Kind):
    """Models by a grammar: what is right is read, its line of NumPy is what runs, its gradients are those of L."""

    def texts(self) -> Iterable[bytes]:
        return ()

    def cases(self, chance: Random) -> list[bytes]:
        return [model_file(chance).encode()]

    def run(self, data: bytes) -> None:
        try:
            scenario = parse(data, "x.toml")
        except ScenarioError as error:
            told(error, ["x.toml"])
            if data.startswith(RIGHT.encode()):
                raise
            return
        chance = Random(data)
        program = Program.of(scenario.network)
        check_code(program)
        for _ in run(program, 2):
            pass
        if chance.random() < LOOKED_AT:
            look_at(Debugger(scenario))
        if chance.random() < LOOKED_AT and not all(check.agrees for check in gradcheck(scenario, every=True)):
            raise FailureError("a gradient differs")


def check_code(program: Program) -> None:
    """What is shown as NumPy gives what runs."""
    frame = program.fill(program.first())
    scope: dict[str, object] = {}
    codes = [operation.code for operation in program.operations]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec("\n".join(("import numpy as np", *definitions(codes))), scope)
        for operation in program.operations:
            read = {identifier(name): frame[key] for name, key in operation.keys.items()}
            exec(operation.code, now := scope | read)
            if np.asarray(now[identifier(operation.name)]).tobytes() != np.asarray(frame[operation.key]).tobytes():
                raise FailureError(f"gives something else: {operation.code}")


def look_at(debugger: Debugger) -> None:
    """What the panes show at every step of an iteration."""
    program, graph, listing, table = debugger.program, Graph(), ListingPane("program"), ParametersPane("parameters")
    for step in range(len(program.operations) + 1):
        debugger.seek(step)
        view = View(debugger.moment(), Notation(program.symbols), STYLES, graph=True)
        equation_rows(view, 76, 12)
        for lines in (graph.build(view, 78, 10), listing.build(view, 60, 10), table.build(view, 60, 10)):
            for row in range(lines.count):
                lines.line(row)
    for name in program.gradients.values():
        check_shares(debugger, name)


def check_shares(debugger: Debugger, name: str) -> None:
    """What the samples add to a gradient is all of it, where it is a sum over them."""
    try:
        found = debugger.per_sample(name)
    except ShareError:
        return
    total = sum(found) + (0 if found.rest is None else found.rest)
    if not np.allclose(total, debugger[name], equal_nan=True):
        raise FailureError(f"the shares of {name} do not add up: {total} and {debugger[name]}")


class CsvKind(Kind):
    """Csv files, read by a scenario beside them."""

    SCENARIO = """format = 1
[network]
inputs = {inputs}
[[network.layers]]
units = {units}
activation = "{activation}"
init = "normal"
[data]
csv = "x.csv"
{more}
[loss]
name = "{loss}"
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
    ENDS = (
        ("sigmoid", "binary-cross-entropy", 1),
        ("softmax", "categorical-cross-entropy", 3),
        ("identity", "mean-squared-error", 1),
        ("tanh", "hinge", 1),
    )
    MORE = ("", "", "", "target = 0", "target = [0, 1]", "header = true", "header = false", "held_out = 0.5")

    def texts(self) -> Iterable[bytes]:
        found = [path.read_bytes() for folder in ("valid", "invalid") for path in sorted((DATA / folder).glob("*.csv"))]
        return [text[:4000] for text in found]

    def run(self, data: bytes) -> None:
        chance = Random(data)
        activation, loss, units = chance.choice(self.ENDS)
        columns = max(map(data.partition(b"\n")[0].count, (b",", b";", b"\t")))
        text = self.SCENARIO.format(
            inputs=columns or 1, units=units, activation=activation, loss=loss, more=chance.choice(self.MORE)
        )
        (self.folder / "x.csv").write_bytes(data)
        try:
            scenario = parse(text.encode(), "x.toml", self.folder / "x.toml")
        except ScenarioError as error:
            told(error, ["x.toml", "x.csv"])
            return
        check_scenario(scenario, chance)


class SessionKind(Kind):
    """Sessions of the article, taken up."""

    LINES = ("b delta2", "watch W1", "display L", "mark a", "goto 3:delta2", "mark b", "set W1[0,1] 0.5", "branch x")

    def texts(self) -> Iterable[bytes]:
        session = LineSession(Debugger(scenario_of("article")), WORDS)
        path = self.folder / "session.json"
        for line in ("", *self.LINES):
            with suppress(LineError):
                session.run(line)
            yield save_session(session.debugger, path).read_bytes()

    def cases(self, chance: Random) -> list[bytes]:
        return [super(SessionKind, self).cases(chance)[0] for _ in range(LINES)]

    def begin(self) -> None:
        self.debugger = Debugger(scenario_of("article"))

    def run(self, data: bytes) -> None:
        path = self.folder / "session.json"
        path.write_bytes(data)
        before = saved_of(self.debugger)
        try:
            load_session(self.debugger, path, go=False)
        except SessionError as error:
            told(error, [str(path)])
            if saved_of(self.debugger) != before:
                raise FailureError("the session is refused, but the debugger is another") from None
            return
        self.debugger.moment()
        save_session(self.debugger, path)


class ConfigKind(Kind):
    """Settings."""

    def texts(self) -> Iterable[bytes]:
        yield b'theme = "textual-light"\n\n[keys]\nadvance = ["n", "x", "Space"]\n'
        yield b"".join(f"keys.{row.id} = [{', '.join(map(repr, row.keys))}]\n".encode() for row in KEYS)
        yield b'[keys]\nnothing = []\nadvance = "n"\nrewind = ["ctrl+n", "nope", 1]\n'

    def run(self, data: bytes) -> None:
        path = self.folder / "config.toml"
        path.write_bytes(data)
        try:
            read_config(path)
        except ConfigError as error:
            told(error, [str(path)])


class LineKind(Kind):
    """Lines of commands, one after the other in one debugger."""

    NAMES = ("article", "tests/data/valid/batch.toml", "tests/data/valid/mini-batches.toml")
    ADDRESSES = "W1 b2 L z1 delta1 dL_dW1[0,1] ∂L/∂W₁ δ₂ h1[1,0] eta y x y_hat W1[9,9] a b main nonfinite on off"
    POSITIONS = "1 2 10 0 -1 3:delta2 start 1: 2:forward backward forward"
    ARGUMENTS = (
        *(*ADDRESSES.split(), *POSITIONS.split()),
        *("W1[0,0] 0.5", "x = 3", "L < 0.5", "max(abs(dL_dW1)) > 1", "mean(h1)", "W1 @ x", "dead units", "if L < 1"),
        *("hit 2", "log L", "for 3", "digits 3", "sum(W1) / 0", "log(-1)", "W1 ** 1e9", "exp(1e9)", "(" * 30),
    )

    def texts(self) -> Iterable[bytes]:
        for word in WORDS.rows:
            for name in word.names:
                yield from (f"{name} {argument}".encode() for argument in self.ARGUMENTS)
                yield name.encode()

    def cases(self, chance: Random) -> list[bytes]:
        self.name = chance.choice(self.NAMES)
        found = []
        for _ in range(LINES):
            line = chance.choice(self.corpus)
            if chance.random() < 0.3:
                line += b" " + chance.choice(self.ARGUMENTS).encode()
            found.append(line if chance.random() < 0.5 else super().cases(chance)[0])
        return found

    def begin(self) -> None:
        self.session = LineSession(Debugger(scenario_of(self.name)), WORDS)

    def run(self, data: bytes) -> None:
        session = self.session
        script = Script(session, [Typed(data.decode("utf-8", "surrogateescape"))])
        try:
            for reply in script:
                if reply.task is None:
                    continue
                started = perf_counter()
                while not reply.task.go_on(PATIENCE):
                    if perf_counter() - started > PATIENCE:
                        reply.task.leave()
                outcome = reply.task.finish()
                session.debugger.travel.arrive(outcome)
                session.told(outcome, 0)
                session.here(outcome)
        except LineError as error:
            told(error)
        except (ValueError, KeyError) as error:  # of a task, which whoever runs it says as a LineError
            told(script.error(error))
        session.where()
        session.displayed()


KINDS: dict[str, type[Kind]] = {
    "scenario": ScenarioKind,
    "model": ModelKind,
    "csv": CsvKind,
    "session": SessionKind,
    "config": ConfigKind,
    "line": LineKind,
}


def fuzz(kind: str, cases: int, seed: int, first: int = 0, say: Callable[[str], object] = print) -> int:
    """Run so many cases, from a round on; the number of rounds that failed."""
    failed = done = 0
    number = first
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), chdir(folder), patch.dict(os.environ):
        os.environ["XDG_STATE_HOME"] = folder  # what a command writes goes there, or into the current folder
        warnings.simplefilter("error")
        target = KINDS[kind](Path(folder))
        while done < cases:
            chance = Random(f"{kind}:{seed}:{number}")
            given = target.cases(chance)
            if message := _round(target, given):
                failed += 1
                again = f"./dev fuzz --kind {kind} --seed {seed} --round {number} --cases 1"
                say(f"{again}\n{message}\n")
            done += len(given)
            number += 1
    return failed


def _round(target: Kind, given: list[bytes]) -> str:
    """What fails in a round; nothing where it is fine."""
    target.begin()
    for place, data in enumerate(given):
        started = process_time()
        try:
            target.run(data)
            took = process_time() - started
            wrong = f"took {took:.0f} seconds" if took > SLOWEST else ""
        except Exception:  # noqa: BLE001  that is what is looked for
            wrong = traceback.format_exc(limit=-6)
        if wrong:
            return "\n".join([*map(repr, given[: place + 1]), wrong])
    return ""


def main() -> int:
    """1 where something failed."""
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--kind", choices=KINDS, action="append", help="what is fuzzed; all of them without it")
    parser.add_argument("--cases", type=int, default=1000, help="of each kind (1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--round", type=int, default=0, help="the first round (0): to play one again")
    arguments = parser.parse_args()
    status = 0
    for kind in arguments.kind or KINDS:
        failed = fuzz(kind, arguments.cases, arguments.seed, arguments.round)
        print(f"{kind}: {arguments.cases:,} cases, {failed} rounds failed", flush=True)
        status |= failed > 0
    return status


if __name__ == "__main__":
    sys.exit(main())
