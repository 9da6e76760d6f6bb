"""What is looked at: the number that is selected, the sample of the batch and the matrix of a stack that are shown."""

import operator
from collections.abc import Mapping
from functools import cached_property
from math import prod

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.engine.statements.axis_labels import SAMPLE, Labels
from backprop_tui.engine.statements.sample_axis import Axes
from backprop_tui.formula.values.element import Shape

MATRIX = 2  # axes


def along(axis: int, labels: Labels) -> str:
    """What the place along an axis of a stack is kept by: its name, so that other variables with such an axis follow;
    without one its distance from the end.
    """
    return labels[axis] or str(axis - len(labels))


class Focus:
    """One selection, one sample, and a place along every other axis in front of a matrix. Selecting a number of another
    sample shows that sample, and the reverse; so it is with the places.
    """

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._selection: Address | None = None
        self.sample = 0  # from 0; in a smaller batch the last sample is shown
        self.places: dict[str, int] = {}

    @cached_property
    def axes(self) -> Axes:
        """Which axis of each variable runs over the samples."""
        return self._cursor.program.sample_axes

    @property
    def shown(self) -> dict[str, int]:
        """The places that are shown, the sample's among them."""
        return self.places | {SAMPLE: self.sample}

    @shown.setter
    def shown(self, places: Mapping[str, int]) -> None:
        self.places = {along: place for along, place in places.items() if along != SAMPLE}
        self.sample = places.get(SAMPLE, 0)

    @property
    def selection(self) -> Address | None:
        """The scalar that is selected."""
        return self._selection

    @selection.setter
    def selection(self, address: Address | None) -> None:
        self._selection = address
        if address is not None and address.at and (axis := self.axes.get(address.name)) is not None:
            self.sample = address.at[axis]
        if address is not None and len(address.at) > MATRIX:
            labels = self._labels(address.name, len(address.at))
            self.places |= {along(axis, labels): address.at[axis] for axis in self._further(address.name, address.at)}

    def _labels(self, name: str, rank: int) -> Labels:
        return self._cursor.program.labels.get(name, ("",) * rank)

    def _further(self, name: str, own: Shape) -> list[int]:
        """The axes in front of a variable's matrix, apart from that of the samples."""
        return [axis for axis in range(len(own) - MATRIX) if axis != self.axes.get(name)]

    def show_further(self, name: str, own: Shape, by: int) -> bool:
        """Show the matrix of a variable that is some places further in its stack, as far as there are any; the
        selection goes along. Whether there is more than one.
        """
        axes, labels = [axis for axis in self._further(name, own) if own[axis] > 1], self._labels(name, len(own))
        if not axes:
            return False
        extents = [own[axis] for axis in axes]
        before = [min(self.places.get(along(axis, labels), 0), own[axis] - 1) for axis in axes]
        place = min(max(0, int(np.ravel_multi_index(before, extents)) + by), prod(extents) - 1)
        now = dict(zip(axes, map(int, np.unravel_index(place, extents)), strict=True))
        self.places |= {along(axis, labels): at for axis, at in now.items()}
        selected = self._selection
        if selected is not None and selected.name == name and selected.at:
            at = tuple(now.get(axis, index) for axis, index in enumerate(selected.at))
            self._selection = msgspec.structs.replace(selected, at=at)
        return True

    def show_sample(self, sample: int, samples: int) -> None:
        """Show another of the batch's `samples`, or the nearest there is; the selection goes along."""
        self.sample = min(max(0, operator.index(sample)), samples - 1)
        selected = self._selection
        axis = None if selected is None else self.axes.get(selected.name)
        if selected is not None and axis is not None and selected.at:
            at = (*selected.at[:axis], self.sample, *selected.at[axis + 1 :])
            self._selection = msgspec.structs.replace(selected, at=at)
