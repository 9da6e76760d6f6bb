"""One entry of a Jacobian as a scalar formula: how one number moves with another, `∂z₂[0]/∂h[1] = W₂[0,1]`."""

from collections.abc import Callable
from itertools import islice

from backprop_tui.engine.statements.tangent import TANGENT
from backprop_tui.formula.language.algebra import build, constant
from backprop_tui.formula.language.tree import Call, Index, Name, Number, Tree, rebuild, walk
from backprop_tui.formula.values.element import Shape, Shapes, Terms, add_all, element

ZERO, ONE = Number(0.0), Number(1.0)
MOST_TERMS = 2000  # of all sums in a formula, one inside the other
MOST_NODES = 300  # of a formula that anybody reads


class TooLongError(ValueError):
    """An entry whose formula nobody would read."""


def local(tree: Tree, at: Shape, by: Shape, shapes: Shapes) -> Tree:
    """The entry at row `at`, column `by` of the Jacobian that `tree` multiplies `tangent` with. Raises TooLongError."""
    left = MOST_TERMS
    moved = Index(Name(TANGENT), tuple(Number(float(place)) for place in by)) if by else Name(TANGENT)

    def adding(terms: Terms) -> Tree:
        """The terms of a sum that contain the number that moves; the others do not move. What is the largest stays,
        and so does a sum that nothing moves in: it is a factor of what moves.
        """
        if terms.by == "max":
            return add_all(terms)
        nonlocal left
        left -= terms.count
        if left < 0:
            raise TooLongError
        every = [terms[number] for number in range(terms.count)]
        if written := [term for term in every if moved in walk(term)]:
            return build("add", *written)
        return ZERO if any(Name(TANGENT) in walk(term) for term in every) else add_all(terms)

    def fold(node: Tree) -> Tree:
        match node:
            case Index(Name(name)) | Name(name) if name == TANGENT:
                return ONE if node == moved else ZERO
            case Index():
                return node
            case Call(function, operands):
                folded = [fold(operand) for operand in operands]
                rule = FOLDING.get(function)
                found = rule(*folded) if rule else None
                return build(function, *folded) if found is None else found
        return rebuild(node, fold)

    found = fold(element(tree, at, shapes, adding))
    if sum(1 for _ in islice(walk(found), MOST_NODES + 1)) > MOST_NODES:
        raise TooLongError
    return found


def _is_zero(tree: Tree) -> bool:
    return constant(tree) == 0


def _product(a: Tree, b: Tree) -> Tree | None:
    return ZERO if _is_zero(a) or _is_zero(b) else None


def _quotient(a: Tree, _: Tree) -> Tree | None:
    return ZERO if _is_zero(a) else None


def _sum(*terms: Tree) -> Tree | None:
    left = [term for term in terms if not _is_zero(term)]
    if len(left) == len(terms):
        return None
    return build("add", *left) if len(left) > 1 else left[0] if left else ZERO


def _difference(a: Tree, b: Tree) -> Tree | None:
    return a if _is_zero(b) else build("neg", b) if _is_zero(a) else None


def _sign(a: Tree) -> Tree | None:
    return ZERO if _is_zero(a) else None


def _choice(_: Tree, a: Tree, b: Tree) -> Tree | None:
    return a if a == b else None


# what is left of a call where numbers that do not move are 0
FOLDING: dict[str, Callable[..., Tree | None]] = {
    "mul": _product,
    "div": _quotient,
    "ratio": _quotient,
    "add": _sum,
    "sub": _difference,
    "neg": _sign,
    "where": _choice,
}
