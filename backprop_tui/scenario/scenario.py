"""A scenario: a network, its data and how it is trained, checked; with what its source printed, and notes."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from backprop_tui.engine.network.network import Array, Network
from backprop_tui.engine.program import run_program
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario.printed_number import Claim


class Published(msgspec.Struct, frozen=True, eq=False):
    """A value that the source printed: an array of `Claim` that has the shape of the variable `name`, or one for the
    element at `at`.

    `iteration` counts from 1; a parameter's value is the one after its update.
    """

    name: str
    claims: Array
    where: str
    iteration: int
    at: Shape = ()

    def of(self, value: Array) -> Array:
        """What the claim is about, of the whole variable's value."""
        return value[self.at] if self.at else value

    def agrees(self, computed: ArrayLike) -> Array:
        """Which elements of a computed value round to what was printed: booleans of the claims' shape.

        `computed` is the value of the whole variable.
        """
        agrees: Array = np.vectorize(Claim.agrees, otypes=[bool])(self.claims, self.of(np.asarray(computed)))
        return agrees

    def claim(self, at: Shape) -> Claim | None:
        """What was printed for one element of the variable, if anything was."""
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
    """Samples of a data set, a column each: x (inputs, N) and y (outputs, N), if there are targets, read-only.

    `numbers` says where they stand in it, counted from 1.
    """

    x: Array
    y: Array | None
    numbers: Array


class Scenario(msgspec.Struct, frozen=True, eq=False):
    """A scenario that can run. Its texts are clean, its arrays read-only float64.

    `given` is what was loaded (a path, a bundled name or `-`), `path` the file that it came from, if any, `name` a
    short name for people, `digest` the SHA-256 of the file's bytes, and of the csv file `beside` it that it names.
    `source` says whose example it is, and `url` is a page of it.
    `held_out` are samples that are not trained on; `features` and `classes` are names, as far as there are any.
    """

    given: str
    path: Path | None
    name: str
    digest: str
    title: str
    source: str
    network: Network
    iterations: int
    published: tuple[Published, ...] = ()
    notes: tuple[Note, ...] = ()
    held_out: Samples | None = None
    numbers: Array | None = None
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    beside: Path | None = None
    url: str = ""

    @property
    def credit(self) -> str:
        """Whose example it is and the address of its page, as far as they are known, in a line."""
        return ", ".join(filter(None, (self.source, self.url)))

    def number(self, place: int) -> int:
        """The number, from 1, that a sample of the training data has in the whole of the data."""
        return place + 1 if self.numbers is None else int(self.numbers[place])


def run(scenario: Scenario, iterations: int | None = None) -> Iterator[Event]:
    """One event per operation, for as many iterations as asked for, or as the scenario says."""
    return run_program.run(Program.of(scenario.network), scenario.iterations if iterations is None else iterations)
