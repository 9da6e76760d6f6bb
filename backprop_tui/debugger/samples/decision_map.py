"""The decision map: what a network of two inputs says about each point, with the parameters of a moment."""

import numpy as np
from msgspec import Struct

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.evaluated import as_outputs
from backprop_tui.engine.program.evaluation import Evaluator

FAR = 3.0  # times as far as the other input
MARGIN = 0.15  # around the samples, as a share of their extent


class Decision(Struct, frozen=True, eq=False):
    """A grid of predictions and the samples in it; rows go from the largest second input down.

    `values` is in 0 to 1 for one output, the class for several; `classes` counts them.
    """

    values: np.ndarray
    classes: int
    samples: np.ndarray
    """Column and row of each, as shares of the grid from its upper left corner."""
    targets: np.ndarray
    """The class of each, or its target in 0 to 1; NaN where the loss has none."""
    extent: tuple[float, float, float, float]


def proportioned(x: np.ndarray, width: int, height: int, *, tall: bool) -> tuple[int, int]:
    """How many columns and rows of points a map of these samples (inputs, N) has in some cells of a screen, so that it
    has their proportions. A cell is twice as high as it is wide: it holds two points, or where it is `tall` one.

    Where one input spans far more than the other, they are hardly of one unit: then the whole room is used.
    """
    spans = np.ptp(x, axis=1)
    points = 1 if tall else 2
    if spans.min() <= 0 or spans.max() > FAR * spans.min():
        return width, height * points
    across, down = float(spans[0]), float(spans[1]) * (0.5 if tall else 1.0)  # in columns, in rows of points
    scale = min(width / across, height * points / down)
    rows = max(2, round(down * scale) // points * points)
    return max(4, round(across * scale)), min(rows, height * points)


def has_map(evaluator: Evaluator | None) -> bool:
    """Whether what is evaluated has two inputs; None stands for what cannot be evaluated."""
    return evaluator is not None and len(evaluator.of.x) == 2


def decision(evaluator: Evaluator, moment: Moment, columns: int, rows: int) -> Decision:
    """The map in a number of cells: what an evaluation says, with nothing dropped and running statistics."""
    x, y = evaluator.of.x, evaluator.of.y
    y = None if y is None else as_outputs(evaluator.of, y)
    low, high = x.min(axis=1), x.max(axis=1)
    room = np.where(high > low, high - low, 1.0) * MARGIN
    low, high = low - room, high + room
    across = np.linspace(low[0], high[0], columns)
    down = np.linspace(high[1], low[1], rows)
    grid = np.stack([np.tile(across, rows), np.repeat(down, columns)])
    output = evaluator(moment.value, grid).y_hat
    shares = np.stack([(x[0] - low[0]) / (high[0] - low[0]), (high[1] - x[1]) / (high[1] - low[1])])
    several = len(output) > 1
    scale = output if y is None else y
    values = output.argmax(axis=0).astype(float) if several else _squeezed(output[0], scale)
    if y is None:
        targets = np.full(x.shape[1], np.nan)
    else:
        targets = y.argmax(axis=0).astype(float) if several else _squeezed(y[0], y)
    extent = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    return Decision(values.reshape(rows, columns), len(output), shares, targets, extent)


def _squeezed(values: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Predictions on a scale from the least target to the largest, or 0 to 1 where those are within."""
    low, high = (0.0, 1.0) if targets.min() >= 0 and targets.max() <= 1 else (targets.min(), targets.max())
    squeezed: np.ndarray = np.clip(np.nan_to_num((values - low) / (high - low or 1.0), nan=0.5), 0.0, 1.0)
    return squeezed
