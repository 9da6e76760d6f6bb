"""What is known of the axes of a text's variables while it is read, worked out as soon as a line asks."""

from collections.abc import Mapping

from backprop_tui.engine.statements.axis_labels import SAMPLE, Labels, labels_of
from backprop_tui.engine.statements.sample_axis import axis_of
from backprop_tui.formula.language.tree import Tree
from backprop_tui.formula.values.element import Shape

MATRIX = 2  # axes


class AxesSoFar:
    """`shapes` has every variable so far; of what enters, `samples` says along which axis the samples lie, and `labels`
    what axes are called.
    """

    def __init__(self, shapes: Mapping[str, Shape], samples: Mapping[str, int], labels: Mapping[str, Labels]) -> None:
        self._shapes = shapes
        self._samples = dict(samples)
        self._labels = {**labels}
        self._waiting: list[tuple[str, Tree]] = []
        for name, axis in samples.items():
            self._labels.setdefault(name, _only_samples(axis, len(shapes[name])))

    def wrote(self, name: str, tree: Tree) -> None:
        """Take note of a line."""
        self._waiting.append((name, tree))

    def drawn(self, name: str, axis: int | None) -> None:
        """Take note of noise, and of the axis that its samples lie along."""
        if axis is not None:
            self._samples[name] = axis
            self._labels[name] = _only_samples(axis, len(self._shapes[name]))

    def of_samples(self, tree: Tree) -> int | None:
        """The axis of the samples in a formula's value; None if it has no such axis."""
        self._catch_up()
        return axis_of(tree, self._samples, self._shapes)

    def labels(self, tree: Tree) -> Labels:
        """What the axes of a formula's value are called."""
        self._catch_up()
        return labels_of(tree, self._labels, self._shapes)

    def called(self, name: str, tree: Tree) -> int | str:
        """Which axis of a formula's matrices has a name, counted from the end; or why none has."""
        labels = self.labels(tree)
        found = [place for place, label in enumerate(labels, -len(labels)) if label == name]
        named = ", ".join(dict.fromkeys(filter(None, labels)))
        if not found:
            known = f"it has {named}" if named else "its axes have no names"
            return f"no axis of it is called '{name}' ({known}): say axis=0 or axis=1"
        if len(found) > 1:
            return f"{len(found)} of its axes are called '{name}': say axis=0 or axis=1"
        return found[0] if found[0] >= -MATRIX else f"'{name}' is an axis of a stack, not of its matrices"

    def _catch_up(self) -> None:
        for name, tree in self._waiting:
            self._labels[name] = labels_of(tree, self._labels, self._shapes)
            if (axis := axis_of(tree, self._samples, self._shapes)) is not None:
                self._samples[name] = axis
        self._waiting.clear()


def _only_samples(axis: int, rank: int) -> Labels:
    return tuple(SAMPLE if place == axis else "" for place in range(rank))
