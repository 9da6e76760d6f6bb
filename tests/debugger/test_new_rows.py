"""Rows that nobody has heard of: an activation, a loss, an optimizer, a clip, a data set, an event, a `:` command.

They are added while the program runs, and say no more of themselves than they have to. What is said of them is then
what holds for every row of their table, and never a sentence of another row.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import pytest

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.breakpoints import named_events
from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS, Happening
from backprop_tui.debugger.console.command import Reply, Word, Words
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.meaning.glossary import glossary
from backprop_tui.debugger.meaning.sentence import TABLE, meaning
from backprop_tui.debugger.quiz.hints import Hints
from backprop_tui.debugger.quiz.questions.question import LEVELS, question
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.meanings import Row
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.scenario import Scenario, ScenarioError, parse
from backprop_tui.scenario.data.datasets import DATASETS
from tests.engine.tables.new_rows import FILE, added


@pytest.fixture(autouse=True)
def rows() -> Iterator[None]:
    with added():
        yield


@pytest.fixture
def scenario() -> Scenario:
    return parse(FILE.encode(), "new.toml")


def test_without_them_the_format_does_not_know_their_names() -> None:
    for table in (ACTIVATIONS, LOSSES, OPTIMIZERS, DATASETS):
        table.popitem()
    with pytest.raises(ScenarioError) as raised:
        parse(FILE.encode(), "new.toml")
    assert [name for name in ("softsign", "log-cosh", "lion", "diagonal") if f"'{name}'" not in str(raised.value)] == []


def test_the_update_is_that_of_lion(scenario: Scenario) -> None:
    """By its own lines, written again in NumPy."""
    debugger = Debugger(scenario)
    w, m = debugger.program.parameters["W1"], np.zeros((2, 2))
    for iteration in (1, 2, 3):
        debugger.seek(f"{iteration}:m_W1")
        g = debugger["dL_dW1"]
        w = w - 0.01 * (np.sign(0.9 * m + 0.1 * g) + 0.1 * w)
        m = 0.99 * m + 0.01 * g
        np.testing.assert_allclose(debugger["W1"], w, rtol=1e-14)
        np.testing.assert_allclose(debugger["m_W1"], m, rtol=1e-14)


def test_it_steps_forwards_and_back(scenario: Scenario) -> None:
    debugger = Debugger(scenario)
    found = []
    for _ in range(debugger.timeline.length * 3):
        debugger.advance()
        event = debugger.event
        assert event is not None
        assert np.isfinite(event.value).all()
        found.append((debugger.position, event.value))
    for position, value in reversed(found):
        assert debugger.position == position
        np.testing.assert_array_equal(debugger.event.value if debugger.event else None, value)
        debugger.rewind()
    assert debugger.step == 0


def test_every_gradient_is_the_slope_of_the_loss(scenario: Scenario) -> None:
    session = LineSession(Debugger(scenario), WORDS)
    session.run("goto 2:m_b1")
    assert session.run("gradcheck").splitlines()[-1] == "every gradient agrees"


def own_words(rows: Sequence[Row]) -> set[str]:
    """What stands on rows, and so is not for another."""
    return {row.says for row in rows} | {case.says for row in rows for case in (*row.cases, *row.one)}


def test_no_sentence_is_that_of_another_row(scenario: Scenario) -> None:
    """Sentences that stand on rows, and those of kinds of steps, do not stand beside an operation of a new row."""
    equations = [equation for row in OPTIMIZERS.values() for equation in row.equations]
    said = [equation.means for equation in equations]
    said += [*(row.meaning for row in ACTIVATIONS.values()), *(row.meaning for row in LOSSES.values())]
    others = own_words([means.row for means in said if means is not None and means.row])
    others -= own_words([*chain(*TABLE.values())])
    entries = {means.entry for means in said if means is not None} - {""}
    debugger = Debugger(scenario)
    writing = Writing(debugger.program.symbols)
    for operation in debugger.program.operations:
        if operation.variable.role not in (Role.ACTIVATION, Role.LOSS, Role.STEP):
            continue
        for iteration in (1, 2):
            debugger.seek(f"{iteration}:{operation.name}")
            sentence = meaning(debugger.moment(), writing)
            assert len(sentence.split()) > 3
            assert not {*"{}"} & {*sentence}
            assert sentence not in others
        first = next(glossary(operation.name, debugger.program, writing))
        assert not any(first.endswith(entry) for entry in entries)


def test_what_is_said_is_plain_and_true(scenario: Scenario) -> None:
    debugger = Debugger(scenario)
    writing = Writing(debugger.program.symbols)

    def says(position: str) -> str:
        debugger.seek(position)
        return meaning(debugger.moment(), writing)

    def means(name: str) -> str:
        return next(glossary(name, debugger.program, writing)).split(": ", 1)[1]

    assert says("1:h1") == "the activations of layer 1, each from its pre-activation"
    assert says("1:L") == "the loss: one number to make smaller"
    assert says("1:c_W1") == "a part of the update of W₁, on the way from its gradient to the next values"
    assert says("1:m_W1") == says("1:c_W1")
    assert says("1:W1") == "a step against the gradient, in a direction in which L falls"
    assert means("m_W1") == "a part of the update of W₁, on the way from its gradient to the next values"
    assert means("beta1") == means("beta2") == means("weight_decay") == "a number that the scenario sets"


def test_it_is_explained_down_to_where_the_run_began(scenario: Scenario) -> None:
    session = LineSession(Debugger(scenario), WORDS)
    session.run("goto 1:W1")
    lines = session.run("why W1[0,0]").splitlines()
    assert lines[0].startswith("W₁[0,0] = W₁[0,0] − η(c(W₁)[0,0] + λ·W₁[0,0]) = ")
    assert any(line.strip().startswith("c(W₁)[0,0] = sign(") for line in lines)
    assert any("(as the run began)" in line for line in lines)


@pytest.mark.parametrize("level", LEVELS)
def test_it_is_asked_for(scenario: Scenario, level: int) -> None:
    debugger = Debugger(scenario)
    kinds = set()
    for step in range(1, debugger.timeline.length + 1):
        event = debugger.timeline.event(step)
        assert event is not None
        asked = question(event, level, turn=step)
        assert asked.text
        assert all(Hints(asked).step(number) for number in (1, 2, 3))
        kinds.add((event.operation.variable.role, asked.kind.name))
    assert {name for role, name in kinds if role is Role.STEP} == {"moments"}
    assert {name for role, name in kinds if role is Role.ACTIVATION} == {"activation"}


def test_a_right_answer_is_right(scenario: Scenario) -> None:
    debugger = Debugger(scenario)
    quiz = debugger.predict(level=2)
    debugger.seek("1:dL_db1")
    asked = quiz.ask()
    assert asked is not None
    assert asked.operation.name == "c_W2"
    assert asked.at is not None
    assert quiz.answer(f"{asked.true(asked.at):g}").right


def test_an_event_with_a_name_is_stopped_at(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Happening("small", "a gradient is small", "norm({value}) < {threshold:g}", lambda program: ["dL_dW1"], 1e9)
    monkeypatch.setitem(HAPPENINGS, row.name, row)
    monkeypatch.setattr(named_events, "ROWS", (*named_events.ROWS, row))
    debugger = Debugger(scenario)
    session = LineSession(debugger, WORDS)
    session.run("break small")
    session.run("continue")
    assert debugger.position == "1:dL_dW1"


def test_a_command_of_the_line_is_a_row(scenario: Scenario) -> None:
    row = Word(("greet", "hello"), "[NAME]", "says hello", lambda _, text: Reply(f"hello, {text or 'you'}"))
    session = LineSession(Debugger(scenario), Words(*WORDS.rows, row))
    assert session.run("greet Ada") == "hello, Ada"
    assert session.run("hello") == "hello, you"
    assert "greet [NAME]" in session.run("help greet")
    assert "says hello" in session.run("help")
