"""What an evaluation found, in words: for the `:` line and the screen."""

from collections.abc import Callable, Iterator

import numpy as np

from backprop_tui.debugger.samples.typed_samples import class_names
from backprop_tui.engine.program.evaluation import Evaluation, Evaluator
from backprop_tui.formula.writing.numbers import DIGITS, format_array, format_number
from backprop_tui.scenario import Scenario
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.text import fitted
from backprop_tui.text import width as width_of

MOST_SAMPLES = 20  # samples that are listed
LONGEST_NAME = 12  # characters of a class in a table
MOST_TAKEN = 5  # pairs of classes, where the whole table has no room

Array = np.ndarray
Number = Callable[[float], str]


class Report:
    """Writes lines about evaluations of one network."""

    def __init__(self, scenario: Scenario, evaluator: Evaluator, digits: int = DIGITS) -> None:
        self.classes = evaluator.classes
        self.names = class_names(scenario, evaluator.classes)
        self.digits = digits

    def samples(self, found: Evaluation) -> Iterator[str]:
        """A line for each sample: its outputs, what they stand for, and whether that is right."""
        count = found.y_hat.shape[1]
        for place in range(min(count, MOST_SAMPLES)):
            which = f"{place + 1}: " if count > 1 else ""
            outputs = format_array(found.y_hat[:, [place]], self.digits)
            said = self.verdict(found, place)
            yield f"{which}{found.symbols.symbol(found.output)} = {outputs}{', ' if said else ''}{said}"
        if count > MOST_SAMPLES:
            yield f"… {count - MOST_SAMPLES:,} more"
        if found.loss is not None:
            yield self.summary("", found)

    def verdict(self, found: Evaluation, place: int) -> str:
        """`predicted setosa, which is right`; empty where a network predicts numbers."""
        predicted = self.predicted(found.y_hat[:, [place]])
        if not predicted or found.targets is None:
            return predicted and f"predicted {predicted}"
        true = self.predicted(found.targets[:, [place]])
        return f"predicted {predicted}, {'which is right' if predicted == true else f'but it is {true}'}"

    def predicted(self, outputs: Array) -> str:
        """The class that one sample's outputs, or its targets, stand for; all where each output decides alone."""
        return "" if self.classes is None else ", ".join(self.names[label] for label in np.ravel(self.classes(outputs)))

    def summary(self, label: str, found: Evaluation) -> str:
        """`held out: L = 0.1234, 142 of 150 right (94.7%)`."""
        parts = [] if found.loss is None else [f"L = {format_number(found.loss, self.digits)}"]
        if found.accuracy is not None and found.y_hat.shape[1] > 1:
            total = found.y_hat.size if found.confusion is None else int(found.confusion.sum())
            parts.append(f"{round(found.accuracy * total):,} of {total:,} right ({100 * found.accuracy:.1f}%)")
        elif label:
            parts.append(plural(found.y_hat.shape[1], "sample"))
        return f"{label}: {', '.join(parts)}" if label else ", ".join(parts)

    def confusion(self, found: Evaluation, width: int) -> list[str]:
        """The table of true classes, a row each, and predicted ones; in less room, what was taken for what."""
        table = found.confusion
        if table is None or found.y_hat.shape[1] == 1:
            return []
        names = [fitted(name, min(LONGEST_NAME, width_of(name))) for name in self.names]
        label = max(map(width_of, ["true", *names]))
        cells = [max(width_of(n), len(f"{int(c.max()):,}")) for n, c in zip(names, table.T, strict=True)]
        if label + sum(cells) + 2 * len(cells) > width:
            return self._taken(table)
        head = "".join(f"  {' ' * (cell - width_of(name))}{name}" for name, cell in zip(names, cells, strict=True))
        rows = [
            fitted(name, label) + "".join(f"  {int(n):>{cell},}" for n, cell in zip(row, cells, strict=True))
            for name, row in zip(names, table, strict=True)
        ]
        return [f"{'true':<{label}}{head}", *rows]

    def _taken(self, table: Array) -> list[str]:
        wrong = table * (1 - np.eye(len(table), dtype=int))
        order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_TAKEN]
        pairs = [divmod(int(place), len(table)) for place in order]
        return [
            f"{self.names[true]} was taken for {self.names[predicted]} {_times(wrong[true, predicted])}"
            for true, predicted in pairs
            if wrong[true, predicted]
        ] or ["no class was taken for another"]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def whole(report: Report, training: Evaluation, held_out: Evaluation | None, width: int) -> list[str]:
    """Both parts of the data, and the table of the one that is not trained on, if there is one."""
    table = report.confusion(held_out or training, width)
    lines = [report.summary("training", training)]
    if held_out is not None:
        lines.append(report.summary("held out", held_out))
    if table:
        which = "held out" if held_out is not None else "training"
        lines += ["", f"{which} (rows true, columns predicted)", *table]
    return lines
