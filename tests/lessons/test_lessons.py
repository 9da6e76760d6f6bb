"""Every lesson of the library shows what its notes promise."""

import re
from decimal import Decimal

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.scenario.library import names
from backprop_tui.scenario.printed_number import Claim
from tests.lessons.saying import Says
from tests.lessons.says import LESSONS
from tests.sampled import some

NUMBER = re.compile(r"−?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[0-9]+)?")
EVERY = [pytest.param(lesson, says, id=f"{lesson}-{says.words}") for lesson, rows in LESSONS.items() for says in rows]


def agrees(words: str, found: float) -> bool:
    printed = NUMBER.findall(words)[-1].replace("−", "-").replace(",", "")
    return Claim.of(Decimal(printed)).agrees(found)


@pytest.mark.parametrize(("lesson", "says"), some(EVERY, 150))
def test_a_note_says_what_is_computed(lesson: str, says: Says) -> None:
    debugger = Debugger(load(lesson))
    debugger.seek(says.at)
    assert any(says.words in note.text for note in debugger.moment().notes), "the note does not say that"
    found = says.found(debugger)
    if isinstance(found, bool | np.bool_):
        assert found
    else:
        assert agrees(says.words, found), f"{says.words!r}, and computed is {found!r}"


@pytest.mark.parametrize("lesson", names())
def test_a_lesson_has_three_notes_and_each_is_held_to_its_words(lesson: str) -> None:
    scenario = load(lesson)
    assert len(scenario.notes) >= 3
    held = {says.at for says in LESSONS[lesson]}
    assert {f"{note.iteration or 1}:{note.at}" for note in scenario.notes} == held


def test_no_lesson_is_held_twice_or_forgotten() -> None:
    assert sorted(LESSONS) == sorted(names())
