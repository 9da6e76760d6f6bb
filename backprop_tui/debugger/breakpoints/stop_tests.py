"""Breakpoints made to run: for each, the operations of an iteration at which it may stop, and the test there.

Tests are compiled once for a program and asked only at the operations concerned.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.basics.position import last_of
from backprop_tui.debugger.basics.printed_values import verdicts
from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint
from backprop_tui.debugger.breakpoints.named_events import BEFORE, HAPPENINGS
from backprop_tui.debugger.expressions.quantity import Function, Quantity, read_quantity, read_test
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.operation import QUIET
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Scenario

Test = Callable[[Frame, Frame | None], Any]  # an iteration's frame, and the previous one's: None in the first


class Point(msgspec.Struct, frozen=True, eq=False):
    """An operation at which a breakpoint may stop, and whether it does; with no test, it always does.

    `looks_back` tells that the test needs the iteration before.
    """

    index: int
    of: Breakpoint
    test: Test | None = None
    looks_back: bool = False


class Points:
    """The points of some breakpoints, in the order of an iteration.

    Raises ExpressionError where a breakpoint's text does not fit the program.
    """

    def __init__(self, breakpoints: tuple[Breakpoint, ...], program: Program, scenario: Scenario) -> None:
        self.breakpoints = breakpoints
        self.scenario = scenario
        self._base = program
        self._quantities: dict[tuple[str, str], Quantity] = {}
        self._of: dict[tuple[Program, frozenset[str]], tuple[Point, ...]] = {}
        self.all = self.of(program)

    def of(self, program: Program, entered: frozenset[str] = frozenset()) -> tuple[Point, ...]:
        """The points of an iteration that runs a program: an edited iteration has its own.

        `entered` are variables that were edited before its first operation.
        """
        key = (program, entered)
        if key not in self._of:
            found = [point for bp in self.breakpoints for point in self._points(bp, program, entered)]
            self._of[key] = tuple(sorted(found, key=lambda point: (point.index, point.of.number)))
        return self._of[key]

    def hits(self, frame: Frame, before: Frame | None, entered: frozenset[str] = frozenset()) -> list[Point]:
        """The points of an iteration that hold, in order."""
        return _holding(self.of(frame.program, entered), frame, before)

    def _points(self, bp: Breakpoint, program: Program, entered: frozenset[str]) -> Iterator[Point]:
        for point in ROWS[bp.kind](self, bp, program, entered):
            if not bp.when:
                yield point
                continue
            condition = self.condition(bp.when).at(program, point.index)
            if condition is not None:  # what has no value yet is not true
                yield msgspec.structs.replace(point, test=_both(point.test, condition))

    def condition(self, text: str, *, row: bool = False) -> Quantity:
        """A condition, read once."""
        if ("test", text) not in self._quantities:
            more: dict[str, Shape] = {f"L{BEFORE}": ()} if row else {}
            self._quantities["test", text] = read_test(text, self._base, row=row, more=more)
        return self._quantities["test", text]

    def quantity(self, text: str) -> Quantity:
        """An expression, read once."""
        if ("value", text) not in self._quantities:
            self._quantities["value", text] = read_quantity(text, self._base)
        return self._quantities["value", text]

    def operation(self, bp: Breakpoint, program: Program, _: frozenset[str]) -> Iterator[Point]:
        """An operation, or the last one of a stage."""
        found = program.by_name.get(bp.name)
        yield Point(found.index if found else last_of(bp.name, program), bp)

    def change(self, bp: Breakpoint, program: Program, entered: frozenset[str]) -> Iterator[Point]:
        """The operations that write what an expression reads, or after which it was edited; and the first one, where
        samples or edits enter with an iteration.

        The first value is never a change: nothing precedes it.
        """
        quantity = self.quantity(bp.name)
        entering = not entered.union(program.entering(1)).isdisjoint(quantity.names)
        edited = {(version.index, version.edit.name) for version in program.versions}
        last = quantity.at(program, len(program.operations) - 1)
        for operation in program.operations:
            now = quantity.at(program, operation.index)
            written = any(n == operation.name or (operation.index, n) in edited for n in quantity.names)
            enters = entering and operation.index == 0
            if now is None or last is None or not (written or enters):
                continue
            earlier = None if enters else quantity.at(program, operation.index - 1)
            if earlier is None:
                yield Point(operation.index, bp, _across(now, last, quantity, program), looks_back=True)
            else:
                yield Point(operation.index, bp, _within(now, earlier, _difference(quantity)))

    def event(self, bp: Breakpoint, program: Program, _: frozenset[str]) -> Iterator[Point]:
        """The operations that a named event looks at."""
        if bp.name == "published-mismatch":
            for published in self.scenario.published:
                if operation := program.by_name.get(published.name):  # given values have no operation
                    yield Point(operation.index, bp, self._mismatch(operation.index, published.iteration))
            return
        for name, text, unless in HAPPENINGS[bp.name].tests(program, bp.threshold):
            index = program.by_name[name].index
            condition = self.condition(text, row=True)
            if any(read.endswith(BEFORE) for read in condition.names):
                yield Point(index, bp, _risen(condition), looks_back=True)
            elif (now := condition.at(program, index)) is not None:
                others = [self.condition(other, row=True).at(program, index - 1) for other in unless]
                yield Point(index, bp, _origin(now, [other for other in others if other is not None]))

    def _mismatch(self, index: int, iteration: int) -> Test:
        def test(frame: Frame, _: Frame | None) -> bool:
            if frame.iteration != iteration:
                return False
            event = Event(0, iteration, frame.program.operations[index], frame)
            return not all(verdict.holds for verdict in verdicts(self.scenario, event))

        return test


ROWS = {"operation": Points.operation, "change": Points.change, "event": Points.event}


@QUIET
def _holding(points: tuple[Point, ...], frame: Frame, before: Frame | None) -> list[Point]:
    found = []
    for point in points:
        try:
            if point.test is None or point.test(frame, before):
                found.append(point)
        except (IndexError, ValueError):  # the last, smaller batch lacks the element
            continue
    return found


def _difference(quantity: Quantity) -> Callable[[Any, Any], bool]:
    """Whether a value differs from the previous one. NaN is the same as NaN."""
    if quantity.expression.kind == "truth":
        return lambda a, b: not np.array_equal(a, b)
    if quantity.expression.shape == ():
        return _scalars_differ
    return lambda a, b: not np.array_equal(a, b, equal_nan=True)


def _scalars_differ(a: Any, b: Any) -> bool:
    return bool(a != b and (a == a or b == b))  # noqa: PLR0124 - only NaN is not itself


def _across(now: Function, last: Function, quantity: Quantity, program: Program) -> Test:
    """Whether a value differs from the one at the end of the previous iteration, where it is `last`."""
    differ = _difference(quantity)
    kept: tuple[Frame | None, Any] = (None, None)  # for the next iteration, this value is the previous one

    def test(frame: Frame, before: Frame | None) -> bool:
        nonlocal kept
        if before is None:
            return False
        own = before.program
        earlier = last if own is program else quantity.at(own, len(own.operations) - 1)
        if earlier is None:
            return False
        was = kept[1] if kept[0] is before else earlier(before)
        value = now(frame)
        kept = (frame, value) if now is last else (None, None)
        return differ(value, was)

    return test


def _within(now: Function, earlier: Function, differ: Callable[[Any, Any], bool]) -> Test:
    return lambda frame, _: differ(now(frame), earlier(frame))


def _both(test: Test | None, condition: Function) -> Test:
    if test is None:
        return lambda frame, _: condition(frame)
    return lambda frame, before: test(frame, before) and condition(frame)


def _origin(now: Function, others: list[Function]) -> Test:
    return lambda frame, _: now(frame) and not any(other(frame) for other in others)


def _risen(condition: Quantity) -> Test:
    function = condition.expression.function()

    def test(frame: Frame, before: Frame | None) -> Any:
        if before is None:
            return False
        key = frame.program.by_name["L"].key
        return function({"L": frame[key], f"L{BEFORE}": before[before.program.by_name["L"].key]})

    return test
