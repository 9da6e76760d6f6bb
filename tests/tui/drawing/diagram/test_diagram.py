"""What holds of every picture of a network, and what some of them show."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.color import Color
from rich.style import Style

from backprop_tui.tui.drawing.diagram.diagram import Drawing
from backprop_tui.tui.drawing.diagram.diagram_styles import COLOURLESS, DARK, LEVELS, Palette
from backprop_tui.tui.drawing.diagram.outline import Outline
from backprop_tui.tui.drawing.diagram.picture import Address, Edge, LayerSize, Node
from backprop_tui.tui.drawing.diagram.plan import plan_of
from backprop_tui.tui.drawing.diagram.unit_rows import Kind, stack
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tests.sampled import crossed
from tests.tui.drawing.diagram.pictures import SIXTEEN, STEPS, Drawn, article, network, pictures

WIDTHS = st.integers(1, 200)
HEIGHTS = st.integers(1, 60)
GLYPHS = st.sampled_from([UNICODE, ASCII])
ROOMS = [(48, 12), (60, 11), (78, 8), (118, 12), (198, 50)]


def text(drawing: Drawing) -> str:
    return "\n".join(strip.text for strip in drawing.strips)


def styles(drawing: Drawing, y: int) -> list[Style | None]:
    """The style of each cell of a row."""
    return [segment.style for segment in drawing.strips[y] for _ in range(cell_len(segment.text))]


def written(drawing: Drawing, address: Address) -> list[str]:
    """What is written in the cells that stand for an address, one text for each of its rows."""
    return [
        drawing.strips[spot.y].text[spot.x : spot.x + spot.width].strip(" []")
        for spot in drawing.spots
        if spot.address == address
    ]


@given(pictures(), WIDTHS, HEIGHTS, GLYPHS)
def test_a_drawing_has_exactly_the_size_that_was_asked_for(
    drawn: Drawn, width: int, height: int, glyphs: Glyphs
) -> None:
    drawing = drawn.at(width, height, DARK, glyphs)
    assert len(drawing.strips) == height
    assert {strip.cell_length for strip in drawing.strips} == {width}
    assert {cell_len(strip.text) for strip in drawing.strips} == {width}


@given(pictures(), WIDTHS, HEIGHTS)
def test_the_ascii_mode_is_ascii(drawn: Drawn, width: int, height: int) -> None:
    assert text(drawn.at(width, height, DARK, ASCII)).isascii()


@given(pictures(), WIDTHS, HEIGHTS, GLYPHS, st.floats(0, 1), st.floats(0, 1))
def test_any_cell_stands_for_something_of_the_network_or_nothing(
    drawn: Drawn, width: int, height: int, glyphs: Glyphs, across: float, down: float
) -> None:
    address = drawn.at(width, height, DARK, glyphs).at(int(across * (width - 1)), int(down * (height - 1)))
    columns = drawn.outlines.columns
    match address:
        case Node(column, unit, "loss" | "target"):
            assert column == len(columns)
            assert 0 <= unit < columns[-1].units
        case Node(column, unit):
            assert 0 <= unit < columns[column].units
        case Edge(column, unit, source):
            assert 0 <= unit < columns[column].units
            assert 0 <= source < columns[column - 1].units


@given(st.lists(st.integers(1, 40), min_size=2, max_size=5), WIDTHS, HEIGHTS, st.booleans())
def test_nothing_leaves_its_room_or_lies_over_something_else(
    sizes: list[int], width: int, height: int, differs: bool
) -> None:
    plan = plan_of(replace(network(*sizes).outlines, differs=differs), width, height)
    if plan is None:
        return
    ends = [end for place in plan.places for end in (place.left, place.left + place.width)]
    assert ends == sorted(ends)
    assert ends[0] >= 0
    assert ends[-1] <= width
    for place in plan.places:
        assert place.left <= place.chip
    for gap, before, after in zip(plan.gaps[1:], plan.places, plan.places[1:], strict=False):
        assert (before.exit, after.entry) == (gap.left, gap.right)
    for rows in plan.rows:
        taken = [row + part for row in rows.at for part in range(-rows.above, rows.below + 1)]
        assert min(taken) >= 0
        assert max(taken) < height - plan.top
        assert rows.extent or len(set(taken)) == len(taken)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("width", "height"), ROOMS)
def test_a_chips_cells_say_its_value_and_are_that_unit(step: str, width: int, height: int) -> None:
    drawn = article(step)
    drawing = drawn.at(width, height)
    assert drawing.plan is not None
    for index, column in enumerate(drawn.picture.columns):
        place = drawing.plan.places[index]
        for unit in range(drawn.outlines.columns[index].units):
            for part, value, known in (
                ("values", column.value(unit), True),
                ("deltas", column.delta(unit), column.deltas is not None),
            ):
                texts = written(drawing, Node(index, unit, part))  # type: ignore[arg-type]
                assert bool(texts) == known
                if value is not None and known:  # with more room, what the unit is called stands for it, too
                    assert texts[0] == f"{value:.{place.decimals}f}".replace("-", "−")


@pytest.mark.parametrize(("width", "height"), ROOMS)
def test_nothing_moves_from_step_to_step(width: int, height: int) -> None:
    def chips(step: str) -> set[tuple[int, int, int, Address]]:
        return {
            tuple(spot)  # type: ignore[misc]
            for spot in article(step).at(width, height).spots
            if isinstance(spot.address, Node) and spot.address.part in ("values", "loss")
        }

    assert all(chips(step) == chips("start") for step in STEPS)


def test_at_80x24_every_edge_of_the_article_has_20_cells() -> None:
    plan = plan_of(article("start").outlines, 78, 8)
    assert plan is not None
    assert [gap.width for gap in plan.gaps[1:]] == [20, 20]


@pytest.mark.parametrize(("width", "height"), ROOMS)
@pytest.mark.parametrize("step", ["start", "W2"])
def test_each_number_lies_on_its_own_line(step: str, width: int, height: int) -> None:
    drawing = article(step).at(width, height)
    assert drawing.plan is not None
    for spot in drawing.spots:
        if isinstance(spot.address, Edge) and drawing.plan.labels(spot.address.column):
            line = drawing.plan.line(*(spot.address.column, spot.address.unit, spot.address.source))
            assert any(line.row(x) == spot.y for x in range(spot.x, spot.x + spot.width)), spot


def test_at_80x24_every_weight_of_the_article_has_room_for_its_update() -> None:
    plan = plan_of(article("start").outlines, 78, 8)
    assert plan is not None
    for index in (1, 2):
        labels = plan.labels(index)
        assert labels is not None
        assert labels.both


def test_only_a_few_lines_are_heavy() -> None:
    """Where all weights are alike, as after Adam's first step, heavy lines would be a blob."""
    alike = with_weights(network(4, 3), [[0.05, -0.05, 0.05, 0.0499]] * 3).at(78, 16)
    one = with_weights(network(4, 3), [[0.01, -0.01, 0.01, 0.01]] * 2 + [[0.01, 0.01, 0.05, -0.01]]).at(78, 16)
    light = with_weights(network(4, 3), [[0.01, -0.01, 0.01, 0.01]] * 3).at(78, 16)

    assert text(alike) == text(light)
    assert text(one) != text(light)


