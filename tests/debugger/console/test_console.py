"""The `:` line without a screen: every row of the table, errors in one line, files of commands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.console.command import LineError
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.complete import beginning, candidates
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
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
    (3, "until L", 5),
    (3, "until", 19),
    (3, "u 2:z1", 20),
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
    (8, "break", "breakpoint 1 on δ₂"),
    (8, "break if loss < 1", "breakpoint 1 on δ₂ if loss < 1"),
    (0, "b delta1", "breakpoint 1 on δ₁"),
    (0, "b delta1; breakpoints", "1 delta1"),
    (0, "b delta1, norm(delta1) > 9 hit 2 log L; info b", "1 delta1 if norm(delta1) > 9 hit 2 log L"),
    (0, "b δ₁ log log(loss)", "breakpoint 1 on δ₁ log log(loss) (prints and goes on)"),
    (0, "b L log loss * 2; c; messages", "1:L: loss * 2 = 2.9266"),
    (0, "b L log loss; c", "1:L: loss = 1.4633\n1:b1  step 19"),
    (0, "b change W1[1,0]; c", "stopped at breakpoint 1: W1[1,0] changed, 0.7 → 0.6231"),
    (0, "watch W₂[0,1] if loss > 9; c", "1:b1  step 19"),
    (0, "watch W2[0,1]; c; rc", "start  step 0"),
    (0, "b vanishing 1e3; c", "stopped at breakpoint 1: vanishing at ∂L/∂W₂\n1:dL_dW2"),
    (0, "search relu; search; w", "2:h1  step 21"),
    (30, "rsearch σ; w", "2:y_hat  step 23"),
    (0, "b 13 if loss > 1; bl", "1 delta1 if loss > 1"),
    (0, "b forward; c", "stopped at breakpoint 1 on forward\n1:y_hat"),
    (0, "tbreak delta1; c; breakpoints", "there are no breakpoints"),
    (0, "b L; b z1; disable 1; bl", "1 L, disabled\n2 z1"),
    (0, "b L; disable L; enable; bl", "1 L"),
    (0, "b L; b z1; b h; d 1 h; bl", "2 z1"),
    (0, "b L; condition 1 loss < 1; bl", "1 L if loss < 1"),
    (0, "b L if loss < 1; condition 1; bl", "1 L"),
    (0, "b L; ignore 1 2; c 5", "3:L  step 43"),
    (0, "b L; ignore 1 2; ignore 1 0; c", "1:L  step 5"),
    (0, "b L; log 1 norm(W1); log 1; bl", "1 L"),
    (0, "watch dead units; b change dead units; bl", "1 change dead units\n2 change dead units"),
    (
        8,
        "set W2[0,1] = W2[0,1] / 2",
        "W₂[0,1] = −0.5 at 1:delta2, on branch-1; stale: z₂, ŷ, L and 3 more; rerun",
    ),
    (8, "set var W₂[0,1] = 1; p W2", "[0.5 1]"),
    (5, "set L = 2; where", "1:L  step 5  L = −(y log ŷ + (1 − y) log(1 − ŷ)) = 1.4633, set to 2"),
    (8, "set eta = 1; rerun", "iteration 1 is done again with its edits, on branch-1"),
    (8, "set x[1] = 2; rerun; p z1", "[−0.65 1.85]"),
    (8, "set x[1] = 2; edits", "x[1] = 2 at 1:delta2"),
    (8, "set x[1] = 2; branches", "  main\n▶ branch-1 from main since 1:delta2: x[1] = 2 at 1:delta2"),
    (8, "branches", "there is only main: an edit makes a branch"),
    (8, "set eta = 1; undo", "undone; on main"),
    (8, "set eta = 1; undo; redo", "redone; on branch-1 from main"),
    (8, "set eta = 1; rename fast; switch main; switch fast", "on fast from main since 1:delta2: η = 1"),
    (8, "set eta = 1; rename branch-1 fast; branch main", "on main"),
    (19, "set W2[0,1] = 0; compare", "they part at 1:b1  step 19: W₂[0,1] is −0.8924 and 0"),
    (19, "set W2[0,1] = 0; compare", "here 1 number differs: W₂ 1 of 2"),
    (19, "set W2[0,1] = 0; goto 2:b1; compare main branch-1", "loss of iteration 2  1.0792  0.5643  Δ −0.5149"),
    (19, "lastchange W1[1,0]", "W1[1,0] last changed at 1:W1, step 18: 0.7 → 0.6231"),
    (19, "who W1[0,0]", "W1[0,0] is 0.2, as it was at the start"),
    (5, "who z1[0]", "z1[0] is −0.05, the same since 1:z1, step 1"),
    (1, "who delta1", "δ₁ is not computed yet"),
    (8, "set W2[0,1] = 2; who W2[0,1]", "W2[0,1] last changed at 1:delta2, step 8, edited: −1 → 2"),
    (8, "mark a; info marks", "a  1:delta2  step 8"),
    (8, "display L; info display", "L = 1.4633"),
    (0, "b delta1; clear delta1", "removed: delta1"),
    (0, "b delta1; clear delta1; clear", "there are no breakpoints"),
    (0, "b delta1; enable 1", "on already"),
    (0, "b delta1; b L if loss < 1; disable", "off: delta1, L if loss < 1"),
    (0, "b delta1; b L; delete; bl", "there are no breakpoints"),
    (0, "rc", "this is the start"),
    (0, "b delta1; c", "stopped at breakpoint 1 on δ₁"),
    (0, "display L; next 5", "L = 1.4633"),
    (0, "display L; undisplay", "nothing is displayed any more"),
    (5, "display L; display b1[0]; undisplay 2; display", "L = 1.4633"),
    (5, "display L; undisplay L", "L is no longer displayed"),
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
    ("print delta1", "delta1 is not computed yet: step 13 (1:delta1) does that"),
    ("print max(delta1) + W1[0,0]", "delta1 is not computed yet"),
    ("print -(W1 > 0)", "W1 > 0 is true or false, not a number"),
    ("display W1[2,0]", "W1 is 2×3, and indices count from 0"),
    ("print W1 @ W1", "matmul: 2×3 and 2×3 do not fit together"),
    ("print __import__('os')", "column 1"),
    (
        "break nope",
        "there is no operation 'nope'; the stages are forward, loss, delta2, gradients2, delta1, gradients1,",
    ),
    ("break L loss < 1", "what comes after L begins with if, hit or log: L if loss < 1"),
    ("rc 3", "rc stands alone, without '3'"),
    ("undo 2", "undo stands alone, without '2'"),
    ("set W1[0,1] =", "set it to what? a number or an expression, such as set W1[0,1] = 0.5"),
    ("variant network.layers[0].units=4", "has 2 rows of 3, expected 4 rows of 3 (units is 4) (and 7 more)"),
    ("why delta1[0]", "delta1 is not computed yet: step 13 (1:delta1) does that"),
    ("break delta1 if", "a condition is missing after 'if'"),
    ("break delta1 if loss", "a condition is true or false, such as loss > 0"),
    ("break delta1 hit x", "hit wants a whole number, not 'x'"),
    ("break delta1 if loss < 1 if loss > 2", "'if' comes twice"),
    ("break delta1, loss < 1 if loss > 2", "there are two conditions"),
    ("break vanishing x", "a threshold is a number, not 'x'"),
    ("break vanishing -1", "the threshold of vanishing is 0 or more, not -1"),
    ("break change", "an expression is missing"),
    ("break " + "log " * 2000, "longer than 2,000 characters"),
    ("watch", "watch what?"),
    ("clear delta1", "there is no breakpoint at 'delta1'"),
    ("enable 7", "there is no breakpoint 7"),
    ("condition", "of which breakpoint?"),
    ("condition 1 loss < 1", "there is no breakpoint 1"),
    ("ignore x 1", "the number of the breakpoint is a whole number"),
    ("info nothing", "info of what? breakpoints, "),
    ("set W1[0,0]", "set what?"),
    ("set W1[0,0] == 3", "set what?"),
    ("set W1 = 3", "W1 has 6 numbers: say which, such as W1[0,0]"),
    ("set W1[0,0] = x", "x is 3×1, not one number"),
    ("set delta1[0] = 3", "delta1 has no value yet"),
    ("rerun", "nothing was edited in iteration 1 of main"),
    ("undo", "there is nothing to undo"),
    ("redo", "there is nothing to redo"),
    ("switch", "switch to which branch?"),
    ("switch nobody", "there is no branch 'nobody' (there are main)"),
    ("rename x", "main is the run without edits, and keeps its name"),
    ("compare", "compare which branches?"),
    ("compare main nobody", "there is no branch 'nobody'"),
    ("lastchange", "of what?"),
    ("lastchange nope", "there is no variable 'nope'"),
    ("until 3", "that is not ahead; goto goes there"),
    ("load /no/such/file", "/no/such/file: there is no such session"),
    ("undisplay L", "there is no watch 'L'"),
    ("mark ab", "a mark is one letter or digit"),
    ("' z", "there is no mark 'z'"),
    ("source", "source which file?"),
    ("source /no/such/file", "/no/such/file: no such file or directory"),
    ("help nope", "there is no command 'nope'"),
    ("search", "search for what?"),
    ("search nowhere", "no match for 'nowhere' after this step"),
    ("rsearch b1 =", "no match for 'b1 =' before this step"),
    ("plot", "'plot' needs the screen"),
    ("re", "'re' may be reverse-finish, reverse-search, rerun, redo, rename, reverse-step, reload"),
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


def test_several_commands_on_a_line() -> None:
    s = session()
    assert s.run("n 3;;mark a ;; n ;; marks").splitlines()[-1] == "a  1:z2  step 3"
    assert s.debugger.step == 4
    assert not s.run("# n ;; n")
    with pytest.raises(LineError, match="no command 'nope'"):
        s.run("n ;; nope ;; n")
    assert s.debugger.step == 5


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
    assert s.debugger.step == 0  # it is rehearsed first
    file.write_text("n 3\nload /nope\nn 3\n")  # what is read from elsewhere is not
    with pytest.raises(LineError, match=r"a\.txt:2: /nope: there is no such session"):
        s.run(f"source {file}")
    assert s.debugger.step == 3


def test_a_file_that_reads_itself_ends(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"source {file}\n")
    with pytest.raises(LineError, match="reads itself"):
        session().run(f"source {file}")


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("ne", "next "),
        ("goto 3:delta", "goto 3:delta2"),
        ("p abs(dL_dW", "p abs(dL_dW2"),
        ("b del", "b delta2"),
        ("b va", "b vanishing"),
        ("b L if abs(dL_dW", "b L if abs(dL_dW2"),
        ("b change W", "b change W1"),
        ("tb ch", "tb change"),
        ("enable 1 d", "enable 1 delta1"),
        ("condition 1 lo", None),
        ("condition 1 de", "condition 1 delta2"),
        ("set et", "set eta"),
        ("set W1[0,1] = et", "set W1[0,1] = eta"),
        ("switch b", "switch branch-1"),
        ("swi b", "swi branch-1"),
        ("compare main br", "compare main branch-1"),
        ("info br", "info breakpoints"),
    ],
)
def test_completion(line: str, first: str | None) -> None:
    s = session()
    s.run("b delta1")
    s.run("set eta = 1")
    assert next(iter(candidates(s, line)), None) == first


PLACES = st.sampled_from(
    ["delta1", "forward", "L", "change W1[0,1]", "change log(loss)", "vanishing 1e-9", "nonfinite"]
)
TERMS = st.fixed_dictionaries(
    {},
    optional={
        "if": st.sampled_from(["loss < 1", "log(loss) > 0 and not all(W1 > 0)", "any(W1 > log (2))"]),
        "hit": st.integers(1, 9).map(str),
        "log": st.sampled_from(["loss", "log(loss)", "(W1 + 1) * 2", "dead units"]),
    },
)


@given(PLACES, TERMS.flatmap(lambda terms: st.permutations(list(terms.items()))))
def test_a_breakpoint_reads_as_it_is_written(place: str, terms: list[tuple[str, str]]) -> None:
    breakpoints = session().debugger.breakpoints
    bp = breakpoints.add_typed(" ".join([place, *(f"{word} {term}" for word, term in terms)]))
    assert {"if": bp.when, "hit": str(bp.hit), "log": bp.log} == {"if": "", "hit": "0", "log": ""} | dict(terms)
    again = breakpoints.add_typed(bp.typed)
    assert (again.typed, again.kind) == (bp.typed, bp.kind)
    changed = breakpoints.change(bp.number, "L if loss > 1")
    assert (changed.number, changed.typed) == (bp.number, "L if loss > 1")


def test_a_session_goes_to_a_file_and_comes_back(tmp_path: Path) -> None:
    s = session(8)
    for line in ("b delta1 if loss < 1", "set W2[0,1] = 0.25", "rename mine", "display loss"):
        s.run(line)
    assert s.run(f"save {tmp_path}/a") == f"saved: {tmp_path}/a"
    t = session(3)
    assert "the session is resumed\n1:delta2  step 8" in t.run(f"load {tmp_path}/a")
    assert [t.run(line) for line in ("bl", "branches", "display")] == [
        "1 delta1 if loss < 1",
        s.run("branches"),
        "loss = 1.4633",
    ]


@pytest.mark.parametrize("kept", [True, False])
def test_a_jacobian_is_printed_a_matrix_for_each_sample(kept: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kept:
        monkeypatch.setattr("backprop_tui.engine.statements.derive.LARGEST_JACOBIAN", 0)
    debugger = Debugger(load(Path(__file__).parents[2] / "data" / "valid" / "softmax-batch.toml"))
    debugger.seek("1:delta2")
    s = LineSession(debugger, WORDS)
    second = s.run("print dy_hat_dz2[1]")
    assert len(second.splitlines()) == 3
    assert s.run("whatis ∂ŷ/∂z₂[1]") == "an array of shape [3, 3]"
    if kept:
        assert s.run("print dy_hat_dz2").splitlines()[4:8] == ["sample 1", *second.splitlines()]
        assert s.run("whatis dy_hat_dz2") == "an array of shape [4, 3, 3]"
    else:
        with pytest.raises(LineError, match=r"take one sample's, dy_hat_dz2\[0\]"):
            s.run("print dy_hat_dz2")


def test_file_names_are_completed(tmp_path: Path) -> None:
    (tmp_path / "lecture.txt").write_text("")
    (tmp_path / "lessons").mkdir()
    found = candidates(session(), f"source {tmp_path}/le")
    assert found == [f"source {tmp_path}/lecture.txt", f"source {tmp_path}/lessons/"]
    assert beginning(found) == f"source {tmp_path}/le"


@given(st.text(max_size=30) | st.tuples(st.sampled_from(sorted(WORDS.by_name)), st.text(max_size=20)).map(" ".join))
def test_whatever_is_typed_is_answered_or_refused_in_one_line(line: str) -> None:
    if WORDS.by_name.get(line.partition(" ")[0]) in map(WORDS.by_name.get, ("source", "save", "load")):
        return  # of files
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
