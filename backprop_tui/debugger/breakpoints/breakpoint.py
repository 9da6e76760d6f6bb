"""One breakpoint: a record that can be saved, and how people type it.

`delta1 if abs(delta1).max() < 1e-6 hit 3 log norm(dW1)`, `change W1[0,1]`. What makes it run is in `stop_tests.py`.
"""

import math
import re
from difflib import get_close_matches
from typing import Literal

import msgspec

from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS
from backprop_tui.engine.program.program import Program
from backprop_tui.text import clean

Kind = Literal["operation", "change", "event"]
CHANGE = "change"  # the word before an expression to stop at its change: `change W1[0,1]`
TERM = re.compile(r"\b(?:if|hit|log)\b")
LONGEST = 2000  # characters: room for a place and two expressions
NO_OPERAND = ("if", "hit", "log", "and", "or", "not", CHANGE)
MISSING = {"if": "a condition", "hit": "a number", "log": "an expression"}


class BreakpointError(KeyError):
    """A breakpoint that is impossible or does not exist: one line that says why."""

    def __str__(self) -> str:
        return str(self.args[0])


class Breakpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stop at an operation that has just been computed, at a change of a value, or at a named event.

    `name` is the operation or stage, the expression whose value changes, or the event. With `when` it counts only where
    that is true; with `hit` only the n-th of these in the run stops; with `log` it prints that expression and goes on;
    a `temporary` one is removed once it has stopped. `threshold` belongs to an event.
    """

    name: str
    number: int = 0
    kind: Kind = "operation"
    when: str = ""
    hit: int = 0
    log: str = ""
    temporary: bool = False
    threshold: float | None = None
    enabled: bool = True

    @property
    def plain(self) -> bool:
        """Whether it is a plain stop at an operation: without condition, count or log."""
        return self == Breakpoint(self.name, self.number, enabled=self.enabled)

    @property
    def typed(self) -> str:
        """As people type it: `delta1 if abs(delta1).max() < 1e-6 hit 3`."""
        words = [CHANGE] * (self.kind == "change") + [self.name]
        words += [] if self.threshold is None else [repr(self.threshold)]
        terms = (("if", self.when), ("hit", str(self.hit or "")), ("log", self.log))
        return " ".join([*words, *(f"{word} {term}" for word, term in terms if term)])

    def __str__(self) -> str:
        """As it is listed: `2 delta1 if abs(delta1).max() < 1e-6 hit 3, disabled`."""
        terms = (("temporary", self.temporary), ("disabled", not self.enabled))
        return ", ".join([f"{self.number} {self.typed}", *(term for term, holds in terms if holds)])


def read_breakpoint(text: str, program: Program, here: str = "") -> Breakpoint:
    """The breakpoint that somebody typed, at `here` where it names no place. Its expressions are not looked at.

    Raises BreakpointError.
    """
    parts = split(text)
    for word, what in MISSING.items():
        if word in parts and not parts[word]:
            raise BreakpointError(f"{what} is missing after '{word}'")
    terms = {
        "when": clean(parts.get("if", ""), LONGEST),
        "hit": _hit(parts["hit"]) if "hit" in parts else 0,
        "log": clean(parts.get("log", ""), LONGEST),
    }
    at = parts[""] or here
    first, _, rest = at.partition(" ")
    if first == CHANGE:
        return Breakpoint(clean(" ".join(rest.split())), kind="change", **terms)  # type: ignore[arg-type]
    if first in HAPPENINGS:
        return Breakpoint(first, kind="event", threshold=_threshold(rest), **terms)  # type: ignore[arg-type]
    return Breakpoint(place(at, program), **terms)  # type: ignore[arg-type]


def place(typed: str, program: Program) -> str:
    """The operation or stage that is meant, also by its number in the listing. Raises BreakpointError."""
    name = typed.strip()
    if name.isdecimal() and name.isascii() and 0 < int(name[:9]) <= len(program.operations):
        return program.operations[int(name) - 1].name
    resolved = program.symbols.resolve(name)
    if resolved in program.by_name:
        return resolved
    if name in program.stages:
        return name
    if name in program.sections:
        return program.sections[name]
    first, _, rest = name.partition(" ")
    if rest and program.symbols.resolve(first) in program.by_name:
        raise BreakpointError(f"what comes after {first} begins with if, hit or log: {first} if {clean(rest, 40)}")
    known = [*program.by_name, *program.stages, *program.sections, *HAPPENINGS]
    raise BreakpointError(
        unknown(name, known, "operation", f"; the stages are {clean(', '.join(program.stages), 200)}")
    )


def unknown(name: str, known: list[str], what: str, otherwise: str = "") -> str:
    """A message that says what does not exist, and what may be meant, or `otherwise` what there is."""
    close = get_close_matches(name[:60], known, 1)
    hint = f" (did you mean {close[0]}?)" if close else otherwise
    return f"there is no {what} '{clean(name, 40)}'{hint}"


def split(typed: str) -> dict[str, str]:
    """The parts of what is typed for a breakpoint: `""` is where it stops, then `if`, `hit` and `log`.

    These words begin a term where an expression cannot go on with them: `if log(loss) < 0 log loss` has two. Raises
    BreakpointError where a word comes twice.
    """
    if len(typed) > LONGEST:
        raise BreakpointError(f"longer than {LONGEST:,} characters")
    found = [found for found in TERM.finditer(typed) if _begins(typed[: found.start()])]
    parts = {"": typed[: found[0].start()] if found else typed}
    for number, term in enumerate(found, 1):
        if term[0] in parts:
            raise BreakpointError(f"'{term[0]}' comes twice")
        end = found[number].start() if number < len(found) else len(typed)
        parts[term[0]] = typed[term.end() : end].strip()
    name, comma, condition = parts[""].partition(",")
    if comma and "[" not in name and not name.startswith(CHANGE):  # as pdb writes it: break delta1, loss < 1
        if "if" in parts:
            raise BreakpointError("there are two conditions")
        parts |= {"": name, "if": condition.strip()}
    parts[""] = parts[""].strip()
    return parts


def _hit(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and len(text) <= 12):
        raise BreakpointError(f"hit wants a whole number, not '{clean(text, 40)}'")
    if not int(text):
        raise BreakpointError("hits count from 1")
    return int(text)


def _threshold(text: str) -> float | None:
    """The threshold that is typed after an event; None where there is none."""
    try:
        found = float(text) if text.strip() else None
    except ValueError:
        found = math.nan
    if found is not None and not math.isfinite(found):
        raise BreakpointError(f"a threshold is a number, not '{clean(text, 40)}'")
    return found


def _begins(before: str) -> bool:
    """Whether a term can begin after a text: the text is empty, or ends in a complete operand."""
    if before.count("(") != before.count(")") or before.count("[") != before.count("]"):
        return False
    text = before.rstrip()
    if not text:
        return True
    if text == before and text[-1] not in ")]":
        return False
    last = re.split(r"\W+", text)[-1] if text[-1] not in ")]" else ""
    return last not in NO_OPERAND and (text[-1].isalnum() or text[-1] in "_)].ᵀ′²")
