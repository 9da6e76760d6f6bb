"""Where what a source got wrong begins, and which number of an array is the worst."""

import pytest

from backprop_tui.debugger.audit.audit import check
from backprop_tui.debugger.audit.where_it_begins import beginning, worst_place


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "article",
            "It begins at z₁[0] (section 2): printed −0.15, computed −0.05; 5 more follow from what is wrong.",
        ),
        (
            "mazur",
            "It begins at L in iteration 2 (after the first round of backpropagation): printed 0.291027924, "
            "computed 0.29102777.",
        ),
    ],
)
def test_the_first_wrong_number_of_the_run(name: str, says: str) -> None:
    assert beginning(check(name)) == says


def test_where_all_agrees_it_says_so() -> None:
    said = beginning(check("tanh-neuron"))
    assert said == "Nothing is wrong: all of the 5 printed numbers agree."


def test_the_worst_of_an_array() -> None:
    findings = {finding.published.name: finding for finding in check("article")}
    assert worst_place(findings["h1"]) == (1, 0)
    assert worst_place(findings["W1"]) is None
