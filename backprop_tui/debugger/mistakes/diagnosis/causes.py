"""Causes: what went wrong, how sure that is, which printed numbers it explains, and the one sentence that says so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.basics.printed_values import shown
from backprop_tui.debugger.mistakes.diagnosis.candidate import Candidate
from backprop_tui.debugger.mistakes.diagnosis.evidence import MOST_NAMES, Level
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.engine.network.network import Array
from backprop_tui.engine.training.written_steps import PREFIX
from backprop_tui.formula.writing.symbols import Symbols, indices

MOST_NAMED = 3  # arrays that a sentence is about; more are counted
MOST_ELEMENTS = 2  # numbers of an array that are named one by one; of more, the array is


class Cause(msgspec.Struct, frozen=True, eq=False):
    """A cause. `name` is that of a row of the table of mistakes, or of what else there is; `explains` has addresses.

    `hits` has, by place in what the source printed, which numbers it explains, and `values` what they would be with all
    digits. Causes that cannot be told from each other have the same sentence.
    """

    name: str
    at: tuple[str, ...]
    parameter: str
    level: Level
    bits: float
    explains: tuple[str, ...]
    sentence: str
    hits: Mapping[int, Array]
    values: Mapping[int, Array]

    def __repr__(self) -> str:
        return f"<Cause {self.name} ({self.level}): {self.sentence}>"

    @property
    def record(self) -> dict[str, Any]:
        """It as the keys of JSON lines have it."""
        return {
            "name": self.name,
            "at": self.at,
            "parameter": self.parameter or None,
            "level": self.level,
            "bits": round(self.bits, 1),
            "explains": self.explains,
        }


class Behind(msgspec.Struct, frozen=True, eq=False):
    """What is behind wrong numbers: which of an array, what they are with all digits, and the operations that
    differ, if it is a mistake in those.
    """

    mask: Array
    value: Array
    changed: frozenset[str]


class Chosen(msgspec.Struct, frozen=True, eq=False):
    """Candidates that cannot be told from each other, each with its level; a sentence begins with the first."""

    candidates: tuple[Candidate, ...]
    levels: tuple[Level, ...]

    def behind(self) -> dict[int, Behind]:
        """What it explains, by place."""
        return {
            place: Behind(hit.mask, hit.value, one.changed)
            for one in self.candidates[::-1]
            for place, hit in one.hits.items()
        }


def told(
    chosen: Chosen, printed: Sequence[PrintedArray], left: Mapping[int, Array], symbols: Symbols
) -> Iterator[Cause]:
    """The causes as they are told. `left` says by place which numbers do not follow from what was printed before."""
    candidates = [_trimmed(one, left) for one in chosen.candidates]
    sentence = _sentence(candidates, chosen.levels[0], printed, symbols)
    for one, level in zip(candidates, chosen.levels, strict=True):
        for name in one.name.split("+"):
            yield Cause(
                name,
                one.at,
                one.parameter,
                level,
                max(one.margin, 0.0),
                tuple(_addresses(one, printed)),
                sentence,
                {place: hit.mask for place, hit in one.hits.items()},
                {place: hit.value for place, hit in one.hits.items()},
            )


def _trimmed(one: Candidate, left: Mapping[int, Array]) -> Candidate:
    """A candidate with the numbers that still want an explanation; all that it had where none does."""
    hits = {
        place: msgspec.structs.replace(hit, mask=hit.mask & left[place])
        for place, hit in one.hits.items()
        if (hit.mask & left[place]).any()
    }
    return msgspec.structs.replace(one, hits=hits) if hits else one


def _sentence(candidates: Sequence[Candidate], level: Level, printed: Sequence[PrintedArray], symbols: Symbols) -> str:
    first = candidates[0]
    subject, several = _subject(first, printed, symbols)
    verb = "may be" if level == "may be" else "are" if several else "is"
    said = [
        one.said.replace("its value", "their values", 1) if several and one.described else one.said
        for one in candidates
    ]
    if not first.described:
        return f"{subject} {verb} {_either(said[:MOST_NAMES])}"
    alike = [told.removeprefix("what you get ") for told, one in zip(said, candidates, strict=True) if one.when]
    same = f" (the same as {_either(alike)})" if alike else ""
    return f"{subject} {verb} {said[0]}{', everywhere' if len(first.hits) > 1 else ''}{same}"


def _either(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, or {said[-1]}"


def listed(said: Sequence[str]) -> str:
    """`z₁, h and L`, and `5 more` where there are many."""
    if len(said) > MOST_NAMED + 1:
        said = [*said[:MOST_NAMED], f"{len(said) - MOST_NAMED} more"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _subject(one: Candidate, printed: Sequence[PrintedArray], symbols: Symbols) -> tuple[str, bool]:
    """The numbers that a sentence is about, and whether they are several: `z₁[0] = −0.15`, `∂L/∂W₁ and ∂L/∂b₁`."""
    having: dict[str, list[PrintedArray]] = {}
    for array in printed:
        if array.place in one.hits:
            having.setdefault(array.name, []).append(array)
    named = len(having) > 1 or len({array.iteration for arrays in having.values() for array in arrays}) > 1
    said = [_numbers(one, arrays, symbols, named=named) for arrays in having.values()]
    several = len(said) > 1 or len(said[0]) > 1
    steps = all(one.hits[array.place].of_step for arrays in having.values() for array in arrays)
    which = f"the step{'s' if several else ''} " if steps else ""
    return which + listed([listed(each) for each in said]), several


def _numbers(one: Candidate, arrays: Sequence[PrintedArray], symbols: Symbols, *, named: bool) -> list[str]:
    """What is meant of an array: itself, where that is all of it and it is `named` or not one number, or where it is
    much; else its numbers.
    """
    masks = [(array, one.hits[array.place].mask) for array in arrays]
    places = [(array, at) for array, mask in masks for at in np.ndindex(mask.shape) if mask[at]]
    whole = all(not array.at and mask.all() for array, mask in masks)
    name = arrays[0].name
    symbol = symbols.symbol(PREFIX + name if one.hits[arrays[0].place].of_step else name)
    if len(places) > MOST_ELEMENTS or (whole and (named or len(places) > 1)):
        return [symbol]
    shape = symbols.shapes[name]
    written = [(array.at or at, shown(array.claims.item(*at), float(array.right[at]))) for array, at in places]
    return [*dict.fromkeys(f"{symbol}{indices(at, shape)} = {number}" for at, number in written)]


def _addresses(one: Candidate, printed: Sequence[PrintedArray]) -> Iterator[str]:
    """What it explains: a whole array by its name, single numbers by their addresses."""
    told: dict[str, None] = {}
    for array in printed:
        if array.place not in one.hits:
            continue
        mask = one.hits[array.place].mask
        one_by_one = not array.at and not mask.all()
        places = [at for at in np.ndindex(mask.shape) if mask[at]] if one_by_one else [array.at]
        for at in places:
            told[array.name + (f"[{','.join(map(str, at))}]" if at else "")] = None
    yield from told
