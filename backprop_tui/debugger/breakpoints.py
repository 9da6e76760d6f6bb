"""Breakpoints: where a continue stops. One on an operation stops when that operation has just been computed."""

from collections.abc import Iterator

import msgspec

from backprop_tui.engine.program import Program


class Breakpoint(msgspec.Struct, frozen=True):
    """A stop at every computation of one operation."""

    name: str


class Breakpoints:
    """The breakpoints of a debugger, by operation."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._found: dict[str, Breakpoint] = {}

    def add(self, name: str) -> Breakpoint:
        """Stop at an operation. Raises KeyError where there is none of that name."""
        resolved = self._program.symbols.resolve(name)
        if resolved not in self._program.by_name:
            raise KeyError(f"there is no operation {name!r}")
        return self._found.setdefault(resolved, Breakpoint(resolved))

    def remove(self, name: str) -> None:
        """Stop no more. Raises KeyError where there is no breakpoint."""
        del self._found[self._program.symbols.resolve(name) or name]

    def toggle(self, name: str) -> bool:
        """Add or remove; whether there is one now."""
        if name in self:
            self.remove(name)
            return False
        self.add(name)
        return True

    def __contains__(self, name: str) -> bool:
        return (self._program.symbols.resolve(name) or name) in self._found

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    def names(self) -> frozenset[str]:
        """The operations that have one."""
        return frozenset(self._found)