@pytest.mark.parametrize(("width", "height"), [(78, 8), (118, 12)])
def test_the_name_of_a_unit_stays_beside_its_bias_in_an_update(width: int, height: int) -> None:
    drawn = article("W2")
    columns = [*drawn.picture.columns]
    columns[1] = replace(columns[1], biases=np.array([0.1, -0.2769]), biases_before=np.array([0.1, -0.2]))
    drawing = drawn._replace(picture=replace(drawn.picture, columns=columns)).at(width, height)
    assert "0.1 → 0.1" in text(drawing)
    assert "−0.2 → −0.2769" in text(drawing)
    assert not re.search("h(?!\\[[01]\\] )", text(drawing).split("\n", 1)[1])
    assert not re.search("−0.277[^ │\\n]", text(drawing))


@pytest.mark.parametrize("step", STEPS)
def test_edges_touch_the_chips_at_both_ends(step: str) -> None:
    drawn = article(step)
    drawing = drawn.at(78, 8)
    plan = drawing.plan
    assert plan is not None
    for index in (1, 2):
        for unit in range(drawn.outlines.columns[index].units):
            y = plan.top + plan.rows[index].at[unit]
            assert is_dots(drawing.strips[y].text[plan.gaps[index].right])
        for source in range(drawn.outlines.columns[index - 1].units):
            y = plan.top + plan.rows[index - 1].at[source]
            off = drawn.picture.columns[index - 1].off
            assert (off is not None and off[source]) or is_dots(drawing.strips[y].text[plan.gaps[index].left])


