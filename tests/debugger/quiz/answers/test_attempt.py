"""What is right is taken, at any precision and in any way of writing; what is not is not."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.quiz.answers.answers_in_numbers import LONGEST, AnswerError, read_answer
from backprop_tui.debugger.quiz.answers.attempt import attempt, sides
from backprop_tui.debugger.quiz.questions.kinds import NAMES, ROWS, kind_of
from backprop_tui.debugger.quiz.questions.question import ALL, FIRST, ONE, Question, question
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import load
from tests.debugger.quiz.asked_questions import BUNDLED, EVERY, NETWORKS, beside, questions, rounded, timeline
from tests.sampled import some

VALID = Path(__file__).parents[3] / "data" / "valid"


def of(name: str, level: int = ONE, scenario: str = "article", turn: int = 0, iteration: int = 1) -> Question:
    """The question about an operation."""
    run = timeline(scenario)
    event = run.event(run.step_at(iteration, run.program.by_name[name].index))
    assert event is not None
    return question(event, level, turn=turn, before=run.frame(iteration - 1) if iteration > 1 else None)


def marks(text: str, asked: Question) -> list[str]:
    return [part.mark for part in attempt(text, asked).parts]


@pytest.mark.parametrize("name", some([*BUNDLED, *NETWORKS], 12))
def test_the_right_value_is_taken_at_any_precision_and_another_is_not(name: str) -> None:
    asked_of = set()
    for asked in questions(name):
        if asked.aspect != "value":
            continue
        asked_of.add(asked.operation.name)
        for digits in range(2, 9):
            text = " ".join(rounded(asked.true(at), digits) for at in asked.places)
            assert attempt(text, asked).right, (asked.text, text)
        for digits in (2, 5):
            texts = [beside(asked.true(at), digits, 2) for at in asked.places if abs(asked.true(at)) > asked.slack]
            if len(texts) == len(asked.places):
                assert {*marks(" ".join(texts), asked)} == {"wrong"}, (asked.text, texts)
    assert asked_of == {operation.name for operation in timeline(name).program.operations}


@pytest.mark.parametrize("name", some([*BUNDLED, *NETWORKS], 12))
def test_the_first_level_takes_what_is_so_and_nothing_else(name: str) -> None:
    for asked in questions(name):
        if asked.aspect == "shape":
            shape = asked.value.shape
            assert attempt("×".join(map(str, shape)) or "a number", asked).right
            assert not attempt("7×9", asked).right
        elif asked.aspect == "off":
            off = [at[0] for at in asked.places if asked.true(at) == 0]
            assert attempt(" ".join(map(str, off)) or "none", asked).right
            assert not attempt(" ".join(str(at[0]) for at in asked.places if at[0] not in off) or "none", asked).right
        elif asked.aspect != "value":
            rights = {sign for sign in "+-=" if attempt(sign, asked).right}
            assert rights == {"-=+"[side + 1] for side in sides(asked)}


def test_every_kind_of_operation_has_a_row_and_every_row_is_reached() -> None:
    networks = [*EVERY.values(), *(load(name).network for name in (*BUNDLED, *map(str, VALID.glob("*.toml"))))]
    programs = [Program.of(network) for network in networks]
    found = {kind_of(operation, program.variables) for program in programs for operation in program.operations}
    assert {kind.name for kind in found} <= {row.name for row in ROWS} < {*NAMES}
    assert found == {*ROWS}


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("-0.05 1.4", "z1", ALL),
        ("−0.05, 1.4", "z1", ALL),
        ("-0,05 1,4", "z1", ALL),
        ("-0,05; 1,4", "z1", ALL),
        ("-0.05;1.4", "z1", ALL),
        ("-0.05\n1.4", "z1", ALL),
        ("[-0.05 1.4]", "z1", ALL),
        ("[[-0.05], [1.4]]", "z1", ALL),
        ("[-0.05; 1.4]", "z1", ALL),
        ("W1@x + b1", "z1", ALL),
        ("W₁ @ x + b₁", "z1", ALL),
        ("0.2 - 0.2 - 0.15 + 0.1, 7/5", "z1", ALL),
        ("-1/20 0.7*1 + 0.3*0.5 + 0.5*1.5 - 0.2", "z1", ALL),
        ("0, W1[1,0]*x[0] + W1[1,1]*x[1] + W1[1,2]*x[2] + b1[1]", "h1", ALL),
        ("max(z1, 0)", "h1", ALL),
        ("-0 1.4", "h1", ALL),
        ("h[1]*W2[0,1] + h[0]*W2[0,0] + b2", "z2", ONE),
        ("-1,2", "z2", ONE),
        ("−1.2", "z2", ONE),
        ("- 1.2", "z2", ONE),
        ("-6/5", "z2", ONE),
        ("-12e-1", "z2", ONE),
        ("-12·10^-1", "z2", ONE),
        ("[-1.2]", "z2", ONE),
        ("1/(1 + exp(1.2))", "y_hat", ONE),
        ("0.23", "y_hat", ONE),
        ("2.3e-1", "y_hat", ONE),
        ("0.2315 − 1", "delta2", ONE),
        ("-4.3201*0.1779", "delta2", ONE),
        ("ŷ − y", "delta2", ONE),
        ("-log(ŷ)", "L", ONE),
        ("W2 - eta*dW2", "W2", ALL),
        ("W₂ − η·∂L/∂W₂", "W2", ALL),
        ("½ -0.8924", "W2", ALL),
        ("δ₁@x.T", "dL_dW1", ALL),
        ("0 0 0; 0.77 0.38 1.15", "dL_dW1", "one wrong"),
    ],
)
def test_ways_of_writing(text: str, name: str, level: int | str) -> None:
    if level == "one wrong":
        assert marks(text, of(name, ALL)) == ["right"] * 5 + ["wrong"]
    else:
        assert attempt(text, of(name, int(level))).right


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("0.2", "y_hat", "coarse"),
        ("-1", "z2", "coarse"),
        ("-1.", "z2", "coarse"),
        ("-1.2", "z2", "right"),
        ("-1.20", "z2", "right"),
        ("-1.21", "z2", "wrong"),
        ("-0.8", "delta2", "coarse"),
        ("0", "y_hat", "coarse"),
        ("0.1779", "dy_hat_dz2", "right"),
        ("0.2315*0.7685", "dy_hat_dz2", "right"),
        ("0.2*0.8", "dy_hat_dz2", "coarse"),
        ("0.23*0.77", "dy_hat_dz2", "right"),
        ("0.23*0.85", "dy_hat_dz2", "wrong"),
        ("0.2315*0.7785", "dy_hat_dz2", "wrong"),
        ("inf", "y_hat", "wrong"),
        ("nan", "y_hat", "wrong"),
    ],
)
def test_precision_is_that_of_what_was_written(text: str, name: str, expected: str) -> None:
    assert marks(text, of(name)) == [expected]


@pytest.mark.parametrize(
    ("text", "name", "level", "says"),
    [
        ("", "z1", ONE, "an answer is missing"),
        ("  ", "z1", ALL, "an answer is missing"),
        ("z1", "z1", ALL, "z₁ is what is asked for"),
        ("z₁[0]", "z1", ONE, "z₁ is what is asked for"),
        ("h1", "z1", ONE, "h is not computed yet"),
        ("delta2", "z1", ONE, "δ₂ is not computed yet"),
        ("1", "z1", ALL, "2 numbers are asked for, not 1"),
        ("1 2 3", "z1", ALL, "2 numbers are asked for, not 3"),
        ("1 2 3", "z2", ONE, "one number is asked for, not 3"),
        ("1 2; 3 4; 5 6", "dL_dW1", ALL, "∂L/∂W₁ has 2 rows of 3"),
        ("x", "z2", ONE, "x is 3×1, where one number is asked for"),
        ("W1", "z1", ALL, "that is 2×3, and z₁ has a different shape"),
        ("x > 0", "z2", ONE, "x > 0 is not a number"),
        ("ex", "z2", ONE, "there is no variable 'ex' (did you mean x?)"),
        ("W1 @ y", "z1", ALL, "matmul: 2×3 and 1×1 do not fit together"),
        ("__import__('os').system('x')", "z2", ONE, ""),
        ("a" * 5000, "z2", ONE, f"longer than {LONGEST:,} characters"),
        ("[" * 400, "z2", ONE, ""),
        ("[" * 400 + "]" * 400, "z1", ALL, ""),
        ("[1]" * 300, "z1", ALL, ""),
        ("(" * 400, "z1", ALL, ""),
        ("9" * 200, "z2", ONE, ""),
        ("1e999999999999", "z2", ONE, ""),
        ("lambda: 1", "z2", ONE, ""),
        ("\x1b]52;c;x\x07", "z2", ONE, ""),
        ("1 " * 400, "z1", ALL, "2 numbers are asked for, not 400"),
    ],
)
def test_what_cannot_be_read_is_one_line(text: str, name: str, level: int, says: str) -> None:
    with pytest.raises(AnswerError) as error:
        read_answer(text, of(name, level))
    line = str(error.value)
    assert line.isprintable()
    assert len(line) < 200
    assert says in line


@given(
    st.text(max_size=60) | st.text("0123456789.,;[]()+-*/ eEWxbh@_^−½∞\n", max_size=60), st.sampled_from(["z1", "z2"])
)
def test_whatever_is_typed_is_read_or_refused(text: str, name: str) -> None:
    for level in (FIRST, ONE, ALL):
        with suppress(AnswerError):
            assert 0 <= attempt(text, of(name, level)).share <= 1


@pytest.mark.parametrize(
    ("name", "turn", "text", "right"),
    [
        ("z1", 0, "+", "sign"),
        ("W2", 0, "up", "change"),
        ("y_hat", 0, "below", "half"),
        ("y_hat", 0, "0.23", "half"),
        ("y_hat", 0, "0", "half"),
        ("delta2", 0, "negative", "sign"),
        ("h1", 0, "0", "off"),
        ("h1", 0, "h[0]", "off"),
        ("dh1_dz1", 0, "0", "off"),
        ("dL_dW1", 0, "2 by 3", "shape"),
        ("dL_dW1", 0, "(2, 3)", "shape"),
        ("L", 0, "a number", "shape"),
    ],
)
def test_words(name: str, turn: int, text: str, right: str) -> None:
    asked = of(name, FIRST, turn=turn)
    assert asked.aspect == right
    at = asked.at
    expected = sides(asked) == (1,) if (right, at) == ("sign", (1, 0)) else None
    if name == "z1":
        assert attempt(text, asked).right == expected or at == (0, 0)
    elif name == "W2":
        assert attempt(text, asked).right == (sides(asked) == (1,))
    else:
        assert attempt(text, asked).right


def test_partial_credit_by_element() -> None:
    assert attempt("-0.15 1.4", of("z1", ALL)).share == 0.5
    assert attempt("1", of("h1", FIRST)).share == 0.0
    assert attempt("all", of("h1", FIRST)).share == 0.5


def test_not_a_number_and_infinity_are_answers() -> None:
    asked = of("dL_dy_hat")
    hidden = asked.value.copy()
    for number, text in ((float("nan"), "nan"), (float("inf"), "∞"), (float("-inf"), "−inf")):
        hidden[:] = number
        vars(asked)["value"] = hidden.copy()
        assert marks(text, asked) == ["right"]
        assert marks("1.5", asked) == ["wrong"]
