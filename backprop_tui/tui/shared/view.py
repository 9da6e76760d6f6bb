"""What all panes are given: a moment and how to write it."""

from collections.abc import Hashable, Mapping
from functools import cached_property

from msgspec import Struct

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.tui.shared.folding import Folds
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import Styles


class View(Struct, frozen=True, eq=False, dict=True):
    """A moment, a way of writing and a set of colours. `code` shows the program as NumPy, `graph` the
    network as a graph of operations; with `notes_below` the notes stand below the panes. `caps` has what is printed on
    the key of each command. `folds` are the blocks of a model that were folded and unfolded by hand.
    """

    moment: Moment
    notation: Notation
    styles: Styles
    code: bool = False
    graph: bool = False
    notes_below: bool = False
    caps: Mapping[str, str] = {}
    folds: Folds = Folds()

    @cached_property
    def folded(self) -> frozenset[str]:
        """The blocks of the program that are folded."""
        operation = self.moment.operation
        return self.folds.folded(self.moment.program, operation.name if operation else "")

    @property
    def ground(self) -> tuple[object, ...]:
        """The objects that decide what is shown at the steps of an iteration: where all are the same, so is that."""
        moment = self.moment
        audit = () if moment.audit is None else moment.audit.state
        run = (moment.scenario, moment.timeline, moment.frame, moment.prediction)
        return (*run, self.notation, self.styles, self.caps, *audit)

    @property
    def choices(self) -> tuple[Hashable, ...]:
        """What else decides it: the step, and what a person chose."""
        moment = self.moment
        places = (moment.step, moment.element, moment.selection, moment.chosen, *moment.places.items())
        stops = (moment.breakpoints, moment.off, moment.stops, moment.branch, moment.veil)
        return (*places, *stops, self.code, self.graph, self.notes_below, self.folds)
