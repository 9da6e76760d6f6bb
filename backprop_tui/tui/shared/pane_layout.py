"""Which panes are seen where, for every size of terminal. Pure: sizes in, regions out."""

from typing import NamedTuple

from msgspec import Struct
from textual.geometry import Region

NETWORK, EQUATION, PROGRAM, PARAMETERS = PANES = ("network", "equation", "program", "parameters")
# width and height of a terminal, from which on there is
SMALLEST = (60, 15)  # room for one pane
MEDIUM = (80, 24)  # room for three panes: the usual size of a new terminal
WIDE = (120, 30)  # room for all four
WIDEST = 160  # cells from which on the program has its whole height beside the others
FEW_LINES, MORE_LINES = 3, 5  # of the program: before, now and next; and where there is more room
TALL = 26  # rows from which on there is
FEWEST_LINES = 2  # now and next, beside a note
EQUATION_ROWS = 6  # that the equation has at the least, in the lowest terminal with three panes
PROGRAM_CELLS = 76  # that the program has at the most: a formula and its value, not far from each other
MANY = 1_000  # operations


class Arrangement(Struct, frozen=True):
    """Regions by pane, of those that are seen; the decks: panes that share a place, one of them seen; and the panes
    that have no border, because there is no row to spare.
    """

    regions: dict[str, Region]
    decks: tuple[tuple[str, ...], ...] = ()
    bare: frozenset[str] = frozenset()

    def deck(self, pane: str) -> tuple[str, ...]:
        """The panes that share a pane's place, itself included."""
        return next((deck for deck in self.decks if pane in deck), (pane,))


def is_medium(width: int, height: int) -> bool:
    """Whether a terminal has room for several panes, and for the chain above them."""
    return width >= MEDIUM[0] and height >= MEDIUM[1]


class Rows(NamedTuple):
    """Rows that are not the panes': those under the status line, and those of watches and notes over the footer."""

    above: int = 0
    watches: int = 0
    notes: int = 0

    @property
    def taken(self) -> int:
        """Those over the footer, which come and go."""
        return self.watches + self.notes


NO_ROWS = Rows()


def arrange(
    width: int,
    height: int,
    current: str,
    *,
    enlarged: bool = False,
    beside: Rows = NO_ROWS,
    wanted: int = 8,
    listed: int = MANY,
) -> Arrangement:
    """Place the panes in a body of this size. A status line and a footer are outside of it, and so are the rows
    `beside` it: for which panes are seen, these count as if they were the body's, and what is lowest makes room for
    those that come and go.

    `current` is the pane with the focus; `wanted` is how many rows the network is worth, without its border, and
    `listed` how many the program has in all.
    """
    full, whole = Region(0, 0, width, height), height + beside.taken
    if enlarged or not is_medium(width, whole + beside.above + 2):
        return Arrangement({current: full}, (PANES,))
    if width < WIDE[0] or whole + beside.above < WIDE[1] - 2:
        return _medium(width, height, whole, current, wanted, beside)
    return _wide(width, height, whole, wanted) if width < WIDEST else _widest(width, height, whole, wanted, listed)


def _medium(width: int, height: int, whole: int, current: str, wanted: int, beside: Rows) -> Arrangement:
    """The network with the full width, the equation or the parameters below it, and a few lines of the program.

    What comes and goes takes the lines of the program down to the fewest, then rows of the equation; where a note would
    take more of these than can be spared, it has the place of the program.
    """
    lines = FEW_LINES if whole < TALL else MORE_LINES
    least = EQUATION_ROWS + (whole + beside.above + 2 - MEDIUM[1]) // 2
    network = min(max(wanted + 2, (whole - lines) * 11 // 20), whole - lines - least)
    lines = max(FEWEST_LINES, lines - beside.taken)
    if beside.notes and current != PROGRAM and height - network - lines < EQUATION_ROWS:
        lines = 0
    network = min(network, height - lines - 3)
    middle = PARAMETERS if current == PARAMETERS else EQUATION
    regions = {NETWORK: Region(0, 0, width, network), middle: Region(0, network, width, height - lines - network)}
    if lines:
        regions[PROGRAM] = Region(0, height - lines, width, lines)
    return Arrangement(regions, ((EQUATION, PARAMETERS),), frozenset({PROGRAM}))


def _wide(width: int, height: int, whole: int, wanted: int) -> Arrangement:
    """The network with the full width, the equation below it at the left, program and parameters at the right."""
    network = min(max(min(wanted + 2, whole // 2), whole * 9 // 20), height - 12)
    lower = height - network
    left = width * 11 // 20
    program = max(6, (whole - network) // 2)
    program = min(program, lower - 6)
    return Arrangement(
        {
            NETWORK: Region(0, 0, width, network),
            EQUATION: Region(0, network, left, lower),
            PROGRAM: Region(left, network, width - left, program),
            PARAMETERS: Region(left, network + program, width - left, lower - program),
        }
    )


def _widest(width: int, height: int, whole: int, wanted: int, listed: int) -> Arrangement:
    """The whole of an iteration at the right, in one look; the others below each other at the left, but the parameters
    below a program that leaves them no less room.
    """
    right = min(width * 9 // 20, PROGRAM_CELLS)
    left = width - right
    if whole - listed - 2 >= max(8, whole // 4):
        return _beside_few(Region(0, 0, left, whole // 2), Region(left, 0, right, listed + 2), height)
    network = max(min(wanted + 2, whole // 2), whole * 2 // 5)
    lower = max(8, whole // 4)
    equation = min(whole - network - lower, height - network - 6)
    return Arrangement(
        {
            NETWORK: Region(0, 0, left, network),
            EQUATION: Region(0, network, left, equation),
            PARAMETERS: Region(0, network + equation, left, height - network - equation),
            PROGRAM: Region(left, 0, right, height),
        }
    )


def _beside_few(network: Region, program: Region, height: int) -> Arrangement:
    """Two columns of two panes, the lower ones as high as there is room."""
    equation = Region(0, network.height, network.width, height - network.height)
    parameters = Region(program.x, program.height, program.width, height - program.height)
    return Arrangement({NETWORK: network, EQUATION: equation, PROGRAM: program, PARAMETERS: parameters})
