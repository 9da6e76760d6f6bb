"""Evaluating: the forward half of the moment, on samples of one's own, on those held out, on all that is trained on."""

from functools import cached_property

from backprop_tui.debugger.evaluation import EvaluationError, Samples, evaluate
from backprop_tui.debugger.moment import Moment
from backprop_tui.engine.evaluation import Evaluation, Evaluator
from backprop_tui.scenario import Scenario


class Evaluating:
    """The part of a debugger that evaluates, with the parameters that there are now; nothing of the run changes."""

    scenario: Scenario

    def moment(self) -> Moment:
        """All that there is to show of the current step."""
        raise NotImplementedError

    @cached_property
    def evaluator(self) -> Evaluator:
        """What evaluates samples of the network, given parameters by name."""
        return Evaluator(self.scenario.network)

    def evaluate(self, x: Samples | None = None, y: Samples | None = None) -> Evaluation:
        """Evaluate samples x, and their targets y where they are known; without any, all that is trained on.

        Raises EvaluationError (a ValueError) where x or y do not fit the network.
        """
        return evaluate(self.evaluator, self.moment(), x, y)

    def evaluate_held_out(self) -> Evaluation:
        """Evaluate the samples that are not trained on. Raises EvaluationError where there are none."""
        held_out = self.scenario.held_out
        if held_out is None:
            raise EvaluationError("no samples are held out: [data] held_out = 0.2 does that")
        return self.evaluator(self.moment().value, held_out.x, held_out.y)