def is_dots(character: str) -> bool:
    return "⠀" < character <= "⣿"


@pytest.mark.parametrize(("step", "glyphs"), crossed(4, STEPS, (UNICODE, ASCII)))
def test_a_cell_of_a_line_stands_for_a_weight_and_every_weight_has_one(step: str, glyphs: Glyphs) -> None:
    drawn = article(step)
    for size in ((58, 9), (78, 8), (150, 40)):
        drawing = drawn.at(*size, DARK, glyphs)
        found = {drawing.at(x, y) for x in range(size[0]) for y in range(size[1])}
        wanted = {Edge(1, unit, source) for unit in range(2) for source in range(3)} | {Edge(2, 0, 0), Edge(2, 0, 1)}
        assert {address for address in found if isinstance(address, Edge)} == wanted


def attributes(style: Style | None) -> tuple[bool, ...]:
    assert style is not None
    assert style.color is None or style.color.is_default
    return bool(style.bold), bool(style.dim), bool(style.underline), bool(style.reverse)


def chip_attributes(drawn: Drawn, address: Node) -> set[tuple[bool, ...]]:
    drawing = drawn.at(80, 20, COLOURLESS)
    return {
        attributes(styles(drawing, spot.y)[x])
        for spot in drawing.spots
        if spot.address == address
        for x in range(spot.x, spot.x + spot.width)
        if drawing.strips[spot.y].text[x] != " "
    }


def test_emphasis_is_seen_without_colours() -> None:
    idle, used = article("start"), article("z1")
    quiet, lit = chip_attributes(article("z2"), Node(0, 0)), chip_attributes(used, Node(0, 0))
    fresh, rest = chip_attributes(used, Node(1, 1)), chip_attributes(idle, Node(0, 0))
    selected = chip_attributes(article("z1", Node(0, 0)), Node(0, 0))
    kinds = [frozenset(kind) for kind in (quiet, lit, fresh, rest, selected)]
    assert len(set(kinds)) == len(kinds)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [34, 60, 120])
def test_the_sign_of_a_weight_is_seen_without_colours(glyphs: Glyphs, width: int) -> None:
    lines = [
        text(with_weights(network(1, 1), [[weight]]).at(width, 6, COLOURLESS, glyphs)) for weight in (0.5, -0.5, 0)
    ]
    assert len(set(lines)) == 3


def with_weights(drawn: Drawn, weights: list[list[float]]) -> Drawn:
    columns = list(drawn.picture.columns)
    columns[0] = replace(columns[0], lit="all")  # so that the weights are not in use
    columns[-1] = replace(columns[-1], weights=np.array(weights, float))
    return drawn._replace(picture=replace(drawn.picture, columns=columns))


