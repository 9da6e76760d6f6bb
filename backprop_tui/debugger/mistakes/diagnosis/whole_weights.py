"""Weights of an integer type: printed as whole numbers, all of which are cut off from what an update gives."""

from collections.abc import Iterator

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.candidate import Candidate
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Search
from backprop_tui.engine.mistakes.changes import starts
from backprop_tui.engine.mistakes.overlay import FAR
from backprop_tui.engine.statements.variable import Role


def of_whole_weights(search: Search) -> Iterator[Candidate]:
    """The mistake with whole weights, where nothing that was printed speaks against it.

    A whole number says little by itself. But it could as well have been rounded the other way, so each that is cut off
    from a number with decimals is worth a bit, those that are right but for that included.
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
        evidence = 0
        for one in firsts.values():
            value = one.part(overlay.at_end(one.name, overlay.frame(one.iteration, search.right)))
            if value is not None:
                evidence += int((one.agrees(value) & (one.right != np.trunc(one.right))).sum())
        slip = overlay.slips[0]
        names = tuple(dict.fromkeys(one.name for one in weights))
        when = slip.when(search.program)
        said = f"what you get when {when}"
        yield Candidate(
            slip.mistake.name, said, fit.hits, float(evidence), 1, names, when=when, changed=overlay.changed
        )


def _is_weights(search: Search, one: PrintedArray) -> bool:
    own = search.program.by_name.get(one.name)
    return own is not None and own.variable.role is Role.PARAMETER and own.variable.kind == "W"
