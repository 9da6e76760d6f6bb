"""What holds of every diagram, and what some of them show."""

import math
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.style import Style

from backprop_tui.tui.drawing.diagram import edges
from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.diagram_styles import COLOURLESS, DARK
from backprop_tui.tui.drawing.diagram.figures import Writer
from backprop_tui.tui.drawing.diagram.glyphs import ASCII, UNICODE, Glyphs
from backprop_tui.tui.drawing.diagram.picture import Address, Column, Edge, Node, Picture
from backprop_tui.tui.drawing.diagram.scene import CUT_NAMES, WIDEST_NAME, short, stage
from tests.sampled import crossed
from tests.tui.drawing.diagram.pictures import STEPS, article, network, pictures

WIDTHS = st.integers(1, 200)
HEIGHTS = st.integers(1, 60)
GLYPHS = st.sampled_from([UNICODE, ASCII])


def text(drawing: Drawing) -> str:
    return "\n".join(strip.text for strip in drawing.strips)


def styles(drawing: Drawing, y: int) -> list[Style | None]:
    """The style of each cell of a row."""
    return [segment.style for segment in drawing.strips[y] for _ in range(cell_len(segment.text))]


@given(pictures(), WIDTHS, HEIGHTS, GLYPHS)
def test_a_drawing_has_exactly_the_size_that_was_asked_for(
    picture: Picture, width: int, height: int, glyphs: Glyphs
) -> None:
    drawing = draw(picture, width, height, DARK, glyphs)
    assert len(drawing.strips) == height
    assert {strip.cell_length for strip in drawing.strips} == {width}
    assert {cell_len(strip.text) for strip in drawing.strips} == {width}


@given(pictures(), WIDTHS, HEIGHTS, GLYPHS)
def test_equal_pictures_give_equal_strips(picture: Picture, width: int, height: int, glyphs: Glyphs) -> None:
    again = replace(picture, columns=[replace(column) for column in picture.columns])
    assert draw(picture, width, height, DARK, glyphs).strips == draw(again, width, height, DARK, glyphs).strips


@given(pictures(), WIDTHS, HEIGHTS)
def test_the_ascii_mode_is_ascii(picture: Picture, width: int, height: int) -> None:
    assert text(draw(picture, width, height, DARK, ASCII)).isascii()


def words(drawn: str) -> list[str]:
    """What is written in a diagram, without lines, dots and shades."""
    return re.sub(r"[⠀-⣿●○◉◌▶◀⋮│░▒▓█→]", " ", drawn).split()


def allowed(picture: Picture) -> set[str]:
    """Every word that may be written in a picture, whole."""
    found = {"off", "more", "units", "peak", "·", "∂", "δ", "!"}
    found |= {str(count) for column in picture.columns for count in range(column.units + 1)}
    writers = [Writer(picture.number, digits, UNICODE) for digits in range(picture.digits + 1)]
    for before, column in zip([None, *picture.columns], picture.columns, strict=False):
        found |= {column.label, column.weight_label, f"{column.label}({column.units})"}
        found |= {f"[{unit}]" for unit in range(column.units)}
        units, widths = range(column.units), (WIDEST_NAME, *CUT_NAMES)
        found |= {short(column.name(unit), widest, UNICODE) for unit in units for widest in widths}
        if before is not None:
            found.add(f"{before.units}×{column.units}")
        for value in set(numbers(column)):
            found |= {writer(value) for writer in writers}
            found |= {writer.short(value, widest) for writer in writers for widest in range(12)}
    return found


def numbers(column: Column) -> Iterator[float]:
    for array in (column.values, column.deltas, column.weights, column.gradients):
        if array is not None:
            # hypothesis repeats a few numbers; all of a large layer's are among its first.
            yield from (float(value) + 0.0 for value in array.ravel()[:60])


@given(pictures(), WIDTHS, HEIGHTS)
def test_every_word_is_whole(picture: Picture, width: int, height: int) -> None:
    assert set(words(text(draw(picture, width, height)))) <= allowed(picture)


@given(pictures(), WIDTHS, HEIGHTS, GLYPHS)
def test_no_cell_stands_for_two_addresses(picture: Picture, width: int, height: int, glyphs: Glyphs) -> None:
    drawing = draw(picture, width, height, DARK, glyphs)
    for spot in drawing.spots:
        assert spot.x >= 0
        assert spot.x + spot.width <= width
        assert 0 <= spot.y < height
        for x in range(spot.x, spot.x + spot.width):
            assert drawing.at(x, spot.y) == spot.address


