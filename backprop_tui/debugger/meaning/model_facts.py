"""What conditions and sentences about the lines of a model can read: shares, gates, what goes past, what steps add."""

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.labels import named_place
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.meaning.addends import value_of
from backprop_tui.debugger.meaning.looked_at import LookedAt
from backprop_tui.engine.model.line_kinds import COLUMNS_AXIS, ROWS_AXIS, shares_axis
from backprop_tui.engine.statements.axis_labels import SAMPLE
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.tree import Call, Tree, names

FEW, MOST = 0.005, 0.995  # shares that whole percents would show as none or all


def steps(step: str) -> str:
    """A step as it is said: `2`, and `2, 1` of a loop in another."""
    return step.replace("_", ", ")


def axis_of(facts: LookedAt) -> int:
    """The axis along which shares add up to 1."""
    return shares_axis(facts.operation.tree, facts.moment.program.shapes)


def along(facts: LookedAt) -> Any:
    """All the shares that one share adds up to 1 with."""
    at = facts.at
    if at is None or len(at) < 2:
        return None
    return facts.value[(*at[:-2], slice(None), at[-1])] if axis_of(facts) == ROWS_AXIS else facts.value[at[:-1]]


def _peaks(facts: LookedAt) -> Any:
    return np.max(facts.value, axis=axis_of(facts)) if np.ndim(facts.value) > 1 else None


def _choices(facts: LookedAt) -> Any:
    return np.shape(facts.value)[axis_of(facts)] if np.ndim(facts.value) > 1 else 1


def _from_steps(facts: LookedAt, *, later: bool) -> Any:
    """What flows back from later steps of the loop, or what does not; nothing where none of it comes from there."""
    tree = facts.operation.tree
    terms: tuple[Tree, ...] = tree.operands if isinstance(tree, Call) and tree.function == "add" else (tree,)

    def is_later(term: Tree) -> bool:
        read = (facts.variables[name] for name in names(term))
        return any(v.step not in ("", facts.variable.step) for v in read if v.role in (Role.GRADIENT, Role.DELTA))

    chosen = [term for term in terms if is_later(term)]
    if later or not chosen:
        return value_of(chosen, facts) if later else None
    rest = value_of([term for term in terms if not is_later(term)], facts)
    return 0.0 if rest is None else rest


def _parts(facts: LookedAt) -> list[str]:
    return [name for name in facts.reads if facts.variables[name].role is Role.PART]


ROLES: dict[str, Callable[[LookedAt], Any]] = {
    "along": along,
    "peaks": _peaks,
    "choices": _choices,
    "past": lambda facts: facts.read(facts.variable.of),
    "later": lambda facts: _from_steps(facts, later=True),
    "here": lambda facts: _from_steps(facts, later=False),
    "parts": lambda facts: float(len(_parts(facts))),
}
WHOLE = ("along", "peaks", "choices", "parts")  # also of one number


def percent(share: float) -> str:
    """A share in whole percents."""
    if 0 < share < FEW:
        return "less than 1 %"
    return "more than 99 %" if MOST < share < 1 else f"{100 * share:.0f} %"


def _share(facts: LookedAt) -> float:
    return float(facts.value[facts.at or ()])


def _most(facts: LookedAt) -> str:
    at = () if facts.at is None else facts.at
    sizes = {name: float(np.linalg.norm(np.ravel(facts.read(name)[at]))) for name in _parts(facts)}
    return steps(facts.variables[max(sizes, key=sizes.__getitem__)].step) if sizes else ""


def _line(facts: LookedAt, *, looks: bool) -> str:
    """What looks at something, or is looked at: `token 2`, or the row or column that it has."""
    own = axis_of(facts)
    axis = (ROWS_AXIS + COLUMNS_AXIS - own) if looks else own
    place = (facts.at or (0, 0))[axis]
    word = _axis_word(facts, axis)
    if word == SAMPLE:
        return f"{word} {place + 1}"
    return named_place(facts.moment, word, place)


def _axis_word(facts: LookedAt, axis: int) -> str:
    """What a number of the value along an axis is called: by the label of the axis, or else a row or a column."""
    program, name = facts.moment.program, facts.operation.name
    rank = len(program.shapes[name])
    if program.sample_axes.get(name) == rank + axis:
        return SAMPLE
    labels = program.labels.get(name, ())
    label = labels[axis] if len(labels) == rank > 1 else ""
    return label or ("row" if axis == ROWS_AXIS else "column")


WORDS: dict[str, Callable[[LookedAt, Writing], str]] = {
    "percent": lambda facts, _: percent(_share(facts)),
    "rest": lambda facts, _: percent(1 - _share(facts)),
    "gated": lambda facts, writing: writing.symbol(facts.variable.of) if facts.variable.of else "what it multiplies",
    "most": lambda facts, _: _most(facts),
    "whence": lambda facts, _: f"step {steps(facts.variable.step)}" if facts.variable.step else "this line",
    "line": lambda facts, _: "column" if axis_of(facts) == ROWS_AXIS else "row",
    "looks": lambda facts, _: _axis_word(facts, ROWS_AXIS + COLUMNS_AXIS - axis_of(facts)),
    "looking": lambda facts, _: _line(facts, looks=True),
    "looked": lambda facts, _: _line(facts, looks=False),
}
