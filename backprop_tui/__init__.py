"""A step-through debugger for backpropagation.

    import backprop_tui as bt

    for event in bt.run(bt.load("article")):
        print(event.step, event.symbol, "=", event.formula, "=", event.value)

Everything here is imported when it is first used, so importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.audit import Audit as Audit
    from backprop_tui.debugger.audit.audit import Finding as Finding
    from backprop_tui.debugger.audit.audit import check as check
    from backprop_tui.debugger.basics.position import PositionError as PositionError
    from backprop_tui.debugger.debugger import Debugger as Debugger
    from backprop_tui.debugger.explain.gradient_check import gradcheck as gradcheck
    from backprop_tui.debugger.moving.task import Stop as Stop
    from backprop_tui.debugger.quiz.quiz import Quiz as Quiz
    from backprop_tui.debugger.quiz.quiz import QuizError as QuizError
    from backprop_tui.debugger.samples.typed_samples import EvaluationError as EvaluationError
    from backprop_tui.engine.program.evaluation import Evaluation as Evaluation
    from backprop_tui.engine.program.event import Event as Event
    from backprop_tui.scenario import Scenario as Scenario
    from backprop_tui.scenario import ScenarioError as ScenarioError
    from backprop_tui.scenario import load as load
    from backprop_tui.scenario.scenario import run as run

__version__ = "0.2.0"

PLACES = {
    "Audit": "backprop_tui.debugger.audit.audit",
    "Debugger": "backprop_tui.debugger.debugger",
    "Evaluation": "backprop_tui.engine.program.evaluation",
    "EvaluationError": "backprop_tui.debugger.samples.typed_samples",
    "Event": "backprop_tui.engine.program.event",
    "Finding": "backprop_tui.debugger.audit.audit",
    "PositionError": "backprop_tui.debugger.basics.position",
    "Quiz": "backprop_tui.debugger.quiz.quiz",
    "QuizError": "backprop_tui.debugger.quiz.quiz",
    "Scenario": "backprop_tui.scenario",
    "ScenarioError": "backprop_tui.scenario",
    "Stop": "backprop_tui.debugger.moving.task",
    "gradcheck": "backprop_tui.debugger.explain.gradient_check",
    "check": "backprop_tui.debugger.audit.audit",
    "load": "backprop_tui.scenario",
    "run": "backprop_tui.scenario.scenario",
}
__all__ = [
    "Audit",
    "Debugger",
    "Evaluation",
    "EvaluationError",
    "Event",
    "Finding",
    "PositionError",
    "Quiz",
    "QuizError",
    "Scenario",
    "ScenarioError",
    "Stop",
    "check",
    "gradcheck",
    "load",
    "run",
]


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PLACES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