@pytest.mark.parametrize(("step", "glyphs"), crossed(4, STEPS, (UNICODE, ASCII)))
def test_a_cell_of_a_line_stands_for_a_weight_and_every_weight_has_one(step: str, glyphs: Glyphs) -> None:
    picture = article(step)
    for size in ((58, 9), (80, 20), (150, 40)):
        drawing = draw(picture, *size, DARK, glyphs)
        at = {(x, y): drawing.at(x, y) for x in range(-1, size[0] + 1) for y in range(-1, size[1] + 1)}
        found = {at[x, y] for x in range(size[0]) for y in range(size[1])}
        wanted = {Edge(1, unit, source) for unit in range(2) for source in range(3)} | {Edge(2, 0, 0), Edge(2, 0, 1)}
        assert {address for address in found if isinstance(address, Edge)} == wanted
        spots = [spot for spot in drawing.spots if isinstance(spot.address, Node)]
        for y, strip in enumerate(drawing.strips):
            for x, character in enumerate(strip.text):
                is_line = "⠀" < character <= "⣿" or (glyphs.ascii and character in "-=/\\")
                if is_line and not any(spot.y == y and spot.x <= x < spot.x + spot.width for spot in spots):
                    near = [at[x + dx, y + dy] for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
                    assert any(isinstance(address, Edge) for address in near), (x, y, character)


@given(pictures(), WIDTHS, HEIGHTS, GLYPHS, st.floats(0, 1), st.floats(0, 1))
def test_any_cell_stands_for_something_of_the_network_or_nothing(
    picture: Picture, width: int, height: int, glyphs: Glyphs, across: float, down: float
) -> None:
    address = draw(picture, width, height, DARK, glyphs).at(int(across * (width - 1)), int(down * (height - 1)))
    if address is not None:
        assert 0 <= address.unit < picture.columns[address.column].units
    if isinstance(address, Edge):
        assert 0 <= address.source < picture.columns[address.column - 1].units


@given(pictures(), WIDTHS, HEIGHTS)
def test_addresses_lie_within_the_network(picture: Picture, width: int, height: int) -> None:
    for spot in draw(picture, width, height).spots:
        column = picture.columns[spot.address.column]
        assert 0 <= spot.address.unit < column.units
        if isinstance(spot.address, Edge):
            assert 0 <= spot.address.source < picture.columns[spot.address.column - 1].units


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("width", "height"), [(48, 12), (60, 16), (80, 20), (110, 40)])
def test_a_nodes_cells_say_its_value_and_are_that_node(step: str, width: int, height: int) -> None:
    picture = article(step)
    drawing = draw(picture, width, height)
    lines = [strip.text for strip in drawing.strips]
    seen: dict[Address, str] = {}
    for spot in drawing.spots:
        seen[spot.address] = seen.get(spot.address, "") + lines[spot.y][spot.x : spot.x + spot.width]
    for index, column in enumerate(picture.columns):
        for unit in range(column.units):
            write = Writer(picture.number, 4, UNICODE)
            assert write(column.value(unit)) in seen[Node(index, unit)]
            if column.deltas is not None:
                assert write(column.delta(unit)) in seen[Node(index, unit, delta=True)]


@pytest.mark.parametrize(("width", "height"), [(48, 12), (60, 16), (80, 20), (120, 36), (200, 60)])
def test_nothing_moves_from_step_to_step(width: int, height: int) -> None:
    dots = [[spot for spot in draw(article(step), width, height).spots if spot.width == 1] for step in STEPS]
    assert all(step == dots[0] for step in dots)


def attributes(style: Style | None) -> tuple[bool | None, ...]:
    assert style is not None
    assert style.color is None or style.color.is_default
    return style.bold, style.dim, style.underline, style.reverse


def node_attributes(picture: Picture, address: Node) -> set[tuple[bool | None, ...]]:
    drawing = draw(picture, 80, 20, COLOURLESS)
    return {
        attributes(styles(drawing, spot.y)[x])
        for spot in drawing.spots
        if spot.address == address
        for x in range(spot.x, spot.x + spot.width)
        if drawing.strips[spot.y].text[x] != " "
    }


