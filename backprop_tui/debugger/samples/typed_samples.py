"""Evaluating samples that somebody types in or holds out, with the parameters of the moment."""

import math
import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.network.target_classes import Classes, are_shares, one_hot
from backprop_tui.engine.program.evaluated import Evaluated, NotEvaluatedError
from backprop_tui.engine.program.evaluation import Evaluation, Evaluator
from backprop_tui.scenario import Scenario
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.scenario.format.problem import hint, quote
from backprop_tui.text import clean

Array = np.ndarray
Samples: TypeAlias = str | float | Sequence[Any] | Array

BETWEEN_SAMPLES = re.compile(r"[;\n]")
BETWEEN_NUMBERS = re.compile(r"[,\s]+")


class EvaluationError(ValueError):
    """What is wrong with samples, in one line."""


def evaluator_of(scenario: Scenario) -> Evaluator:
    """What evaluates samples of a scenario. Raises EvaluationError for a model that cannot be evaluated by itself."""
    try:
        return Evaluator(scenario.network)
    except NotEvaluatedError as error:
        raise EvaluationError(str(error)) from None


def evaluate(evaluator: Evaluator, moment: Moment, x: Samples | None = None, y: Samples | None = None) -> Evaluation:
    """Evaluate x, and y where it is given, with the parameters of a moment; without x, all that is trained on.

    x is a sample or several, as in a scenario file; typed in, numbers stand between commas or spaces and samples
    between semicolons. Raises EvaluationError.
    """
    of = evaluator.of
    if x is None:
        if y is not None:
            raise EvaluationError("y is given without x")
        if moment.program.feed.changes:
            return evaluator(moment.value, of.x, of.y)
        target = moment.frame.get(of.target) if of.target else None
        columns = None if target is None else of.columns(of.target, target)
        return evaluator(moment.value, of.columns(of.input, moment.frame[of.input]), columns)  # as edited
    inputs = read_inputs(x, len(of.x))
    if y is None:
        return evaluator(moment.value, inputs)
    labels = _labels(y, class_names(moment.scenario, evaluator.classes), of.outputs)
    if labels is not None and evaluator.classes is not None:
        targets = labels[np.newaxis] if of.labelled else evaluator.classes.targets(labels, of.outputs)
        return evaluator(moment.value, inputs, _as_many(targets, inputs.shape[1]))
    return evaluator(moment.value, inputs, read_targets(y, of, inputs.shape[1]))


def class_names(scenario: Scenario, classes: Classes | None) -> tuple[str, ...]:
    """What the classes are called: as the scenario says, or else by the output, or the target of "no" and "yes"."""
    if classes is None:
        return ()
    if len(scenario.classes) == classes.number:
        return scenario.classes
    if classes.exclusive:
        return tuple(str(place) for place in range(classes.number))
    return tuple(f"{target:g}" for target in classes.pair)


def evaluate_held_out(evaluator: Evaluator, moment: Moment) -> Evaluation:
    """Evaluate the samples that are not trained on. Raises EvaluationError where there are none."""
    held_out = moment.scenario.held_out
    if held_out is None:
        raise EvaluationError("no samples are held out: [data] held_out = 0.2 does that")
    return evaluator(moment.value, held_out.x, held_out.y)


def read_inputs(given: Samples, count: int) -> Array:
    """Samples as columns, (count, N). Raises EvaluationError."""
    rows = _rows(given, "x")
    if not any(isinstance(row, list) for row in rows):
        rows = [rows]
    return _columns(rows, count, "x", "inputs")


