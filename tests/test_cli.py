"""The command line: what is printed where, and the exit status. Errors are a line each, and never a traceback."""

import gc
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from errno import ENOSPC
from fcntl import ioctl
from importlib import import_module
from pathlib import Path
from termios import FIONREAD
from typing import IO, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import backprop_tui
from backprop_tui.cli import COMMANDS, main
from backprop_tui.commands import FINE, FOUND, INTERRUPTED, WRONG
from backprop_tui.debugger.quiz.score import default_path as default_score
from backprop_tui.debugger.sessions.session import default_path
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.scenario import bundled, library, load, schema_json, starter
from backprop_tui.text import width
from backprop_tui.tui.config import path as default_config
from backprop_tui.tui.terminal import line_history
from tests.export.traces import DIVERGING
from tests.sampled import crossed, some

ROOT = Path(__file__).parents[1]
GOLDEN = (ROOT / "tests" / "export" / "golden" / "article.txt").read_text("utf-8")
MODULE = (sys.executable, "-m", "backprop_tui")
# Buffers as a user's Python has them: what is left in one is written at exit, which is where pipes and signals bite.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


class Result(NamedTuple):
    status: int
    out: str
    err: str


def called(*words: str) -> Result:
    """A call in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(words)
    return Result(status, out.getvalue(), err.getvalue())


def started(*words: str | bytes, data: bytes = b"", env: dict[str, str] | None = None) -> Result:
    """A call in a process of its own."""
    env = BUFFERED | (env or {})
    result = subprocess.run([*MODULE, *words], input=data, env=env, check=False, capture_output=True)
    return Result(result.returncode, result.stdout.decode(), result.stderr.decode())


def is_one_line(text: str) -> bool:
    return text.endswith("\n") and text[:-1].isprintable()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    with chdir(tmp_path):
        yield tmp_path


# what fine calls print


def test_version() -> None:
    assert started("--version") == (FINE, f"backprop-tui {backprop_tui.__version__}\n", "")


def test_help_says_what_a_status_means_and_where_files_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for words in ((), ("run",), ("quiz",)):
        out = called(*words, "--help").out
        assert all(f"\n  {status:<3}  " in out for status in (FINE, FOUND, WRONG, INTERRUPTED))
        for file in (default_config(), default_path(load("article")).parent, line_history.path(), default_score()):
            assert f"\n  {file}\n" in out
            assert tmp_path in file.parents
    assert "exit status:" in called("trace", "--help").out


@pytest.mark.parametrize("command", ["trace", "check", "gradcheck", "explain"])
def test_commands_that_read_standard_input_say_so(command: str) -> None:
    assert "- for standard input" in " ".join(called(command, "--help").out.split())
    data = (ROOT / "scenarios" / "xor.toml").read_bytes()
    more = ["L"] if command == "explain" else []
    found, named = started(command, "-", *more, data=data), called(command, "xor", *more)
    assert (found.status, found.err) == (named.status, "")
    assert found.out == named.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("trce", "article"), "backprop-tui: unknown command 'trce' (did you mean trace?)"),
        (("trce",), "backprop-tui: unknown command 'trce' (did you mean trace?)"),
        (("chekc", "-"), "backprop-tui: unknown command 'chekc' (did you mean check?)"),
        (("frobnicate", "article"), "backprop-tui: unknown command 'frobnicate' (known: run, "),
        (("artcle",), "backprop-tui: the debugger needs a terminal"),  # no command: that of a scenario
        (("trac.toml",), "backprop-tui: the debugger needs a terminal"),
        (
            ("--iteration", "3", "trace", "article"),
            "backprop-tui: options come after the command: backprop-tui trace ... --iteration ...",
        ),
        (
            ("trace", "article", "--iteration", "3"),
            "backprop-tui trace: unrecognized arguments: --iteration 3 (did you mean --iterations?)",
        ),
        (
            ("trace", "--iteration=3", "article"),
            "backprop-tui trace: unrecognized arguments: --iteration=3 (did you mean --iterations?)",
        ),
        (
            ("gradcheck", "xor", "--iterations", "3"),
            "backprop-tui gradcheck: unrecognized arguments: --iterations 3 (did you mean --iteration?)",
        ),
        (
            ("explain", "--dept", "3"),
            "backprop-tui explain: the following arguments are required: value (did you mean --depth?)",
        ),
        (("article", "--frsh"), "backprop-tui run: unrecognized arguments: --frsh (did you mean --fresh?)"),
        (("--versio",), "backprop-tui run: unrecognized arguments: --versio (did you mean --version?)"),
    ],
)
def test_what_is_mistyped_gets_what_is_meant(empty: Path, words: Sequence[str], message: str) -> None:
    status, out, err = called(*words)
    assert (status, out) == (WRONG, "")
    assert err.startswith(message)
    assert is_one_line(err)


def test_a_file_that_is_named_as_a_mistyped_command_is_opened(empty: Path) -> None:
    Path("trce").write_bytes(DIVERGING)
    assert "needs a terminal" in called("trce").err


def test_help_names_every_command() -> None:
    status, out, err = called("--help")
    assert (status, err) == (FINE, "")
    for command in COMMANDS:
        assert f"\n    {command}" in out
    assert called("-h") == (status, out, err)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_names_the_module_of_its_function(command: str) -> None:
    assert callable(getattr(import_module(f"backprop_tui.commands.{COMMANDS[command][1]}"), command))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(command: str) -> None:
    status, out, err = called(command, "--help")
    assert (status, err) == (FINE, "")
    assert out.startswith(f"usage: backprop-tui {command} ")
    assert all(flag in out for flag, _ in COMMANDS[command][2])


def test_mistakes() -> None:
    status, out, err = called("mistakes")
    assert (status, err) == (FINE, "")
    assert [line.split()[0] for line in out.splitlines()] == [row.name for row in ROWS]
    status, out, err = called("mistakes", "article", "--set", "optimizer.momentum=0.9")
    assert (status, err) == (FINE, "")
    assert re.search("^momentum-dropped +the momentum buffer is dropped$", out, re.MULTILINE)
    assert "softmax-twice" not in out


def test_scenarios() -> None:
    status, out, err = called("scenarios")
    assert (status, err) == (FINE, "")
    lines = out.splitlines()
    assert lines[0].split(maxsplit=1) == ["article", load("article").title]
    assert [line.split()[0] for line in lines] == [name for name, _ in bundled()]


@pytest.mark.parametrize("name", some([name for name, _ in bundled()], 3))
def test_every_lesson_is_traced(name: str) -> None:
    assert started("trace", name).status == FINE


def test_check() -> None:
    status, out, err = called("check", "article")
    assert (status, err) == (FOUND, "")
    assert out.endswith("\n13 agree, 0 cut off, 5 carried over, 2 wrong\n")
    assert called("check", "xor").status == FINE
    assert started("check", "-", data=(ROOT / "scenarios" / "article.toml").read_bytes()) == (FOUND, out, "")


@pytest.mark.parametrize("cells", [120, 80, 50])
def test_check_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    monkeypatch.setenv("COLUMNS", str(cells))
    for name in ("article", "mazur"):
        out = Terminal()
        with redirect_stdout(out):
            assert main(["check", name]) == FOUND
        lines = [line for line in out.getvalue().splitlines() if line != load(name).url]  # which is opened as a whole
        assert max(map(width, lines)) <= cells
        said = "".join(called("check", name).out.split())
        assert sorted("".join(out.getvalue().split())) == sorted(said)  # nothing is left out


def test_check_of_several_in_which_one_is_wrong() -> None:
    status, out, err = called("check", "article", "nosuch", "mazur", "--format", "jsonl")
    assert status == WRONG
    assert err.startswith("nosuch: is neither")
    assert is_one_line(err)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["type"] for line in lines if line["type"] != "published"] == ["end", "end"]
    assert len(lines) == len(load("article").published) + len(load("mazur").published) + 2
    text = called("check", "article", "xor").out
    assert f"2 wrong\n\n{load('xor').title} (" in text


@pytest.mark.parametrize("form", ["text", "jsonl", "markdown"])
def test_trace_of_a_mistake(form: str) -> None:
    status, out, err = called("trace", "article", "--with-mistake", "bias-sign-flipped", "--format", form)
    assert (status, err) == (FINE, "")
    assert "W₁x − b₁" in out
    assert "the bias's sign is flipped" in out.splitlines()[0]
    assert out != called("trace", "article", "--format", form).out


def test_trace_of_a_mistake_is_that_runs() -> None:
    out = called("trace", "article", "--with-mistake", "updates-first", "--format", "jsonl", "--iterations", "2").out
    lines = [json.loads(line) for line in out.splitlines()]
    names = [line["name"] for line in lines[1:-1]]
    assert names.index("W2") < names.index("dL_dh1")
    assert lines[names.index("L", 19) + 1]["value"] == pytest.approx(1.1012468423)
    assert [line["step"] for line in lines[1:-1]] == [*range(1, 39)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "updats-first",
            "there is no mistake 'updats-first' (did you mean 'updates-first'?)",
        ),
        ("nonsense", "there is no mistake 'nonsense'; 'backprop-tui mistakes' lists all"),
        ("betas-swapped", "betas-swapped changes nothing here: it is made in Adam, AdamW, NAdam"),
    ],
)
def test_a_mistake_that_cannot_be_made(name: str, message: str) -> None:
    status, out, err = called("trace", "article", "--with-mistake", name)
    assert (status, out) == (WRONG, "")
    assert err.startswith(f"backprop-tui: {message}")
    assert is_one_line(err)


def test_schema() -> None:
    assert called("schema") == (FINE, schema_json(), "")
    assert json.loads(schema_json())["title"] == "backprop-tui scenario"


@pytest.mark.parametrize("words", [("new",), ("new", "-")])
def test_new_on_standard_output(empty: Path, words: Sequence[str]) -> None:
    assert called(*words) == (FINE, starter(), "")
    assert list(empty.iterdir()) == []


def test_new_in_a_file(empty: Path) -> None:
    status, out, err = called("new", "mine.toml")
    assert (status, err) == (FINE, "")
    assert is_one_line(out)
    assert "mine.toml" in out
    assert (empty / "mine.toml").read_text("utf-8") == starter()
    assert called("trace", "mine.toml").status == FINE


def test_every_lesson_can_be_copied_to_change_it(empty: Path) -> None:
    for name, _ in bundled():
        status, out, err = called("new", f"my-{name}.toml", "--from", name)
        assert (status, err) == (FINE, "")
        assert is_one_line(out)
        assert (empty / f"my-{name}.toml").read_bytes() == (ROOT / "scenarios" / f"{name}.toml").read_bytes()
        copy, original = load(f"my-{name}.toml"), load(name)
        assert (copy.title, copy.digest) == (original.title, original.digest)
    assert called("new", "--from", "xor").out == (ROOT / "scenarios" / "xor.toml").read_text("utf-8")


@pytest.fixture
def lesson_with_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A library whose lesson has its data in a file."""
    shelf = tmp_path / "shelf"
    (shelf / "data").mkdir(parents=True)
    lesson = (ROOT / "tests" / "data" / "valid" / "csv.toml").read_text("utf-8")
    (shelf / "flowers.toml").write_text(lesson.replace('"flowers.csv"', '"data/flowers.csv"'), "utf-8")
    (shelf / "data" / "flowers.csv").write_bytes((ROOT / "tests" / "data" / "valid" / "flowers.csv").read_bytes())
    monkeypatch.setattr(library, "folder", lambda: shelf)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def test_a_lesson_is_copied_with_its_data(lesson_with_a_file: None) -> None:
    status, out, err = called("new", "mine.toml", "--from", "flowers")
    assert (status, err) == (FINE, "")
    assert out.startswith("wrote mine.toml and data/flowers.csv; ")
    assert load("mine.toml").digest == load("flowers").digest