def test_emphasis_is_seen_without_colours() -> None:
    idle, used = article("start"), article("z1")
    quiet, lit = node_attributes(article("z2"), Node(0, 0)), node_attributes(used, Node(0, 0))
    fresh, rest = node_attributes(used, Node(1, 1)), node_attributes(idle, Node(0, 0))
    selected = node_attributes(replace(used, selected=Node(0, 0)), Node(0, 0))
    kinds = [frozenset(kind) for kind in (quiet, lit, fresh, rest, selected)]
    assert len(set(kinds)) == len(kinds)


def test_a_used_node_has_another_dot() -> None:
    assert "●" in text(draw(article("z1"), 80, 20))
    assert "●" not in text(draw(article("start"), 80, 20))
    assert "◉" in text(draw(article("z1"), 80, 20))
    assert "◌" in text(draw(article("h1"), 80, 20))


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [24, 30, 60, 120])
def test_the_sign_of_a_weight_is_seen_without_colours(glyphs: Glyphs, width: int) -> None:
    drawn = [
        text(draw(with_weight(network(1, 1), weight), width, 6, COLOURLESS, glyphs)) for weight in (0.5, -0.5, 0.0)
    ]
    assert len(set(drawn)) == 3


def with_weight(picture: Picture, weight: float) -> Picture:
    columns = list(picture.columns)
    columns[-1] = replace(columns[-1], weights=np.array([[weight]]))
    return replace(picture, columns=columns)


def test_the_size_of_a_weight_is_seen() -> None:
    picture = network(3, 1)
    columns = list(picture.columns)
    columns[1] = replace(columns[1], weights=np.array([[0.1, 0.5, 1.0]]))
    lines = text(draw(replace(picture, columns=columns), 80, 20)).split("\n")
    light, heavy = (sum(map(dots, lines[part])) for part in (slice(0, 9), slice(12, 20)))
    assert heavy > 2 * light


def dots(line: str) -> int:
    return sum((ord(character) - 0x2800).bit_count() for character in line if "⠀" <= character <= "⣿")


def test_weights_in_use_are_written_on_their_edges() -> None:
    drawing = draw(article("z1"), 80, 20)
    assert {spot.address for spot in drawing.spots if isinstance(spot.address, Edge)} == {
        Edge(1, unit, source) for unit in range(2) for source in range(3)
    }
    assert {"0.2", "−0.4", "0.1", "0.7", "0.3", "−0.5"} <= set(words(text(drawing)))


def test_the_selected_weight_is_written() -> None:
    drawing = draw(article("start", Edge(2, 0, 1)), 80, 20)
    (spot,) = [spot for spot in drawing.spots if isinstance(spot.address, Edge)]
    assert spot.address == Edge(2, 0, 1)
    assert drawing.strips[spot.y].text[spot.x : spot.x + spot.width] == "−1"
    assert all(style is not None and style.reverse for style in styles(drawing, spot.y)[spot.x : spot.x + spot.width])


def test_a_gradient_is_written_where_it_is_what_was_computed() -> None:
    assert "∂ −1.0759" in text(draw(article("dL_dW2"), 110, 20))


@given(st.integers(20, 200), st.integers(5, 60))
def test_labels_of_weights_are_apart(width: int, height: int) -> None:
    drawing = draw(network(4, 5, 3, lit=1), width, height)
    taken: set[tuple[int, int]] = set()
    for spot in drawing.spots:
        if isinstance(spot.address, Edge):
            cells = {(x, spot.y) for x in range(spot.x - 1, spot.x + spot.width + 1)}
            assert cells.isdisjoint(taken)
            taken |= {(x, spot.y) for x in range(spot.x, spot.x + spot.width)}


def test_direction_is_shown() -> None:
    forward, backward = (text(draw(article(step), 80, 20)) for step in ("z1", "delta1"))
    assert "▶" in forward
    assert "◀" not in forward
    assert "◀" in backward
    assert "▶" not in backward


def test_minus_nought_is_nought() -> None:
    assert "−0.0000" not in text(draw(article("delta1"), 80, 20))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_marked(value: float) -> None:
    picture = network(2, 3, 1)
    columns = [replace(column, values=np.full(column.units, value)) for column in picture.columns]
    assert "!" in text(draw(replace(picture, columns=columns), 80, 20))
    many = network(784, 10)
    columns = list(many.columns)
    columns[0] = replace(columns[0], values=np.where(np.arange(784) == 31, value, 0.5))
    assert "!" in text(draw(replace(many, columns=columns), 80, 20))


