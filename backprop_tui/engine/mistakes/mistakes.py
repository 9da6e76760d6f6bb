"""Classic mistakes: seen in published code, homework and issue trackers, and recognised by their numbers.

A row says how the formulas of a right program change; see `engine/mistakes/change.py` for the parts of a row.
"""

from backprop_tui.engine.mistakes import (
    backward_mistakes,
    forward_mistakes,
    loss_mistakes,
    model_mistakes,
    number_mistakes,
    update_mistakes,
)

ROWS = (
    *forward_mistakes.ROWS,
    *loss_mistakes.ROWS,
    *backward_mistakes.ROWS,
    *update_mistakes.ROWS,
    *model_mistakes.ROWS,
    *number_mistakes.ROWS,
)
MISTAKES = {row.name: row for row in ROWS}