@pytest.mark.parametrize(("palette", "dashed"), [(DARK, False), (COLOURLESS, True)])
def test_where_colours_tell_signs_apart_lines_have_no_dashes(palette: Palette, dashed: bool) -> None:
    for width in (40, 118):
        lines = [text(with_weights(network(1, 1), [[weight]]).at(width, 4, palette)) for weight in (0.5, -0.5)]
        assert (dots(lines[1]) < dots(lines[0])) == dashed


def test_only_the_largest_weights_are_two_dots_wide() -> None:
    rows = text(with_weights(network(3, 1), [[0.1, 0.5, 1.0]]).at(80, 20)).splitlines()
    light, heavy = (sum(map(dots, rows[part])) for part in (slice(0, 9), slice(12, 20)))
    assert heavy > 1.8 * light


def dots(line: str) -> int:
    return sum((ord(character) - 0x2800).bit_count() for character in line if is_dots(character))


def test_what_is_not_a_number_has_no_line_and_says_nan() -> None:
    drawn = network(2, 2, 1)
    columns = [
        replace(column, values=np.full(units, math.nan), weights=None if index == 0 else weights)
        for index, (column, units, weights) in enumerate(
            zip(
                drawn.picture.columns,
                (2, 2, 1),
                (None, np.full((2, 2), math.nan), np.full((1, 2), math.nan)),
                strict=True,
            )
        )
    ]
    drawing = drawn._replace(picture=replace(drawn.picture, columns=columns)).at(78, 8)
    assert text(drawing).count("nan") == 5 + 6  # units and weights
    assert not any(map(is_dots, text(drawing)))


def test_the_weights_of_a_matrix_are_written_on_all_edges_or_on_none() -> None:
    for width in range(40, 200, 7):
        for height in (6, 8, 12, 30):
            drawing = article("z1").at(width, height)
            labelled = [spot.address for spot in drawing.spots if isinstance(spot.address, Edge)]
            assert len(labelled) in (0, 6)
    drawing = article("z1").at(78, 8)
    shown = {written(drawing, spot.address)[0] for spot in drawing.spots if isinstance(spot.address, Edge)}
    assert shown == {"0.2", "−0.4", "0.1", "0.7", "0.3", "−0.5"}


@given(st.integers(40, 200), st.integers(6, 60))
def test_labels_of_weights_are_apart(width: int, height: int) -> None:
    taken: set[tuple[int, int]] = set()
    drawing = network(4, 5, 3, lit=1).at(width, height)
    for spot in drawing.spots:
        if isinstance(spot.address, Edge) and drawing.plan and drawing.plan.labels(spot.address.column):
            cells = {(x, spot.y) for x in range(spot.x - 1, spot.x + spot.width + 1)}
            assert cells.isdisjoint(taken)
            taken |= {(x, spot.y) for x in range(spot.x, spot.x + spot.width)}


@given(st.integers(2, 20), st.integers(4, 40))
def test_units_are_all_apart_or_all_together(units: int, height: int) -> None:
    rows = stack(Outline(units=units, deltas=True, bias=6), height)
    if rows.kind is Kind.CHIPS:
        steps = {after - before for before, after in pairwise(rows.at)}
        own = 1 + rows.above + rows.below
        assert steps == {own} or min(steps) > own


