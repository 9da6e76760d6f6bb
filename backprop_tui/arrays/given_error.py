"""What is wrong with arrays that are given: lines, one for each array."""

from collections.abc import Iterable


class GivenError(ValueError):
    """What is wrong with arrays that are given, or with how they are said to lie: a line each."""

    def __init__(self, lines: str | Iterable[str]) -> None:
        self.lines = (lines,) if isinstance(lines, str) else tuple(lines)
        super().__init__("\n".join(self.lines))