def read_targets(given: Samples, of: Evaluated, samples: int) -> Array:
    """Targets as columns, (outputs, samples), as a file may write them. Raises EvaluationError."""
    loss, outputs = of.loss, of.outputs if of.y is None else len(of.y)
    if of.y is None and not (loss and loss.has_targets):
        raise EvaluationError("y is given, but the loss is the output itself")
    rows = _rows(given, "y")
    if not any(isinstance(row, list) for row in rows):
        if of.labelled and len(rows) == samples:
            return _in_classes([_number(row, "y") for row in rows], of.labelled)[np.newaxis]
        if loss is not None and loss.one_hot and len(rows) == samples:
            return _classes([_number(row, "y") for row in rows], outputs)
        rows = [rows] if samples == 1 else [[row] for row in rows]
    found = _as_many(_columns(rows, outputs, "y", "outputs"), samples)
    if of.labelled:
        return _in_classes(found.ravel().tolist(), of.labelled)[np.newaxis]
    if loss is None:
        return found
    if loss.one_hot and not are_shares(found).all():
        raise EvaluationError("y has to be a class for each sample, or a 1 for it and 0 for the others, or shares of 1")
    for value in found[~loss.accepts(found)]:
        raise EvaluationError(f"y has {value:g}, {loss.name} wants {loss.wanted}")
    return found


def _labels(given: Samples, names: Sequence[str], outputs: int) -> Array | None:
    """Classes typed by name, one for each sample, counted from 0; None for numbers, which one output takes if it can.

    Raises EvaluationError.
    """
    typed = [text.strip() for text in BETWEEN_SAMPLES.split(given)] if isinstance(given, str) else []
    typed = [text for text in typed if text]
    if not typed or not names or (outputs == 1 and all(map(_reads_as_number, typed))):
        return None
    unknown = [text for text in typed if text not in names]
    if not unknown:
        return np.array([names.index(text) for text in typed])
    if all(_reads_as_number(number) for text in unknown for number in BETWEEN_NUMBERS.split(text)):
        return None
    raise EvaluationError(f"there is no class {quote(unknown[0])} {hint(unknown[0], names)}")


def _reads_as_number(text: str) -> bool:
    try:
        float(text.replace("−", "-"))
    except ValueError:
        return False
    return True


def _as_many(y: Array, samples: int) -> Array:
    if y.shape[1] != samples:
        raise EvaluationError(f"y has {plural(y.shape[1], 'sample')}, x has {samples:,}")
    return y


def _rows(given: Samples, name: str) -> list[Any]:
    """What was given as a list: of numbers, or of samples."""
    if isinstance(given, str):
        samples = [text for text in BETWEEN_SAMPLES.split(given) if text.strip()]
        rows = [BETWEEN_NUMBERS.split(text.strip(" \t,")) for text in samples]
        found: list[Any] = rows[0] if len(rows) == 1 else list(rows)
    else:
        plain = given.tolist() if isinstance(given, np.ndarray | np.generic) else given
        found = [list(s) if isinstance(s, tuple) else s for s in plain] if isinstance(plain, Sequence) else [plain]
    if not found:
        raise EvaluationError(f"{name} is empty")
    return found


def _columns(rows: list[Any], count: int, name: str, what: str) -> Array:
    samples = []
    for place, row in enumerate(rows):
        which = f"{name}[{place}]" if len(rows) > 1 else name
        numbers = row if isinstance(row, list) else [row]
        if len(numbers) != count:
            raise EvaluationError(f"{which} has {plural(len(numbers), 'number')}, expected {count:,} (the {what})")
        samples.append([_number(number, which) for number in numbers])
    return np.array(samples, dtype=np.float64).T


def _number(written: Any, which: str) -> float:
    if isinstance(written, str):
        written = written.replace("−", "-")
    try:
        number = math.nan if isinstance(written, bool | list) else float(written)
    except OverflowError:
        number = math.inf
    except (TypeError, ValueError):
        raise EvaluationError(f"{which} has '{clean(str(written), 40)}', which is not a number") from None
    if not math.isfinite(number):
        seen = "a number too large" if isinstance(written, int) and number > 0 else f"'{clean(str(written), 40)}'"
        raise EvaluationError(f"{which} has {seen}, expected a finite number")
    return number


def _classes(labels: list[float], count: int) -> Array:
    return one_hot(_in_classes(labels, count), count)


def _in_classes(labels: list[float], count: int) -> Array:
    for value in labels:
        if not (value.is_integer() and 0 <= value < count):
            raise EvaluationError(f"y has class {value:g}, expected a whole number from 0 to {count - 1}")
    return np.array(labels)
