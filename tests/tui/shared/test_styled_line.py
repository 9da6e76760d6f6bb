"""Prose on lines of a width: no word left alone, and a mark where it goes on."""

from itertools import pairwise

import pytest

from backprop_tui.tui.shared.styled_line import goes_on, is_wrapped, size, wrap
from backprop_tui.tui.shared.theme import THEMES, styles

PLAIN = styles(THEMES[0]).text
SENTENCE = "which stays finite where ŷ rounds to 0 or 1"


def test_no_short_word_stands_alone_in_the_last_line() -> None:
    assert wrap(SENTENCE, 42) == ["which stays finite where ŷ rounds to 0", "or 1"]
    assert wrap("two reasonably", 10) == ["two", "reasonably"]
    assert wrap("to be", 3) == ["to", "be"]  # there is nothing to take from the line before


@pytest.mark.parametrize("width", range(3, 50))
def test_it_costs_no_line_and_no_word(width: int) -> None:
    lines = wrap(SENTENCE, width)
    assert max(map(len, lines)) <= width
    assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")


@pytest.mark.parametrize("width", [12, 20, 38, 42])
def test_a_sentence_that_goes_on_is_known_and_ends_in_a_mark(width: int) -> None:
    lines = [[(line, PLAIN)] for line in wrap(SENTENCE, width)]
    for line, following in pairwise(lines):
        assert is_wrapped(line, following, width)
        cut = goes_on(line, width)
        assert size(cut) <= width
        assert "".join(text for text, _ in cut).endswith("…")
    assert not is_wrapped([("N takes it back", PLAIN)], [("? shows all keys", PLAIN)], width + 20)
    assert not is_wrapped(lines[-1], [], width)
    assert not is_wrapped([("⎢1  0⎥ = ⎢1  0⎥ ", PLAIN)], lines[0], width)
