"""Slips of a calculation by hand: in one operation each number may have its own, and some numbers none."""

from collections.abc import Iterator
from math import comb

import msgspec
import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.candidate import Candidate
from backprop_tui.debugger.mistakes.diagnosis.evidence import bits, price
from backprop_tui.debugger.mistakes.diagnosis.printed_array import SAME, PrintedArray, Setting
from backprop_tui.debugger.mistakes.diagnosis.search import SETTINGS, Hit, Search
from backprop_tui.engine.mistakes.overlay import Overlay
from backprop_tui.formula.values.element import Shape

NumberSlip = tuple[Overlay, Setting | None, float]  # what was done, from what (None: the right values), what it gives
BY_HAND = 24  # numbers of an array: more are not worked out one by one


class Slipped(Candidate, frozen=True, eq=False):
    """A slip in single numbers of an operation; the array as a whole has paid for choosing them."""

    whole: float = 0.0

    @property
    def margin(self) -> float:
        """The margin of all slips in the array together."""
        return self.whole


def by_element(search: Search, one: PrintedArray) -> list[Slipped]:
    """The slips that explain single numbers of an array, each made in this operation alone; empty unless they explain
    all that is wrong in it.
    """
    wrong = search.open(one)
    if one.name not in search.program.by_name or not wrong.any() or one.claims.size > BY_HAND:
        return []
    places = [at for at in np.ndindex(wrong.shape) if wrong[at]]
    chosen = price(comb(wrong.size, len(places)))
    found: dict[str, tuple[Overlay, Setting | None, dict[Shape, float], float]] = {}
    total = -chosen
    for at in places:
        fits, tried = slips_of_number(search, one, at)
        if not fits:
            return []
        total += float(bits(one.values, one.right, one.widths(np.full(wrong.shape, fits[0][2])))[at]) - price(tried)
        for overlay, setting, value in fits:
            said = in_words(search, overlay, setting)
            found.setdefault(said, (overlay, setting, {}, 0.0))[2][at] = value
    return [*_candidates(one, found, total)]


def _candidates(
    one: PrintedArray,
    found: dict[str, tuple[Overlay, Setting | None, dict[Shape, float], float]],
    total: float,
) -> Iterator[Slipped]:
    for said, (overlay, setting, values, _) in found.items():
        mask, value = np.zeros(one.wrong.shape, dtype=bool), np.array(one.right, dtype=float)
        for at, number in values.items():
            mask[at], value[at] = True, number
        slip = overlay.slips[0]
        whence = setting.departing if setting else ()
        yield Slipped(
            slip.mistake.name,
            said,
            {one.place: Hit(mask, value, whence)},
            total,
            1,
            (one.name,),
            str(slip.digits or ""),
            whole=total,
        )


def in_words(search: Search, overlay: Overlay, setting: Setting | None) -> str:
    """What a number is that such a slip gives."""
    whence = " and ".join(map(search.program.symbols.symbol, setting.departing)) if setting else ""
    own = f"from the source's own {whence} " if whence else ""
    slip = msgspec.structs.replace(overlay.slips[0], site="")  # the number says where it was made
    return f"what you get {own}when {slip.when(search.program)}"


def slips_of_number(search: Search, one: PrintedArray, at: Shape) -> tuple[list[NumberSlip], int]:
    """The slips in this operation that give one number, the simplest of each name, and how many numbers were tried."""
    frame = search.right.frame(one.iteration)
    claim = one.claims[at] if at else one.claims.item()
    right = float(one.right[at])
    start = 0.0 if one.before is None else float(one.before[at])
    tried: set[float] = set()
    settings: list[Setting | None] = [None, *one.settings[:SETTINGS]]
    for setting in settings:
        found: dict[str, NumberSlip] = {}
        for overlay in search.singles:
            if one.name not in overlay.changed or not overlay.slips[0].mistake.is_local or overlay.start:
                continue
            below = setting.frame if setting else frame
            part = one.part(overlay.by_name[one.name].by_the_textbook(below))
            if part is None or not np.isfinite(part[at]):
                continue
            value = float(part[at])
            if claim.agrees(right) or abs(value - right) <= claim.half_width:
                continue
            if _is_turned(value, right, start):
                continue  # of any mistake, a sign is what single numbers have in common
            tried.add(round(value, 12))
            if claim.agrees(value):
                found.setdefault(overlay.slips[0].mistake.name, (overlay, setting, value))
        if found:
            return [*found.values()], len(tried)
    return [], len(tried)


def _is_turned(value: float, right: float, start: float) -> bool:
    return abs((value - start) + (right - start)) <= SAME * abs(right - start)
