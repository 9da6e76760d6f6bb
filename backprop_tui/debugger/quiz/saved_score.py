"""The score that is kept between sessions, in a file of its own."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from backprop_tui.debugger.basics import user_files
from backprop_tui.debugger.basics.state_file import StateError, StateFile
from backprop_tui.debugger.quiz.prediction import Outcome
from backprop_tui.debugger.quiz.score import Score, Tally
from backprop_tui.text import clean

KIND = "backprop-tui score"
VERSION = 1
MOST = 200  # kinds

Name = Annotated[str, Meta(max_length=60)]


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
        """Count an answer, beside what another session has written meanwhile."""
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
