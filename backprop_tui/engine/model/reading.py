"""A model's text read: loops unrolled, every line with its formula, its block and its step; or all that is wrong."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from keyword import iskeyword
from string import ascii_lowercase
from typing import NamedTuple

from msgspec import Struct

from backprop_tui.engine.model.axes_so_far import AxesSoFar
from backprop_tui.engine.model.formulas import COLUMNS, ROWS, Known, Reader, Refused, limits, whole
from backprop_tui.engine.model.functions import reserved
from backprop_tui.engine.model.layout import MOST_LINES, Assignment, Block, Item, Loop, Lost, Wrong, layout, written_in
from backprop_tui.engine.tables.noises import Drawn
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.element import Shape, shape

OUTPUT = "L"
COUNTERS = ("t", "epoch", "eta")
OURS = re.compile(r"dL_.*|delta.*|d[A-Za-z]\w*_d[A-Za-z]\w*")


class Line(Struct, frozen=True):
    """`name = tree`. `section` is the block that it stands in, as a stage is called after it: `attention`, `t=2`,
    `l=2 attention`; empty outside of blocks. `step` has the values of the loops' variables, `2`; empty outside of
    loops. `line` and `column` are where it is written.
    """

    name: str
    tree: Tree
    section: str = ""
    step: str = ""
    line: int = 0
    column: int = 0


class Declared(Struct, frozen=True):
    """What a text can read: the shapes of parameters, constants and inputs by name, and what is known of them."""

    sizes: Mapping[str, int]
    parameters: Mapping[str, Shape]
    constants: Mapping[str, Shape]
    inputs: Mapping[str, Shape]
    families: frozenset[str] = frozenset()
    classes: Mapping[str, int] = {}
    samples: Mapping[str, int] = {}  # the axis that samples lie along, of what has such an axis
    labels: Mapping[str, tuple[str, ...]] = {}
    rows: bool = False
    reserved: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()  # what is declared, but wrongly
    carried: frozenset[str] = frozenset()  # constants that may be assigned, and are carried on to the next iteration
    bounded: bool = True  # whether a text may be only so large, as one that a person has written


class Reading(NamedTuple):
    """The lines of a text, what is wrong in it, the shapes of all variables, and the noise that its functions draw."""

    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...]
    shapes: dict[str, Shape]
    drawn: dict[str, Drawn]


class Place(NamedTuple):
    """Where a line stands: the loops' variables, and the names of the blocks around it."""

    loops: dict[str, int]
    blocks: tuple[str, ...]
    mark: str = ""  # tells the steps of a second loop from those of the first: b, c, …

    @property
    def section(self) -> str:
        return " ".join(self.blocks)

    @property
    def step(self) -> str:
        return "_".join(map(str, self.loops.values())) + self.mark


def read(text: str, declared: Declared, *, has_loss: bool = True) -> Reading:
    """The lines of a model's text, and everything that is wrong in it; a text that `has_loss` assigns L."""
    items, wrong = layout(text, bounded=declared.bounded)
    return _Run(items, declared, wrong).reading(has_loss=has_loss)


def read_made(text: str, known: Mapping[str, Shape], carried: Iterable[str] = ()) -> Reading:
    """The lines of a text that was made, and not written by a person: it is as large as it has to be. What is read is
    kept, because the same text is often wanted again. Raises ValueError where something is wrong with it.
    """
    found = _read_made(text, tuple(known.items()), frozenset(carried))
    return found._replace(shapes={**found.shapes})


@lru_cache(maxsize=64)
def _read_made(text: str, known: tuple[tuple[str, Shape], ...], carried: frozenset[str]) -> Reading:
    declared = Declared(sizes={}, parameters={}, constants=dict(known), inputs={}, carried=carried, bounded=False)
    found = read(text, declared, has_loss=False)
    if found.wrong:
        raise ValueError(f"line {found.wrong[0].line} of {text!r}: {found.wrong[0].message}")
    return found


def indexed_names(text: str) -> frozenset[str]:
    """The names that a text reads with one index, which is no slice: `x` in `x[t]`."""
    code = "\n".join(line.partition("#")[0] for line in text.split("\n"))
    return frozenset(re.findall(r"\b([A-Za-z_]\w*)\s*\[[^\[\]:,]+\]", code))


def loop_values(text: str, sizes: Mapping[str, int]) -> dict[str, range]:
    """The values that the loops' variables of a text have; a loop that cannot be read has none."""
    found: dict[str, range] = {}
    items, _ = layout(text)

    def visit(inside: Iterable[Item]) -> None:
        for item in inside:
            if isinstance(item, Loop):
                try:
                    first, last = limits(item.range, item.range.node, _known(sizes))
                except Refused:
                    first, last = 1, 0
                before = found.get(item.variable, range(first, first))
                found[item.variable] = range(min(first, before.start), max(last + 1, before.stop))
            if not isinstance(item, Assignment):
                visit(item.body)

    visit(items)
    return found


def _known(sizes: Mapping[str, int]) -> Known:
    return Known(sizes, {}, {}, (), set(), {}, (), {}, AxesSoFar({}, {}, {}), {}, (), rows=False, bounded=True)


def families_of(items: Iterable[Item]) -> Iterator[str]:
    """The names that are assigned with an index."""
    for item in items:
        if isinstance(item, Assignment):
            if item.index is not None:
                yield item.name
        else:
            yield from families_of(item.body)


