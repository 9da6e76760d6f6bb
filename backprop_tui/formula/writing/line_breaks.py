"""Formulas over several lines: broken between terms, else between factors, within brackets only where it has to be."""

from collections.abc import Iterator

OPENING, CLOSING = "([⌊‖", ")]⌋"
TERMS = (" + ", " − ", " - ")
SIGNS = "=+−-⊙·@*"  # nothing is torn from the sign before it
INDENT = 4


def broken(formula: str, width: int, indent: int = INDENT) -> list[str]:
    """A formula in lines of at most `width` characters, those after the first further in.

    A line ends before a plus or a minus, as far outside of all brackets as there is one, else between factors; what has
    no place to break is cut.
    """
    lines: list[str] = []
    rest, lead = formula, ""
    while len(lead) + len(rest) > width:
        place = _place(rest, width - len(lead))
        if place is None or len(lead) + place > width:  # a name that is longer than a line is cut
            place = max(1, width - len(lead))
        lines.append(lead + rest[:place].rstrip())
        rest, lead = rest[place:].lstrip(), " " * min(indent, width // 4)
    return [*lines, lead + rest]


def _place(text: str, width: int) -> int | None:
    """Where a line ends that has to be broken: the last of the best places, if there is one."""
    best: tuple[tuple[int, int], int] | None = None
    for place, depth, rank in _places(text):
        if place > width:
            break
        found = (depth + 2 * rank, -place)
        if place > 0 and (best is None or found <= best[0]):
            best = found, place
    return best[1] if best else next((place for place, _, _ in _places(text) if place > 0), None)


def _places(text: str) -> Iterator[tuple[int, int, int]]:
    """Where a formula may be broken: the place, how many brackets it is in, and how bad that is: 0 between terms, 1
    between factors, 2 before what it equals.
    """
    depth = 0
    for place, character in enumerate(text):
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth -= 1
        elif character == " " and place:
            if text.startswith(TERMS, place):
                yield place, depth, 0
            elif text[place - 1] not in SIGNS:
                yield place, depth, 2 if text.startswith(" = ", place) else 1
