"""The sentence that fits: the first case of an operation's row that holds."""

from collections.abc import Mapping
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.meaning import backward_rows, forward_rows, model_rows, update_rows
from backprop_tui.debugger.meaning.addends import strongest
from backprop_tui.debugger.meaning.facts import Facts
from backprop_tui.debugger.meaning.model_facts import WORDS, steps
from backprop_tui.debugger.meaning.table import Table, row_in
from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.engine.tables.meanings import Case, Row
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.values.element import Shape, evaluate

TABLES = (forward_rows.TABLE, backward_rows.TABLE, update_rows.TABLE, model_rows.TABLE)
TABLE: Table = {key: rows for table in TABLES for key, rows in table.items()}
NAMED = 3  # addresses that are listed


@QUIET
def meaning(moment: Moment, writing: Writing) -> str:
    """What the operation computed last means, in the case at hand; empty before any, and for what has no row.

    Where a number of it is stepped into or selected, or there is only one, it is about that number.
    """
    operation = moment.operation
    row = None if operation is None else row_of(operation)
    if operation is None or row is None:
        return ""
    at = place(moment, operation)
    facts = Facts(moment, operation, at)
    found = chosen(row, facts)
    text = row.says if found is None else found.says
    return text.format_map(Words(facts, writing, found))


def row_of(operation: Operation) -> Row | None:
    """The row of an operation, None where there is none."""
    return row_in(TABLE, operation)


def place(moment: Moment, operation: Operation) -> Shape | None:
    """The number that is meant, None where it is all of them."""
    own = np.shape(moment.frame[operation.key])
    if moment.place is not None:
        return moment.place
    selection = moment.selection
    if selection is not None and selection.name == operation.name and moment.scalar(selection) is not None:
        return selection.at
    return (0,) * len(own) if prod(own) == 1 else None


@QUIET
def chosen(row: Row, facts: Facts) -> Case | None:
    """The first case of a row that holds."""
    for case in row.cases if facts.at is None else row.one:
        if holds(case.when, facts):
            return case
    return None


def holds(condition: str, facts: Facts) -> bool:
    """Whether a condition holds; it does not where something in it is not there."""
    try:
        return bool(evaluated(condition, facts))
    except (KeyError, ValueError):  # not there; several numbers where one is meant
        return False


def evaluated(expression: str, facts: Facts) -> Any:
    """The value of an expression of the tables."""
    return evaluate(parse(expression.format(k=facts.layer, p=facts.parameter)), facts)


class Words(Mapping[str, str]):
    """What stands in place of the names in a sentence."""

    def __init__(self, facts: Facts, writing: Writing, case: Case | None) -> None:
        self.facts, self.writing, self.case = facts, writing, case

    def __getitem__(self, name: str) -> str:
        facts, writing = self.facts, self.writing
        match name:
            case "value" | "old":
                value = float(facts.value[facts.at or ()])
                if self.case is None or "{old}" not in self.case.says:
                    return writing.number(value)
                return writing.both(value, float(facts["old"]))[name == "old"]
            case "strongest":
                return strongest(facts, writing)
            case "which":
                return self._listed()
            case "is":
                return "is" if len(self.which) == 1 else "are"
            case "it":
                return "it" if len(self.which) == 1 else "them"
            case "name" | "whose":
                return writing.symbol(facts.of if name == "name" else facts.variable.of)
            case "k" | "step":
                return facts.layer if name == "k" else steps(facts.variable.step)
        return WORDS[name](facts, writing) if name in WORDS else self._address(name, facts.at or ())

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    @cached_property
    def chosen(self) -> Any:
        """Where the case's `which` is true, as truth values."""
        return np.asarray(evaluated(self.case.which, self.facts) if self.case else False)

    @cached_property
    def which(self) -> Any:
        """Where the case's `which` is true: (count, axes)."""
        return np.argwhere(self.chosen)

    def _listed(self) -> str:
        """Their addresses in a sentence: `h[0]`, `h[0] and h[2]`, `h[0], h[1] and 5 more`."""
        found, label = self.which, self.case.label if self.case else ""
        named = NAMED if len(found) <= NAMED else NAMED - 1
        parts = [self._address(label, tuple(map(int, at)), np.shape(self.chosen)) for at in found[:named]]
        parts += [f"{len(found) - named:,} more"] if len(found) > named else []
        return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)

    def _address(self, role: str, at: Shape, among: Shape = ()) -> str:
        """The address of a role at a place of the operation's value, or of an array of the shape `among`; a unit's
        alone where all its samples are meant.
        """
        facts, writing = self.facts, self.writing
        names = {
            "ans": facts.operation.name,
            "a": facts.reads[0] if facts.reads else "",
            "w": facts.parameter,
            "of": facts.of,
            "unit": facts.unit,
            "argument": facts.argument,
            "shared": facts.variable.of,
        }
        name = names[role]
        value = facts.moment.value(name)
        own: Shape = () if value is None else np.shape(value)
        if not own or not at:  # one number, or all of them
            return writing.symbol(name)
        of_weights = role == "unit" and facts.parameter
        if of_weights or (len(at) == 2 and any(i >= n for i, n in zip(at, own, strict=False))):
            at = (at[0], 0)
        whole_row = own[-1] > 1 and (of_weights or (among or np.shape(facts.value))[-1] == 1)
        if whole_row and len(own) == 2:
            return f"{writing.symbol(name)}[{at[0]}]"
        return writing.address(Address(name, tuple(0 if n == 1 else i for i, n in zip(at, own, strict=True))))
