"""The conventions that a source goes by: those that its file declares, and rows for samples where the shapes say so."""

from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.scenario.checking.scenario_draft import AnyDraft
from backprop_tui.scenario.checking.scenario_names import UnknownNameError
from backprop_tui.scenario.format.number_layout import extent

MATRIX = 2  # axes
FEWEST = 2  # matrices that are transposed: one alone is more likely a slip


def conventions_of(draft: AnyDraft) -> dict[str, str]:
    """The values of the conventions by key."""
    chosen = draft.file.conventions.chosen
    return chosen if "layout" in chosen or not _are_turned(draft) else chosen | {"layout": "rows"}


def _are_turned(draft: AnyDraft) -> bool:
    """Whether all published matrices whose shape can tell have rows for columns."""
    turned = 0
    for claim in draft.file.published:
        try:
            name, at = (names := draft.names_at(claim.iteration)).place(claim.name)
        except (UnknownNameError, ExpressionError):
            continue
        shape = () if at else names.shapes[name]
        seen = extent(claim.value)
        if len(shape) != MATRIX or min(shape) == 1 or shape[0] == shape[1]:
            continue
        if seen == shape:
            return False
        turned += seen == shape[::-1]
    return turned >= FEWEST
