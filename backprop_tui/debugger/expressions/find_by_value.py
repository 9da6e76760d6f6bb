"""Finding numbers by how they read: first those of a step, then those of the run, and what the source printed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.position import write_position
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.writing.numbers import DIGITS, MINUS, format_number
from backprop_tui.scenario.printed_number import Claim

MOST = 200  # numbers that are listed of a step, and of the run
LONGEST = 40  # characters of a number that is searched for
NUMBER = re.compile(rf"[+{MINUS}-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+{MINUS}-]?[0-9]{{1,3}})?")
# On the `/` line a whole number may be part of a name, as in `/2`; these are never.
UNMISTAKABLE = re.compile(rf"[+{MINUS}.-]|[0-9][eE]")


class Sought(msgspec.Struct, frozen=True):
    """A number as somebody typed it, and the range of values that read so."""

    text: str
    claim: Claim

    @classmethod
    def read(cls, text: str, digits: int = DIGITS) -> "Sought | None":
        """A typed number; None where it is not one.

        0.7685 is what rounds to that, and 0.70 is more exact than 0.7. A whole number is one as the screen shows it,
        with `digits` decimals: 1 is 1.0000 there, and not everything from a half to one and a half.
        """
        typed = text.strip()
        if len(typed) > LONGEST or not NUMBER.fullmatch(typed):
            return None
        plain = typed.replace(MINUS, "-")
        whole = plain.lstrip("+-").isdecimal()
        return cls(typed, Claim.of(Decimal(plain), -digits if whole else None))

    @property
    def opposite(self) -> "Sought":
        """The same with the other sign."""
        bare = self.text.lstrip(f"+{MINUS}-")
        text = f"{MINUS}{bare}" if self.claim.value >= 0 else bare
        return Sought(text, msgspec.structs.replace(self.claim, value=-self.claim.value))

    def where(self, value: Any) -> np.ndarray:
        """Which numbers of a value read so: booleans of its shape."""
        value = np.asarray(value)
        sizes = np.maximum(np.abs(value), abs(self.claim.value))
        with np.errstate(invalid="ignore"):  # of infinite values
            near = np.abs(value - self.claim.value) <= self.claim.half_width + 4 * np.spacing(sizes)
        return np.asarray(near & np.isfinite(value))

    def shows(self, value: float, digits: int) -> bool:
        """Whether a screen with so many decimals shows just these characters."""
        return format_number(value, digits, minus="-") == self.text.replace(MINUS, "-")


class Found(msgspec.Struct, frozen=True):
    """A number that reads so: `value` at `address`, computed at `step` (0: there from the start), where it lies in a
    frame (`iteration` and `key`). `printed` is set for one that the source printed: then it is what was printed, and
    where, and `value` is what is computed there.
    """

    address: Address
    value: float
    step: int
    iteration: int
    key: str
    printed: str = ""


class ValueSearch:
    """All numbers that read so: `here`, at a step; `run`, in the rest of the run; `printed`, by the source.

    `here` and `printed` are found at once, `run` as `slices` is gone through.
    """

    def __init__(self, moment: Moment, sought: Sought, digits: int = DIGITS, *, until: int | None = None) -> None:
        """With `until`, nothing after that step is looked at: it is still to be predicted."""
        self.moment, self.sought, self.digits, self.until = moment, sought, digits, until
        self.timeline: Timeline = moment.timeline
        self.last = max(moment.scenario.iterations, moment.iteration) if until is None else moment.iteration
        """The last iteration that is looked at."""
        self.here = self._here()
        self.printed = list(self._printed())
        self.run: list[Found] = []
        self.reached, self.complete, self.more = 0, False, False

    @property
    def found(self) -> list[Found]:
        """All of them, in this order."""
        return [*self.here, *self.run, *self.printed]

    def opposite(self) -> Found | None:
        """A number of the step that reads so but for its sign."""
        other = ValueSearch(self.moment, self.sought.opposite, self.digits, until=self.until)
        return next(iter(other.here), None)

    def slices(self) -> Iterator[int]:
        """Look through the run; yields each iteration that was looked at."""
        known = {(one.iteration, one.key, one.address.at) for one in self.here}
        for iteration in range(1, self.last + 1):
            frame = self.timeline.frame(iteration)
            for key in self._keys(frame):
                for at in self._places(frame[key]):
                    if (iteration, key, at) not in known:
                        if len(self.run) == MOST:
                            self.more = True
                            return
                        self.run += self._unless_hidden(self._found(frame, key, at))
            self.reached = iteration
            yield iteration
        self.complete = True

    def _unless_hidden(self, *found: Found) -> Iterator[Found]:
        return (one for one in found if self.until is None or one.step <= self.until)

    def _keys(self, frame: Frame) -> Iterator[str]:
        """What is new in an iteration: what the run or the iteration starts from, what is computed, and edits."""
        program = frame.program
        yield from program.start if frame.iteration == 1 else program.entering(frame.iteration)
        yield from (operation.key for operation in program.operations)
        yield from (version.key for version in program.versions)

    def _here(self) -> list[Found]:
        moment = self.moment
        program, frame = moment.program, moment.frame
        found: list[Found] = []
        for name in program.shapes:
            if moment.value(name) is None:
                continue
            key, before = (program.key(name, index) or name for index in (moment.index, moment.index - 1))
            is_current = moment.operation is not None and moment.operation.name == name
            missing = moment.missing if is_current else None
            found += [
                self._found(frame, before if missing is not None and missing[at] else key, at, name)
                for at in self._places(moment.value(name))
                if not moment.is_missing(Address(name, at))
            ]
        found.sort(key=lambda one: not self.sought.shows(one.value, self.digits))  # stays in the program's order else
        return found[:MOST]

    def _found(self, frame: Frame, key: str, at: tuple[int, ...], name: str = "") -> Found:
        program, iteration = frame.program, frame.iteration
        version = next((v for v in program.versions if v.key == key), None)
        operation = program.by_key.get(version.of if version else key)
        step = self.timeline.step_at(iteration, operation.index) if operation else 0
        if version is not None:
            step = self.timeline.step_at(iteration, version.index)
        name = name or (operation.name if operation else version.of if version else key)
        return Found(Address(name, at), float(frame[key][at]), step, iteration, key)

    def _places(self, value: Any) -> Iterator[tuple[int, ...]]:
        where = self.sought.where(value)
        if where.any():
            for at in np.argwhere(where)[: MOST + 1]:
                yield tuple(map(int, at))

    def _printed(self) -> Iterator[Found]:
        """The numbers of the source that are this one, whatever was computed in their place."""
        moment = self.moment
        for published in moment.scenario.published:
            operation = moment.program.plain.by_name.get(published.name)
            if operation is None or published.iteration > moment.iteration:
                continue
            step = self.timeline.step_at(published.iteration, operation.index)
            if self.until is not None and step > self.until:
                continue
            frame = self.timeline.frame(published.iteration)
            for place, claim in np.ndenumerate(published.claims):
                if claim is not None and claim.value == self.sought.claim.value:
                    at = published.at or place
                    text = claim.text.replace("-", MINUS)
                    said = f"the source prints {text}" + (f", {published.where}" if published.where else "")
                    value = float(frame[operation.key][at])
                    yield Found(Address(published.name, at), value, step, published.iteration, operation.key, said)

    def says(self, one: Found) -> str:
        """Where one of them stands, in words: `now, computed at 1:delta1, step 13`."""
        position = write_position(one.step, self.timeline)
        if one.printed:
            return f"{one.printed}; {position}, step {one.step:,}"
        at = f"{position}, step {one.step:,}" if one.step else "given at the start"
        if any(one is other for other in self.here):
            return f"now, {'computed at ' if one.step else ''}{at}"
        return at

    @property
    def outlook(self) -> str:
        """What is to be said at the end of the list: how far it was looked, or that there are more."""
        if self.more:
            return f"more than {MOST} in the run: only the first are listed"
        if not self.complete:
            return f"looked at {self.reached:,} of {self.last:,} iterations"
        return ""

    @property
    def nothing(self) -> str:
        """What is to be said where nothing reads so."""
        other = self.opposite()
        hint = ""
        if other is not None:
            symbol = other.address.shown(self.moment.program.symbols)
            hint = f"; {symbol} reads {self.sought.opposite.text}"
        return f"no number reads {self.sought.text}{hint}"


class ValueSteps:
    """The steps where a number stands, as a search for text has its matches."""

    def __init__(self, search: ValueSearch) -> None:
        self.text, self.timeline = search.sought.text, search.timeline
        self.steps = sorted({one.step for one in search.found if one.step})

    def __bool__(self) -> bool:
        return bool(self.steps)

    def next(self, step: int) -> int | None:
        """The first match after a step; None where there is none."""
        return next((at for at in self.steps if at > step), None)

    def previous(self, step: int) -> int | None:
        """The last match before a step; None where there is none."""
        return next((at for at in reversed(self.steps) if at < step), None)


def is_number(text: str) -> bool:
    """Whether a text that is searched for can only be a number: a whole one may be a part of a name."""
    return bool(UNMISTAKABLE.search(text)) and Sought.read(text) is not None
