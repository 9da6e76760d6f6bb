"""Bars of a deep network: each as long as its number says, beside the others of its column and those of the start."""

from functools import lru_cache

import pytest

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.picture import LayerSize, Node
from backprop_tui.tui.drawing.glyphs import UNICODE
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import places_of
from backprop_tui.tui.panes.network.network_pane import outlines, wanted_rows
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import THEMES, styles
from backprop_tui.tui.shared.view import View
from tests.sampled import some

DEEP = ["vanishing-gradient", "exploding-gradient", "vanishing-cure", "clipping"]
WIDE = (118, 12)


@lru_cache
def session(name: str) -> Debugger:
    return Debugger(load(name))


def at(debugger: Debugger, place: str | int) -> View:
    debugger.seek(place)
    return viewed(debugger.moment())


def viewed(moment: Moment) -> View:
    return View(moment, Notation(moment.program.symbols), styles(THEMES[0]))


def sizes(view: View) -> list[LayerSize]:
    places = places_of(view.moment.program)
    assert places is not None
    return [*picture(view, places).layers]


def drawn(view: View, size: tuple[int, int] = WIDE) -> Drawing:
    places = places_of(view.moment.program)
    assert places is not None
    return draw(picture(view, places), outlines(view, places), *size, view.styles.drawing)


def rows(view: View, size: tuple[int, int] = WIDE) -> list[str]:
    return [strip.text for strip in drawn(view, size).strips]


@pytest.mark.parametrize("name", some(DEEP, 2))
def test_what_is_too_long_for_its_column_is_marked(name: str) -> None:
    """No bar is that the column is of, only one that stands there for a while, such as that of z before h."""
    debugger = Debugger(load(name))
    for _ in range(2 * debugger.timeline.length):
        debugger.advance()
        view = viewed(debugger.moment())
        layers, moment = sizes(view), debugger.moment()
        places = places_of(moment.program)
        assert places is not None
        known = outlines(view, places).sizes
        for column in range(3):
            tops = [layer.whole[column] for layer in layers]
            high = max(size for size in (*known[column], *tops) if size is not None)
            marked = sum((layer.now[column] or 0.0) > high for layer in layers)
            spans = [text[6 + column * 37 : 6 + (column + 1) * 37] for text in rows(view)]
            assert sum(UNICODE.forward in text for text in spans) == marked, debugger.position
            if column == 2 or moment.operation is None or moment.operation.name not in places.of:
                assert not marked


def test_a_z_that_is_cut_says_so_and_makes_no_other_bar_shorter() -> None:
    text = rows(at(session("vanishing-gradient"), "100:z8"))
    last = next(row for row in text if row.startswith("z₈"))
    assert f"█{UNICODE.forward} 4.7455" in last
    assert text[1:8] == rows(at(session("vanishing-gradient"), "100:y_hat"))[1:8]


def test_what_is_computed_of_a_layer_stands_in_its_row() -> None:
    """∂L/∂h takes the place of δ until that is there, and what is read and written is lit, and nothing else."""
    view = at(session("vanishing-gradient"), "1:dh4")
    layers, text = sizes(view), rows(view)
    assert layers[3].now[1] == pytest.approx(0.0091, abs=5e-5)
    assert layers[3].fresh == 1
    assert [(row, column) for row, layer in enumerate(layers) for column in range(3) if layer.lit[column]] == [
        (3, 1),
        (4, 1),
    ]
    assert "max |δ|, |∂L/∂h₄|, log scale" in text[0]
    assert "|δ|, |∂L/∂h₄|, log " in rows(view, (78, 9))[0]
    assert "δ, ∂L/∂h₄, log" in rows(view, (58, 11))[0]
    after = at(session("vanishing-gradient"), "1:delta4")
    assert "∂L/∂h" not in rows(after)[0]
    assert [layer.lit for layer in sizes(after)].count((False, True, False)) == 1


@pytest.mark.parametrize("place", ["1:z4", "1:delta2", "1:dW3", "1:W1"])
def test_a_bar_is_lit_where_its_own_variable_is_in_use(place: str) -> None:
    view = at(session("vanishing-gradient"), place)
    operation, layers = view.moment.operation, sizes(view)
    assert operation is not None
    used = {*operation.reads, operation.name}
    for number, layer in enumerate(layers, 1):
        h = "y_hat" if number == 8 else f"h{number}"
        first = f"z{number}" if layer.label.startswith("z") else h
        assert layer.lit == (first in used, f"delta{number}" in used, f"dL_dW{number}" in used)


