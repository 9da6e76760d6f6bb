"""Which panes are seen where, for every size of terminal. Pure: sizes in, regions out."""

from msgspec import Struct
from textual.geometry import Region

NETWORK, EQUATION, PROGRAM, PARAMETERS = PANES = ("network", "equation", "program", "parameters")
# width and height of a terminal, from which on there is
SMALLEST = (60, 15)  # room for one pane
MEDIUM = (80, 24)  # room for three panes: the usual size of a new terminal
WIDE = (120, 30)  # room for all four


class Arrangement(Struct, frozen=True):
    """Regions by pane, of those that are seen; and the decks: panes that share a place, one of them seen."""

    regions: dict[str, Region]
    decks: tuple[tuple[str, ...], ...] = ()

    def deck(self, pane: str) -> tuple[str, ...]:
        """The panes that share a pane's place, itself included."""
        return next((deck for deck in self.decks if pane in deck), (pane,))


def arrange(
    width: int, height: int, current: str, beside: str = PROGRAM, *, enlarged: bool = False, taken: int = 0
) -> Arrangement:
    """Place the panes in a body of this size. A status line and a footer are outside of it, and `taken` rows more: for
    which panes are seen, these count as if they were the body's, and what is lowest makes room for them.

    `current` is the pane with the focus, `beside` which of program and parameters was looked at last.
    """
    full, whole = Region(0, 0, width, height), height + taken
    if enlarged or width < MEDIUM[0] or whole < MEDIUM[1] - 2:
        return Arrangement({current: full}, (PANES,))
    if width < WIDE[0] or whole < WIDE[1] - 2:
        upper = min(max(10, whole * 11 // 20), height - 5)
        left = max(44, width * 11 // 20)
        shown = current if current in (PROGRAM, PARAMETERS) else beside
        return Arrangement(
            {
                NETWORK: Region(0, 0, left, upper),
                EQUATION: Region(left, 0, width - left, upper),
                shown: Region(0, upper, width, height - upper),
            },
            ((PROGRAM, PARAMETERS),),
        )
    right = max(54, width * 9 // 20)
    left = width - right
    upper = min(whole - max(9, whole * 3 // 10), height - 6)
    lower = height - upper
    network = max(10, upper // 2, upper - 16)
    return Arrangement(
        {
            NETWORK: Region(0, 0, left, network),
            EQUATION: Region(0, network, left, upper - network),
            PARAMETERS: Region(0, upper, left, lower),
            PROGRAM: Region(left, 0, right, height),  # the whole of an iteration in one look
        }
    )
