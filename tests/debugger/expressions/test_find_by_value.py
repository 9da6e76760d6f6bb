"""Numbers by how they read: what is found at a step and in the run, and what is not."""

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions.find_by_value import MOST, Sought, ValueSearch, ValueSteps, is_number
from backprop_tui.scenario import load


def search(text: str, position: str | int = "1:b1", scenario: str = "article", until: int | None = None) -> ValueSearch:
    debugger = Debugger(load(scenario))
    debugger.seek(position)
    sought = Sought.read(text)
    assert sought is not None
    found = ValueSearch(debugger.moment(), sought, until=until)
    for _ in found.slices():
        pass
    return found


@pytest.mark.parametrize(
    ("text", "value", "reads"),
    [
        ("0.7685", 0.7685247, True),
        ("0.7685", 0.76855001, False),
        ("0.7685", -0.7685247, False),
        ("−0.7685", -0.7685247, True),
        ("-.7685", -0.7685247, True),
        ("0.70", 0.7049, True),
        ("0.70", 0.7051, False),
        ("0.7", 0.7499, True),
        ("1", 1.00004, True),
        ("1", 1.4, False),
        ("4.386e-5", 4.3861e-5, True),
        ("4.386e−5", 4.39e-5, False),
        ("100", 100.0, True),
        ("1e3", 1400.0, True),
        ("0.5", np.inf, False),
        ("0.5", np.nan, False),
    ],
)
def test_a_number_reads_as_its_digits_say(text: str, value: float, reads: bool) -> None:
    sought = Sought.read(text)
    assert sought is not None
    assert sought.where(np.array([[value]])).tolist() == [[reads]]


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "0x1", "1e9999", "nan", "inf", "1" * 50, "--1", "1 2", "٣"])
def test_what_is_no_number(text: str) -> None:
    assert Sought.read(text) is None


def test_a_whole_number_may_be_a_part_of_a_name() -> None:
    assert [is_number(text) for text in ("2", "0.5", "-1", "−1", "1e-3", ".5", "z2", "-x")] == [
        *(False, True, True, True, True, True, False, False)
    ]


def test_the_numbers_of_the_step_come_first() -> None:
    found = search("0.7685")
    assert [(str(one.address), one.step) for one in found.here] == [
        ("dL_dh1[1,0]", 11),
        ("delta1[1,0]", 13),
        ("dL_dW1[1,0]", 14),
        ("dL_db1[1,0]", 15),
    ]
    assert (found.run, found.complete) == ([], True)
    before = search("0.7685", "1:delta2")
    assert before.here == []
    assert [one.step for one in before.run] == [11, 13, 14, 15]
    assert before.says(before.run[0]) == "1:dL_dh1, step 11"
    assert found.says(found.here[0]) == "now, computed at 1:dL_dh1, step 11"


def test_what_an_update_replaced_is_found_where_it_was() -> None:
    found = search("0.7", "1:b1")
    assert "W1[1,0]" not in [str(one.address) for one in found.here]
    assert next((str(one.address), found.says(one)) for one in found.run) == ("W1[1,0]", "given at the start")
    assert "W1[1,0]" in [str(one.address) for one in search("0.7", "1:z1").here]


def test_what_the_screen_shows_in_just_these_digits_comes_first() -> None:
    found = search("0.5", "1:z1")
    exact = [one.value == 0.5 for one in found.here]
    assert exact == sorted(exact, reverse=True)
    assert sum(exact) > 0


def test_what_the_source_prints_is_found_with_what_is_computed_in_its_place() -> None:
    (one,) = search("-0.15").printed
    assert (str(one.address), one.step) == ("z1[0,0]", 1)
    assert one.value == pytest.approx(-0.05)
    assert one.printed == "the source prints −0.15, section 2"


def test_nothing_that_is_still_to_be_predicted_is_found() -> None:
    found = search("0.7685", "1:delta2", until=8)
    assert found.found == []
    assert search("-0.15", 0, until=0).found == []


def test_the_other_sign_is_a_hint() -> None:
    assert search("1.9203").nothing == "no number reads 1.9203"
    assert search("-1.4").nothing == "no number reads -1.4; z₁[1] reads 1.4"
    assert search("4.3201").nothing == "no number reads 4.3201; ∂L/∂ŷ[0] reads −4.3201"


def test_numbers_of_later_iterations_and_their_steps() -> None:
    found = search("0.5113", 0, "mazur")
    steps = ValueSteps(found)
    assert steps.steps == [14]
    assert (steps.next(0), steps.next(14), steps.previous(20), steps.previous(14)) == (14, None, 14, None)


def test_a_list_has_an_end() -> None:
    found = search("0.00", 0, "digits")
    assert len(found.here) <= MOST
    assert len(found.run) == MOST
    assert found.more
    assert found.outlook == f"more than {MOST} in the run: only the first are listed"


def test_an_edit_is_found_where_it_was_made() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:z1")
    debugger.assign("z1[1]", "3.25")
    sought = Sought.read("3.25")
    assert sought is not None
    found = ValueSearch(debugger.moment(), sought)
    assert [(str(one.address), one.step) for one in found.here] == [("z1[1,0]", 1)]
