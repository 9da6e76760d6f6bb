"""From the values of a model's file to arrays: parameters, constants, and the samples of its inputs.

The samples of a batch lie side by side as columns, or below each other as rows; where a sample is a matrix itself, they
lie one behind the other in a stack. An input that the text reads by an index (`x[t]`) becomes a variable for each place
of its first axis, `x1`, `x2`, …
"""

import re
from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
from msgspec import UNSET

from backprop_tui.engine.model.layout import NAME
from backprop_tui.engine.model.reading import indexed_names, loop_values, why_not
from backprop_tui.engine.statements.axis_labels import SAMPLE
from backprop_tui.engine.tables.initializers import INITIALIZERS, initial
from backprop_tui.engine.tables.noises import NOISES, Drawn
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario.data.sample_table import split
from backprop_tui.scenario.format import model_schema, schema
from backprop_tui.scenario.format.number_layout import each, extent, plural
from backprop_tui.scenario.format.problem import Finding, Path, hint, quote
from backprop_tui.scenario.model.model_samples import Samples
from backprop_tui.text import clean

Array = np.ndarray
FAMILY = re.compile(rf"({NAME})\[({NAME})\]")
ROWS, COLUMNS, STACK = "rows", "columns", "stack"


class Arrays(NamedTuple):
    """What a file gives, as arrays by name, and what is wrong with it.

    `inputs` has all samples, `axes` says along which axis they lie, and `classes` how many classes an input's numbers
    are of. `drawn` is noise. `families` are the names that have members, and `lost` is what is given but wrong.
    `labels` are the names of axes, `names` those of an input's classes. `held` has the samples that are not trained on,
    as the file has them; `training` and `held_out` are the places of both in the file.
    """

    parameters: dict[str, Array]
    given: dict[str, Array]
    drawn: dict[str, Drawn]
    inputs: dict[str, Array]
    axes: dict[str, int]
    classes: dict[str, int]
    frozen: frozenset[str]
    asked: tuple[str, ...]
    families: frozenset[str]
    lost: frozenset[str]
    rows: bool
    samples: int
    findings: tuple[Finding, ...]
    labels: dict[str, tuple[str, ...]]
    names: dict[str, tuple[str, ...]]
    held: dict[str, Array]
    training: Array
    held_out: Array


class _Inputs(NamedTuple):
    """The inputs so far; `counts` has the number of samples of each, as the file has it, and `lists` those with a
    list of samples, not one alone.
    """

    arrays: dict[str, Array]
    axes: dict[str, int]
    classes: dict[str, int]
    counts: dict[str, int]
    lists: set[str]
    held: dict[str, Array]

    @property
    def total(self) -> int:
        """The number of samples, those that are held out among them."""
        return next(iter(self.counts.values()), 1)