def test_a_copy_overwrites_nothing_and_leaves_no_half(lesson_with_a_file: None) -> None:
    Path("data").mkdir()
    Path("data/flowers.csv").write_text("precious")
    error = "backprop-tui: data/flowers.csv exists already; nothing was written\n"
    assert called("new", "mine.toml", "--from", "flowers") == (WRONG, "", error)
    assert not Path("mine.toml").exists()
    assert Path("data/flowers.csv").read_text() == "precious"
    status, out, err = called("new", "--from", "flowers")
    assert (status, out) == (WRONG, "")
    assert "name a file to write to" in err


def test_a_lesson_that_does_not_exist(empty: Path) -> None:
    error = "backprop-tui: there is no bundled scenario 'artcle' (did you mean 'article'?)\n"
    assert called("new", "mine.toml", "--from", "artcle") == (WRONG, "", error)
    assert list(empty.iterdir()) == []


def test_new_overwrites_nothing(empty: Path) -> None:
    (empty / "mine.toml").write_text("precious")
    (empty / "folder").mkdir()
    for name in ("mine.toml", "folder"):
        assert called("new", name) == (WRONG, "", f"backprop-tui: {name} exists already; nothing was written\n")
    assert (empty / "mine.toml").read_text() == "precious"


# trace


def test_trace_as_text() -> None:
    assert called("trace", "article") == (FINE, GOLDEN, "")
    assert called("trace", "article", "--format", "text", "--iterations", "1") == (FINE, GOLDEN, "")
    assert called("trace", str(ROOT / "scenarios" / "article.toml")) == (FINE, GOLDEN, "")


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_trace_with_digits_and_whole_arrays(form: str) -> None:
    words = ("trace", "spirals", "--format", form, "--iterations", "1", "--stage", "forward")
    out = called(*words, "--digits", "3", "--full").out
    assert "..." not in out
    assert "..." in called(*words).out
    assert max(len(decimals) for decimals in re.findall(r"\.(\d+)\b", out)) == 3


