"""A scenario: a checked network or model, its data and training, with the values that its source printed, and notes."""

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from backprop_tui.engine.mistakes.conventions import Convention
from backprop_tui.engine.network.network import Array
from backprop_tui.engine.program.program import Definition
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario.claims import Claims
from backprop_tui.scenario.printed_number import Claim


class Published(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A value that the source printed: an array of `Claim` in the shape of the variable `name`, or of shape () for the
    single element at `at`.

    `where` is its place in the source, as text. `iteration` counts from 1; a parameter's value is the one after its
    update. `turned` is the name of an array of one's own that is the transposed of it.
    """

    name: str
    claims: Array
    where: str
    iteration: int
    at: Shape = ()
    turned: str = ""

    def __repr__(self) -> str:
        where = f", {self.where}" if self.where else ""
        at = f"[{','.join(map(str, self.at))}]" if self.at else ""
        return f"<Published {self.name}{at} in iteration {self.iteration:,}: {self.claims.size:,} numbers{where}>"

    def of(self, value: Array) -> Array:
        """The part of the whole variable's value that was printed."""
        return value[self.at] if self.at else value

    def agrees(self, computed: ArrayLike) -> Array:
        """Which elements of a computed value round to what was printed: booleans of the claims' shape.

        `computed` is the value of the whole variable.
        """
        return self.all_claims.agrees(self.of(np.asarray(computed)))

    @cached_property
    def all_claims(self) -> Claims:
        """What the numbers claim, to be asked all at once."""
        return Claims.of(self.claims)

    def claim(self, at: Shape) -> Claim | None:
        """What was printed for one element of the variable; None if nothing was."""
        if self.at and self.at != at:
            return None
        found: Claim = self.claims[() if self.at else at]
        return found


class Note(msgspec.Struct, frozen=True):
    """A text to show when the operation `at` is reached, in one iteration or (None) in every one."""

    at: str
    text: str
    iteration: int | None


class Samples(msgspec.Struct, frozen=True, eq=False):
    """Samples of a data set, a column each: x (inputs, N) and, if there are targets, y (outputs, N), both read-only.

    `numbers` (N,) has the position of each in the data set, counted from 1.
    """

    x: Array
    y: Array | None
    numbers: Array


class Layout(NamedTuple):
    """How the arrays lie that a program outside has: whether a sample is a row, and whether W has a row per input.

    None where nothing is known of it.
    """

    sample_rows: bool | None = None
    input_rows: bool | None = None


class Scenario(msgspec.Struct, frozen=True, eq=False):
    """A scenario that can run. Its texts are clean, and its arrays are read-only float64.

    `given` is what was loaded (a path, a bundled name or `-`), `path` the file that it came from, if any, and `name` a
    short name for people. `content` is what `digest` is made of: the file's bytes and, if it names a csv file
    (`beside`), that one's digest. `source` says whose example it is, and `url` is its page. `iterations` is the
    number to train for. `held_out` has samples that are not trained on, and `numbers` the positions (from 1) of those
    that are, where some are held out. `features` and `classes` are names, empty if there are none. An input that is a
    picture has `image`, its rows and columns. `remarks` are notes that only the speaker's view shows. `changes` are the
    keys that were set from outside of the file, as they were typed. `layout` is that of the arrays which it was made
    from.
    """

    given: str
    path: Path | None
    name: str
    content: bytes
    title: str
    source: str
    network: Definition
    iterations: int
    published: tuple[Published, ...] = ()
    notes: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()
    conventions: tuple[Convention, ...] = ()
    held_out: Samples | None = None
    numbers: Array | None = None
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    beside: Path | None = None
    url: str = ""
    image: tuple[int, int] | None = None
    changes: tuple[str, ...] = ()
    layout: Layout = Layout()

    @property
    def label(self) -> str:
        """What people call it in a line: its name, and what was changed of it from outside of the file."""
        return f"{self.name} with {', '.join(self.changes)}" if self.changes else self.name

    def __repr__(self) -> str:
        count = f"{self.iterations:,} iteration{'' if self.iterations == 1 else 's'}"
        return f"<Scenario {self.name}: {self.network.outline}, {count}, {len(self.published):,} published>"

    @property
    def digest(self) -> str:
        """The SHA-256 of its content, in hexadecimal digits; empty where it was made and never read."""
        from hashlib import sha256

        return sha256(self.content).hexdigest() if self.content else ""

    @property
    def credit(self) -> str:
        """Whose example it is and the address of its page, in one line, as far as they are known."""
        return ", ".join(filter(None, (self.source, self.url)))

    def number(self, place: int) -> int:
        """The number (from 1) in the whole data set of the training sample at `place` (from 0)."""
        return place + 1 if self.numbers is None else int(self.numbers[place])
