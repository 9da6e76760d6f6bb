"""A formula as a weight times sums and means of what stands inside: -mean(a), sum(a, axis=0) / n, 0.5 * sum(-a).

The slope of the whole by an element of `a` is the weight, divided by what the means count.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from backprop_tui.formula.language.algebra import build, constant
from backprop_tui.formula.language.tree import Call, Number, Tree, call

UNITS, SAMPLES = "units", "samples"  # the axes of a matrix, and what counts along them
BOTH, NONE = frozenset({UNITS, SAMPLES}), frozenset[str]()
PAIR = 2  # terms
# what is left after each reduction of the axes, and whether it divides by how many there are along the others
REDUCED = {
    "sum": (NONE, False),
    "mean": (NONE, True),
    "only": (NONE, False),
    "sum_units": (frozenset({SAMPLES}), False),
    "mean_units": (frozenset({SAMPLES}), True),
    "sum_samples": (frozenset({UNITS}), False),
    "mean_samples": (frozenset({UNITS}), True),
}


class Weighted(NamedTuple):
    """What stands inside; the reductions around it, the outermost first, and what they are multiplied by."""

    inner: Tree
    reductions: tuple[str, ...] = ()
    factors: tuple[Tree, ...] = ()
    divisors: tuple[Tree, ...] = ()
    negative: bool = False

    def of(self, inner: Tree) -> Tree:
        """The same of something else."""
        for function in reversed(self.reductions):
            inner = build(function, inner)
        return self._times(inner, self.divisors)

    def slope(self, inner: Tree, counted: Tree) -> Tree:
        """The slope of the whole, if `inner` is that of an element; the means count those of `counted`."""
        return self._times(inner, (*self._counts(counted), *self.divisors))

    def within(self, outer: "Weighted") -> "Weighted":
        """The same with the sign and the weight of what it is a term of."""
        return self._replace(
            factors=(*outer.factors, *self.factors),
            divisors=(*self.divisors, *outer.divisors),
            negative=self.negative != outer.negative,
        )

    def _times(self, inner: Tree, divisors: tuple[Tree, ...]) -> Tree:
        for divisor in divisors:
            inner = build("div", inner, divisor)
        for factor in reversed(self.factors):
            inner = build("mul", factor, inner)
        return build("neg", inner) if self.negative else inner

    def _counts(self, counted: Tree) -> Iterator[Tree]:
        axes = BOTH
        for function in reversed(self.reductions):
            left, divides = REDUCED[function]
            if divides and (gone := axes - left):
                yield Call("size" if gone == BOTH else next(iter(gone)), (counted,))
            axes = axes & left


def ways(tree: Tree, is_weight: Callable[[Tree], bool]) -> Iterator[Weighted]:
    """All ways to see a formula so; `is_weight` says what is one number that nothing trained moves."""
    yield Weighted(tree)
    match tree:
        case Call(function, (inner,)) if function in REDUCED:
            yield from (way._replace(reductions=(function, *way.reductions)) for way in ways(inner, is_weight))
    if (outer := part(tree, is_weight)) is not None:
        yield from (way.within(outer) for way in ways(outer.inner, is_weight))


def part(tree: Tree, is_weight: Callable[[Tree], bool]) -> Weighted | None:
    """The only part of a formula that is no sign and no weight; None where that is all of it."""
    match tree:
        case Call("neg", (inner,)):
            return Weighted(inner, negative=True)
        case Call("div", (inner, weight)) if is_weight(weight):
            return Weighted(inner, divisors=(weight,))
        case Call("mul", (weight, inner)) | Call("mul", (inner, weight)) if is_weight(weight):
            value = constant(weight)
            if value is None:
                return Weighted(inner, factors=(weight,))
            size = () if abs(value) == 1 else (Number(abs(value)),)
            return Weighted(inner, factors=size, negative=value < 0)
    return None


def same_signs(tree: Tree, is_first: Callable[[Tree], bool]) -> Iterator[Weighted]:
    """A formula as a sum whose terms have the same sign, in either order of two; nothing where their signs differ.

    In a product of two `is_first` says what comes first.
    """
    terms = [*_terms(tree, is_first, negative=False)]
    signs = {negative for _, negative in terms}
    if len(signs) == 1:
        plain = [term for term, _ in terms]
        for order in (plain, plain[::-1]) if len(plain) == PAIR else (plain,):
            yield Weighted(call("add", *order) if len(order) > 1 else order[0], negative=signs == {True})


def _terms(tree: Tree, is_first: Callable[[Tree], bool], *, negative: bool) -> Iterator[tuple[Tree, bool]]:
    match tree:
        case Call("add", operands):
            for operand in operands:
                yield from _terms(operand, is_first, negative=negative)
        case Call("sub", (left, right)):
            yield from _terms(left, is_first, negative=negative)
            yield from _terms(right, is_first, negative=not negative)
        case Call("neg", (inner,)):
            yield from _terms(inner, is_first, negative=not negative)
        case Call("mul", (Call("neg", (inner,)), other)) | Call("mul", (other, Call("neg", (inner,)))):
            yield from _terms(Call("mul", (inner, other)), is_first, negative=not negative)
        case Call("mul", (other, first)) if is_first(first) and not is_first(other):
            yield Call("mul", (first, other)), negative
        case _:
            yield tree, negative