def test_json_lines_have_all_digits() -> None:
    status, out, err = called("trace", "article", "--format", "jsonl", "--digits", "3")
    assert (status, out, err) == (
        WRONG,
        "",
        "backprop-tui: --digits is for text and Markdown; JSON lines have all digits\n",
    )


def test_trace_reads_standard_input() -> None:
    data = (ROOT / "scenarios" / "article.toml").read_bytes()
    assert started("trace", "-", data=data) == (FINE, GOLDEN, "")
    status, out, err = started("trace", "-", data=data.replace(b'"relu"', b'"relux"'))
    assert (status, out) == (WRONG, "")
    assert err.startswith("<stdin>:11:14: network.layers[0].activation: unknown 'relux' (did you mean 'relu'?)")
    assert is_one_line(err)


@pytest.mark.parametrize("iterations", ["3", "٣", "03"])
def test_trace_of_more_iterations(iterations: str) -> None:
    status, out, _ = called("trace", "article", "--format", "jsonl", "--iterations", iterations)
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == FINE
    assert [line["step"] for line in lines[1:-1]] == list(range(1, 58))
    assert (lines[-1]["iterations"], lines[-1]["steps"]) == (3, 57)


@pytest.mark.parametrize(
    "words",
    [
        ("article", "--stage", "loss", "forward"),
        ("article", "--stage", "loss", "--stage", "forward"),
        ("--stage", "loss", "forward", "--", "article"),
        ("--stage", "loss", "forward", "article"),
        ("--stage", "loss,forward", "article"),
        ("article", "--stage", "loss,forward"),
        ("--stage", "loss", "article", "--stage", "forward"),
        ("--stage=loss", "--stage=forward", "article"),
    ],
    ids=" ".join,
)
def test_trace_of_some_stages(words: Sequence[str]) -> None:
    status, out, err = called("trace", "--format", "jsonl", *words)
    assert (status, err) == (FINE, "")
    _, *operations, end = map(json.loads, out.splitlines())
    assert [operation["name"] for operation in operations] == ["z1", "h1", "z2", "y_hat", "L"]
    assert end["steps"] == 19
    assert end["parameters"]["b2"] != [[0.2]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--stage", "forward", "loss"), "backprop-tui trace: the following arguments are required: scenario"),
        (("--stage", "forwrd", "article"), "backprop-tui: there is no stage 'forwrd' (did you mean 'forward'?)"),
        (("article", "--stage", "forwrd", "mazur"), "backprop-tui: there is no stage 'forwrd' (did you"),
        (
            ("--stage", "forward", "artcle"),
            "artcle: is neither a file nor a bundled scenario (did you mean 'article'?)",
        ),
    ],
)
def test_what_a_stage_is_taken_for(words: Sequence[str], message: str) -> None:
    status, out, err = called("trace", *words)
    assert (status, out) == (WRONG, "")
    assert err.startswith(message)
    assert is_one_line(err)


