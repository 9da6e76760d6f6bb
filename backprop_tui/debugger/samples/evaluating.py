"""Evaluating: the forward half of the moment, on samples of one's own, on those held out, on all that is trained on."""

from functools import cached_property
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.scenario import Scenario

if TYPE_CHECKING:
    from backprop_tui.debugger.samples.typed_samples import Samples
    from backprop_tui.engine.program.evaluation import Evaluation, Evaluator


class Evaluating:
    """The part of a debugger that evaluates, with the parameters that there are now; nothing of the run changes."""

    scenario: Scenario

    def moment(self) -> Moment:
        """All that there is to show of the current step."""
        raise NotImplementedError

    @cached_property
    def evaluator(self) -> "Evaluator":
        """What evaluates samples of the network, given parameters by name."""
        from backprop_tui.engine.program.evaluation import Evaluator

        return Evaluator(self.scenario.network)

    def evaluate(self, x: "Samples | None" = None, y: "Samples | None" = None) -> "Evaluation":
        """Evaluate samples x, and their targets y where they are known; without any, all that is trained on.

        Raises EvaluationError (a ValueError) where x or y do not fit the network.
        """
        from backprop_tui.debugger.samples.typed_samples import evaluate

        return evaluate(self.evaluator, self.moment(), x, y)

    def evaluate_held_out(self) -> "Evaluation":
        """Evaluate the samples that are not trained on. Raises EvaluationError where there are none."""
        held_out = self.scenario.held_out
        if held_out is None:
            from backprop_tui.debugger.samples.typed_samples import EvaluationError

            raise EvaluationError("no samples are held out: [data] held_out = 0.2 does that")
        return self.evaluator(self.moment().value, held_out.x, held_out.y)
