"""Finding operations by text: in their name, symbol, stage and formula, and in the scenario's notes."""

from collections.abc import Iterator

from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Scenario


class Finder:
    """The steps whose operation or note contains a text. Lower case also finds upper case."""

    def __init__(self, scenario: Scenario, timeline: Timeline, text: str) -> None:
        self.text = text
        self.timeline = timeline
        program = timeline.program
        fold = text.islower() or not any(c.isalpha() for c in text)

        def has(written: str) -> bool:
            return text in (written.lower() if fold else written)

        operations = program.operations
        written = {o.index: (o.name, o.symbol, o.stage, f"{o.symbol} = {o.formula}", o.code) for o in operations}
        always = {index for index, texts in written.items() if any(map(has, texts))}
        self.once: set[int] = set()
        """Steps that have a note for one iteration only."""
        for note in scenario.notes:
            index = program.by_name[note.at].index
            if not has(note.text):
                continue
            if note.iteration is None:
                always.add(index)
            else:
                self.once.add(self.timeline.step_at(note.iteration, index))
        self.indices = sorted(always)

    def __bool__(self) -> bool:
        return bool(self.text and (self.indices or self.once))

    def next(self, step: int) -> int | None:
        """The first match after a step; None where there is none."""
        iteration = self.timeline.locate(step)[0]
        found = [at for at in self._in(iteration, iteration + 1) if at > step]
        return min([*found, *(at for at in self.once if at > step)], default=None)

    def previous(self, step: int) -> int | None:
        """The last match before a step; None where there is none."""
        iteration = self.timeline.locate(step)[0]
        found = [at for at in self._in(iteration - 1, iteration) if 0 < at < step]
        return max([*found, *(at for at in self.once if at < step)], default=None)

    def _in(self, *iterations: int) -> Iterator[int]:
        return (self.timeline.step_at(iteration, index) for iteration in iterations for index in self.indices)