def test_trace_of_an_unknown_stage() -> None:
    status, out, err = called("trace", "article", "--stage", "forward", "backward")
    assert (status, out) == (WRONG, "")
    assert is_one_line(err)
    for part in ("'backward'", "forward", "loss", "delta2", "gradients2", "delta1", "gradients1", "update"):
        assert part in err


@pytest.mark.parametrize("form", ["text", "jsonl", "markdown"])
def test_trace_that_is_not_finite_is_printed_to_its_end_and_found_wrong(form: str) -> None:
    status, out, err = started("trace", "-", "--format", form, "--iterations", "3", data=DIVERGING)
    assert (status, err) == (FOUND, "")
    ends = {"jsonl": '{"type":"end","iterations":3', "text": "      L nan → nan", "markdown": "L nan → nan"}
    assert out.splitlines()[-1].startswith(ends[form])
    assert called("trace", "article", "--iterations", "200").status == FINE


def test_one_value_that_is_not_finite_is_enough() -> None:
    """∂L/∂ŷ of a saturated output; what comes after it is finite again."""
    article = (ROOT / "scenarios" / "article.toml").read_bytes()
    data = article.replace(b"bias = [0.2]", b"bias = [1e3]").replace(b"y = 1", b"y = 0")
    status, out, err = started("trace", "-", "--format", "jsonl", data=data)
    operations = [json.loads(line) for line in out.splitlines()[1:-1]]
    assert (status, err) == (FOUND, "")
    assert [found["name"] for found in operations if "inf" in str(found["value"])] == ["dL_dy_hat"]


