"""One's own run: the wrong numbers that somebody answered, put in the place of what is computed, and what follows."""

from collections.abc import Iterator, Mapping
from typing import Any

from backprop_tui.engine.program.program import QUIET, Frame, Operation
from backprop_tui.formula.values.compile import compiled


class OwnRun(Mapping[str, Any]):
    """The values of an iteration by key, by the textbook formulas from the `answered` ones; computed when asked for."""

    def __init__(self, frame: Frame, answered: Mapping[str, Any]) -> None:
        self.frame = frame
        self.answered = answered
        self._values: dict[str, Any] = {}
        self._from: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self.answered:
            return self.answered[key]
        operation = self.frame.program.by_key.get(key)
        if operation is None or not self.comes_from(operation):
            return self.frame[key]
        if key not in self._values:
            self._values[key] = self.following(operation)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.frame)

    def __len__(self) -> int:
        return len(self.frame)

    def following(self, operation: Operation) -> Any:
        """What an operation makes of the answered values."""
        return QUIET(compiled(operation.tree, operation.keys))(self)

    def comes_from(self, operation: Operation) -> tuple[str, ...]:
        """The keys of answered values that an operation's result comes from, without what lies behind them."""
        if operation.key not in self._from:
            by_key, found = self.frame.program.by_key, dict[str, None]()
            for name in operation.reads:
                key = operation.keys[name]
                before = by_key.get(key)
                found |= dict.fromkeys([key] if key in self.answered else self.comes_from(before) if before else [])
            self._from[operation.key] = tuple(found)
        return self._from[operation.key]