def test_a_layer_too_tall_shows_its_ends() -> None:
    drawn = words(text(draw(network(30, 2), 60, 16)))
    assert {"x[0]", "x[29]", "more"} <= set(drawn)
    assert "x[15]" not in drawn


def test_a_selected_unit_is_not_hidden() -> None:
    assert "x[15]" in words(text(draw(network(30, 2, selected=Node(0, 15)), 60, 16)))
    assert "x[15]" in words(text(draw(network(30, 2, selected=Edge(1, 0, 15)), 60, 16)))


def test_a_large_layer_is_a_heat_strip_and_its_weights_a_bundle() -> None:
    picture = network(784, 128, 10, lit=1)
    drawn = text(draw(picture, 120, 30))
    assert "784 units" in drawn
    assert "784×128" in drawn
    assert "128×10" in drawn
    assert "█" in drawn
    values = picture.columns[0].values
    assert values is not None
    assert f"[{np.abs(values).argmax()}]" in drawn


def test_the_sign_in_a_heat_strip_is_its_side() -> None:
    picture = network(1000, 1)
    for sign, pattern in ((1, r"│[░▒▓█]"), (-1, r"[░▒▓█]│")):
        columns = [replace(picture.columns[0], values=sign * np.ones(1000)), picture.columns[1]]
        drawn = text(draw(replace(picture, columns=columns), 60, 20))
        assert re.search(pattern, drawn)
        assert not re.search(r"[░▒▓█]│[░▒▓█]", drawn)


def test_names_go_first_then_digits_then_numbers() -> None:
    drawn = {width: words(text(draw(article("h1"), width, 16))) for width in (80, 48, 36, 20)}
    assert {"h[1]", "1.4000"} <= set(drawn[80])
    assert "h[1]" not in drawn[48]
    assert "1.4000" in drawn[48]
    assert "1.40" in drawn[36]
    assert not any(word.startswith("1.4") for word in drawn[20])


def test_where_not_all_numbers_fit_those_in_use_do() -> None:
    picture = network(2, 3, 3, 3, 3, 3, 3, 3, 1, lit=2)
    drawn = words(text(draw(picture, 60, 16)))
    assert Writer(picture.number, 4, UNICODE)(picture.columns[2].value(0)) in drawn


def test_where_no_diagram_fits_one_line_says_what_it_is() -> None:
    picture = article("z2")
    drawing = draw(picture, 30, 2)
    assert text(drawing).split("\n")[0].rstrip() == "x(3) → h(2) → ŷ(1)"
    first, *_, hidden = styles(drawing, 0)[:8]
    assert first is not None
    assert first.dim
    assert hidden is not None
    assert hidden.bold
    assert text(draw(picture, 8, 1)).rstrip() == "→ ŷ(1)"


def test_hostile_names_are_cut_not_spilt() -> None:
    picture = network(2, 1)
    columns = [replace(picture.columns[0], names=["名" * 100, "é" * 50]), picture.columns[1]]
    drawn = text(draw(replace(picture, columns=columns), 80, 12))
    assert "…" in drawn


@example(1, 1)
@given(st.integers(0, 3), st.integers(0, 3))
def test_no_room_is_no_error(width: int, height: int) -> None:
    assert len(draw(article("z1"), width, height).strips) == height


def test_every_weight_in_use_is_drawn_however_many_there_are() -> None:
    drawn = text(draw(network(10, 10, 10, lit=2), 118, 32))
    body = drawn.split("\n", 1)[1]  # without the header, which has an arrow too
    assert body.count("▶") == 10


def test_of_many_weights_at_rest_the_lightest_are_left_out_but_for_one_of_every_unit() -> None:
    few, many = network(3, 3), network(10, 10)
    for picture, shown in ((few, 9), (many, 10)):
        units = picture.columns[1].units
        weights = np.full((units, units), 0.01)
        weights[np.arange(units), np.arange(units)] = 0.02
        weights[0, 0] = 1.0
        columns = [picture.columns[0], replace(picture.columns[1], weights=weights)]
        scene = stage(replace(picture, columns=columns), 118, 40, DARK, UNICODE)
        assert scene is not None
        assert len(edges._quiet(edges.Layer(scene, 1))) == shown