def test_many_lines_with_little_room_are_a_map() -> None:
    crowded = network(2, 16, 16, 1).at(106, 26).plan
    assert crowded is not None
    assert [gap.is_map for gap in crowded.gaps[1:]] == [True, True, False]
    roomy = network(2, 16, 1).at(118, 26).plan
    assert roomy is not None
    assert not any(gap.is_map for gap in roomy.gaps)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_lines_of_inputs_that_are_more_than_there_are_rows_are_a_table(glyphs: Glyphs) -> None:
    drawing = with_weights(network(4, 3), [[0.25, -0.5, 0.75, 0.0]] * 3).at(60, 8, glyphs=glyphs)
    assert drawing.plan is not None
    assert drawing.plan.labels(1) is None
    minus = "-" if glyphs.ascii else "−"
    for source, number in enumerate(("0.25", f"{minus}0.5", "0.75", "0")):
        row = drawing.plan.top + drawing.plan.rows[0].at[source]
        assert drawing.strips[row].text.count(number) >= 3, drawing.strips[row].text
        for unit in range(3):
            ((y, x),) = [(spot.y, spot.x) for spot in drawing.spots if spot.address == Edge(1, unit, source)]
            assert y == row
            assert drawing.at(x, y) == Edge(1, unit, source)
    assert re.search(r"\[0\] +\[1\] +\[2\]", drawing.strips[drawing.plan.top].text)


def test_a_map_with_little_room_goes_without_its_arrows() -> None:
    drawing = network(2, 16, 16, 1).at(56, 12)
    assert drawing.plan is not None
    for index in (1, 2):
        assert drawing.plan.gaps[index].is_map
        assert any(field.layer == index and field.part == "weights" for field in drawing.fields)


def test_the_class_that_is_asked_for_is_in_the_picture_of_a_strip_of_outputs() -> None:
    drawn = network(64, 32, 10)
    targets = np.eye(10)[4]
    shown = drawn._replace(picture=replace(drawn.picture, loss=replace(drawn.picture.loss, targets=targets)))
    drawing = shown.at(78, 9)
    assert drawing.plan is not None
    assert drawing.plan.rows[-1].kind is Kind.STRIP
    assert "y [4]" in text(drawing)
    assert written(drawing, Node(3, 4, "target"))


def test_signs_are_written_in_a_map_where_each_number_has_cells_for_it() -> None:
    for sources, marked in ((20, False), (10, True)):
        drawing = network(sources, 10, 1, lit=1).at(118, 24)
        gap = drawing.plan.gaps[1] if drawing.plan else None
        assert gap is not None
        assert gap.is_map
        inside = "".join(strip.text[gap.left : gap.right] for strip in drawing.strips[:-2])
        assert ("++" in inside) is marked


def test_a_weight_that_is_selected_has_its_matrix_written() -> None:
    drawing = article("h1", Edge(2, 0, 1)).at(78, 8)
    (spot,) = [spot for spot in drawing.spots if spot.address == Edge(2, 0, 1)]
    assert drawing.strips[spot.y].text[spot.x : spot.x + spot.width] == "−1"
    assert all(style is not None and style.reverse for style in styles(drawing, spot.y)[spot.x : spot.x + spot.width])


def test_an_update_says_what_a_weight_was_and_is() -> None:
    assert written(article("W2").at(78, 8), Edge(2, 0, 1)) == ["−1 → −0.8924"]


def test_a_gradient_is_written_where_it_is_what_was_computed() -> None:
    assert written(article("dL_dW2").at(78, 8), Edge(2, 0, 1)) == ["−1.0759"]


def test_the_loss_the_target_and_the_biases_are_in_the_picture() -> None:
    drawing = article("L").at(78, 8)
    assert written(drawing, Node(3, 0, "loss")) == ["1.4633"]
    assert written(drawing, Node(3, 0, "target")) == ["y 1"]
    assert [written(drawing, Node(1, unit, "bias")) for unit in (0, 1)] == [["b 0.1"], ["b −0.2"]]


def test_direction_is_shown() -> None:
    forward, backward = (text(article(step).at(80, 20)) for step in ("z1", "delta1"))
    assert "▶" in forward
    assert "◀" not in forward
    assert "◀" in backward
    assert "▶" not in backward


def test_minus_nought_is_nought() -> None:
    assert "−0.0000" not in text(article("delta1").at(80, 20))


