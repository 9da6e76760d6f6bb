"""All that is used of textual-plot's private parts. Imported when a plot is opened, because it takes long.

Tried with textual-plot 0.10; a test fails where another is installed. What is used, and what to do where it goes:

- `_update_margin_sizes`, which crashes where a plot is left before it has its parts. Else: see whether it still does.
- `_scale_rectangle`, which is empty until there is room for a curve. Else: the size of the canvas inside.
- `_zoom`, which zooms without end until floats overflow. Else: override the actions that zoom.
- `_x_min`, `_x_max`, `_y_min`, `_y_max`, what is shown; `_user_x_min` and so on, what was asked for as all of it. Else:
  keep what `set_xlimits` and `set_ylimits` are given.
"""

from textual.containers import Grid
from textual.events import Mount
from textual.message import Message
from textual_plot import PlotWidget

from backprop_tui.tui.terminal.textual_private import Sifted, is_going

TRIED_WITH = "0.10"
ZOOM = 1e6  # how much larger or smaller than the whole: up to there a float has enough digits for ticks


class SturdyPlot(Sifted, PlotWidget):
    """A plot that may be left before it has its parts, and zoomed as far as that can be drawn."""

    def hears(self, own: type, message: Message) -> bool:
        """A plot that is left before it has its parts is not set up."""
        return not (isinstance(message, Mount) and is_going(self))

    def _update_margin_sizes(self) -> None:
        if self.query(Grid):  # otherwise it was left before it had its parts
            super()._update_margin_sizes()

    @property
    def has_room(self) -> bool:
        """Whether it has been laid out in more than a cell; before that nothing in it can be zoomed or moved."""
        return bool(self._scale_rectangle)

    @property
    def whole(self) -> tuple[float | None, float | None, float | None, float | None]:
        """The limits of all of it: x from and to, y from and to; None where none was set."""
        return self._user_x_min, self._user_x_max, self._user_y_min, self._user_y_max

    def get_coordinate_from_pixel(self, x: int, y: int) -> tuple[float, float]:
        """What is at a cell; without room for cells the middle of what is shown."""
        if self.has_room:
            return super().get_coordinate_from_pixel(x, y)
        return (self._x_min + self._x_max) / 2, (self._y_min + self._y_max) / 2

    def _zoom(self, center_x: float, center_y: float, factor: float, zoom_x: bool, zoom_y: bool) -> None:  # noqa: FBT001
        """Zoom, along an axis only as far as that can be drawn."""
        x_low, x_high, y_low, y_high = self.whole
        shown = ((self._x_min, self._x_max), (self._y_min, self._y_max))
        zoom_x, zoom_y = (
            wanted
            and whole_low is not None
            and whole_high is not None
            and 1 / ZOOM < (high - low) / (1 + factor) / (whole_high - whole_low) < ZOOM
            for wanted, (whole_low, whole_high), (low, high) in zip(
                (zoom_x, zoom_y), ((x_low, x_high), (y_low, y_high)), shown, strict=True
            )
        )
        super()._zoom(center_x, center_y, factor, zoom_x, zoom_y)
