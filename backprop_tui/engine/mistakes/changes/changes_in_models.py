"""Changes of models written as formulas, by what their lines are and by the steps that they belong to."""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from backprop_tui.engine.mistakes.change import Around
from backprop_tui.engine.model.line_kinds import LINES_OF_NORMS, terms_of
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import UNKNOWN, Role, Variable
from backprop_tui.formula.language.algebra import build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.rewriting import rewrite
from backprop_tui.formula.language.tree import Call, Name, Tree, names, rebuild, walk
from backprop_tui.formula.values.element import shape

BACKWARD = (Role.GRADIENT, Role.DELTA, Role.PART)
SCORED = ("scores", "attention")
MASKS = (parse("a + causal(b)"), parse("a + causal(b).T"))


def _record(name: str, around: Around) -> Variable:
    return next((s.variable for s in around.found if s.name == name), UNKNOWN)


def _is_line(statement: Statement, *kinds: str) -> bool:
    own = statement.variable
    return own.role is Role.VALUE and own.kind in kinds


def _changed(tree: Tree, change: Callable[[Tree], Tree | None]) -> Tree:
    """A formula with a change made wherever it can be, from the root down."""
    found = change(tree)
    return rebuild(tree, lambda child: _changed(child, change)) if found is None else found


def _sum(terms: list[Tree]) -> Tree:
    return terms[0] if len(terms) == 1 else build("add", *terms)


class Scale(msgspec.Struct, frozen=True):
    """The number that scores are divided by, left out: in the forward half, on the way back, or in both."""

    half: Literal["forward", "backward"]

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The formula without the scale."""
        own = statement.variable
        if self.half == "forward":
            return self._without(statement.tree, around, None) if _is_line(statement, *SCORED) else None
        scales = {scale for s in around.found if _is_line(s, *SCORED) for scale in self._scales(s.tree, around)}
        return self._without(statement.tree, around, scales) if own.role in BACKWARD and scales else None

    @staticmethod
    def _scales(tree: Tree, around: Around) -> Iterator[Tree]:
        for node in walk(tree):
            match node:
                case Call("div" | "mul", (scores, scale)) if _is_number(scale, around) and not _is_number(
                    scores, around
                ):
                    yield scale

    @staticmethod
    def _without(tree: Tree, around: Around, among: set[Tree] | None) -> Tree:
        def change(node: Tree) -> Tree | None:
            match node:
                case Call("div" | "mul", (scores, scale)) if _is_number(scale, around) and (
                    scale in among if among is not None else _has_product(scores)
                ):
                    return scores
            return None

        return _changed(tree, change)


def _is_number(tree: Tree, around: Around) -> bool:
    return shape(tree, around.shapes) == ()


def _has_product(tree: Tree) -> bool:
    return any(isinstance(node, Call) and node.function == "matmul" for node in walk(tree))


class OtherAxis(msgspec.Struct, frozen=True):
    """A softmax of the rows in place of one of the columns, and the reverse."""

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """The formula with the other softmax."""
        if not _is_line(statement, "attention", "shares"):
            return None
        other = {"softmax": "softmax_rows", "softmax_rows": "softmax"}
        return _changed(
            statement.tree,
            lambda node: (
                Call(other[node.function], node.operands) if isinstance(node, Call) and node.function in other else None
            ),
        )


def _without_mask(tree: Tree) -> Tree:
    for mask in MASKS:
        tree = rewrite(tree, mask, Name("a"), {})
    return tree


class Mask(msgspec.Struct, frozen=True):
    """The mask of what must not be seen: left out before the softmax and, with `after`, applied to its shares."""

    after: bool

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The scores without the mask, and the shares with it."""
        if not _is_line(statement, *SCORED):
            return None
        tree = _without_mask(statement.tree)
        if not (self.after and _is_line(statement, "attention")):
            return tree
        own = [node for node in walk(statement.tree) if isinstance(node, Name)]
        above = [found for name in own if (found := around.tree(name.name)) is not None]
        for formula in (statement.tree, *above):
            for node in walk(formula):
                match node:
                    case Call("add", (*_, Call("causal") | Call("transpose", (Call("causal"),)) as mask)):
                        return put_in(parse("where(a < 0, 0, b)"), {"a": mask, "b": tree})
        return None