@pytest.mark.parametrize("form", some(["text", "jsonl", "markdown"], 1))
def test_trace_keeps_nothing_of_what_it_printed(form: str) -> None:
    def peak(iterations: int) -> int:
        with Path(os.devnull).open("w") as sink, redirect_stdout(sink):
            gc.collect()  # what the run before left in cycles would count as memory that this one finds
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            assert main(["trace", "article", "--format", form, "--iterations", str(iterations)]) == FINE
            return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        peak(10)
        assert abs(peak(170) - peak(50)) < 6_000  # bytes; it is 2,280 operations more
    finally:
        tracemalloc.stop()


# what is wrong with a call

WRONGS: list[tuple[tuple[str, ...], str]] = [
    ((), "needs a terminal; 'backprop-tui trace'"),
    (("article",), "needs a terminal; 'backprop-tui trace'"),
    (("run", "article"), "needs a terminal; 'backprop-tui trace'"),
    (("-",), "needs a terminal"),
    (("--at", "1:delta2", "article"), "needs a terminal"),
    (("trace",), "backprop-tui trace: the following arguments are required: scenario"),
    (("trace", "article", "more"), "unrecognized arguments: more"),
    (("trace", "article", "\x1b[31m\nmore"), r"unrecognized arguments: \x1b[31m\nmore"),
    (("trace", "article", "--iter", "3"), "unrecognized arguments: --iter 3"),
    (("trace", "article", "--iterations"), "--iterations: expected one argument"),
    (("trace", "article", "--iterations", "0"), "'0' is not a whole number from 1"),
    (("trace", "article", "--iterations", "-1"), "'-1' is not a whole number from 1"),
    (("trace", "article", "--iterations", "1e3"), "'1e3' is not a whole number from 1"),
    (("trace", "article", "--iterations", "\x1b[31m"), r"'\x1b[31m' is not a whole number from 1"),
    (("trace", "article", "--digits", "16"), "'16' is not a whole number from 1 to 15"),
    (("explain", "article", "L", "--digits", "9" * 20), "is not a whole number from 1 to 15"),
    (("trace", "article", "--format", "yaml"), "invalid choice: 'yaml'"),
    (("trace", "article", "--format", "\x1b[31m"), r"invalid choice: '\x1b[31m'"),
    (("trace", "article", "--stage"), "--stage: expected at least one argument"),
    (("trace", "article", "--stage", "\x1b[31m"), r"there is no stage '\x1b[31m'"),
    (("trace", "artcle"), "artcle: is neither a file nor a bundled scenario (did you mean 'article'?)"),
    (("trace", "missing.toml"), "missing.toml: no such file"),
    (("trace", "\x1b[31m\n.toml"), r"\x1b[31m\n.toml: no such file"),
    (("trace", "nul\0.toml"), r"nul\x00.toml: "),
    (("trace", "."), ".: is a directory"),
    (("trace", "x" * 5000), "xxx"),
    (("scenarios", "more"), "unrecognized arguments: more"),
    (("schema", "--format", "text"), "unrecognized arguments: --format text"),
    (("new", "a", "b"), "unrecognized arguments: b"),
    (("new", "nul\0.toml"), r"nul\x00.toml: cannot be written"),
    (("new", "missing/x.toml"), "missing/x.toml: no such file or directory"),
    (("--frobnicate",), "unrecognized arguments: --frobnicate"),
    (("--versio",), "unrecognized arguments: --versio"),
    (("article", "--at"), "--at: expected one argument"),
    (("article", "--theme"), "--theme: expected one argument"),
]


