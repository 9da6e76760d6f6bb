"""Predicting: each next result is asked for before it is shown."""

from collections.abc import Generator
from functools import partial

from backprop_tui.tui.main.actions.commanding import Commanding
from backprop_tui.tui.main.actions.looking import Looking
from backprop_tui.tui.shared.background import PATIENCE, go_on, in_slices, work_for
from backprop_tui.tui.shared.pane_layout import EQUATION

PLACEHOLDERS = {
    "value": "number, fraction, expression",
    "off": "0 2, or none",
    "shape": "2×3",
}
SIDE = "+, − or 0"
KEYS = "Tab hint, Esc shows"
SCROLLS = {"up": -1, "down": 1, "page-up": -1, "page-down": 1}


class Predicting(Commanding, Looking):
    """The command that turns it on and off, and what `n` does meanwhile."""

    async def action_advance(self) -> None:
        """Ask for the next result; a count goes on without asking."""
        quiz = self.debugger.quiz
        if quiz is None or self.pending or self.travel is not None:
            await super().action_advance()
            return
        self.said = ""
        asked = quiz.ask()
        if asked is not None and EQUATION not in self.arrangement.regions:
            self.focus_pane(EQUATION)
        self.show()
        if asked is not None:
            from backprop_tui.tui.dialogs.typing.answer_prompt import AnswerScreen

            write = self.notation.text
            placeholder = f"{PLACEHOLDERS.get(asked.aspect, SIDE)}; {KEYS}"
            screen = AnswerScreen(f"{write(asked.subject)} = ", write(placeholder), self._wish, self._asks)
            await self.app.push_screen(screen)  # keys that follow are for it

    def action_predict(self) -> None:
        """On or off."""
        self.pending = ""
        self.command("predict off" if self.debugger.quiz else "predict on")

    def _asks(self) -> bool:
        """Whether a question is open."""
        return self.debugger.quiz is not None and self.debugger.quiz.open is not None

    def _wish(self, what: str, text: str) -> str:
        """Do what somebody wishes for at the prompt of a question; what to say of it."""
        quiz = self.debugger.quiz
        if quiz is None or quiz.open is None:
            return ""
        if what in ("pane", *SCROLLS):
            self._look_around(what)
            return ""
        try:
            {"answer": lambda: quiz.mark(text), "hint": quiz.hint, "show": quiz.show}[what]()
        except ValueError as error:  # what cannot be read, and a fourth hint
            return self.notation.text(str(error))
        if what == "answer" and quiz.open is not None:
            self._explain(quiz.explain())
        self.show()
        return ""

    def _look_around(self, what: str) -> None:
        """Another pane, or more of this one."""
        pane = self.panes[self.current]
        if what == "pane":
            self.focus_pane(self._beside(1))
        else:
            pane.scroll_lines(SCROLLS[what] * (1 if what in ("up", "down") else max(1, pane.size.height - 1)))

    def _explain(self, work: Generator[int, None, None]) -> None:
        """Find out why an answer is wrong; what takes long goes on while somebody thinks."""
        if not work_for(work, PATIENCE):
            go_on(self, partial(self._explain_on, work), "reasons")

    async def _explain_on(self, work: Generator[int, None, None]) -> None:
        async for _ in in_slices(self, work):
            pass
        self.show()
