"""The breakpoints of a debugger: added, listed, switched off, removed, saved. Numbers are never given twice."""

import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec

from backprop_tui.debugger.basics.position import last_of
from backprop_tui.debugger.breakpoints.breakpoint import (
    LONGEST,
    Breakpoint,
    BreakpointError,
    Kind,
    place,
    read_breakpoint,
    unknown,
)
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.scenario import Scenario
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.breakpoints.stop_search import Count
    from backprop_tui.debugger.breakpoints.stop_tests import Points


MOST_BREAKPOINTS = 1000  # a session that is saved keeps them all


class Breakpoints:
    """Breakpoints by number, in the order in which they were added."""

    def __init__(self, program: Program, scenario: Scenario) -> None:
        self._program = program
        self._scenario = scenario
        self._found: dict[int, Breakpoint] = {}
        self._last = 0
        self._points: Points | None = None
        self._counts: WeakKeyDictionary[Timeline, dict[int, Count]] = WeakKeyDictionary()

    def become(self, other: "Breakpoints") -> None:
        """Take over all breakpoints of another object, for the same program."""
        self._found, self._last = dict(other._found), other._last  # noqa: SLF001 - of its own kind
        self._changed()

    # adding

    def add(
        self,
        name: str,
        *,
        when: str = "",
        hit: int = 0,
        log: str = "",
        temporary: bool = False,
        threshold: float | None = None,
    ) -> Breakpoint:
        """Stop at an operation, a stage (its last operation), or a named event such as `nonfinite`.

        With `when` only where that is true; with `hit` only the n-th time; with `log` print that and go on.
        Raises BreakpointError (a KeyError) for an unknown name, ExpressionError for `when` and `log`.
        """
        from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS

        kind: Kind = "event" if name.strip() in HAPPENINGS else "operation"
        resolved = name.strip() if kind == "event" else place(name, self._program)
        expressions = {"when": clean(when.strip(), LONGEST), "log": clean(log.strip(), LONGEST)}
        terms = {**expressions, "hit": hit, "temporary": temporary}
        return self._add(Breakpoint(resolved, kind=kind, threshold=threshold, **terms))  # type: ignore[arg-type]

    def add_change(
        self, what: str, *, when: str = "", hit: int = 0, log: str = "", temporary: bool = False
    ) -> Breakpoint:
        """Stop where a value changes: `W1[0,1]`, `W1`, an expression, or `dead units`. Raises ExpressionError."""
        expressions = {"when": clean(when.strip(), LONGEST), "log": clean(log.strip(), LONGEST)}
        terms = {**expressions, "hit": hit, "temporary": temporary}
        return self._add(Breakpoint(clean(" ".join(what.split())), kind="change", **terms))  # type: ignore[arg-type]

    def add_typed(self, text: str, *, here: str = "", temporary: bool = False) -> Breakpoint:
        """Add what `Breakpoint.typed` writes: `delta1 if norm(delta1) < 1e-6 hit 3 log loss`, `change W1[0,1]`.

        Without a place it is `here`. Raises BreakpointError, ExpressionError.
        """
        return self._add(msgspec.structs.replace(read_breakpoint(text, self._program, here), temporary=temporary))

    def toggle(self, name: str) -> bool:
        """Add a plain one at an operation, or remove all that it has; returns whether there is one now."""
        if name in self:
            self.remove(name)
            return False
        self.add(name)
        return True

    # changing

    def change(self, number: int, text: str) -> Breakpoint:
        """Replace a breakpoint by one that is typed. Raises BreakpointError, ExpressionError."""
        old = self[number]
        bp = msgspec.structs.replace(
            read_breakpoint(text, self._program, old.name if old.kind == "operation" else ""),
            number=number,
            temporary=old.temporary,
            enabled=old.enabled,
        )
        return self._replace(bp)

    def set_terms(self, number: int, **terms: Any) -> Breakpoint:
        """Change `when`, `hit` or `log` of one. Raises BreakpointError, ExpressionError."""
        return self._replace(msgspec.structs.replace(self[number], **terms))

    def remove(self, which: str | int) -> None:
        """Remove a breakpoint by its number, or all breakpoints of a name. Raises BreakpointError."""
        for number in self._numbers(which):
            del self._found[number]
        self._changed()

    def enable(self, which: str | int, *, on: bool = True) -> None:
        """Switch on (or off) by number or name. Raises BreakpointError."""
        for number in self._numbers(which):
            self._found[number] = msgspec.structs.replace(self._found[number], enabled=on)
        self._changed()

    def disable(self, which: str | int) -> None:
        """Keep it without stopping at it. Raises BreakpointError."""
        self.enable(which, on=False)

    def clear(self) -> None:
        """Remove all."""
        self._found.clear()
        self._changed()

    def reached(self, number: int) -> None:
        """A breakpoint was stopped at: a temporary one is removed."""
        if number in self._found and self._found[number].temporary:
            self.remove(number)

    # looking

    def __getitem__(self, number: int) -> Breakpoint:
        """By number. Raises BreakpointError."""
        if number not in self._found:
            raise BreakpointError(f"there is no breakpoint {number}")
        return self._found[number]

    def __contains__(self, name: str) -> bool:
        return any(True for _ in self._named(name))

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(tuple(self._found.values()))

    def __len__(self) -> int:
        return len(self._found)

    def names(self, *, on: bool = True) -> frozenset[str]:
        """The operations that have one that is on, or off; for a stage, its last operation."""
        points = [bp for bp in self if bp.enabled is on and bp.kind == "operation"]
        return frozenset(self._operation(bp.name) for bp in points)

    # running

    def points(self) -> "Points":
        """What is on, made to run; the same object until something changes."""
        from backprop_tui.debugger.breakpoints.stop_tests import Points

        if self._points is None:
            on = tuple(bp for bp in self if bp.enabled)
            self._points = Points(on, self._program, self._scenario)
        return self._points

    def counts(self, timeline: Timeline) -> "dict[int, Count]":
        """Hits by number of breakpoint in a timeline, as far as they were counted."""
        return self._counts.setdefault(timeline, {})

    # saving

    def to_plain(self) -> list[dict[str, Any]]:
        """A list of plain dictionaries, for `load_plain`."""
        plain: list[dict[str, Any]] = msgspec.to_builtins(list(self))
        return plain

    def load_plain(self, plain: Any) -> None:
        """Replace all by what `to_plain` gave. Raises BreakpointError, and then nothing is changed."""
        fresh = Breakpoints(self._program, self._scenario)
        try:
            records = msgspec.convert(plain, list[dict[str, Any]])
        except msgspec.ValidationError as error:
            raise BreakpointError(f"breakpoints: {clean(str(error))}") from None
        for record in records:
            fresh.put_plain(record)
        self._found, self._last = fresh._found, fresh._last
        self._counts.clear()
        self._changed()

    def put_plain(self, plain: dict[str, Any]) -> None:
        """Take up one of what `to_plain` gave, with its number. Raises BreakpointError."""
        try:
            bp = msgspec.convert(plain, Breakpoint)
        except msgspec.ValidationError as error:
            raise BreakpointError(f"breakpoints: {clean(str(error))}") from None
        try:
            self._put(msgspec.structs.replace(bp, name=place(bp.name, self._program)) if bp.kind == "operation" else bp)
        except (BreakpointError, ExpressionError) as error:
            raise BreakpointError(f"breakpoint {bp.number}: {error}") from None

    # inside

    def _add(self, bp: Breakpoint) -> Breakpoint:
        if bp.plain:
            there = next((old for old in self if old.plain and old.name == bp.name and old.enabled), None)
            if there is not None:
                return there
        if len(self._found) >= MOST_BREAKPOINTS:
            raise BreakpointError(f"there are {MOST_BREAKPOINTS:,} breakpoints already")
        bp = msgspec.structs.replace(bp, number=self._last + 1)
        self._put(bp)
        return bp

    def _replace(self, bp: Breakpoint) -> Breakpoint:
        self._check(bp)
        for counts in self._counts.values():
            counts.pop(bp.number, None)
        self._found[bp.number] = bp
        self._changed()
        return bp

    def _put(self, bp: Breakpoint) -> None:
        """Check a breakpoint and keep it."""
        if bp.number <= self._last:
            raise BreakpointError("numbers count up from 1")
        self._check(bp)
        self._found[bp.number] = bp
        self._last = bp.number
        self._changed()

    def _check(self, bp: Breakpoint) -> None:
        """Raise BreakpointError or ExpressionError where it cannot be."""
        from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS
        from backprop_tui.debugger.breakpoints.stop_tests import Points

        if operator.index(bp.hit) < 0:
            raise BreakpointError("hits count from 1")
        if bp.kind == "event" and bp.name not in HAPPENINGS:
            raise BreakpointError(unknown(bp.name, [*HAPPENINGS], "event"))
        if bp.threshold is not None and (bp.kind != "event" or HAPPENINGS[bp.name].threshold is None):
            raise BreakpointError(f"{clean(bp.name, 40)} has no threshold")
        if bp.threshold is not None and bp.threshold < 0 and not HAPPENINGS[bp.name].signed:
            raise BreakpointError(f"the threshold of {clean(bp.name, 40)} is 0 or more, not {bp.threshold:g}")
        own = Points((msgspec.structs.replace(bp, when=""),), self._program, self._scenario)
        if not own.all:
            never = "changes" if bp.kind == "change" else "happens"
            raise BreakpointError(f"{clean(bp.name, 40)} never {never} in this scenario")
        if bp.when:
            own.condition(bp.when)
        if bp.log:
            own.quantity(bp.log)

    def _changed(self) -> None:
        self._points = None

    def _operation(self, name: str) -> str:
        if name in self._program.by_name:
            return name
        return self._program.operations[last_of(name, self._program)].name

    def _named(self, name: str) -> Iterator[int]:
        """The numbers of those at an operation, or of an event, or of a change, by name."""
        resolved = self._program.symbols.resolve(name)
        for number, bp in self._found.items():
            own = self._operation(bp.name) if bp.kind == "operation" else bp.name
            if name.strip() == bp.name or own == (resolved or name.strip()):
                yield number

    def _numbers(self, which: str | int) -> list[int]:
        if isinstance(which, int) or which.strip().isdecimal():
            return [self[int(which)].number]
        if found := [*self._named(which)]:
            return found
        raise BreakpointError(f"there is no breakpoint at '{clean(which, 40)}'")
