"""What was made of the moments around the one that is shown, so that going back and forth makes nothing twice."""

from collections.abc import Callable, Hashable
from operator import is_
from typing import Generic, TypeVar

from backprop_tui.tui.shared.view import View

Made = TypeVar("Made")
MOST = 64  # steps: there and back through an iteration, and no more memory than the screen's own
MOST_GROUNDS = 2  # this iteration, and the one after it


class Kept(Generic[Made]):
    """What was made of each step, as long as nothing else that decides it has changed."""

    def __init__(self) -> None:
        self.grounds: list[tuple[tuple[object, ...], dict[Hashable, Made]]] = []

    def of(self, view: View, room: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes of a view for a room; what it made of that before, where it did."""
        if view.moment.beside is not None:  # which finds out more and more
            return make()
        made, key = self._on(view.ground), (room, *view.choices)
        if key not in made:
            if len(made) >= MOST:
                made.clear()
            made[key] = make()
        return made[key]

    def _on(self, ground: tuple[object, ...]) -> dict[Hashable, Made]:
        for other, made in self.grounds:
            if len(other) == len(ground) and all(map(is_, other, ground)):
                return made
        self.grounds = [(ground, {}), *self.grounds[: MOST_GROUNDS - 1]]
        return self.grounds[0][1]
