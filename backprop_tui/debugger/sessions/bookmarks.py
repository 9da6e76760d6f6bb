"""Marks: letters for steps that somebody wants to come back to."""

from collections.abc import ItemsView


class Marks:
    """A step by letter."""

    def __init__(self) -> None:
        self._steps: dict[str, int] = {}

    def add(self, letter: str, step: int) -> None:
        """Mark a step. Raises ValueError where it is not one letter or digit."""
        if len(letter) != 1 or not letter.isalnum():
            raise ValueError("a mark is one letter or digit")
        self._steps[letter] = step

    def __getitem__(self, letter: str) -> int:
        """The step of a mark. Raises ValueError where there is none."""
        if letter not in self._steps:
            marked = ", ".join(sorted(self._steps)) or "none"
            raise ValueError(f"there is no mark {letter[:1]!r}; there {'are' if self._steps else 'is'} {marked}")
        return self._steps[letter]

    def become(self, other: "Marks") -> None:
        """Take over all marks of another object."""
        self._steps = dict(other._steps)  # noqa: SLF001 - of its own kind

    def __len__(self) -> int:
        return len(self._steps)

    def items(self) -> ItemsView[str, int]:
        """All letters with their steps."""
        return self._steps.items()