class _Run:
    """Goes through the items in order, loops as often as they say."""

    def __init__(self, items: tuple[Item, ...], declared: Declared, wrong: list[Wrong]) -> None:
        self.items = items
        self.declared = declared
        self.wrong = wrong
        self.lines: list[Line] = []
        self.written: dict[str, int] = {}
        self.loops = 0  # that stand in no other, so far
        start = dict(chain.from_iterable(m.items() for m in (declared.parameters, declared.constants, declared.inputs)))
        sizes: dict[str, Shape] = dict.fromkeys(declared.sizes, ())
        features, shapes = COLUMNS if declared.rows else ROWS, sizes | start
        self.known = Known(
            declared.sizes,
            {},
            shapes,
            {*declared.families, *families_of(items)},
            {*declared.lost},
            declared.classes,
            declared.parameters,
            dict.fromkeys(start, features) if declared.rows else {},
            AxesSoFar(shapes, declared.samples, declared.labels),
            {},
            declared.inputs,
            declared.rows,
            declared.bounded,
        )
        self.reserved = {*reserved(), *COUNTERS, *declared.reserved}

    def reading(self, *, has_loss: bool) -> Reading:
        self.visit(self.items, Place({}, ()))
        if has_loss:
            self.finish()
        unique = dict.fromkeys(self.wrong)
        first: dict[tuple[int, int], Wrong] = {}
        for one in unique:  # a line of a loop is wrong in each of its steps
            first.setdefault((one.line, one.column), one)
        return Reading(tuple(self.lines), tuple(sorted(first.values())), self.known.shapes, self.known.drawn)

    def visit(self, items: Iterable[Item], place: Place) -> None:
        for item in items:
            if self.declared.bounded and len(self.lines) > MOST_LINES:
                return
            try:
                match item:
                    case Assignment():
                        self.assign(item, place)
                    case Block(name, body):
                        self.visit(body, place._replace(blocks=(*place.blocks, name)))
                    case Loop():
                        self.loop(item, place)
                    case Lost():
                        self.known.lost.update(item.names)
            except Refused as refused:
                if isinstance(item, Loop):
                    self.known.lost.update(written_in(item.body))
                if refused.wrong is not None:
                    self.wrong.append(refused.wrong)

    def loop(self, item: Loop, place: Place) -> None:
        variable = item.variable
        if variable in self.known.shapes or variable in place.loops:
            self.wrong.append(
                Wrong(
                    item.line, item.column, f"'{variable}' is something else already, and cannot be a loop's variable"
                )
            )
            return
        first, last = limits(item.range, item.range.node, self.known._replace(loops=place.loops))
        if first > last:
            self.wrong.append(item.range.wrong(f"runs from {first} to {last}, which is empty"))
        mark = place.mark
        if not place.loops:
            mark = ascii_lowercase[self.loops % 26] if self.loops else ""
            self.loops += 1
        for value in range(first, last + 1):
            inner = Place({**place.loops, variable: value}, (*place.blocks, f"{variable}={value}{mark}"), mark)
            self.visit(item.body, inner)
            if len(self.lines) > MOST_LINES:
                message = f"makes more than {MOST_LINES:,} lines when its loops are written out"
                self.wrong.append(Wrong(item.line, item.column, message))
                return

    def assign(self, item: Assignment, place: Place) -> None:
        known = self.known._replace(loops=place.loops)
        name = item.name
        try:
            if item.index is not None:
                parts = item.index.node
                at = parts.elts if hasattr(parts, "elts") else [parts]
                numbers = tuple(whole(item.index, part, known) for part in at)
                name = Reader(item.index, known, name).member(name, numbers)
            self.check_name(item, name)
            reader = Reader(item.formula, known, name)
            tree = reader.read()
        except Refused:
            self.known.lost.add(name)
            raise
        reader.wrote(name, tree, shape(tree, self.known.shapes))
        for before, formula in [*reader.lines, (name, tree)]:
            self.lines.append(Line(before, formula, place.section, place.step, item.line, item.column))
            self.written[before] = item.line

    def check_name(self, item: Assignment, name: str) -> None:
        """Raises Refused where a name cannot be assigned."""

        def refuse(message: str) -> Refused:
            return Refused(Wrong(item.line, item.column, message))

        if name in self.written:
            raise refuse(f"{name} is assigned already, in line {self.written[name]} of the text")
        if name in self.known.sizes:
            raise refuse(f"{name} is a size")
        if name in self.known.shapes and name not in self.declared.carried:
            raise refuse(f"{name} is given already")
        if item.index is None and name in self.known.families:
            raise refuse(f"{name} has members, {name}[…]: say which")
        if (why := why_not(name, self.reserved)) is not None:
            raise refuse(why)
        self.known.lost.discard(name)

    def finish(self) -> None:
        """What can be wrong with a text as a whole: its L, and parameters that L does not read."""
        lines = {line.name: line for line in self.lines}
        loss = lines.get(OUTPUT)
        if loss is None:
            if OUTPUT not in self.known.lost and not self.wrong:
                self.wrong.append(Wrong(1, 1, "assigns no L, which is what training makes small"))
            return
        if own := self.known.shapes[OUTPUT]:
            by = "×".join(map(str, own))
            message = f"L is {by}, expected one number: sum(…) or mean(…) makes one"
            self.wrong.append(Wrong(loss.line, loss.column, message))


def why_not(name: str, reserved: Iterable[str]) -> str | None:
    """Why something cannot have a name; None if it can."""
    if name in reserved:
        return f"'{name}' is a name of the program's own"
    if iskeyword(name):
        return f"'{name}' cannot be a name, since Python reads the formulas"
    if OURS.fullmatch(name):
        return f"'{name}' is what a gradient is called"
    return None


def read_by_loss(lines: Iterable[Line]) -> set[str]:
    """Everything that L is computed from."""
    trees = {line.name: line.tree for line in lines}
    found: set[str] = set()
    waiting = [OUTPUT]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += names(trees[name]) if name in trees else ()
    return found
