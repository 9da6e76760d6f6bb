"""An operation set out: matrices under their symbols, as they stand in the formula, with where they came from."""

import numpy as np
import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.formula.writing.line_breaks import broken
from backprop_tui.scenario import load
from backprop_tui.scenario.library import names
from backprop_tui.tui.panes.equation.equation import equation_rows
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View
from tests.tui.panes.drawn import STYLES

FULL_WIDTH = (76, 6)  # the pane of a terminal of 80×24


def rows(debugger: Debugger, size: tuple[int, int], *, digits: int = 4, notes_below: bool = True) -> list[str]:
    notation = Notation(debugger.program.symbols).with_digits(digits)
    view = View(debugger.moment(), notation, STYLES, notes_below=notes_below)
    return ["".join(text for text, _ in row).rstrip() for row in equation_rows(view, *size)]


def at(position: str, scenario: str = "article") -> Debugger:
    debugger = Debugger(load(scenario))
    debugger.seek(position)
    return debugger


def test_each_operand_stands_under_its_symbol_as_the_formula_has_it() -> None:
    assert rows(at("dL_dh1"), FULL_WIDTH)[:4] == [
        "  ∂L/∂h   =    W₂ᵀ     ·    δ₂",
        "⎡−0.3843⎤ =   ⎡ 0.5⎤   · (−0.7685)",
        "⎣ 0.7685⎦     ⎣−1  ⎦",
        "   new      from start    step 8",
    ]


def test_a_gradient_is_a_column_times_a_row() -> None:
    assert rows(at("dL_dW1"), FULL_WIDTH)[:4] == [
        "         ∂L/∂W₁           =    δ₁    ·       xᵀ",
        "⎡0       0        0     ⎤ = ⎡0     ⎤ · [1  0.5  −1.5]",
        "⎣0.7685  0.3843  −1.1528⎦   ⎣0.7685⎦",
        "           new              step 13         data",
    ]


@pytest.mark.parametrize("size", [FULL_WIDTH, (62, 12), (116, 30), (60, 9)])
def test_nothing_flattens_a_matrix_that_fits(size: tuple[int, int]) -> None:
    debugger = Debugger(load("article"))
    for step in range(1, debugger.timeline.length + 1):
        debugger.seek(step)
        for selected in (None, *debugger.scenario.published[:1]):
            debugger.selection = None if selected is None else Address(selected.name, (0, 0))
            found = rows(debugger, size, notes_below=selected is None)
            assert not any("[[" in row for row in found), found
            assert max(map(len, found)) <= size[0]


@pytest.mark.parametrize("lesson", names())
def test_no_line_of_any_lesson_is_too_long(lesson: str) -> None:
    debugger = Debugger(load(lesson))
    for index in range(0, debugger.timeline.length, 1 + debugger.timeline.length // 12):
        debugger.seek(index + 1)
        for width, height in (FULL_WIDTH, (34, 10)):
            assert all(len(row) <= width for row in rows(debugger, (width, height)))


def test_a_value_that_was_edited_says_so_and_one_of_the_iteration_before_says_when() -> None:
    debugger = at("1:z1", "xor")
    assert "from start" in rows(debugger, (116, 12))[3]
    debugger.seek("2:z1")
    written = debugger.timeline.step_at(1, debugger.program.by_name["W1"].index)
    assert f"step {written}" in " ".join(rows(debugger, (116, 12)))
    debugger.assign("W1[0,0]", 0.5)
    debugger.seek("3:z1")
    assert "edited" not in " ".join(rows(debugger, (116, 12)))


def test_with_room_blank_rows_and_the_terms_of_the_largest_element() -> None:
    found = rows(at("dL_dh1"), (116, 30))
    assert found[4] == ""
    assert found[-2:] == ["∂L/∂h[1] = W₂[0,1]·δ₂[0]", "∂L/∂h[1] = −1·(−0.7685) = 0.7685"]


def test_what_is_read_for_an_element_is_lit() -> None:
    debugger = at("dL_dh1")
    debugger.into()
    notation = Notation(debugger.program.symbols)
    view = View(debugger.moment(), notation, STYLES)
    lit = [text for row in equation_rows(view, *FULL_WIDTH) for text, style in row if style.underline]
    assert lit == ["−0.3843", "0.5", "(−0.7685)"]


@pytest.mark.parametrize("width", [12, 20, 34, 80])
def test_a_formula_breaks_between_terms(width: int) -> None:
    formula = "grad_norm = √(Σ(∂L/∂W₂)² + Σ(∂L/∂b₂)² + Σ(∂L/∂W₁)² + Σ(∂L/∂b₁)²)"
    lines = broken(formula, width)
    assert "".join(lines).replace(" ", "") == formula.replace(" ", "")
    assert max(map(len, lines)) <= width
    assert width < 20 or all(line.lstrip().startswith(("+", "=")) for line in lines[1:])


def test_the_numbers_of_a_formula_told_as_text_leave_room_for_the_result() -> None:
    assert rows(at("L", "convolution"), (76, 4))[:2] == ["L = −mean(Σ(log softmax(logits) hot(y)))", "  = 0.8344"]
    assert any("−0.7509" in row for row in rows(at("L", "convolution"), (62, 14)))


def test_numbers_that_are_all_the_same_are_no_map() -> None:
    assert sum(row.count("0.3333") for row in rows(at("y_hat", "softmax-iris"), FULL_WIDTH)) >= 3 * 4


@pytest.mark.parametrize(
    ("lesson", "position"), [("xor", "L"), ("spirals", "L"), ("spirals", "m_W3"), ("softmax-iris", "L")]
)
def test_fewer_numbers_are_written_rather_than_a_term_on_several_lines(lesson: str, position: str) -> None:
    debugger = Debugger(load(lesson))
    debugger.seek(debugger.program.by_name[position].index + 1)
    found = rows(debugger, (62, 16), notes_below=False)
    assert not [row for row in found if row.lstrip().startswith("·")]
    assert sum(row.count("…]") + row.count("…⎤") for row in found) >= 1


def test_one_number_has_the_digits_that_it_has_elsewhere() -> None:
    found = rows(at("L", "xor"), (62, 16))
    assert "0.547 " in found[1]
    assert "= 0.6869" in [row.strip() for row in found]


@pytest.mark.parametrize(("lesson", "position"), [("xor", "z2"), ("multi-head-attention", "s")])
def test_the_terms_of_the_largest_are_of_the_sample_and_the_matrix_that_are_shown(lesson: str, position: str) -> None:
    debugger = at(position, lesson)
    shown = set()
    for sample in range(debugger.moment().samples):
        debugger.show_sample(sample)
        event = debugger.moment().event
        assert event is not None
        part = event.value[sample, 0] if event.value.ndim > 2 else event.value[:, sample]
        last = rows(debugger, (160, 60))[-1]
        shown.add(last)
        assert last.startswith(f"s[{sample},0," if event.value.ndim > 2 else f"z₂[0,{sample}]")
        largest = part.flat[np.abs(part).argmax()]
        assert last.endswith(Notation(debugger.program.symbols).number(largest))
    assert len(shown) == debugger.moment().samples
