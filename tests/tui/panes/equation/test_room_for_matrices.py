"""What stands where in the equation pane, and what waits where there is no room for all of it."""

from backprop_tui.tui.panes.equation.bands import PLAIN
from backprop_tui.tui.panes.equation.room_for_matrices import Line, Part, fitted


def part(*texts: str, grows: bool = False, waits: bool = False) -> Part:
    return Part(lambda _: [[(text, PLAIN)] for text in texts], grows=grows, waits=waits)


def texts(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_what_waits_stands_below_the_others_only_where_there_is_no_room_for_all() -> None:
    matrix, verdict = part("matrix", "matrix", grows=True), part("verdict")
    parts = [matrix, part("sentence", waits=True), verdict, part("note", waits=True)]
    assert texts(fitted(parts, 8)) == ["matrix", "matrix", "", "sentence", "", "verdict", "", "note"]
    assert texts(fitted(parts, 5)) == ["matrix", "matrix", "sentence", "verdict", "note"]
    assert texts(fitted(parts, 3)) == ["matrix", "matrix", "verdict", "sentence", "note"]
