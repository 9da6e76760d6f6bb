"""The word for predictions."""

from collections.abc import Iterable

from backprop_tui.debugger.console.command import LineError, Reply, Word
from backprop_tui.debugger.console.console import LineSession

LEVELS = {"1": "its sign or shape", "2": "one element", "3": "all of it"}
CHOICES = ("on", "off", *LEVELS, "score")


def _predict(session: LineSession, text: str) -> Reply:
    if text not in ("", *CHOICES):
        raise LineError("predict on, off, score, or a level: 1 its sign or shape, 2 one element, 3 all of it")
    if text in ("off", "score", ""):
        return Reply(_ended(session) if text == "off" else "\n".join(_score(session)))
    return Reply(_begun(session, int(text) if text in LEVELS else None))


def _begun(session: LineSession, level: int | None) -> str:
    from backprop_tui.debugger.quiz.score import KeptScore

    quiz = session.debugger.quiz
    if quiz is None:
        quiz = session.debugger.predict(score=KeptScore())
    quiz.set_level(level)
    practise = ", ".join(quiz.score.to_practise)
    parts = ["each next result is asked for" + (f", {LEVELS[str(level)]}" if level else "")]
    parts += [quiz.score.problem] if quiz.score.problem else []
    parts += [f"to practise: {practise}"] if practise else []
    return "; ".join(parts)


def _ended(session: LineSession) -> str:
    quiz = session.debugger.quiz
    if quiz is None:
        raise LineError("predict is off; predict on asks for each next result")
    session.debugger.quiz = None
    return quiz.farewell()


def _score(session: LineSession) -> list[str]:
    """The score that is kept, of all sessions."""
    from backprop_tui.debugger.quiz.score import KeptScore

    quiz = session.debugger.quiz
    score = quiz.score if quiz else KeptScore()
    return [*([score.problem] if score.problem else []), *score.lines()]


def _choices(_: LineSession, __: str) -> Iterable[str]:
    return CHOICES


WORDS = (
    Word(
        ("predict", "quiz"),
        "[on | off | LEVEL | score]",
        "ask for each next result before it is shown; a level (1 sign or shape, 2 one element, 3 all of it) is that of"
        " every question, else it follows the score; alone, the score by kind of operation",
        _predict,
        _choices,
    ),
)
