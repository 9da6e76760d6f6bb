"""Weights of an integer type: printed as whole numbers, all of which are cut off from what an update gives."""

from collections.abc import Iterator, Sequence

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.candidate import Candidate
from backprop_tui.debugger.mistakes.diagnosis.evidence import bits, price
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Fit, Search
from backprop_tui.engine.mistakes.changes import starts
from backprop_tui.engine.mistakes.overlay import FAR
from backprop_tui.engine.statements.variable import Role


def of_whole_weights(search: Search) -> Iterator[Candidate]:
    """The mistake with whole weights, where nothing that was printed speaks against it.

    A whole number says little by itself. But it could as well have been rounded the other way, so each that is cut off
    from a number with decimals is worth a bit, those that are right but for that included. What was computed with the
    weights, a bias or a gradient with its decimals, says as much of it as of any mistake.
    """
    weights = [one for one in search.printed if _is_weights(search, one) and np.all(one.values == np.trunc(one.values))]
    last = max((one.iteration for one in weights), default=0)
    if last > FAR or not any(search.open(one).any() for one in weights):
        return
    firsts = {(one.name, one.at): one for one in reversed(weights)}  # what is printed again says little that is new
    for overlay in search.singles:
        if overlay.slips[0].mistake.start is not starts.whole_weights:
            continue
        for _ in overlay.reach(last, search.right):
            pass
        fit = search.judge(overlay)
        if fit is None:
            continue
        evidence = max(0.0, _beside(search, fit, weights) - price(search.rivals(fit)))
        for one in firsts.values():
            value = one.part(overlay.at_end(one.name, overlay.frame(one.iteration, search.right)))
            if value is not None:
                evidence += int((one.agrees(value) & (one.right != np.trunc(one.right))).sum())
        slip = overlay.slips[0]
        names = tuple(dict.fromkeys(one.name for one in weights))
        when = slip.when(search.program)
        said = f"what you get when {when}"
        yield Candidate(slip.mistake.name, said, fit.hits, evidence, 1, names, when=when, changed=overlay.changed)


def _is_weights(search: Search, one: PrintedArray) -> bool:
    own = search.program.by_name.get(one.name)
    return own is not None and own.variable.role is Role.PARAMETER and own.variable.kind == "W"


def _beside(search: Search, fit: Fit, weights: Sequence[PrintedArray]) -> float:
    """The evidence of the strongest number that is explained beside the weights."""
    places = {one.place for one in weights}
    explained = ((one, fit.hits[one.place]) for one in search.roots if one.place in fit.hits.keys() - places)
    strongest = (
        bits(one.values, one.right, one.widths(hit.value)).max(where=hit.mask, initial=0.0) for one, hit in explained
    )
    return float(max(strongest, default=0.0))
