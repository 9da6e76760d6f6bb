"""What the sample that is shown adds to a gradient, beside the sum over all of the batch."""

from collections.abc import Iterator, Sequence

import numpy as np

from backprop_tui.engine.program.event import Event
from backprop_tui.engine.sensitivity.sample_shares import ShareError
from backprop_tui.engine.statements.variable import UNKNOWN, Role
from backprop_tui.formula.language.tree import Number, substitute
from backprop_tui.tui.panes.equation.bands import Room
from backprop_tui.tui.panes.equation.columns import Given
from backprop_tui.tui.panes.equation.operation_lines import MATRIX, set_out
from backprop_tui.tui.shared.styled_line import Run, wrap
from backprop_tui.tui.shared.view import View

FEW = 8  # numbers that stand on the line itself


def share_lines(event: Event, view: View, width: int, room: int) -> Iterator[Sequence[Run]]:
    """What one sample adds to a parameter's gradient, with numbers put in where there is room for these, and what
    belongs to no sample; nothing where there is only one sample.
    """
    moment, notation, styles = view.moment, view.notation, view.styles
    of = moment.program.variables.get(event.operation.variable.wrt, UNKNOWN)
    if moment.samples == 1 or of.role is not Role.PARAMETER:
        return
    from backprop_tui.debugger.samples.per_sample import TOGETHER, per_sample

    try:
        found = per_sample(moment, event.name)
    except ShareError:
        return
    sample = moment.sample
    tree, values = substitute(found.tree, {found.parts.sample: Number(float(sample))}), found.values_of(sample)
    share = found[sample]
    rest: list[Sequence[Run]] = []
    if found.rest is not None and found.parts.rest is not None:
        said = f"and {notation.formula(found.parts.rest)} = {notation.array(found.rest)} belongs to no sample"
        rest += [[(line, styles.text)] for line in wrap(notation.text(said), width)]
    if found.together:
        rest += [[(line, styles.muted)] for line in wrap(notation.text(TOGETHER), width)]
    is_short = share.size == 1 or (share.size <= FEW and 1 in share.shape)
    adds = f"{moment.sample_shown} adds {notation.formula(tree)}{f' = {notation.array(share)}' if is_short else ''}"
    head: list[Sequence[Run]] = [[(line, styles.accent)] for line in wrap(notation.text(adds), width)]
    yield from head
    free = room - len(head) - len(rest)
    is_matrix = max(map(np.ndim, (share, *values.values()))) <= MATRIX
    if not is_short and free > 0 and is_matrix:
        given = Given(moment, notation, styles, values, whole=False)
        yield from set_out(event.name, tree, share, given, Room(width, free, free)) or []
    yield from rest
