"""What is looked at: the number that is selected, and the sample of the batch that is shown."""

import operator
from functools import cached_property

import msgspec

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.engine.statements.sample_axis import Axes


class Focus:
    """One selection and one sample. Selecting a number of another sample shows that sample, and the reverse."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._selection: Address | None = None
        self.sample = 0  # from 0; in a smaller batch the last sample is shown

    @cached_property
    def axes(self) -> Axes:
        """Which axis of each variable runs over the samples."""
        return self._cursor.program.sample_axes

    @property
    def selection(self) -> Address | None:
        """The scalar that is selected."""
        return self._selection

    @selection.setter
    def selection(self, address: Address | None) -> None:
        self._selection = address
        if address is not None and address.at and (axis := self.axes.get(address.name)) is not None:
            self.sample = address.at[axis]

    def show_sample(self, sample: int, samples: int) -> None:
        """Show another of the batch's `samples`, or the nearest there is; the selection goes along."""
        self.sample = min(max(0, operator.index(sample)), samples - 1)
        selected = self._selection
        axis = None if selected is None else self.axes.get(selected.name)
        if selected is not None and axis is not None and selected.at:
            at = (*selected.at[:axis], self.sample, *selected.at[axis + 1 :])
            self._selection = msgspec.structs.replace(selected, at=at)
