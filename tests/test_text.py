"""Text from outside reaches a terminal harmless."""

from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from backprop_tui.text import LIMIT, MARKS, a_type, clean, fitted, width, wrapped

ANY_TEXT = st.text(st.characters(), max_size=60)  # surrogates too
MARK = "\u0301"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [/red] a[i] = b[j]", "plain [/red] a[i] = b[j]"),
        ("σ(z₁) − ŷ ⊙ δ₂ᵀ", "σ(z₁) − ŷ ⊙ δ₂ᵀ"),
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("\x00\x9b\x7f", r"\x00\x9b\x7f"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2028\u2029\ue000\ufdd0\U000e0041", r"\u2028\u2029\ue000\ufdd0\U000e0041"),
        ("\ud800", r"\ud800"),
        ("a\u00a0b\u3000c", "a b c"),
        ("z" + 9 * MARK + "a" + MARK, "z" + MARKS * MARK + "a" + MARK),
        ("❤\ufe0f 漢字", "❤ 漢字"),
        ("", ""),
    ],
)
def test_what_a_terminal_would_act_on_is_made_visible(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_newlines_stay_in_a_text_of_several_lines() -> None:
    assert clean("one\n\x1b[2Jtwo\n", lines=True) == "one\n\\x1b[2Jtwo\n"


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert clean("a" * LIMIT) == "a" * LIMIT
    assert clean("a" * (LIMIT + 1)) == "a" * (LIMIT - 1) + "…"
    assert clean("abcdef", 4) == "abc…"
    assert clean("\x1b" * 10**6, 10) == r"\x1b\x1b\…"


@given(ANY_TEXT, st.integers(1, 40), st.booleans())
@example(MARK + "\ufe0f" + 2 * MARK, 40, False)
def test_clean_text_is_printable_short_and_stays_as_it_is(text: str, limit: int, lines: bool) -> None:
    shown = clean(text, limit, lines=lines)
    assert shown.replace("\n", "" if lines else "\n").isprintable()
    assert not {category(character) for character in shown} & {"Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert len(shown) <= limit
    assert clean(shown, limit, lines=lines) == shown


@given(ANY_TEXT)
def test_marks_never_pile_up(text: str) -> None:
    run = 0
    for character in clean(text + 3 * MARK):
        run = run + 1 if category(character).startswith("M") else 0
        assert run <= MARKS


NAMES = ["", "setosa", "花びら", "é", "e\u0301clair", "ŷ₁ → ½", "한국어 이름", "versicolor and more", "Ｆｕｌｌ"]


@pytest.mark.parametrize("text", NAMES)
def test_the_width_is_what_the_screen_takes_it_for(text: str) -> None:
    assert width(clean(text)) == cell_len(clean(text))


@pytest.mark.parametrize("cells", range(1, 14))
@pytest.mark.parametrize("text", NAMES)
def test_a_text_is_cut_or_filled_to_a_width(text: str, cells: int) -> None:
    found = fitted(text, cells)
    assert width(found) == cells
    assert found.rstrip() == text if width(text) <= cells else found.rstrip().endswith("…")


@pytest.mark.parametrize("cells", range(1, 14))
@pytest.mark.parametrize("text", NAMES)
def test_prose_is_broken_into_lines(text: str, cells: int) -> None:
    lines = wrapped(text, cells)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= max(cells, 2) for line in lines)  # a wide character takes two


def test_a_type_has_its_article() -> None:
    values: list[object] = [3, 3.0, [], ""]
    assert [a_type(value) for value in values] == ["an int", "a float", "a list", "a str"]


def test_an_address_that_is_too_long_is_broken_behind_a_slash() -> None:
    address = "https://example.com/2015/03/17/a-step-by-step-example/"
    assert wrapped(address, 36) == ["https://example.com/2015/03/17/", "a-step-by-step-example/"]
    assert wrapped(address, 18)[0] == "https://example.co"  # of which the scheme alone would be a line