@pytest.mark.parametrize(("words", "message"), WRONGS, ids=lambda part: repr(part)[:40])
def test_a_wrong_call_is_one_line(empty: Path, words: tuple[str, ...], message: str) -> None:
    status, out, err = called(*words)
    assert (status, out) == (WRONG, "")
    assert message in err
    assert is_one_line(err)
    assert len(err) < 700


FILES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "binary": (bytes(range(256)), ("not UTF-8",)),
    "zeros": (bytes(1000), ("zeros.toml:1:1: ",)),
    "empty": (b"", ("data: ", "format: ", "loss: ", "network: ", "optimizer: ")),
    "syntax": (b"format = 1\n[network\n", ("syntax.toml:2:9: ",)),
    "nested": (b"x = " + b"[" * 5000, ("nested",)),
    "two": (DIVERGING.replace(b'"identity"', b'"idenity"').replace(b'"sgd"', b'"sdg"'), ("'idenity'", "'sdg'")),
    "one unit": (DIVERGING.replace(b'"identity"', b'"softmax"'), ("'softmax'",)),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_is_a_line_for_each_problem(empty: Path, name: str) -> None:
    data, messages = FILES[name]
    Path(f"{name}.toml").write_bytes(data)
    status, out, err = called("trace", f"{name}.toml")
    assert (status, out) == (WRONG, "")
    lines = err.splitlines()
    assert len(lines) == len(messages)
    for line, message in zip(lines, messages, strict=True):
        assert line.startswith(f"{name}.toml")
        assert message in line
        assert line.isprintable()


def test_a_file_that_cannot_be_read_or_written(empty: Path) -> None:
    Path("file").write_text("")
    for command in ("trace", "new"):
        status, out, err = called(command, "file/x.toml")
        assert (status, out) == (WRONG, "")
        assert "not a directory" in err.lower()
        assert is_one_line(err)


def test_words_that_are_not_utf_8() -> None:
    status, out, err = started("trace", b"\xff.toml")
    assert (status, out) == (WRONG, "")
    assert err == "\\udcff.toml: no such file\n"


