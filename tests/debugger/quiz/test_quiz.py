"""A quiz over a debugger: what is asked when, what is hidden meanwhile, what comes again, and the score of it."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import backprop_tui as bt
from backprop_tui.debugger.quiz.answers.answers_in_numbers import AnswerError
from backprop_tui.debugger.quiz.answers.attempt import by, sides
from backprop_tui.debugger.quiz.progress import GAP
from backprop_tui.debugger.quiz.quiz import Quiz, QuizError
from backprop_tui.debugger.quiz.score import TWICE
from tests.debugger.quiz.asked_questions import rounded
from tests.debugger.scenarios import article


def quiz(level: int | None = None, scenario: str | bt.Scenario = "article") -> Quiz:
    found = bt.load(scenario) if isinstance(scenario, str) else scenario
    return bt.Debugger(found).predict(level=level)


def right(quiz: Quiz) -> str:
    """The right answer to the question that is open."""
    assert quiz.open is not None
    asked = quiz.open.question
    if asked.aspect == "shape":
        return by(asked.value.shape)
    if asked.aspect == "off":
        return " ".join(str(at[0]) for at in asked.places if asked.true(at) == 0) or "none"
    if asked.aspect != "value":
        return "-=+"[sides(asked)[0] + 1]
    return " ".join(rounded(asked.true(at), 6) for at in asked.places)


def go(quiz: Quiz, count: int, *, wrong: tuple[str, ...] = ()) -> list[str]:
    """Answer so many questions, wrong where it is of one of some operations; the operations asked about."""
    names: list[str] = []
    while len(names) < count:
        asked = quiz.ask()
        if asked is not None:
            names.append(asked.operation.name)
            quiz.answer(right(quiz)) if asked.operation.name not in wrong else quiz.show()
    return names


ORDER = [operation.name for operation in bt.Debugger(article()).program.operations]


def test_every_operation_is_asked_about_in_order() -> None:
    own = quiz(2)
    assert go(own, 19) == ORDER
    assert own.debugger.step == 19
    total = own.session.total
    assert (total.asked, total.first, total.credit) == (19, 19, 19)
    assert own.session.to_practise == []


def test_the_debugger_stays_before_what_is_asked_and_goes_on_when_it_is_answered() -> None:
    own = quiz(2)
    assert own.ask() is own.ask()
    assert own.debugger.step == 0
    with pytest.raises(KeyError):
        own.debugger["z1"]
    moment = own.moment()
    assert (moment.step, moment.position, moment.asks) == (1, "1:z1", True)
    assert moment.value("z1") is None
    assert moment.value("x") is not None
    assert moment.event is None
    assert not moment.verdicts
    assert not moment.notes
    own.answer(right(own))
    assert own.debugger.step == 1
    moment = own.moment()
    assert moment.event is not None
    assert not moment.asks
    assert moment.prediction is not None


def test_a_wrong_answer_says_why_and_asks_on() -> None:
    own = quiz(3)
    own.ask()
    found = own.answer("-0.15 1.8")
    assert found.open
    assert found.last is not None
    assert found.last.reasons == (
        "z₁[0] = −0.15 is what you get when the bias is left out",
        "z₁[1] = 1.8 is what you get when the bias's sign is flipped",
    )
    assert own.answer("-0.05 1.4").outcome == "wrong"  # the first answer counts
    assert own.session["weighted sum"].wrong == 1


def test_hints_cost_a_quarter_each_and_there_are_three() -> None:
    own = quiz(2)
    own.ask()
    assert [own.hint(), own.hint()] == [1, 2]
    assert own.hints() == ["z₁ = W₁x + b₁", "z₁[0] = 0.2·1 + (−0.4)·0.5 + 0.1·(−1.5) + 0.1"]
    assert own.hint() == 3
    with pytest.raises(QuizError, match="three hints"):
        own.hint()
    found = own.answer(right(own))
    assert (found.outcome, found.credit) == ("hinted", 0.25)


def test_one_digit_does_not_count() -> None:
    own = quiz(2)
    go(own, 3)
    own.ask()
    with pytest.raises(AnswerError, match="as far as it goes; please give two digits"):
        own.answer("0.2")
    assert own.answer("0.23").outcome == "first"


def test_what_was_seen_is_not_asked_again() -> None:
    own = quiz(2)
    go(own, 5)
    own.debugger.seek(1)
    assert own.ask() is None
    assert own.debugger.step == 2
    own.debugger.seek(12)  # seeks and continues show
    own.debugger.seek(3)
    for step in range(4, 13):
        assert own.ask() is None
        assert own.debugger.step == step
    asked = own.ask()
    assert asked is not None
    assert asked.step == 13


def test_what_went_wrong_comes_again_until_it_was_right_twice() -> None:
    own = quiz(2)
    names = go(own, 1 + GAP, wrong=("z1",))
    assert names == ORDER[: 1 + GAP]
    names = go(own, 1)
    assert names == ["z1"]
    assert own.debugger.step == 1
    assert go(own, GAP) == ORDER[1 + GAP : 1 + 2 * GAP]  # goes on where it was
    assert go(own, 1) == ["z1"]
    assert "z1" not in go(own, 19 - 1 - 2 * GAP)
    assert own.session["weighted sum"].again == 0


def test_back_at_what_went_wrong_it_is_asked() -> None:
    own = quiz(2)
    go(own, 2, wrong=("h1",))
    own.debugger.seek(1)
    asked = own.ask()
    assert asked is not None
    assert asked.again
    assert asked.operation.name == "h1"


def test_the_level_follows_the_score_of_its_kind() -> None:
    own = quiz()
    assert own.score["weighted sum"].level == 2
    own.ask()
    own.answer(right(own))
    assert own.score["weighted sum"].level == 3
    asked = own.ask()
    assert asked is not None
    assert asked.level == 2  # another kind
    own.show()
    assert own.score["activation"].level == 1
    own.set_level(3)
    asked = own.ask()
    assert asked is not None
    assert asked.level == 3
    with pytest.raises(QuizError):
        own.set_level(4)


def test_carried_over_from_ones_own_wrong_answer() -> None:
    own = quiz(3)
    own.ask()
    own.answer("-0.05 1.9")
    own.show()
    own.ask()
    found = own.answer("0 1.9")
    assert found.last is not None
    assert found.last.reasons == ("h[1] = 1.9 is right from the wrong z₁ answered before: carried over",)
    own.show()
    go(own, 1)
    own.ask()
    found = own.answer("0.15446527")  # σ(0.2 − 1.9)
    assert found.last is not None
    assert found.last.reasons == ("ŷ = 0.15446527 is right from the wrong h answered before: carried over",)


@pytest.mark.parametrize(
    ("at", "text", "reason"),
    [
        ("z2", "-1.1", ""),
        ("y_hat", "0.2314", "cut off instead of rounded"),
        ("y_hat", "-0.2315", "right but for its sign"),
        ("y_hat", "2.315", "right but for the place of its decimal point"),
        ("delta2", "0.7685", "what you get when ŷ − y is written the wrong way round"),
        ("delta2", "-4.32", "what you get when the activation's derivative is left out"),
        ("dL_db2", "0.1779", ""),
        ("dL_dy_hat", "0.2315", "the value of ŷ"),
        ("b2", "0.200", "what you get when the bias is never updated"),
        ("b2", "0.1231", "what you get when the gradient is added instead of subtracted (+η)"),
    ],
)
def test_reasons(at: str, text: str, reason: str) -> None:
    own = quiz(2)
    own.debugger.seek(ORDER.index(at))
    own.ask()
    found = own.answer(text).last
    assert found is not None
    assert any(one.endswith(reason) for one in found.reasons) if reason else found.reasons == ()


def test_another_element_and_a_shape_the_other_way_round() -> None:
    own = quiz(3)
    own.ask()
    found = own.answer("1.4 -0.05").last
    assert found is not None
    assert found.reasons == ("z₁[0] = 1.4 is the value of z₁[1]", "z₁[1] = −0.05 is the value of z₁[0]")
    own = quiz(1)
    own.debugger.seek("1:dL_dh1")
    go(own, 2)
    asked = own.ask()
    assert asked is not None
    while asked is None or asked.aspect != "shape":
        go(own, 1)
        asked = own.ask()
    found = own.answer("×".join(map(str, asked.value.shape[::-1]))).last
    assert found is not None
    assert found.right or found.reasons == ("rows and columns are the other way round",)


def test_an_edit_begins_a_track_of_its_own() -> None:
    own = quiz(2)
    go(own, 10)
    own.debugger.seek(4)
    own.debugger.assign("W2[0,1]", 0.5)
    asked = own.ask()
    assert asked is not None
    assert asked.step == 5
    own.answer(right(own))
    own.debugger.switch("main")
    assert own.ask() is None  # it was seen there


def test_going_elsewhere_drops_the_question() -> None:
    own = quiz(2)
    own.ask()
    own.debugger.seek(3)
    assert own.open is None
    with pytest.raises(QuizError, match="nothing is asked"):
        own.answer("1")
    assert own.session.total.asked == 0


def test_training_goes_on_past_the_last_iteration() -> None:
    own = quiz(2, article(2))
    assert go(own, 38) == ORDER * 2
    asked = own.ask()
    assert asked is not None
    assert asked.event.iteration == 3


def test_a_batch_is_asked_about_by_the_sample_that_is_looked_at() -> None:
    own = quiz(2, "xor")
    own.debugger.seek(1)
    own.debugger.show_sample(2)
    asked = own.ask()
    assert asked is not None
    assert asked.at is not None
    assert asked.at[1] == 2


MOVES: dict[str, Callable[[Quiz], object]] = {
    "ask": lambda own: own.ask(),
    "right": lambda own: own.answer(right(own)) if own.open else None,
    "wrong": lambda own: own.answer("123.456"),
    "hint": lambda own: own.hint(),
    "show": lambda own: own.show(),
    "back": lambda own: own.debugger.rewind(),
    "seek": lambda own: own.debugger.seek(11),
    "edit": lambda own: own.debugger.assign("b2", 0.25),
    "undo": lambda own: own.debugger.undo(),
}


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=40))
def test_any_sequence_keeps_the_score_whole(moves: list[str]) -> None:
    own = quiz(None, article(2))
    for move in moves:
        with suppress(ValueError):  # what cannot be done now is refused
            MOVES[move](own)
        moment = own.moment()
        if moment.asks:
            assert moment.operation is not None
            assert moment.step == own.debugger.step + 1
            old = moment.value(moment.operation.name)  # of a parameter
            assert old is None or old is not moment.frame[moment.operation.key]
    total = own.session.total
    assert total.asked == total.first + total.hinted + total.wrong == own.asked
    assert 0 <= total.credit <= total.asked
    assert all(tally.again <= TWICE for tally in own.session.tallies.values())
