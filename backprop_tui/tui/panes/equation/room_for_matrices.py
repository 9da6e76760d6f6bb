"""Parts of a text of which some grow with the room that the others leave."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from backprop_tui.tui.shared.styled_line import Run

Line = Sequence[Run]
EVERY = 1_000_000  # lines: as many as it takes


class Part(NamedTuple):
    """Lines that stay together. `of_room` makes them for a number of rows, which only what `grows` heeds; what is
    `spare` is left out where there is no room for all of it, and what `waits` stands below the others then.
    """

    of_room: Callable[[int], Iterable[Line]]
    grows: bool = False
    spare: bool = False
    waits: bool = False


def fitted(parts: Sequence[Part], height: int) -> list[Line]:
    """The parts in order: what grows takes the rows that the rest leaves; then what can be spared; then blank rows."""
    made: list[list[Line]] = [[] if part.grows or part.spare else list(part.of_room(height)) for part in parts]
    for place, part in enumerate(parts):
        if part.grows:
            left = sum(len(list(other.of_room(1))) for other in parts[place + 1 :] if other.grows)
            made[place] = list(part.of_room(max(1, height - sum(map(len, made)) - left)))
    for place, part in enumerate(parts):
        gaps = sum(map(bool, made))  # a blank row above each of the others
        room = height - sum(map(len, made)) - gaps
        if part.spare and room > 0 and height < EVERY:
            found = list(part.of_room(room))
            made[place] = found if len(found) <= room else []
    if sum(map(len, made)) > height:
        in_order = sorted(zip(parts, made, strict=True), key=lambda pair: pair[0].waits)
        made = [lines for _, lines in in_order]
    blocks = [lines for lines in made if lines]
    gaps = len(blocks) - 1
    is_roomy = sum(map(len, blocks)) + gaps <= height < EVERY
    return [line for place, lines in enumerate(blocks) for line in [*([[]] if is_roomy and place else []), *lines]]
