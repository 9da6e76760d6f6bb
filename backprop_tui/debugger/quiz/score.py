"""The score by kind of operation: how often it was asked, how that went, at which level it is asked next.

It lasts: a file of its own keeps it between sessions.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from backprop_tui.debugger.basics import user_files
from backprop_tui.debugger.basics.state_file import StateError, StateFile
from backprop_tui.debugger.quiz.prediction import Outcome
from backprop_tui.debugger.quiz.questions.kinds import NAMES
from backprop_tui.debugger.quiz.questions.question import ALL, FIRST, ONE
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.text import clean

TWICE = 2  # what went wrong is asked again until it was right this often
WELL = 0.7  # share of the credit below which a kind needs practice

Count = Annotated[int, Meta(ge=0, le=10**9)]
KIND = "backprop-tui score"
VERSION = 1
MOST = 200  # kinds

Name = Annotated[str, Meta(max_length=60)]


class Tally(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind. `asked` is `first` + `hinted` + `wrong`; `credit` the sum of what each answer was worth, 1 at most;
    `again` how often it has still to be right, after it went wrong.
    """

    asked: Count = 0
    first: Count = 0
    hinted: Count = 0
    wrong: Count = 0
    credit: Annotated[float, Meta(ge=0, le=10**9)] = 0.0
    level: Annotated[int, Meta(ge=FIRST, le=ALL)] = ONE
    again: Annotated[int, Meta(ge=0, le=TWICE)] = 0

    def after(self, outcome: Outcome, credit: float, level: int) -> "Tally":
        """With one more answer, to a question of this level: right first time leads up a level, wrong leads down."""
        if outcome == "first":
            follows, again = max(self.level, min(ALL, level + 1)), max(0, self.again - 1)
        elif outcome == "hinted":
            follows, again = self.level, self.again
        else:
            follows, again = min(self.level, max(FIRST, level - 1)), TWICE
        counts = {outcome: getattr(self, outcome) + 1}
        new = {"asked": self.asked + 1, "credit": self.credit + credit, "level": follows, "again": again}
        return msgspec.structs.replace(self, **counts, **new)

    @property
    def needs_practice(self) -> bool:
        """Whether it went wrong and was not right twice since, or too little of it is right."""
        return self.again > 0 or (self.asked > 0 and self.credit < WELL * self.asked)

    def line(self) -> str:
        """`3 of 5 right first time, 1 with hints, 1 wrong`."""
        parts = [f"{self.first:,} of {self.asked:,} right first time"]
        parts += [f"{self.hinted:,} with hints"] if self.hinted else []
        parts += [f"{self.wrong:,} wrong"] if self.wrong else []
        return ", ".join(parts)


class Score:
    """Tallies by the name of a kind."""

    problem = ""
    """Why it is not kept, where it was to be."""

    def __init__(self, tallies: dict[str, Tally] | None = None) -> None:
        self.tallies = tallies or {}

    def __getitem__(self, kind: str) -> Tally:
        return self.tallies.get(kind) or Tally()

    def add(self, kind: str, outcome: Outcome, credit: float, level: int) -> None:
        """Count an answer."""
        self.tallies[kind] = self[kind].after(outcome, credit, level)

    @property
    def to_practise(self) -> list[str]:
        """The kinds that need practice, in the order of the table."""
        return [kind for kind in NAMES if self[kind].needs_practice]

    @property
    def total(self) -> Tally:
        """All kinds together."""
        found = self.tallies.values()
        sums = {name: sum(getattr(one, name) for one in found) for name in ("asked", "first", "hinted", "wrong")}
        return Tally(**sums, credit=sum(one.credit for one in found))

    def lines(self) -> list[str]:
        """A line for each kind that was asked, and what to practise."""
        asked = [kind for kind in NAMES if self[kind].asked]
        width = max(map(len, asked), default=0)
        return [*(f"{kind:<{width}}  {self[kind].line()}" for kind in asked), self.summary()]

    def summary(self) -> str:
        """All of it in one line."""
        total = self.total
        if not total.asked:
            return "nothing has been asked yet"
        text = f"{plural(total.asked, 'question')}: {total.first:,} right first time"
        text += f", {total.hinted:,} with hints" if total.hinted else ""
        text += f", {total.wrong:,} wrong" if total.wrong else ""
        practise = self.to_practise
        return f"{text}; to practise: {', '.join(practise)}" if practise else text


class SavedScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, version 1."""

    kind: str
    version: int
    kinds: Annotated[dict[Name, Tally], Meta(max_length=MOST)]


SCORE = StateFile(KIND, VERSION, "score", SavedScore)


class KeptScore(Score):
    """A score in a file, written after each answer. A file that cannot be read is left alone.

    `problem` is one line that says why nothing is kept; what was answered since then counts in this session.
    """

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.path = path or default_path()
        self._read()

    def add(self, kind: str, outcome: Outcome, credit: float, level: int) -> None:
        """Count an answer, on top of what another session has written in the meantime."""
        if not self.problem:
            self._read()
        super().add(kind, outcome, credit, level)
        if self.problem:
            return
        try:
            SCORE.write(self.path, SavedScore(KIND, VERSION, self.tallies))
        except (OSError, ValueError) as error:  # ValueError: a NUL in a path
            self._refused(SCORE.reason(error))

    def _read(self) -> None:
        try:
            self.tallies = dict(SCORE.read(self.path).kinds)
        except StateError as error:
            if self.path.exists() or self.path.is_symlink():
                self._refused(str(error))

    def _refused(self, reason: str) -> None:
        self.problem = f"the score is not kept: {clean(str(self.path))} {reason}"


def default_path() -> Path:
    """Where the score is, for all scenarios."""
    return user_files.score()
