"""The `:` line without a screen: every row of the table, errors in one line, files of commands."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.line.complete import beginning, candidates
from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.line.word import LineError
from backprop_tui.debugger.line.words import WORDS
from backprop_tui.scenario import load

MOVES = (  # from step, line, to step
    (5, "next", 6),
    (5, "n 10", 15),
    (8, "back 3", 5),
    (8, "rn", 7),
    (2, "fin", 4),
    (9, "rfin", 8),
    (8, "iteration", 27),
    (8, "it 3", 46),
    (46, "earlier 2", 8),
    (0, "goto 3:delta2", 46),
    (0, "g 7", 7),
    (9, "goto start", 0),
    (0, "c", 19),
    (5, "c 2", 43),
    (8, "rc", 0),
)
SAYS = (  # at step, lines, the last one's answer
    (8, "p W₁[0,1]", "−0.4"),
    (8, "print W1", "[0.2 −0.4 0.1]\n[0.7 0.3 −0.5]"),
    (8, "p loss > 1", "true"),
    (8, "whatis z1", "an array of shape [2, 1]"),
    (0, "whatis delta1 > 0", "an array of shape [2, 1], true or false each"),
    (0, "whatis loss", "a number"),
    (0, "whatis W1.shape", "a shape"),
    (8, "p W1.shape", "[2, 3]"),
    (8, "p W1 > 0", "[[true false true] [true true false]]"),
    (8, "p dead units", "1"),
    (0, "display dead units; fin", "dead units = 1"),
    (1, "display b1[0]; display W1[1,0]; goto 1:W1", "W1[1,0] = 0.6231, Δ −0.0769"),
    (0, "c; c", "the scenario's iteration is over; continue 10 goes on for ten more"),
    (8, "where", "1:delta2  step 8  δ₂ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₂ = −0.7685"),
    (0, "w", "start  step 0"),
    (8, "args", "∂L/∂ŷ = −4.3201\n∂ŷ/∂z₂ = 0.1779"),
    (8, "break", "breakpoint on δ₂"),
    (0, "b delta1", "breakpoint on δ₁"),
    (0, "b delta1; breakpoints", "δ₁"),
    (0, "b delta1; clear delta1", "there are no breakpoints"),
    (0, "b delta1; c", "stopped at breakpoint 1 on δ₁"),
    (0, "display L; next 5", "L = 1.4633"),
    (0, "display L; undisplay", "nothing is displayed any more"),
    (8, "mark a; n 3; ' a", "1:delta2  step 8"),
    (8, "mark a; marks", "a  1:delta2  step 8"),
    (8, "help fin", "finish [COUNT]\nto the end of the stage\nalso: fin, return, r"),
    (3, "list 1", "    2 h = ReLU(z₁)\n ▶  3 z₂ = W₂h + b₂\n    4 ŷ = σ(z₂)"),
)
WRONG = (  # line, what it says
    ("nxt", "there is no command 'nxt' (did you mean next?)"),
    ("next x", "the count is a whole number from 1"),
    ("goto", "where to?"),
    ("goto 1:delta9", "there is no operation 'delta9'"),
    ("print", "print what?"),
    ("print nope", "there is no variable 'nope'"),
    ("print delta1", "delta1 is not computed yet"),
    ("print max(delta1) + W1[0,0]", "delta1 is not computed yet"),
    ("print -(W1 > 0)", "W1 > 0 is true or false, not a number"),
    ("display W1[2,0]", "W1 is 2×3, and indices count from 0"),
    ("print W1 @ W1", "matmul: 2×3 and 2×3 do not fit together"),
    ("print __import__('os')", "column 1"),
    ("break nope", "there is no operation 'nope'"),
    ("clear delta1", "there is no breakpoint on 'delta1'"),
    ("undisplay L", "there is no watch 'L'"),
    ("mark ab", "a mark is one letter or digit"),
    ("' z", "there is no mark 'z'"),
    ("source", "source which file?"),
    ("source /no/such/file", "/no/such/file: no such file or directory"),
    ("help nope", "there is no command 'nope'"),
    ("plot", "'plot' needs the screen"),
    ("re", "'re' may be reverse-finish, reverse-step, reload"),
)


def session(step: int = 0) -> LineSession:
    debugger = Debugger(load("article"))
    debugger.seek(step)
    return LineSession(debugger, WORDS)


@pytest.mark.parametrize(("start", "line", "end"), MOVES)
def test_moves(start: int, line: str, end: int) -> None:
    s = session(start)
    s.run(line)
    assert s.debugger.step == end


@pytest.mark.parametrize(("step", "lines", "says"), SAYS)
def test_says(step: int, lines: str, says: str) -> None:
    s = session(step)
    *before, last = lines.split("; ")
    for line in before:
        s.run(line)
    assert says in s.run(last)


@pytest.mark.parametrize(("line", "says"), WRONG)
def test_an_error_is_one_line_and_the_position_stays(line: str, says: str) -> None:
    s = session(8)
    with pytest.raises(LineError) as error:
        s.run(line)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert s.debugger.step == 8


def test_names_are_unique_and_every_command_has_help() -> None:
    names = [name for word in WORDS.rows for name in word.names]
    assert len(names) == len(set(names))
    s = session()
    for name in names:
        assert WORDS.by_name[name].text in s.run(f"help {name}")
        assert WORDS.by_name[name].synopsis in s.run("help")


def test_a_file_of_commands(tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner.txt", tmp_path / "outer.txt"
    inner.write_text("n 3\np z2\n")
    outer.write_text(f"# a lecture\n\ndisplay L\nsource {inner}\ngoto 1:L\n")
    s = session()
    said = s.run(f"source {outer}")
    assert s.debugger.step == 5
    assert said.splitlines()[-1] == "L = 1.4633"
    assert "−1.2" in said.splitlines()


def test_an_error_in_a_file_says_where(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("n 3\nnope\nn 3\n")
    s = session()
    with pytest.raises(LineError, match=r"a\.txt:2: there is no command 'nope'"):
        s.run(f"source {file}")
    assert s.debugger.step == 3


def test_a_file_that_reads_itself_ends(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"source {file}\n")
    with pytest.raises(LineError, match="does a file read itself"):
        session().run(f"source {file}")


@pytest.mark.parametrize(
    ("line", "first"),
    [("ne", "next "), ("goto 3:delta", "goto 3:delta2"), ("p abs(dL_dW", "p abs(dL_dW2"), ("b del", "b delta2")],
)
def test_completion(line: str, first: str) -> None:
    assert candidates(session(), line)[0] == first


def test_file_names_are_completed(tmp_path: Path) -> None:
    (tmp_path / "lecture.txt").write_text("")
    (tmp_path / "lessons").mkdir()
    found = candidates(session(), f"source {tmp_path}/le")
    assert found == [f"source {tmp_path}/lecture.txt", f"source {tmp_path}/lessons/"]
    assert beginning(found) == f"source {tmp_path}/le"


@settings(max_examples=150)
@given(st.text(max_size=30) | st.tuples(st.sampled_from(sorted(WORDS.by_name)), st.text(max_size=20)).map(" ".join))
def test_whatever_is_typed_is_answered_or_refused_in_one_line(line: str) -> None:
    if line.split()[:1] in (["source"], ["so"]):
        return
    s = session(8)
    candidates(s, line)
    try:
        s.run(line)
    except LineError as error:
        says = str(error)
    else:
        return
    assert says.isprintable()
    assert s.debugger.step == 8