WORDS = [
    *(*COMMANDS, "article", "missing.toml", ".", "", "--", "-x", "--help", "--version", "--format", "text", "jsonl"),
    *("--iterations", "1", "0", "-3", "--stage", "loss", "δ₂", "--at", "1:delta2", "--theme", "--ascii"),
    *("\x1b[2J", "a\nb", "\u202e", "\udcff", "nul\0", "x" * 3000, "--format=", "--stage=loss", "{}", "%s", "@file"),
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=5).filter(lambda words: "-" not in words))
@example(["new", "\ud800"])
@example(["trace", "--format", "%(prog)s", "article"])
def test_any_words_at_all(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        status, out, err = called(*words)
    assert status in {FINE, FOUND, WRONG}
    assert (err == "") == (status != WRONG)
    if status == WRONG and words[:1] == ["check"]:  # of several, others may be fine
        assert all(line.isprintable() for line in err.splitlines())
    elif status == WRONG:
        assert out == ""
        assert is_one_line(err)


# terminals, pipes and signals


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--at", "1:delta9"), "there is no operation 'delta9' (did you mean delta"),
        (("--at", "\x1b[31m\n"), r"there is no operation '\x1b[31m'"),
        (("--at", ""), "a position is a step number"),
        (("--at", "-1"), "there is no operation '-1'"),
        (("--at", "0:L"), "'0' is not an iteration"),
        (("--with-mistake", "updates-frist"), "there is no mistake 'updates-frist' (did you mean 'updates-first'?)"),
        (("--with-mistake", "betas-swapped"), "betas-swapped changes nothing here"),
        (("--theme", "no\x1b[31m"), r"there is no theme 'no\x1b[31m'; there are"),
    ],
)
def test_a_wrong_start_is_one_line_before_anything_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: Sequence[str], message: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    out, err = Terminal(), Terminal()
    for name, stream in (("stdin", Terminal()), ("stdout", out), ("stderr", err)):
        monkeypatch.setattr(sys, name, stream)
    assert main(["article", *words]) == WRONG
    assert out.getvalue() == ""
    assert message in err.getvalue()
    assert is_one_line(err.getvalue())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("article", "--at", "1:delta9"), "backprop-tui: there is no operation 'delta9'"),
        (("run", "missing.toml"), "missing.toml: no such file"),
    ],
)
def test_a_wrong_start_in_a_real_terminal(tmp_path: Path, words: Sequence[str], message: str) -> None:
    ours, theirs = pty.openpty()
    env = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "TERM": "xterm-256color"}
    with subprocess.Popen([*MODULE, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        status = process.wait(30)
        said = os.read(ours, 10_000).decode()
    os.close(theirs)
    os.close(ours)
    assert status == WRONG
    assert message in said
    assert said.endswith("\r\n")
    assert said.removesuffix("\r\n").isprintable()


@pytest.mark.parametrize("term", ["dumb", "unknown", "Dumb"])
def test_a_terminal_that_cannot_be_drawn_on_is_told_what_to_use(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    out, err = Terminal(), Terminal()
    for name, stream in (("stdin", Terminal()), ("stdout", out), ("stderr", err)):
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setenv("TERM", term)
    assert main(["article"]) == WRONG
    assert out.getvalue() == ""
    assert "'backprop-tui trace' prints the same run as text" in err.getvalue()
    assert f"TERM={term}" in err.getvalue()
    assert is_one_line(err.getvalue())


@pytest.mark.parametrize("name", ["stdin", "stdout"])
def test_a_closed_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    out, err = Terminal(), Terminal()
    for stream, value in {"stdin": Terminal(), "stdout": out, "stderr": err, name: None}.items():
        monkeypatch.setattr(sys, stream, value)
    assert main(["article"]) == WRONG
    assert "needs a terminal" in err.getvalue()
    assert is_one_line(err.getvalue())


ENVIRONMENTS = {
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
    "NO_COLOR": {"NO_COLOR": "1", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "FORCE_COLOR": {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"},
}
PRINTING = ("trace article", "trace article --format jsonl", "check article", "scenarios", "new", "schema")


@pytest.mark.parametrize(("call", "name"), crossed(4, PRINTING, ENVIRONMENTS))
def test_a_pipe_gets_the_same_bytes_in_every_environment(call: str, name: str) -> None:
    words, env = call.split(), ENVIRONMENTS[name]
    expected = called(*words)
    assert "\x1b" not in expected.out
    assert started(*words, env=env) == expected


def test_errors_in_an_ascii_environment() -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    status, out, err = started("trace", "article", "--stage", "δ₂", env=env)
    assert (status, out) == (WRONG, "")
    assert err.startswith("backprop-tui: there is no stage '")
    assert is_one_line(err)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [("schema",), ("--help",), ("trace", "article", "--iterations", "2000")])
def test_a_reader_that_has_enough(words: Sequence[str], unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    env = BUFFERED | {"PYTHONUNBUFFERED": unbuffered}
    result = subprocess.run([*MODULE, *words], stdout=writing, stderr=subprocess.PIPE, env=env, check=False)
    os.close(writing)
    assert (result.returncode, result.stderr) == (FINE, b"")


def test_head() -> None:
    command = [*MODULE, "trace", "article", "--iterations", "1000000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=BUFFERED) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().decode() == GOLDEN.splitlines(keepends=True)[0]
        process.stdout.close()
        assert process.wait(30) == FINE
        assert process.stderr.read() == b""


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(ENOSPC, os.strerror(ENOSPC))

    err = io.StringIO()
    monkeypatch.setattr(sys, "stdout", Full())
    monkeypatch.setattr(sys, "stderr", err)
    assert main(["trace", "article"]) == WRONG
    assert err.getvalue() == "backprop-tui: cannot write: no space left on device\n"


def wait_until_full(pipe: IO[bytes]) -> None:
    """Until nothing more is written into a pipe that no one reads."""
    before, waiting = -1, 0
    while waiting != before:
        time.sleep(0.2)
        before, waiting = waiting, int.from_bytes(ioctl(pipe, FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize("reads_on", [True, False])
def test_an_interrupt_in_a_long_trace(reads_on: bool) -> None:
    command = [*MODULE, "trace", "article", "--iterations", "1000000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=BUFFERED) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        if not reads_on:
            wait_until_full(process.stdout)
        process.send_signal(signal.SIGINT)
        if reads_on:
            _, err = process.communicate(timeout=30)
        else:  # as a pager, which shows its first page
            process.wait(30)
            err = process.stderr.read()
        assert (process.returncode, err) == (INTERRUPTED, b"")


def test_an_interrupt_where_the_reader_has_gone_too() -> None:
    code = """
from backprop_tui import cli
from backprop_tui.commands import scenarios
def interrupted(_):
    print("not yet written")
    raise KeyboardInterrupt
scenarios.schema = interrupted
exit(cli.main(["schema"]))
"""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=BUFFERED, check=False)
    os.close(writing)
    assert (result.returncode, result.stderr) == (INTERRUPTED, b"")


def test_what_could_not_be_drawn_any_more_does_not_change_the_status() -> None:
    code = """
import sys
from backprop_tui import cli
from backprop_tui.commands import scenarios
def hung_up(_):
    sys.__stderr__.write("half a frame")
    return 129
scenarios.schema = hung_up
exit(cli.main(["schema"]))
"""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=writing, env=BUFFERED, check=False)
    os.close(writing)
    assert (result.returncode, result.stdout) == (129, b"")


def test_an_interrupt_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(io.StringIO):
        def write(self, _: str) -> int:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdout", Interrupted())
    assert main(["trace", "article"]) == INTERRUPTED


@pytest.mark.parametrize("command", some(["trace", "check", "gradcheck", "explain"], 2))
def test_keys_of_the_scenario_can_be_set(command: str) -> None:
    value = ["W2[0,1]"] if command == "explain" else []
    plain, ours = (called(command, "article", *value, *more) for more in ((), ("--set", "optimizer.name=adam")))
    assert plain.out != ours.out
    assert ours.err == ""
    wrong = called(command, "article", *value, "--set", "optimizer.name=adm")
    assert wrong == (WRONG, "", "--set optimizer.name=adm: unknown 'adm' (did you mean 'adam'?)\n")
