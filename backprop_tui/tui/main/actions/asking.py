"""Predicting: the next result is asked for before it is shown."""

from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING

from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.background import PATIENCE, go_on, in_slices, work_for
from backprop_tui.tui.shared.pane_layout import EQUATION

if TYPE_CHECKING:
    from backprop_tui.debugger.quiz.quiz import Quiz

PLACEHOLDERS = {
    "value": "number, fraction, expression",
    "off": "0 2, or none",
    "shape": "2×3",
}
SIDE = "+, − or 0"
HELP = "Tab hint, Esc shows"
SCROLLS = {"up": -1, "down": 1, "page-up": -1, "page-down": 1}


async def ask(desk: DeskScreen, quiz: "Quiz") -> None:
    """Ask for the next result; where there is nothing to ask about, show it."""
    asked = quiz.ask()
    if asked is not None and EQUATION not in desk.arrangement.regions:
        desk.focus_pane(EQUATION)
    desk.show()
    if asked is not None:
        from backprop_tui.tui.dialogs.typing.answer_prompt import AnswerScreen

        write = desk.notation.text
        placeholder = f"{PLACEHOLDERS.get(asked.aspect, SIDE)}; {HELP}"
        subject = f"{write(asked.subject)} = "
        screen = AnswerScreen(subject, write(placeholder), partial(_wish, desk), lambda: _is_open(desk))
        await desk.app.push_screen(screen)  # keys that follow go to the prompt


def _is_open(desk: DeskScreen) -> bool:
    """Whether a question waits for its answer."""
    return desk.debugger.quiz is not None and desk.debugger.quiz.open is not None


def _wish(desk: DeskScreen, what: str, text: str) -> str:
    """Do what is asked for at the prompt of a question; returns what to say about it."""
    quiz = desk.debugger.quiz
    if quiz is None or quiz.open is None:
        return ""
    if what in ("pane", *SCROLLS):
        _look_around(desk, what)
        return ""
    try:
        {"answer": lambda: quiz.mark(text), "hint": quiz.hint, "show": quiz.show}[what]()
    except ValueError as error:  # what cannot be read, and a fourth hint
        return desk.notation.text(str(error))
    if what == "answer" and quiz.open is not None:
        _explain(desk, quiz.explain())
    desk.show()
    return ""


def _look_around(desk: DeskScreen, what: str) -> None:
    """Go to a different pane, or show more of this one."""
    pane = desk.panes[desk.current]
    if what == "pane":
        desk.focus_pane(desk.pane_beside(1))
    else:
        pane.scroll_lines(SCROLLS[what] * (1 if what in ("up", "down") else max(1, pane.size.height - 1)))


def _explain(desk: DeskScreen, work: Generator[int, None, None]) -> None:
    """Find out why an answer is wrong; where that takes long, it goes on while somebody thinks."""
    if not work_for(work, PATIENCE):
        go_on(desk, partial(_explain_on, desk, work), "reasons")


async def _explain_on(desk: DeskScreen, work: Generator[int, None, None]) -> None:
    async for _ in in_slices(desk, work):
        pass
    desk.show()
