"""Which blocks of a model are folded: all but the one of the current operation, and what was folded by hand."""

from collections.abc import Mapping

from msgspec import Struct

from backprop_tui.engine.program.program import Program

KEPT = "fold "  # what stands before a block's name where a session keeps it


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

    def kept(self) -> dict[str, int]:
        """What a session keeps of them: whether a block is folded, of those that were folded or unfolded by hand."""
        return {f"{KEPT}{block}": int(block in self.closed) for block in sorted(self.opened | self.closed)}

    @classmethod
    def of(cls, view: Mapping[str, int]) -> "Folds":
        """What was kept."""
        kept = {key.removeprefix(KEPT): bool(folded) for key, folded in view.items() if key.startswith(KEPT)}
        opened, closed = (frozenset(name for name in kept if kept[name] is is_folded) for is_folded in (False, True))
        return cls(opened, closed)

    def toggled(self, block: str, *, is_folded: bool) -> "Folds":
        """With a block unfolded that is folded, or folded."""
        if is_folded:
            return Folds(self.opened | {block}, self.closed - {block})
        return Folds(self.opened - {block}, self.closed | {block})
