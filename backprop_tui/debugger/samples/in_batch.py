"""Which sample of the batch is looked at, which number is selected, and what each sample adds to a gradient."""

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.sensitivity.sample_shares import Axes, sample_axes

if TYPE_CHECKING:
    from backprop_tui.debugger.samples.per_sample import PerSample


class Sampling:
    """The part of a debugger that goes through a batch."""

    program: Program
    _selection: Address | None = None
    _sample = 0

    def moment(self) -> Moment:
        """All that there is to show of the current step."""
        raise NotImplementedError

    @cached_property
    def axes(self) -> Axes:
        """Which axis of each variable runs over the samples."""
        return sample_axes(self.program)

    @property
    def selection(self) -> Address | None:
        """The scalar that is selected. Selecting one of another sample goes to that sample."""
        return self._selection

    @selection.setter
    def selection(self, address: Address | None) -> None:
        self._selection = address
        if address is not None and address.at and (axis := self.axes.get(address.name)) is not None:
            self._sample = address.at[axis]

    @property
    def sample(self) -> int:
        """The sample that is shown, from 0; of a batch that has fewer, the last is."""
        return self._sample

    def show_sample(self, sample: int) -> None:
        """Show another sample of the batch, the nearest that there is; what is selected of one goes along."""
        self._sample = min(max(0, sample), self.moment().samples - 1)
        selected = self._selection
        axis = None if selected is None else self.axes.get(selected.name)
        if selected is not None and axis is not None and selected.at:
            at = (*selected.at[:axis], self._sample, *selected.at[axis + 1 :])
            self._selection = msgspec.structs.replace(selected, at=at)

    def per_sample(self, name: str) -> "PerSample":
        """What each sample of the batch adds to a gradient: an array each, and `rest`; together they are the gradient.

        Raises ShareError (a ValueError) where there is no such gradient, or not yet.
        """
        from backprop_tui.debugger.samples.per_sample import per_sample

        return per_sample(self.moment(), name)