class Values:
    """Goes through a model's tables."""

    def __init__(
        self, model: model_schema.Model, data: Samples, reserved: frozenset[str], is_wrong: Callable[[Path], bool]
    ) -> None:
        self.model = model
        self.is_wrong = is_wrong  # whether something is wrong already with the value at a path
        self.data = data
        self.reserved = reserved
        self.findings: list[Finding] = [*data.findings]
        self.lost: set[str] = set()
        self.seen: set[str] = set(model.sizes)
        self.families: set[str] = set()
        self.frozen: set[str] = set()
        self.asked: list[str] = []
        self.indexed = indexed_names(model.forward)
        self.labels: dict[str, tuple[str, ...]] = {}
        self.names: dict[str, tuple[str, ...]] = {}

    def arrays(self) -> Arrays:
        for name in self.model.sizes:
            self._name(name, ("model", "sizes", name), set())
            if self.is_wrong(("model", "sizes", name)):
                self.lost.add(name)
        parameters = self._parameters()
        given = self._given()
        layout = self._layout()
        inputs = self._inputs(layout)
        noise = self._noise(layout, inputs)
        training, held = self._split(inputs.total)
        return Arrays(
            parameters,
            given,
            noise,
            inputs.arrays,
            inputs.axes,
            inputs.classes,
            frozenset(self.frozen),
            tuple(self.asked),
            frozenset(self.families),
            frozenset(self.lost),
            layout == ROWS,
            len(training),
            tuple(self.findings),
            self.labels,
            self.names,
            inputs.held,
            training,
            held,
        )

    def wrong(self, path: Path, message: str) -> None:
        self.findings.append((path, message))

    def _name(self, name: str, path: Path, seen: set[str]) -> bool:
        """Note what is wrong with a name; whether it can be used."""
        message = why_not(name, self.reserved)
        if not re.fullmatch(NAME, name):
            message = "is not a name: letters, digits and _, and no digit first"
        elif name in seen:
            message = "is given twice"
        if message:
            self.wrong(path, message)
            self.lost.add(name)
            return False
        seen.add(name)
        return True

    def _sizes(self, shape: Sequence[int | str], path: Path) -> Shape | None:
        """A shape with sizes by name as numbers."""
        found = []
        for place, one in enumerate(shape):
            if isinstance(one, str):
                if one not in self.model.sizes:
                    known = hint(one, list(self.model.sizes)) if self.model.sizes else "(model.sizes has none)"
                    self.wrong((*path, place), f"is {quote(one)}, which is not a size {known}")
                    return None
                if one in self.lost:
                    return None
                one = self.model.sizes[one]
            if one < 1:
                self.wrong((*path, place), f"is {one}, expected at least 1")
                return None
            found.append(one)
        if prod(found) > schema.MOST_WEIGHTS:
            self.wrong(path, f"makes {prod(found):,} numbers, expected at most {schema.MOST_WEIGHTS:,}")
            return None
        return tuple(found)

    def _axes(self, axes: Any, own: Sequence[Any], path: Path) -> tuple[str, ...]:
        """The names of axes; none where they are not as many as there are axes, which is noted."""
        if axes is UNSET:
            return ()
        if len(axes) != len(own):
            self.wrong((*path, "axes"), f"has {plural(len(axes), 'name')}, expected {len(own)}, one for each axis")
            return ()
        return tuple(map(clean, axes))

    def _label(self, name: str, value: Any, array: Array, path: Path) -> None:
        """Keep the names of the axes of a parameter or a constant; a list is a column."""
        own = extent(value.value) if value.value is not UNSET else value.shape
        axes = self._axes(value.axes, own or (), path)
        if axes:
            self.labels[name] = (*axes, *("",) * (array.ndim - len(axes)))

    def _parameters(self) -> dict[str, Array]:
        found: dict[str, Array] = {}
        loops = loop_values(self.model.forward, self.model.sizes)
        for key, value in self.model.parameters.items():
            path: Path = ("model", "parameters", key)
            names = [(key, 1)]
            if of := FAMILY.fullmatch(key):
                if of[2] not in loops:
                    self.wrong(
                        path, f"is a family over {quote(of[2])}, which no loop runs over {hint(of[2], list(loops))}"
                    )
                    self.lost.add(of[1])
                    continue
                self.families.add(of[1])
                names = [(f"{of[1]}{place}", place) for place in loops[of[2]]]
            for name, place in names:
                if not self._name(name, path, self.seen):
                    continue
                array = self._parameter(value, path, place)
                if array is None:
                    self.lost.add(name)
                else:
                    found[name] = array
                    if isinstance(value, model_schema.Parameter):
                        self._label(name, value, array, path)
                if isinstance(value, model_schema.Parameter) and value.freeze:
                    self.frozen.add(name)
        return found

    def _parameter(self, value: Any, path: Path, place: int) -> Array | None:
        if not isinstance(value, model_schema.Parameter):
            return self._array(value, path)
        if value.value is not UNSET:
            for key in ("shape", "init", "seed"):
                if getattr(value, key) is not UNSET:
                    self.wrong((*path, key), "is given beside value, expected one of the two")
            return self._array(value.value, (*path, "value"))
        missing = [key for key in ("shape", "init") if getattr(value, key) is UNSET]
        for key in missing:
            self.wrong((*path, key), "is missing (needed unless a value is given)")
        if missing or value.init not in INITIALIZERS or value.shape is UNSET:
            return None
        shape = self._sizes(value.shape, (*path, "shape"))
        if shape is None:
            return None
        if len(shape) == 1:
            shape = (*shape, 1)
        units = shape[0] if shape else 1
        flat = initial(str(value.init), units, prod(shape[1:]), seed=value.seed or 0, layer=place)
        return read_only(flat.reshape(shape))

    def _array(self, value: Any, path: Path) -> Array | None:
        """Numbers as they are written; a list is a column."""
        own = extent(value)
        if own is None:
            self.wrong(path, "has rows of different lengths")
            return None
        if 0 in own:
            self.wrong(path, "is empty")
            return None
        array = np.array(value, dtype=np.float64)
        return read_only(array.reshape(-1, 1) if array.ndim == 1 else array)

    def _given(self) -> dict[str, Array]:
        found = {}
        for name, value in self.model.given.items():
            path: Path = ("model", "given", name)
            if isinstance(value, model_schema.Given) and value.noise is not UNSET:
                continue
            if not self._name(name, path, self.seen):
                continue
            array = self._given_array(value, path)
            if array is None:
                self.lost.add(name)
                continue
            found[name] = array
            if isinstance(value, model_schema.Given):
                self._label(name, value, array, path)
            if isinstance(value, model_schema.Given) and value.gradient:
                self.asked.append(name)
        return found

    def _given_array(self, value: Any, path: Path) -> Array | None:
        if not isinstance(value, model_schema.Given):
            return self._array(value, path)
        if value.shape is not UNSET:
            self.wrong((*path, "shape"), "is of use only beside noise")
        if value.value is UNSET:
            self.wrong((*path, "value"), "is missing (or noise, which is drawn in every iteration)")
            return None
        return self._array(value.value, (*path, "value"))

    def _noise(self, layout: str, inputs: "_Inputs") -> dict[str, Drawn]:
        """What is drawn anew in every iteration, for each sample; it lies as an input of its shape does."""
        found: dict[str, Drawn] = {}
        count = len(self._split(inputs.total)[0])
        for name, value in self.model.given.items():
            path: Path = ("model", "given", name)
            if (
                not isinstance(value, model_schema.Given)
                or value.noise is UNSET
                or not self._name(name, path, self.seen)
            ):
                continue
            if value.value is not UNSET:
                self.wrong((*path, "value"), "is given beside noise, expected one of the two")
            if value.shape is UNSET:
                self.wrong((*path, "shape"), "is missing, beside noise")
            own = None if value.shape is UNSET else self._sizes(value.shape, (*path, "shape"))
            if own is None or value.noise not in NOISES:
                self.lost.add(name)
                continue
            for member, values in self._members(name, own, np.zeros((count, *own)), path):
                placed, axis = laid_out(values, layout, is_many=bool(inputs.lists), is_class=False)
                found[member] = Drawn(value.noise, placed.shape, axis)
                if value.gradient:
                    self.asked.append(member)
        return found

    # ---- inputs

    def _layout(self) -> str:
        if self.model.samples is not UNSET and self.model.samples in model_schema.LAYOUTS:
            return str(self.model.samples)
        for name, one in self.model.inputs.items():
            axes = len(one.shape) - (name in self.indexed)
            if axes > 1 or (axes == 1 and one.classes is not UNSET):
                return STACK
        return COLUMNS

    def _no_inputs(self, names: Sequence[str]) -> None:
        """What the data has beside the inputs: what the text reads is an input that was left out."""
        for name in names:
            known = hint(name, list(self.model.inputs))
            if re.search(rf"\b{re.escape(name)}\b", f"{self.model.forward} {self.model.target}"):
                self.wrong(("model", "inputs"), f"has no '{name}', which is read, and which [data] has {known}")
            else:
                self.wrong(("data", name), f"is of no use: it is not in model.inputs {known}")

    def _inputs(self, layout: str) -> "_Inputs":
        found = _Inputs({}, {}, {}, {}, set(), {})
        for name, one in self.model.inputs.items():
            path: Path = ("model", "inputs", name)
            if not self._name(name, path, self.seen):
                continue
            if self.is_wrong((*path, "shape")):
                self.lost.add(name)
                continue
            axes = self._axes(one.axes, one.shape, path)
            shape, count = self._sizes(one.shape, (*path, "shape")), self._classes(one, path)
            array = None if shape is None else self._samples(name, shape)
            unclear = array is None or shape is None or (count is None and one.classes is not UNSET)
            if unclear or (count is not None and not self._in_classes(name, count)):
                self.lost.add(name)
            else:
                self._place(found, name, array, shape, count, layout)
                self._label_members(name, axes or ("",) * len(one.shape), found, layout)
        if not self.is_wrong(("model", "inputs")):
            self._no_inputs([name for name in self.data.written if name not in self.model.inputs])
        if self.data.held_out and found.total == 1:
            message = f"is {self.data.held_out:g}, which of 1 sample leaves none to train on"
            self.wrong(("data", "held_out"), message)
        first = next(iter(found.counts), "")
        for name, samples in found.counts.items():
            if samples != found.counts[first]:
                wanted = f"but {first} has {plural(found.counts[first], 'sample')}"
                of = "" if name in self.data.written else f"{name} "
                self.wrong(self.data.place(name), f"{of}has {plural(samples, 'sample')}, {wanted}")
        return found

    def _place(self, found: "_Inputs", name: str, array: Any, shape: Any, count: int | None, layout: str) -> None:
        """Add the variables that an input becomes."""
        is_many = array.ndim > len(shape)
        array = array if is_many else array[np.newaxis]
        found.counts[name] = len(array)
        if is_many:
            found.lists.add(name)
        training, held = self._split(len(array))
        if held.size:
            found.held[name], array = array[held], array[training]
        for member, values in self._members(name, shape, array, ("model", "inputs", name)):
            placed, axis = laid_out(values, layout, is_many=is_many, is_class=count is not None)
            found.arrays[member] = read_only(placed)
            if axis is not None:
                found.axes[member] = axis
            if count is not None:
                found.classes[member] = count
            if self.model.inputs[name].gradient:
                self.asked.append(member)

    def _split(self, total: int) -> tuple[Array, Array]:
        """The places of the samples to train on, and of those held out."""
        return split(total, self.data.held_out, self.data.seed)

    def _label_members(self, name: str, axes: tuple[str, ...], found: "_Inputs", layout: str) -> None:
        """Keep the names of the axes of the variables that an input becomes."""
        members = [member for member in found.arrays if member == name or re.fullmatch(rf"{name}\d+", member)]
        is_family = name in self.indexed and bool(axes)
        for member in members if is_family else [name]:
            self.names |= {member: self.names[name]} if name in self.names else {}
            own = axes[1:] if is_family else axes
            self.labels[member] = labels_as_laid_out(
                own, layout, found.axes.get(member), found.arrays[member].ndim, is_class=member in found.classes
            )

    def _classes(self, one: model_schema.Input, path: Path) -> int | None:
        if one.classes is UNSET:
            return None
        if isinstance(one.classes, list):
            if not one.classes:
                self.wrong((*path, "classes"), "is empty")
                return None
            self.names[str(path[-1])] = tuple(map(clean, one.classes))
            return len(one.classes)
        found = self._sizes([one.classes], (*path, "classes"))
        return found[0] if found else None

    def _samples(self, name: str, shape: Shape) -> Array | None:
        path, value = self.data.place(name), self.data.values.get(name)
        if value is None:
            if not self.data.findings:
                self.wrong(path, "is missing" if path[-1] == name else f"has no {name}")
            return None
        own = value.shape if isinstance(value, np.ndarray) else extent(value)
        if own is None:
            self.wrong(path, "has rows of different lengths")
            return None
        if own not in (shape, (*own[:1], *shape)) or 0 in own:
            wanted = "×".join(map(str, shape)) or "a number"
            seen = "×".join(map(str, own)) or "a number"
            self.wrong(
                path, f"{self.data.what(name)} {seen}, expected {wanted} for a sample, or a list of such samples"
            )
            return None
        return np.array(value, dtype=np.float64)

    def _in_classes(self, name: str, count: int) -> bool:
        given = self.data.values[name]
        inside = self.data.place(name)
        for path, value in each(given.tolist() if isinstance(given, np.ndarray) else given, inside):
            if not (float(value).is_integer() and 0 <= value < count):
                message = f"{value:g}, expected a class, a whole number from 0 to {count - 1}"
                self.wrong(path if name in self.data.written else inside, f"{self.data.what(name)} {message}")
                return False
        return True

    def _members(self, name: str, shape: Shape, array: Array, path: Path) -> Iterator[tuple[str, Array]]:
        """An input, or a variable for each place of its first axis where the text reads it by an index."""
        if name not in self.indexed or not shape:
            yield name, array
            return
        self.families.add(name)
        for place in range(shape[0]):
            member = f"{name}{place + 1}"
            if self._name(member, path, self.seen):
                yield member, array[:, place]


