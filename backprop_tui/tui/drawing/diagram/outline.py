"""What never changes in the picture of a network and so decides its geometry: sizes, and the room that numbers take."""

from msgspec import Struct

FEW_WEIGHTS = 40
"""With more weights than this between two columns, they are a map rather than lines."""
DEEP = 4
"""With more layers than this, each is a row of bars rather than a column."""


class Outline(Struct, frozen=True, kw_only=True):
    """One column. Widths are in cells."""

    units: int
    whole: int = 2
    """The widest number before its decimal point, with its sign."""
    decimals: int = 4
    """Digits behind the point that its numbers are shown with where there is room."""
    names: tuple[str, ...] = ()
    """What the scenario calls the units."""
    own_name: int = 0
    """The widest name that a unit has otherwise, x[0]; 0 where a single unit needs none."""
    deltas: bool = False
    """Something flows back to its units in the course of an iteration."""
    bias: int = 0
    """The widest bias; 0 where there is none."""
    beside: int = 0
    """The same where it stands beside the chip and has no other room for its gradient either."""
    weight: int = 0
    """The widest weight that enters."""
    states: bool = False
    """Its units may be off, or left out."""
    image: tuple[int, int] | None = None
    """Rows and columns of the image that the units are."""


class Outlines(Struct, frozen=True, kw_only=True):
    """A whole network."""

    columns: tuple[Outline, ...]
    loss: int = 6
    """The widest loss."""
    target: int = 0
    """The widest target, with its symbol; 0 where there is none."""
    decimals: int = 4
    """Digits behind the point of the loss, of biases, weights and targets."""
    differs: bool = False
    """Keeps room for what numbers are in a mistaken run."""
    sizes: tuple[tuple[float, ...], ...] = ((), (), ())
    """Of a deep network, what each column of bars has room for at least."""

    @property
    def deep(self) -> bool:
        """Whether there are too many layers to stand side by side."""
        return len(self.columns) - 1 > DEEP

    def weights(self, index: int) -> int:
        """How many weights enter a column."""
        return self.columns[index].units * self.columns[index - 1].units
