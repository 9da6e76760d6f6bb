"""What the sample that is shown adds to a gradient, beside the sum over all of the batch."""

from collections.abc import Iterator, Sequence

from backprop_tui.engine.program.event import Event
from backprop_tui.engine.sensitivity.sample_shares import SAMPLE, ShareError
from backprop_tui.engine.statements.variable import UNKNOWN, Role
from backprop_tui.formula.language.tree import Number, substitute
from backprop_tui.tui.panes.equation.formula_block import block
from backprop_tui.tui.shared.styled_line import Run, wrap
from backprop_tui.tui.shared.view import View

FEW = 8  # numbers that stand on the line itself


def share_lines(event: Event, view: View, width: int, *, rows: int) -> Iterator[Sequence[Run]]:
    """What one sample adds to a parameter's gradient, with numbers put in, and what belongs to no sample; nothing where
    there is only one sample.
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
    tree, values = substitute(found.tree, {SAMPLE: Number(float(sample))}), found.values_of(sample)
    share = found[sample]
    is_short = share.size <= FEW
    adds = f"{moment.sample_shown} adds {notation.formula(tree)}{f' = {notation.array(share)}' if is_short else ''}"
    yield from ([(line, styles.accent)] for line in wrap(notation.text(adds), width))
    if not is_short:
        numbers, result, value = (styles.text, styles.accent), (styles.strong, styles.strong), values.__getitem__
        read = sum(array.shape[0] for array in values.values() if array.ndim)
        yield from block(lambda n: n.numeric_pieces(tree, value), *(read, numbers, view, 1, width), rows=rows)
        yield from block(lambda n: [n.value_piece(share)], *(share.size, result, view, 1, width), rows=rows)
    if found.rest is not None and found.parts.rest is not None:
        rest = f"and {notation.formula(found.parts.rest)} = {notation.array(found.rest)} belongs to no sample"
        yield from ([(line, styles.text)] for line in wrap(notation.text(rest), width))
    if found.together:
        yield from ([(line, styles.muted)] for line in wrap(notation.text(TOGETHER), width))
