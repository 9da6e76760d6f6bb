"""Which blocks of a model are folded: all but the one of the current operation, and what was folded by hand."""

from msgspec import Struct

from backprop_tui.engine.program.program import Program


class Folds(Struct, frozen=True):
    """The blocks that were unfolded by hand, which stay so, and those that were folded, the current one among them."""

    opened: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()

    def folded(self, program: Program, current: str) -> frozenset[str]:
        """The blocks of a program that are folded at an operation; `current` is its name, empty before any."""
        here = program.blocks.get(current, "")
        return frozenset(
            block for block in {*program.blocks.values()} if block in self.closed or block not in (here, *self.opened)
        )

    def toggled(self, block: str, *, is_folded: bool) -> "Folds":
        """With a block unfolded that is folded, or folded."""
        if is_folded:
            return Folds(self.opened | {block}, self.closed - {block})
        return Folds(self.opened - {block}, self.closed | {block})
