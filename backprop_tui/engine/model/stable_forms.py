"""A loss of the tables that is recognised by its formula, and the forms of it to compute with.

    p = sigmoid(z)
    L = -mean(y * log(p) + (1 - y) * log(1 - p))

L as it stands is infinite where p rounds to 0 or 1, and its gradient there is nan. The rows of the losses have forms
that are equal in exact arithmetic and stay finite: L from z, and ∂L/∂z. They hold where p is read by L alone and z by p
alone.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.tables.activations import activation_of
from backprop_tui.engine.tables.losses import LOSSES, ONLY, REDUCTIONS, Loss, Stable, with_reduction
from backprop_tui.formula.language.algebra import build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.rewriting import match
from backprop_tui.formula.language.tree import Call, Name, Tree, names, walk
from backprop_tui.formula.values.element import Shape

LOSS = "L"
HOLES: dict[str, Tree] = {"y_hat": Name("a"), "y": Name("b"), "n": Name("c")}


class Recognised(NamedTuple):
    """What was found: the prediction and its argument by name, the form of ∂L/∂z, which of the variables it assumes to
    be as they are given, and what is gained.
    """

    prediction: str
    argument: str
    delta: Tree
    assumed: tuple[str, ...]
    gains: str


class Facts(NamedTuple):
    """What is to be known of the variables: their shapes, which of them nothing computes or trains, and which are
    targets that share 1 out in every sample.
    """

    shapes: Mapping[str, Shape]
    constants: Container[str]
    shares: Container[str]


def with_stable_loss(forward: Sequence[Statement], facts: Facts) -> tuple[list[Statement], Recognised | None]:
    """Statements whose L has its stable form, where it has one, and what was recognised in it."""
    found = [*forward]
    place = next((i for i, s in enumerate(found) if s.name == LOSS), None)
    if place is None:
        return found, None
    terms = _terms(found[place].tree)
    for index, term in enumerate(terms):
        for recognised, computed, row in _recognised(term, found, facts):
            if computed is not None:
                tree = build("add", *terms[:index], computed, *terms[index + 1 :]) if len(terms) > 1 else computed
                found[place] = msgspec.structs.replace(
                    found[place],
                    stable=tree,
                    jumps=(recognised.prediction,),
                    gains=_named(row.loss_gains, recognised.prediction, recognised.argument),
                )
            return found, recognised
    return found, None


def with_stable_delta(backward: list[Statement], recognised: Recognised | None) -> list[Statement]:
    """Statements in which the gradient of what was recognised has its stable form."""
    place = next((i for i, s in enumerate(backward) if recognised and s.variable.wrt == recognised.argument), None)
    if recognised is None or place is None:  # nothing to train, so no delta
        return backward
    jumps = (LOSS, *recognised.assumed, *_on_the_way(backward[: place + 1]))
    changed = msgspec.structs.replace(backward[place], stable=recognised.delta, jumps=jumps, gains=recognised.gains)
    return [*backward[:place], changed, *backward[place + 1 :]]


def _on_the_way(backward: Sequence[Statement]) -> Iterator[str]:
    """The statements that the last of them is computed from, in order."""
    read = {*names(backward[-1].tree)}
    found = []
    for statement in reversed(backward[:-1]):
        if statement.name in read:
            read.update(names(statement.tree))
            found.append(statement.name)
    return reversed(found)


def _terms(tree: Tree) -> tuple[Tree, ...]:
    return tree.operands if isinstance(tree, Call) and tree.function == "add" else (tree,)


def _recognised(
    term: Tree, forward: Sequence[Statement], facts: Facts
) -> Iterator[tuple[Recognised, Tree | None, Stable]]:
    """What a term of L is, with its stable form, where that has one."""
    by_name = {statement.name: statement for statement in forward}
    for name in names(term):
        activation = activation_of(by_name[name].tree) if name in by_name else None
        if activation is None:
            continue
        match by_name[name].tree:
            case Call(_, (Name(argument), *_)) if _is_alone(name, term, forward, LOSS) and _is_alone(
                argument, by_name[name].tree, forward, name
            ):
                pass
            case _:
                continue
        for row in LOSSES.values():
            if stable := row.stable.get(activation.name):
                for form in _forms(row.behind.get(activation.name, row.formula), row.over):
                    bound = match(form.pattern, term)
                    if bound and bound["a"] == Name(name) and _fits(bound, row, facts):
                        yield _row_at(bound, argument, row, stable, form)


def _is_alone(name: str, tree: Tree, forward: Sequence[Statement], reader: str) -> bool:
    """Whether a variable is read by one formula, and there in one of its terms, alone."""
    count = sum(1 for node in walk(tree) if node == Name(name))
    return all(
        sum(1 for node in walk(s.tree) if node == Name(name)) == (count if s.name == reader else 0) for s in forward
    )


class _Form(NamedTuple):
    """A way in which a row may be written: what a formula looks like then, what `reduce(a)` is, and the weight."""

    pattern: Tree
    reduction: Tree
    weight: Tree


@lru_cache(maxsize=64)
def _forms(formula: str, over: str) -> tuple[_Form, ...]:
    ways = dict.fromkeys([*(way for (own, _), way in REDUCTIONS.items() if own == over), ONLY])
    trees = [(parse(reduction), parse(weight)) for reduction, weight in ways]
    return tuple(_Form(put_in(with_reduction(parse(formula), one), HOLES), one, weight) for one, weight in trees)


def _fits(bound: Mapping[str, Tree], row: Loss, facts: Facts) -> bool:
    """Whether the targets are given, as large as the prediction, and shares of 1 where the row wants such."""
    prediction, targets = bound["a"], bound["b"]
    if not (isinstance(prediction, Name) and isinstance(targets, Name) and targets.name in facts.constants):
        return False
    if row.one_hot and targets.name not in facts.shares:
        return False
    same = facts.shapes[prediction.name] == facts.shapes[targets.name]
    return same and bound.get("c", targets) in (prediction, targets)


def _row_at(
    bound: Mapping[str, Tree], argument: str, row: Loss, stable: Stable, form: _Form
) -> tuple[Recognised, Tree | None, Stable]:
    prediction, targets = (str(bound[hole].name) for hole in "ab")  # type: ignore[union-attr]
    values: dict[str, Tree] = {"y_hat": bound["a"], "y": bound["b"], "z": Name(argument)}
    counted = values | {"n": bound.get("c", bound["b"])}
    delta = build("div", put_in(parse(stable.delta), values), put_in(form.weight, counted))
    computed = put_in(with_reduction(parse(stable.loss), form.reduction), counted) if stable.loss else None
    recognised = Recognised(
        prediction,
        argument,
        delta,
        (targets,) if row.one_hot else (),  # an edited one would not add up to 1
        _named(stable.delta_gains, prediction, argument),
    )
    return recognised, computed, stable


def _named(gains: str, prediction: str, argument: str) -> str:
    """What is gained, with the variables of a program in braces."""
    return gains.replace("{y_hat}", f"{{{prediction}}}").replace("{z}", f"{{{argument}}}")
