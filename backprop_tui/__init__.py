"""A step-through debugger for backpropagation.

    import backprop_tui as bt

    for event in bt.run(bt.load("article")):
        print(event.step, event.symbol, "=", event.formula, "=", event.value)

Everything here is imported when it is first used, so importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backprop_tui import testing as testing
    from backprop_tui.arrays.checking import check as check
    from backprop_tui.arrays.given_error import GivenError as GivenError
    from backprop_tui.arrays.own_network import network as network
    from backprop_tui.arrays.own_step import check_step as check_step
    from backprop_tui.debugger.audit.audit import Audit as Audit
    from backprop_tui.debugger.audit.finding import Finding as Finding
    from backprop_tui.debugger.basics.moment import Moment as Moment
    from backprop_tui.debugger.basics.position import PositionError as PositionError
    from backprop_tui.debugger.basics.value_now import NoValueError as NoValueError
    from backprop_tui.debugger.breakpoints.breakpoint import BreakpointError as BreakpointError
    from backprop_tui.debugger.console.command import LineError as LineError
    from backprop_tui.debugger.debugger import Debugger as Debugger
    from backprop_tui.debugger.explain.explanation import Explanation as Explanation
    from backprop_tui.debugger.explain.gradient_check import gradcheck as gradcheck
    from backprop_tui.debugger.mistakes.making import MistakeError as MistakeError
    from backprop_tui.debugger.moving.task import Stop as Stop
    from backprop_tui.debugger.quiz.answers.answers_in_numbers import AnswerError as AnswerError
    from backprop_tui.debugger.quiz.quiz import Quiz as Quiz
    from backprop_tui.debugger.quiz.quiz import QuizError as QuizError
    from backprop_tui.debugger.samples.typed_samples import EvaluationError as EvaluationError
    from backprop_tui.debugger.sessions.session_file import SessionError as SessionError
    from backprop_tui.debugger.whatif.edits import EditError as EditError
    from backprop_tui.engine.program.evaluation import Evaluation as Evaluation
    from backprop_tui.engine.program.event import Event as Event
    from backprop_tui.engine.sensitivity.sample_shares import ShareError as ShareError
    from backprop_tui.formula.language.tree import ExpressionError as ExpressionError
    from backprop_tui.scenario import Scenario as Scenario
    from backprop_tui.scenario import ScenarioError as ScenarioError
    from backprop_tui.scenario import load as load
    from backprop_tui.scenario.library import scenarios as scenarios
    from backprop_tui.scenario.run_scenario import run as run

__version__ = "0.2.0"

PLACES = {
    "AnswerError": "backprop_tui.debugger.quiz.answers.answers_in_numbers",
    "Audit": "backprop_tui.debugger.audit.audit",
    "BreakpointError": "backprop_tui.debugger.breakpoints.breakpoint",
    "Debugger": "backprop_tui.debugger.debugger",
    "EditError": "backprop_tui.debugger.whatif.edits",
    "Evaluation": "backprop_tui.engine.program.evaluation",
    "EvaluationError": "backprop_tui.debugger.samples.typed_samples",
    "Event": "backprop_tui.engine.program.event",
    "Explanation": "backprop_tui.debugger.explain.explanation",
    "ExpressionError": "backprop_tui.formula.language.tree",
    "Finding": "backprop_tui.debugger.audit.finding",
    "GivenError": "backprop_tui.arrays.given_error",
    "LineError": "backprop_tui.debugger.console.command",
    "MistakeError": "backprop_tui.debugger.mistakes.making",
    "Moment": "backprop_tui.debugger.basics.moment",
    "NoValueError": "backprop_tui.debugger.basics.value_now",
    "PositionError": "backprop_tui.debugger.basics.position",
    "Quiz": "backprop_tui.debugger.quiz.quiz",
    "QuizError": "backprop_tui.debugger.quiz.quiz",
    "Scenario": "backprop_tui.scenario",
    "ScenarioError": "backprop_tui.scenario",
    "SessionError": "backprop_tui.debugger.sessions.session_file",
    "ShareError": "backprop_tui.engine.sensitivity.sample_shares",
    "Stop": "backprop_tui.debugger.moving.task",
    "check": "backprop_tui.arrays.checking",
    "check_step": "backprop_tui.arrays.own_step",
    "gradcheck": "backprop_tui.debugger.explain.gradient_check",
    "load": "backprop_tui.scenario",
    "network": "backprop_tui.arrays.own_network",
    "run": "backprop_tui.scenario.run_scenario",
    "scenarios": "backprop_tui.scenario.library",
}
MODULES = ("testing",)
__all__ = [
    "AnswerError",
    "Audit",
    "BreakpointError",
    "Debugger",
    "EditError",
    "Evaluation",
    "EvaluationError",
    "Event",
    "Explanation",
    "ExpressionError",
    "Finding",
    "GivenError",
    "LineError",
    "MistakeError",
    "Moment",
    "NoValueError",
    "PositionError",
    "Quiz",
    "QuizError",
    "Scenario",
    "ScenarioError",
    "SessionError",
    "ShareError",
    "Stop",
    "check",
    "check_step",
    "gradcheck",
    "load",
    "network",
    "run",
    "scenarios",
]


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return import_module(f"backprop_tui.{name}")
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PLACES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, *MODULES, "__version__"]