class MaskTurned(msgspec.Struct, frozen=True):
    """A mask that lets see what comes, and not what was."""

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """The scores with the mask turned round."""
        if not _is_line(statement, *SCORED):
            return None

        def change(node: Tree) -> Tree | None:
            match node:
                case Call("transpose", (Call("causal") as mask,)):
                    return mask
                case Call("causal"):
                    return Call("transpose", (node,))
            return None

        return _changed(statement.tree, change)


class ScoresSwapped(msgspec.Struct, frozen=True):
    """Scores of keys and queries, each in the place of the other."""

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """The scores, transposed."""
        if not _is_line(statement, *SCORED):
            return None

        def change(node: Tree) -> Tree | None:
            match node:
                case Call("matmul", (Call("transpose", (one,)), other)):
                    return Call("matmul", (Call("transpose", (other,)), one))
                case Call("matmul", (one, Call("transpose", (other,)))):
                    return Call("matmul", (other, Call("transpose", (one,))))
            return None

        return _changed(statement.tree, change)


class NothingFromLater(msgspec.Struct, frozen=True):
    """The gradient of a state without what comes back from the steps after."""

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient, cut off."""
        own = statement.variable
        if own.role is not Role.GRADIENT or own.kind != "state":
            return None

        def is_later(term: Tree) -> bool:
            read = (_record(name, around) for name in names(term))
            return any(r.step not in ("", own.step) for r in read if r.role in BACKWARD)

        terms = terms_of(statement.tree)
        kept = [term for term in terms if not is_later(term)]
        if len(kept) == len(terms):
            return None
        return _sum(kept) if kept else put_in(parse("0 * a"), {"a": Name(own.of)})


class OneStep(msgspec.Struct, frozen=True):
    """The gradient of what several steps read, from one of them alone."""

    last: bool

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """What the last or the first step adds."""
        terms = terms_of(statement.tree)
        parts = [term for term in terms if isinstance(term, Name)]
        if not 1 < len(parts) == len(terms) or any(_record(part.name, around).role is not Role.PART for part in parts):
            return None
        order = [s.name for s in around.found]
        return sorted(parts, key=lambda part: order.index(part.name))[0 if self.last else -1]


class OneWayForgotten(msgspec.Struct, frozen=True):
    """The gradient of what moves L in several ways, without one of them; -1 is the last."""

    which: int

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient without one of its terms."""
        own, terms = statement.variable, [*terms_of(statement.tree)]
        if own.role is not Role.GRADIENT or own.block or own.kind in LINES_OF_NORMS or not 1 < len(terms) > self.which:
            return None
        if any(_record(name, around).role is Role.PART for name in names(statement.tree)):
            return None
        del terms[self.which]
        return _sum(terms)


class PathsForgotten(msgspec.Struct, frozen=True):
    """A gradient that does not flow through some kinds of lines of a norm."""

    kinds: tuple[str, ...]

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient without these ways."""
        if statement.variable.role is not Role.GRADIENT:
            return None
        terms = terms_of(statement.tree)
        kept = [term for term in terms if not any(self._is_one(_record(name, around)) for name in names(term))]
        return _sum(kept) if 0 < len(kept) < len(terms) else None

    def _is_one(self, record: Variable) -> bool:
        return record.role is Role.GRADIENT and record.kind in self.kinds


class PastForgotten(msgspec.Struct, frozen=True):
    """A sum without what goes past."""

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """What was made of it alone."""
        if not _is_line(statement, "residual"):
            return None
        terms = terms_of(statement.tree)
        kept = [term for term in terms if term != Name(statement.variable.of)]
        return _sum(kept) if 0 < len(kept) < len(terms) else None


class KernelTurned(msgspec.Struct, frozen=True):
    """A kernel that is turned round where it should not be: in the convolution; or not where it should: on the way
    back.
    """

    function: Literal["conv", "conv_back"]

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """The convolution with its kernel turned round."""

        def change(node: Tree) -> Tree | None:
            match node:
                case Call(function, (of, kernel)) if function == self.function:
                    return Call(function, (of, Call("turned", (kernel,))))
            return None

        own = statement.variable
        if own.role is not (Role.VALUE if self.function == "conv" else Role.GRADIENT):
            return None
        return _changed(statement.tree, change)
