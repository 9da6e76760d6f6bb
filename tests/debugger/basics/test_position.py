"""Positions as people write them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.debugger.basics.position import PositionError, read_position
from backprop_tui.debugger.debugger import Debugger
from tests.debugger.scenarios import article, state

# from, what is asked for, where that is
POSITIONS: list[tuple[str, str | int, str]] = [
    ("2:z1", 0, "start"),
    ("start", 5, "1:L"),
    ("2:z1", "0", "start"),
    ("2:z1", "start", "start"),
    ("start", "8", "1:delta2"),
    ("start", " 24 ", "2:L"),
    ("start", "1:delta2", "1:delta2"),
    ("start", "delta2", "1:delta2"),
    ("2:z1", "delta2", "2:delta2"),
    ("2:z1", "1:delta2", "1:delta2"),
    ("start", " 3 : delta2 ", "3:delta2"),
    ("start", "1:", "1:b1"),
    ("start", "2:", "2:b1"),
    # stages: their last operation
    ("start", "forward", "1:y_hat"),
    ("start", "2:forward", "2:y_hat"),
    ("start", "2:loss", "2:L"),
    ("start", "gradients2", "1:dL_db2"),
    ("start", "1:gradients1", "1:dL_db1"),
    ("start", "delta1", "1:delta1"),
    ("start", "update", "1:b1"),
    # symbols as they are displayed
    ("start", "1:δ₂", "1:delta2"),
    ("start", "∂L/∂W₁", "1:dL_dW1"),
    ("start", "2:∂L/∂ŷ", "2:dL_dy_hat"),
    ("start", "∂ŷ/∂z₂", "1:dy_hat_dz2"),
    ("start", "∂L/∂h", "1:dL_dh1"),
    ("start", "f′(z₁)", "1:dh1_dz1"),
    ("start", "h", "1:h1"),
    ("start", "ŷ", "1:y_hat"),
    ("start", "2:W₁", "2:W1"),
    # short forms
    ("start", "dW1", "1:dL_dW1"),
    ("start", "db2", "1:dL_db2"),
    ("start", "dh1", "1:dL_dh1"),
]

ERRORS: list[tuple[str | int, str]] = [
    (-1, "steps count from 0"),
    ("", "a position is"),
    ("   ", "a position is"),
    ("nope", "there is no operation 'nope'; try"),
    ("delta3", "did you mean delta"),
    ("1:detla2", "did you mean delta2?"),
    ("-1", "there is no operation '-1'"),
    ("1.5", "there is no operation '1.5'"),
    ("1:5", "there is no operation '5'"),
    ("²", "there is no operation '²'"),
    ("x", "there is no operation 'x'"),
    ("η", "there is no operation 'η'"),
    ("0:delta2", "'0' is not an iteration"),
    ("-2:delta2", "'-2' is not an iteration"),
    ("two:delta2", "'two' is not an iteration"),
    (":delta2", "'' is not an iteration"),
    (":", "'' is not an iteration"),
    ("1:1:delta2", "'1:1' is not an iteration"),
    ("a\nb", r"'a\nb'"),
    ("\x1b[2J", r"'\x1b[2J'"),
    ("\x1b]0;x\x07:L", r"'\x1b]0;x\x07'"),
    ("\u202eabc", r"'\u202eabc'"),
    ("z" * 10_000, "'zzz"),
    ("z" * 10_000 + ":L", "'zzz"),
]


@pytest.fixture
def debugger() -> Debugger:
    return Debugger(article())


@pytest.mark.parametrize(("start", "asked", "found"), POSITIONS)
def test_a_position_leads_there(debugger: Debugger, start: str, asked: str | int, found: str) -> None:
    debugger.seek(start)
    debugger.seek(asked)
    assert debugger.position == found


@pytest.mark.parametrize(("asked", "message"), ERRORS, ids=lambda part: repr(part)[:20])
def test_a_wrong_position_is_one_line_and_moves_nothing(debugger: Debugger, asked: str | int, message: str) -> None:
    debugger.seek("2:delta2")
    before = state(debugger)
    with pytest.raises(PositionError) as caught:
        debugger.seek(asked)
    said = str(caught.value)
    assert message in said
    assert said.isprintable()
    assert len(said) < 150
    assert state(debugger) == before


def test_a_wrong_position_is_a_value_error() -> None:
    assert issubclass(PositionError, ValueError)


def test_every_position_that_is_shown_leads_back(debugger: Debugger) -> None:
    for step in range(45):
        debugger.seek(step)
        shown = debugger.position
        debugger.seek(40)
        debugger.seek(shown)
        assert debugger.step == step


def test_every_name_and_symbol_of_an_operation_is_a_position(debugger: Debugger) -> None:
    for operation in debugger.program.operations:
        for written in (operation.name, operation.symbol):
            debugger.seek(f"2:{written}")
            assert debugger.position == f"2:{operation.name}"


DEBUGGER = Debugger(article())
PARTS = [
    "1",
    "2",
    "0",
    ":",
    " ",
    "delta2",
    "δ₂",
    "∂L/∂W₁",
    "start",
    "forward",
    "h",
    "-",
    ".",
    "\n",
    "\x1b[0m",
    "٣",
    "²",
]


@given(st.text(max_size=8) | st.lists(st.sampled_from(PARTS), max_size=5).map("".join), st.integers(1, 3))
@example("d" * 2000, 1)
@example("\ud800", 1)
def test_any_text_is_a_step_or_one_line(text: str, iteration: int) -> None:
    try:
        step = read_position(text, DEBUGGER.timeline, iteration)
    except PositionError as error:
        said = str(error)
    else:
        assert step >= 0
        return
    assert said.isprintable()