def test_a_number_that_outgrows_its_room_is_written_with_fewer_digits() -> None:
    drawn = article("z2")
    for value, shown in ((123.456, "123.456"), (-123.456, "−123.46"), (123456.0, "123456"), (-1e12, "−1e12")):
        columns = list(drawn.picture.columns)
        columns[2] = replace(columns[2], values=np.array([value]))
        drawing = drawn._replace(picture=replace(drawn.picture, columns=columns)).at(78, 8)
        (found,) = written(drawing, Node(2, 0))
        assert found.rstrip("0").rstrip(".") == shown.rstrip("0").rstrip(".") or float(
            found.replace("−", "-")
        ) == pytest.approx(value, rel=0.1)
        assert len(found) <= 7


def test_what_differs_in_a_mistaken_run_is_in_the_colour_of_what_is_wrong() -> None:
    drawn = article("delta1")
    columns = list(drawn.picture.columns)
    columns[1] = replace(columns[1], other_deltas=np.array([math.nan, 0.6858]))
    drawing = Drawn(replace(drawn.picture, columns=columns), replace(drawn.outlines, differs=True)).at(78, 8)
    (y,) = [y for y, strip in enumerate(drawing.strips) if "≠" in strip.text]
    row = drawing.strips[y].text
    assert "0.7685 ≠ 0.6858" in row
    place = row.index("0.6858")
    wrong = {style.color for style in styles(drawing, y)[place : place + 6] if style}
    assert wrong == {DARK.odd.color}
    assert {style.color for style in styles(drawing, y)[: place - 1] if style}.isdisjoint(wrong)


def test_a_large_layer_is_a_strip_and_its_weights_a_map() -> None:
    drawing = network(784, 128, 10, lit=1).at(118, 30)
    assert drawing.plan is not None
    assert all(gap.is_map for gap in drawing.plan.gaps[1:])
    assert text(drawing).count("▀") > 1000
    found = {drawing.at(x, y) for x in range(118) for y in range(30)}
    assert len({address.column for address in found if isinstance(address, Edge)}) == 2


def test_the_sign_in_a_map_is_seen_without_colours() -> None:
    for sign, mark in ((1.0, "+"), (-1.0, "−")):
        drawing = with_weights(network(50, 1), [[sign] * 50]).at(100, 8, COLOURLESS)
        assert drawing.plan is not None
        gap = drawing.plan.gaps[1]
        rows = [line[gap.left : gap.right] for line in text(drawing).splitlines()]
        row = max(rows, key=lambda line: len(re.findall("[+−]", line)))
        assert set(re.findall("[+−]", row)) == {mark}


def test_in_sixteen_colours_what_is_nearly_nothing_is_left_out() -> None:
    """A cell's character has the colour of text where it has no other: half of it would be white on black."""
    half = LEVELS // 2
    found = {
        (above, below): SIXTEEN.halves(above, below, image=True)
        for above in (0, half, LEVELS)
        for below in (0, half, LEVELS)
    }
    assert "".join(mark for mark, _ in found.values()) == " ▄▄▀█▄▀▀█"
    for (above, below), (mark, style) in found.items():
        lit = {"▀": above, "▄": below, "█": above}.get(mark)
        if lit is not None:
            assert style.color == Color.parse("default" if lit == LEVELS else "bright_black")
            other = below if mark == "▀" else above
            assert (style.bgcolor is None) == (other == 0 or mark == "█")
    mark, style = SIXTEEN.halves(LEVELS, -LEVELS)
    assert (mark, style.color, style.bgcolor) == ("▀", Color.parse("bright_cyan"), Color.parse("bright_yellow"))


def test_the_strongest_of_several_weights_stands_for_them() -> None:
    weights = np.full((100, 1000), 0.001)
    weights[37, 611] = -5.0
    drawing = with_weights(network(1000, 100), weights.tolist()).at(118, 20)
    strongest = DARK.shade(-12, 0).color
    assert any(strongest in (style.color, style.bgcolor) for y in range(20) for style in styles(drawing, y) if style)


