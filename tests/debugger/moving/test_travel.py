"""Every move, from where to where, on the article's 19 operations an iteration."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario, run
from tests.debugger.scenarios import article, scenarios

LENGTH = 19

# from, the move, its arguments, to, and the step that this is
MOVES: list[tuple[str, str, tuple[int, ...], str, int]] = [
    ("start", "advance", (), "1:z1", 1),
    ("start", "advance", (0,), "start", 0),
    ("start", "advance", (10,), "1:dL_db2", 10),
    ("1:b1", "advance", (), "2:z1", 20),
    ("1:b1", "advance", (LENGTH,), "2:b1", 38),
    ("1:delta2", "rewind", (), "1:dy_hat_dz2", 7),
    ("1:delta2", "rewind", (3,), "1:L", 5),
    ("2:z1", "rewind", (), "1:b1", 19),
    ("1:z1", "rewind", (), "start", 0),
    ("1:h1", "rewind", (99,), "start", 0),
    ("start", "rewind", (), "start", 0),
    ("start", "finish", (), "1:y_hat", 4),
    ("1:z1", "finish", (), "1:y_hat", 4),
    ("1:y_hat", "finish", (), "1:L", 5),
    ("1:L", "finish", (), "1:delta2", 8),
    ("1:z1", "finish", (3,), "1:delta2", 8),
    ("1:dL_dh1", "finish", (2,), "1:dL_db1", 15),
    ("1:W2", "finish", (), "1:b1", 19),
    ("1:b1", "finish", (), "2:y_hat", 23),
    ("1:b1", "finish", (7,), "2:b1", 38),
    ("1:y_hat", "unfinish", (), "start", 0),
    ("1:z1", "unfinish", (), "start", 0),
    ("start", "unfinish", (), "start", 0),
    ("1:L", "unfinish", (), "1:y_hat", 4),
    ("1:dL_dW2", "unfinish", (), "1:delta2", 8),
    ("1:dL_db2", "unfinish", (), "1:delta2", 8),
    ("1:b1", "unfinish", (2,), "1:delta1", 13),
    ("2:z1", "unfinish", (), "1:b1", 19),
    ("2:y_hat", "unfinish", (), "1:b1", 19),
    ("1:h1", "unfinish", (9,), "start", 0),
    ("1:delta2", "skip", (1,), "2:delta2", 27),
    ("1:delta2", "skip", (5,), "6:delta2", 103),
    ("3:delta2", "skip", (-1,), "2:delta2", 27),
    ("2:delta2", "skip", (-9,), "1:delta2", 8),
    ("start", "skip", (-1,), "start", 0),
    ("start", "skip", (1,), "1:b1", 19),  # before the first operation of iteration 2
    ("start", "home", (), "1:z1", 1),
    ("1:delta2", "home", (), "1:z1", 1),
    ("2:z1", "home", (), "2:z1", 20),
    ("2:b1", "home", (), "2:z1", 20),
    ("start", "end", (), "1:b1", 19),
    ("2:L", "end", (), "2:b1", 38),
    ("2:b1", "end", (), "2:b1", 38),
]


@pytest.fixture
def debugger() -> Debugger:
    return Debugger(article())


@pytest.mark.parametrize(("start", "move", "arguments", "position", "step"), MOVES)
def test_a_move(
    debugger: Debugger, start: str, move: str, arguments: tuple[int, ...], position: str, step: int
) -> None:
    debugger.seek(start)
    getattr(debugger, move)(*arguments)
    assert (debugger.position, debugger.step) == (position, step)


def test_it_starts_before_anything_ran(debugger: Debugger) -> None:
    assert (debugger.step, debugger.position, debugger.event) == (0, "start", None)
    assert (debugger.iteration, debugger.index, debugger.last_step) == (1, -1, LENGTH)


def test_the_event_is_that_of_the_operation_computed_last(debugger: Debugger) -> None:
    for expected in run(article(), 2):
        debugger.advance()
        event = debugger.event
        assert event is not None
        seen = (event.step, event.iteration, event.position, event.name, event.stage)
        assert seen == (expected.step, expected.iteration, expected.position, expected.name, expected.stage)
        assert debugger.position == f"{expected.iteration}:{expected.name}"


@pytest.mark.parametrize("move", ["finish", "unfinish", "skip"])
def test_where_a_move_goes_is_known_without_going_there(debugger: Debugger, move: str) -> None:
    for step in range(2 * LENGTH):
        debugger.seek(step)
        target = getattr(debugger.cursor, f"after_{move}")(1)
        assert debugger.step == step
        getattr(debugger, move)(1)
        assert debugger.step == target


def test_training_goes_on_past_the_last_iteration(debugger: Debugger) -> None:
    losses = []
    debugger.seek("1:L")
    for _ in range(10):
        losses.append(float(debugger["L"]))
        debugger.skip(1)
    assert debugger.position == "11:L"
    assert losses == sorted(losses, reverse=True)
    assert losses[:2] == pytest.approx([1.4632824673, 1.0792030650], abs=5e-11)


def test_the_selection_is_part_of_the_moment_and_survives_moves(debugger: Debugger) -> None:
    assert debugger.moment().selection is None
    debugger.selection = Address("W1", (0, 1))
    debugger.advance(30)
    assert debugger.moment().selection == Address("W1", (0, 1))
    assert debugger.moment().scalar(Address("W1", (0, 1))) == -0.4
    assert debugger.moment().scalar(Address("dL_dW1", (0, 1))) is None


def test_a_moment_stays_while_the_debugger_moves(debugger: Debugger) -> None:
    debugger.seek("1:delta2")
    moment = debugger.moment()
    debugger.advance(40)
    assert (moment.position, moment.step, moment.value("dL_dW2")) == ("1:delta2", 8, None)
    assert moment.scalar(Address("W2", (0, 1))) == -1.0
    with pytest.raises(AttributeError):
        moment.step = 3  # type: ignore[misc]


@given(scenarios, st.data())
def test_stages_as_the_events_have_them(scenario: Scenario, data: st.DataObject) -> None:
    """finish, unfinish, home and end, against what the stages of the events say."""
    events = list(run(scenario, 3))
    lasts = [0] + [
        event.step
        for event, after in zip(events, [*events[1:], None], strict=True)
        if after is None or (after.iteration, after.stage) != (event.iteration, event.stage)
    ]
    length = len(events) // 3
    step = data.draw(st.integers(0, 2 * length))
    debugger = Debugger(scenario)

    def after(move: str, *arguments: Any) -> int:
        debugger.seek(step)
        getattr(debugger, move)(*arguments)
        return debugger.step

    iteration = max(0, step - 1) // length
    assert after("finish") == min(last for last in lasts if last > step)
    assert after("unfinish") == max([last for last in lasts if last < step], default=0)
    assert after("home") == iteration * length + 1
    assert after("end") == (iteration + 1) * length
    assert after("skip", 1) == step + length
    assert after("skip", -1) == (step - length if step > length else step)