def laid_out(samples: Array, layout: str, *, is_many: bool, is_class: bool) -> tuple[Array, int | None]:
    """Samples (N, …) as a variable, and the axis that they lie along; None where one sample has no axis."""
    count, own = len(samples), samples.shape[1:]
    if len(own) > 1:
        return (samples, 0) if is_many else (samples[0], None)
    if layout == STACK:
        if own or is_many or is_class:
            each_one = samples.reshape(count, 1, -1) if is_class else samples.reshape(count, -1, 1)
            return (each_one, 0) if is_many else (each_one[0], None)
    elif own or is_many or is_class:
        flat = samples.reshape(count, -1)
        return (flat, 0) if layout == ROWS else (np.ascontiguousarray(flat.T), 1)
    return samples.reshape(()), None


def read_only(array: Array) -> Array:
    """An array that is not written to."""
    array = np.array(array, dtype=np.float64, order="C")
    array.setflags(write=False)
    return array


def labels_as_laid_out(
    axes: tuple[str, ...], layout: str, samples: int | None, rank: int, *, is_class: bool
) -> tuple[str, ...]:
    """The names of the axes of samples as `laid_out` lays them out, that of the samples among them."""
    found = axes
    if len(axes) < 2:
        one = axes[0] if axes else ""
        found = (one,) if layout != STACK else ("", one) if is_class else (one, "")
    if samples is not None:
        found = (*found[:samples], SAMPLE, *found[samples:])
    return found if len(found) == rank else ("",) * rank