@pytest.mark.parametrize("size", [(58, 11), (78, 9), (98, 10), WIDE, (108, 20)])
def test_the_loss_and_its_target_are_in_the_picture(size: tuple[int, int]) -> None:
    view = at(session("vanishing-gradient"), "1:L")
    text = "\n".join(rows(view, size))
    assert "0.7912" in text
    assert "y 1" in text
    found = {spot.address for spot in drawn(view, size).spots}
    assert {Node(9, 0, "loss"), Node(9, 0, "target")} <= found


def test_a_deep_network_is_worth_a_row_for_its_loss() -> None:
    view = at(session("vanishing-gradient"), "1:L")
    assert wanted_rows(view) == 10
    assert rows(view, (78, 10))[-1].startswith("L     0.7912")


def test_bars_are_on_one_scale_from_the_first_iteration_to_the_last() -> None:
    """A bar of h is its share of the most that σ can give, and where δ has shrunk, none has the whole length."""
    debugger = session("vanishing-gradient")
    first, last = at(debugger, "1:delta1"), at(debugger, "100:delta1")

    def bar(view: View, row: int, column: int) -> float:
        text = rows(view)[row + 2][6 + column * 37 :][:26]
        return len(text) - len(text.lstrip("█"))

    for row, layer in enumerate(sizes(last)):
        assert layer.now[0] is not None
        assert bar(last, row, 0) == pytest.approx(26 * layer.now[0], abs=1)
    assert bar(first, 7, 1) == 26
    assert bar(last, 7, 1) < 26 * 0.8


@pytest.mark.parametrize("name", DEEP)
def test_bars_stay_as_they_are_while_others_come(name: str) -> None:
    debugger = session(name)
    before = rows(at(debugger, debugger.timeline.length + 2))
    for step in range(debugger.timeline.length + 3, 2 * debugger.timeline.length):
        now = rows(at(debugger, step))
        used = debugger.moment().operation
        assert used is not None
        changed = sum(a != b for a, b in zip(before[1:], now[1:], strict=True))
        assert changed <= 2, debugger.position
        before = now


def test_a_number_that_is_none_has_no_bar_and_an_infinite_one_is_cut() -> None:
    debugger = Debugger(load("exploding-gradient"))
    view = at(debugger, "4:L")
    assert sum(f"█{UNICODE.forward} inf" in row for row in rows(view)) == 7
    (loss,) = (cell for cell in drawn(view).strips[-1] if "inf" in cell.text)
    assert loss.style is not None
    assert loss.style.color == view.styles.drawing.odd.color
    text = rows(at(debugger, "5:delta6"))
    assert sum("nan" in row for row in text) == 8
    assert all(UNICODE.forward not in row and "█" not in row for row in text if "nan" in row)


def test_a_quiz_tells_no_size_that_is_to_come() -> None:
    debugger = Debugger(load("vanishing-gradient"))
    debugger.seek("1:h3")
    quiz = debugger.predict()
    for _ in range(3):  # also where nothing is asked
        view = viewed(quiz.moment())
        places = places_of(view.moment.program)
        assert places is not None
        assert outlines(view, places).sizes == ((1.0,) * 8, (), ())
        assert [layer.whole[1:] for layer in sizes(view)] == [(None, None)] * 8
        assert "log" not in rows(view)[0]
        if quiz.ask():
            assert [layer.fresh for layer in sizes(viewed(quiz.moment()))].count(0) == 1
            quiz.show()


def test_what_is_not_reached_of_an_operation_is_in_no_bar() -> None:
    debugger = Debugger(load("vanishing-gradient"))
    debugger.seek("1:z1")
    debugger.into()
    assert sizes(viewed(debugger.moment()))[0].now[0] == pytest.approx(0.75)
    debugger.into()
    assert sizes(viewed(debugger.moment()))[0].now[0] == pytest.approx(1.0)


def test_a_mistaken_run_is_said_beside_the_bars() -> None:
    """With its size where there is room for it, otherwise by the sign that it differs."""
    debugger = Debugger(load("vanishing-gradient"))
    debugger.make_mistake("derivative-left-out")
    view = at(debugger, "1:dW4")
    other = sizes(view)[3].others[1]
    assert other is not None
    assert f"≠ {other:.4f}" in rows(view)[5]
    assert "≠" in rows(view, (78, 9))[4]
    assert sizes(view)[3].others[0] is None
    loss = at(debugger, "2:L").moment.side
    assert loss is not None
    said = f"≠ {float(loss.value('L')):.4f}"
    for size in ((78, 9), (98, 10), WIDE):
        text = "\n".join(rows(at(debugger, "2:L"), size))
        assert said in text, text
        assert "y 1" in text
