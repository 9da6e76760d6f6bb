"""A loss of the tables that is recognised by its formula, and the forms of it to compute with.

    p = sigmoid(z)
    L = -mean(y * log(p) + (1 - y) * log(1 - p))

L as it stands is infinite where p rounds to 0 or 1, and its gradient there is nan. The rows of the losses have forms
that are equal in exact arithmetic and stay finite: L from z, and ∂L/∂z. They hold where p is read by L alone and z by p
alone. L may have other terms, weights, and lines that only it reads; each term is recognised by itself.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from backprop_tui.engine.model.weighted import Weighted, part, same_signs, ways
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.tables.activations import OF_ROWS, activation_of
from backprop_tui.engine.tables.losses import LOSSES, Stable
from backprop_tui.formula.language.algebra import build, constant, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.rewriting import match
from backprop_tui.formula.language.tree import Call, Name, Tree, names, rebuild
from backprop_tui.formula.values.element import Shape, shape

LOSS = "L"
HOLES: dict[str, Tree] = {"y_hat": Name("a"), "y": Name("b")}
HOT = ("hot", "hot_rows")  # a 1 for the class of each sample, as large as the second operand
MATRIX = 2  # axes
MOST_LINES = 20  # of L, which only it reads


class Facts(NamedTuple):
    """What is to be known of the variables: their shapes, which of them nothing computes or trains, and which are
    targets that share 1 out along an axis, -2 for the columns and -1 for the rows.
    """

    shapes: Mapping[str, Shape]
    constants: Container[str]
    shares: Container[tuple[str, int]]


class Term(NamedTuple):
    """A term of L that is a loss of the tables: the row's stable forms, what it compares a prediction with, whether in
    each row, and the sign, weight and means that it stands in. `lines` are those of L that it is written in.
    """

    stable: Stable
    prediction: str
    argument: str
    target: Tree
    by_rows: bool
    way: Weighted
    lines: tuple[str, ...]
    shares: bool  # whether the targets have to share 1 out

    @property
    def computed(self) -> Tree | None:
        """The term as it is computed; None where that is as it stands."""
        if not self.stable.loss:
            return None
        own = _inside(self.stable.loss)
        return own._replace(reductions=self.way.reductions).within(self.way).of(self._put(own.inner))

    def delta(self, outer: Weighted) -> Tree:
        """∂L/∂z, where the term stands in a weight itself."""
        counted = self.target if isinstance(self.target, Name) else Name(self.prediction)
        return self.way.within(outer).slope(self._put(parse(self.stable.delta)), counted)

    def named(self, gains: str) -> str:
        """What is gained, with the variables of a program in braces."""
        return gains.replace("{y_hat}", f"{{{self.prediction}}}").replace("{z}", f"{{{self.argument}}}")

    def _put(self, tree: Tree) -> Tree:
        target = self.target
        if isinstance(target, Call):  # as large as what is at hand
            target = Call(target.function, (target.operands[0], Name(self.argument)))
        found = put_in(tree, {"y_hat": Name(self.prediction), "z": Name(self.argument), "y": target})
        return _of_rows(found) if self.by_rows else found


class Recognised(NamedTuple):
    """The variable whose gradient has a stable form, that form, the variables that it assumes to be as they are, and
    what is gained.
    """

    argument: str
    delta: Tree
    assumed: tuple[str, ...]
    gains: str


def with_stable_loss(forward: Sequence[Statement], facts: Facts) -> tuple[list[Statement], list[Recognised]]:
    """Statements whose L has its stable form, where it has one, and what was recognised in it."""
    found = [*forward]
    place = next((i for i, s in enumerate(found) if s.name == LOSS), None)
    if place is None:
        return found, []
    finder = _Finder(found, facts)
    tree = finder.stable(found[place].tree, Weighted(found[place].tree), ())
    if computed := [term for term, _ in finder.terms if term.stable.loss]:
        jumps = dict.fromkeys(name for term in computed for name in (term.prediction, *term.lines))
        gains = dict.fromkeys(term.named(term.stable.loss_gains) for term in computed)
        found[place] = msgspec.structs.replace(found[place], stable=tree, jumps=tuple(jumps), gains=" and ".join(gains))
    return found, [_recognised(term, outer) for term, outer in finder.terms]


def _recognised(term: Term, outer: Weighted) -> Recognised:
    targets = (*names(term.target),) if term.shares and isinstance(term.target, Name) else ()
    delta, gains = term.delta(outer), term.named(term.stable.delta_gains)
    unread = () if term.prediction in names(delta) else (term.prediction,)  # an edited one would be passed by
    return Recognised(term.argument, delta, (*targets, *unread, *term.lines), gains)


def with_stable_delta(backward: list[Statement], recognised: Sequence[Recognised]) -> list[Statement]:
    """Statements in which the gradients of what was recognised have their stable forms."""
    found = [*backward]
    for one in recognised:
        place = next((i for i, s in enumerate(backward) if s.variable.wrt == one.argument), None)
        if place is not None:  # nothing to train, so no delta
            jumps = (LOSS, *one.assumed, *_on_the_way(backward[: place + 1]))
            found[place] = msgspec.structs.replace(backward[place], stable=one.delta, jumps=jumps, gains=one.gains)
    return found


def _on_the_way(backward: Sequence[Statement]) -> Iterator[str]:
    """The statements that the last of them is computed from, in order."""
    read = {*names(backward[-1].tree)}
    found = []
    for statement in reversed(backward[:-1]):
        if statement.name in read:
            read.update(names(statement.tree))
            found.append(statement.name)
    return reversed(found)


class _Finder:
    """Goes through L and the lines that only it reads; `terms` has what was recognised, each with what it stands in."""

    def __init__(self, forward: Sequence[Statement], facts: Facts) -> None:
        self.facts = facts
        self.by_name = {statement.name: statement.tree for statement in forward}
        self.reads: dict[str, list[str]] = {}  # of each name the statements that read it, as often as they do
        for statement in forward:
            for name in _read(statement.tree):
                self.reads.setdefault(name, []).append(statement.name)
        self.terms: list[tuple[Term, Weighted]] = []

    def stable(self, tree: Tree, outer: Weighted, lines: tuple[str, ...]) -> Tree:
        """A part of L with stable forms in place of what is recognised; `outer` has the sign and weight that it stands
        in, and `lines` are those of L that it is written in.
        """
        term = self._term(tree, lines)
        if term is not None:
            self.terms.append((term, outer))
            return term.computed or tree
        match tree:
            case Name(name) if self._is_line(name) and len(lines) < MOST_LINES:
                found = self.stable(self.by_name[name], outer, (*lines, name))
                return tree if found == self.by_name[name] else found
            case Call("add" | "sub" as function, operands):
                signs = [outer, *[outer._replace(negative=outer.negative != (function == "sub"))] * (len(operands) - 1)]
                terms = tuple(self.stable(one, sign, lines) for one, sign in zip(operands, signs, strict=True))
                return tree if terms == operands else build(function, *terms)
        if (inside := part(tree, self._is_weight)) is not None:
            found = self.stable(inside.inner, inside.within(outer), lines)
            return tree if found == inside.inner else inside.of(found)
        return tree

    def _term(self, tree: Tree, lines: tuple[str, ...]) -> Term | None:
        """What a part of L is, with its lines written out."""
        inside = [*lines]
        whole = self._written_out(tree, inside)
        read = [*_read(whole)]
        for name in dict.fromkeys(read):
            if (made := self._made(name)) is None:
                continue
            activation, by_rows, argument = made
            if read.count(name) != len(self.reads[name]) or self.reads[argument] != [name]:
                continue  # somebody else reads it, too
            for stable, pattern, shares in _rows_behind(activation):
                for way in ways(whole, self._is_weight):
                    for target, own in self._targets(way, pattern, name):
                        if self._fits(target, name, by_rows=by_rows, shares=shares):
                            return Term(stable, name, argument, target, by_rows, own, tuple(inside), shares)
        return None

    def _targets(self, way: Weighted, pattern: Weighted, name: str) -> Iterator[tuple[Tree, Weighted]]:
        """What a formula compares a prediction with as a row does, and how often it does so."""
        size = len(pattern.factors)
        if way.factors[:size] != pattern.factors:
            return
        if len(self.facts.shapes[name]) > MATRIX and len(way.reductions) > 1:
            return  # means count along the axes of a matrix
        for one in same_signs(way.inner, self._is_given):
            bound = match(pattern.inner, one.inner)
            if bound and bound["a"] == Name(name):
                negative = (way.negative != one.negative) != pattern.negative
                yield bound["b"], way._replace(factors=way.factors[size:], negative=negative)

    def _fits(self, target: Tree, name: str, *, by_rows: bool, shares: bool) -> bool:
        """Whether targets are given, as large as the prediction, and share 1 out where they have to."""
        match target:
            case Name(own) if own in self.facts.constants and self.facts.shapes[own] == self.facts.shapes[name]:
                return not shares or (own, -1 if by_rows else -2) in self.facts.shares
            case Call(function, (ids, _)) if function == HOT[by_rows]:
                return self._is_given(ids)
        return False

    def _made(self, name: str) -> tuple[str, bool, str] | None:
        """The activation that makes a variable, whether it is of each row, and the variable that it is made of."""
        match self.by_name.get(name):
            case Call(function, (Name(argument), *_)):
                row = activation_of(self.by_name[name])
                return None if row is None else (row.name, function.endswith(OF_ROWS), argument)
        return None

    def _is_line(self, name: str) -> bool:
        """Whether it is a line that one formula reads, once."""
        return name in self.by_name and len(self.reads.get(name, ())) == 1 and self._made(name) is None

    def _written_out(self, tree: Tree, lines: list[str]) -> Tree:
        """A formula with the lines put in that only it reads; their names are added to `lines`."""
        match tree:
            case Name(name) if self._is_line(name) and len(lines) < MOST_LINES:
                lines.append(name)
                return self._written_out(self.by_name[name], lines)
            case Call(function) if function in HOT:
                return tree
        found = rebuild(tree, lambda child: self._written_out(child, lines))
        match found:  # the logarithm of the one number that is picked
            case Call("log", (Call(sum_, (Call("mul", (values, Call(function) as ones)),)),)) if function in HOT:
                return Call(sum_, (Call("mul", (ones, Call("log", (values,)))),))
        return found

    def _is_weight(self, tree: Tree) -> bool:
        return self._is_given(tree) and not shape(tree, self.facts.shapes)

    def _is_given(self, tree: Tree) -> bool:
        """Whether nothing computes or trains what a formula reads."""
        return all(name in self.facts.constants for name in _read(tree))


def _read(tree: Tree) -> Iterator[str]:
    """The variables whose numbers a formula reads, as often as it does: of a `hot` they are the classes alone."""
    match tree:
        case Name(name):
            yield name
        case Call(function, operands):
            for operand in operands[:1] if function in HOT else operands:
                yield from _read(operand)


def _rows_behind(activation: str) -> Iterator[tuple[Stable, Weighted, bool]]:
    """The stable forms that there are behind an activation: each with the pattern of its row, and whether the row wants
    targets that share 1 out.
    """
    for row in LOSSES.values():
        if (stable := row.stable.get(activation)) is not None:
            own = _inside(row.behind.get(activation, row.formula))
            yield stable, own._replace(inner=put_in(own.inner, HOLES)), row.one_hot


@lru_cache(maxsize=64)
def _inside(formula: str) -> Weighted:
    """What a row's formula reduces, and the sign and weight that it gives it."""
    for way in ways(parse(formula), lambda tree: constant(tree) is not None):
        match way.inner:
            case Call("reduce", (inner,)):
                return way._replace(inner=inner)
    raise ValueError(f"{formula!r} reduces nothing")


def _of_rows(tree: Tree) -> Tree:
    """The same of each row."""
    tree = rebuild(tree, _of_rows)
    match tree:
        case Call(function, operands) if f"{function}{OF_ROWS}" in PRIMITIVES:
            return Call(f"{function}{OF_ROWS}", operands)
    return tree