def test_an_input_that_is_an_image_is_drawn_as_one() -> None:
    drawn = network(64, 12, image=(8, 8))
    pixels = np.zeros((8, 8))
    pixels[:, 3] = 1.0
    columns = [replace(drawn.picture.columns[0], values=pixels.ravel()), drawn.picture.columns[1]]
    for height, cells in ((12, 2), (8, 1)):
        drawing = drawn._replace(picture=replace(drawn.picture, columns=columns)).at(118, height)
        assert drawing.plan is not None
        place, rows = drawing.plan.places[0], drawing.plan.rows[0]
        assert place.width == 8 * cells
        for row in rows.extent:
            found = styles(drawing, drawing.plan.top + row)[place.chip : place.chip + place.width]
            assert len({style.color for style in found if style}) == 2
            assert set(found[3 * cells : 4 * cells]) == {DARK.shade(12, 12, image=True)}
        assert drawing.at(place.chip + 3 * cells, drawing.plan.top + rows.extent.start) == Node(0, 3)


def test_a_selected_unit_of_a_strip_is_written_under_it() -> None:
    drawing = network(30, 2, selected=Node(0, 15)).at(60, 16)
    assert any(found.startswith("15]") for found in written(drawing, Node(0, 15)))


def deep(count: int) -> Drawn:
    drawn = network(*[2] * (count + 1))
    layers = [
        LayerSize(label=f"h{n}", now=(0.5, 0.1**n, None), whole=(0.5, 0.1**n, 0.2**n), lit=(n == 2, False, False))
        for n in range(1, count + 1)
    ]
    symbols = ("h", "δ", "∂L/∂W")
    return drawn._replace(picture=replace(drawn.picture, layers=layers, layer_symbols=symbols))


def test_a_deep_network_is_a_bar_per_layer() -> None:
    rows = text(deep(8).at(78, 9)).splitlines()
    assert "max |δ|, log" in rows[0]
    assert "log" not in rows[0].partition("max |δ|")[0]
    lengths = [len(re.findall("█", row[25:45])) for row in rows[1:]]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]
    assert all("0.5000" in row for row in rows[1:])


def test_bars_use_the_height_that_they_are_given() -> None:
    drawing = deep(8).at(118, 30)
    rows = text(drawing).splitlines()
    places = [y for y, row in enumerate(rows) if re.match(r"h\d", row)]
    assert places == [*range(2, 26, 3)]
    assert all(rows[y][6:].startswith("█") and rows[y + 1][6:].startswith("█") for y in places)
    assert not any(rows[y + 2].strip() for y in places)
    assert rows[27].startswith("L ")
    assert not rows[1].strip()


@given(st.integers(5, 30), WIDTHS, HEIGHTS, GLYPHS)
def test_deep_networks_fit_in_any_room(count: int, width: int, height: int, glyphs: Glyphs) -> None:
    drawing = deep(count).at(width, height, DARK, glyphs)
    assert {cell_len(strip.text) for strip in drawing.strips} == {width}
    if "max" in text(drawing) and height > 6:
        assert "h2 " in text(drawing)  # the layer in use is always there
        assert re.search("L +·" if glyphs is UNICODE else r"L +\.", text(drawing))


def test_where_no_diagram_fits_one_line_says_what_it_is() -> None:
    drawn = article("z2")
    drawing = drawn.at(24, 2, COLOURLESS)
    assert text(drawing).split("\n")[0].rstrip() == "x(3) → h(2) → ŷ(1)"
    first, *_, hidden = styles(drawing, 0)[:8]
    assert first is not None
    assert first.dim
    assert hidden is not None
    assert hidden.bold
    assert text(drawn.at(8, 1)).rstrip() == "→ ŷ(1)"


@example(1, 1)
@given(st.integers(0, 3), st.integers(0, 3))
def test_no_room_is_no_error(width: int, height: int) -> None:
    assert len(article("z1").at(width, height).strips) == height
