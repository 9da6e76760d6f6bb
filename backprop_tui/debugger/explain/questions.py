"""Asking a debugger about a number. What answers is imported when somebody asks."""

from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment

if TYPE_CHECKING:
    from backprop_tui.debugger.explain.explanation import Explanation
    from backprop_tui.debugger.explain.touches import Touch


class Explaining:
    """The part of a debugger that explains numbers, as they are at the current step."""

    def moment(self) -> Moment:
        """All that there is to show of the current step."""
        raise NotImplementedError

    def explain(self, address: str | Address) -> "Explanation":
        """The tree of where a number comes from, made as it is unfolded. Raises ExpressionError where there is none."""
        from backprop_tui.debugger.explain.ask import asked

        return asked(self.moment(), address)

    def touches(self, address: str | Address) -> "Touch":
        """The other direction: what is computed from a number. Raises ExpressionError where there is none."""
        from backprop_tui.debugger.explain.ask import touched

        return touched(self.moment(), address)
