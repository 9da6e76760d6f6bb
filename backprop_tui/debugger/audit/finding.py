"""A finding: what the audit found of one published value, number by number, and in words."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.printed_values import (
    AGREES,
    CARRIED_OVER,
    CUT_OFF,
    ENOUGH,
    MOST_HELD,
    VERDICTS,
    WRONG,
    shown,
)
from backprop_tui.engine.network.network import Array
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.numbers import DIGITS, format_number, held
from backprop_tui.formula.writing.symbols import Symbols, indices
from backprop_tui.scenario import Claim, Published

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.diagnosis.causes import Cause

WORDS = ("agree", "cut off", "carried over", "wrong")
FEW = 4  # elements that are named one by one; more are counted
GIVEN = "given"  # where the numbers of one's own arrays stand


class Finding(msgspec.Struct, frozen=True, eq=False):
    """What was found of a published value. The arrays have its shape.

    `verdicts` are words, `also_cut` says where what was carried over was cut off too, and `whence` from which printed
    variables it was. `causes` are those of its roots, and `remark` is a sentence about what agrees.
    """

    published: Published
    computed: Array
    verdicts: Array
    also_cut: Array
    whence: Mapping[Shape, tuple[str, ...]] = {}
    causes: "tuple[Cause, ...]" = ()
    remark: str = ""

    def __repr__(self) -> str:
        found = Counter(str(verdict) for verdict in self.verdicts.flat)
        said = ", ".join(f"{found[verdict]:,} {word}" for verdict, word in zip(VERDICTS, WORDS, strict=True))
        return f"<Finding on {Address(self.published.name, self.published.at)}: {said}>"

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The causes as sentences, each once."""
        return tuple(dict.fromkeys(cause.sentence for cause in self.causes))

    @property
    def agrees(self) -> bool:
        """Whether every number agrees."""
        return bool((self.verdicts == AGREES).all())

    @property
    def worst(self) -> str:
        """The worst of its verdicts."""
        return max(map(str, self.verdicts.flat), key=VERDICTS.index)

    @property
    def all_wrong(self) -> bool:
        """Whether every number is a root of what went wrong."""
        return bool((self.verdicts == WRONG).all())

    @property
    def follows_from(self) -> tuple[str, ...]:
        """The printed variables that wrong numbers were carried over from."""
        return tuple(dict.fromkeys(name for names in self.whence.values() for name in names))

    def word(self, at: Shape, symbol: Callable[[str], str]) -> str:
        """The verdict on one of the numbers in words: `carried over from z₂ and cut off`."""
        verdict = str(self.verdicts[at])
        if verdict != CARRIED_OVER:
            return verdict.replace("-", " ")
        whence = " and ".join(map(symbol, self.whence[at]))
        return f"carried over from {whence}{' and cut off' if self.also_cut[at] else ''}"

    def words(self, symbol: Callable[[str], str]) -> str:
        """The verdicts in words, the worst first, and which elements have them where they have different ones:
        `[1] carried over from z₁; [0] agrees`.
        """
        order = sorted(np.ndindex(self.verdicts.shape), key=lambda at: -VERDICTS.index(self.verdicts[at]))
        having: dict[str, list[Shape]] = {}
        for at in order:
            having.setdefault(self.word(at, symbol), []).append(at)
        if len(having) == 1:
            (word,) = having
            return word if self.agrees or self.verdicts.size == 1 else f"all {word}"
        return "; ".join(
            f"{self._which(places)} {word if len(places) == 1 else word.replace(AGREES, 'agree')}"
            for word, places in having.items()
        )

    def _which(self, places: Sequence[Shape]) -> str:
        if len(places) > FEW:
            return f"{len(places):,} of {self.verdicts.size:,}"
        return ", ".join(indices(at, self.verdicts.shape) for at in places)

    def elements(self, symbols: Symbols, when: str = "") -> Iterator[tuple[str, str]]:
        """The elements of an array that do not agree, the worst first, each with its verdict:
        `z₁[2,1]: printed 0.7, computed 0.6`. `when` follows the address, which is also told as it is in an array of
        one's own that is transposed. Empty where one verdict holds for all of it.
        """
        for at in self.off if self.names_elements else ():
            claim: Claim = self.published.claims.item(*at)
            computed = float(self.computed[at])
            verdict, address = str(self.verdicts[at]), symbols.address(self.published.name, at)
            more = "" if verdict == WRONG else f", {self.word(at, symbols.symbol)}"
            number = apart(claim, computed, more=2 if verdict == CUT_OFF else 0)
            if self.published.turned:
                address += f" ({self.published.turned}[{','.join(map(str, at[::-1]))}])"
            yield verdict, f"{address}{when}: {self.came} {shown(claim, computed)}, computed {number}{more}"

    def verdict(self, at: Shape) -> str:
        """The verdict on an element of the variable that is among those published."""
        return str(self.verdicts[() if self.published.at else at])

    @property
    def came(self) -> str:
        """How its numbers came: printed, or given as arrays of one's own."""
        return GIVEN if self.published.where == GIVEN else "printed"

    @property
    def names_elements(self) -> bool:
        """Whether it takes elements to say what does not agree: not for one number, or if one verdict holds for all."""
        if self.verdicts.size == 1:
            return False
        if self.all_wrong:
            return True
        off = self.off
        return len(off) < self.verdicts.size or len({self.word(at, str) for at in off}) > 1

    @property
    def off(self) -> list[Shape]:
        """The places of the numbers that do not agree, the worst first."""
        places = [tuple(map(int, at)) for at in np.argwhere(self.verdicts != AGREES)]
        return sorted(places, key=lambda at: -VERDICTS.index(self.verdicts[at]))

    @property
    def printed(self) -> Array:
        """The numbers as they were printed, as float64."""
        numbers: Array = np.vectorize(attrgetter("value"), otypes=[float])(self.published.claims)
        return numbers


def apart(claim: Claim, computed: float, more: int) -> str:
    """A computed number with as many digits as tell it from the printed one, and `more` than that one has if they are
    few.
    """
    most = held(computed, MOST_HELD)
    own = min(claim.decimals, ENOUGH) if claim.dtype else claim.decimals
    for digits in range(max(DIGITS, own + more), MOST_HELD):
        written = format_number(computed, min(digits, most))
        if written != format_number(claim.value, held(claim.value, digits)):
            return written
    return format_number(computed, most)


def beside(claim: Claim, computed: float, digits: int, verdict: str) -> str:
    """A computed number beside the printed one, with no digits that float64 does not have; what agrees with 0 is 0."""
    value = 0.0 if verdict == AGREES and claim.value == 0 else computed
    return format_number(value, held(value, digits))
