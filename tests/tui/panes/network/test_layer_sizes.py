"""Bars of a deep network: each as long as its number says, beside the others of its column."""

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.tui.drawing.diagram.layer_bars import Scale
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import places_of
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import THEMES, styles
from backprop_tui.tui.shared.view import View
from tests.sampled import some


@pytest.mark.parametrize("name", some(["vanishing-gradient", "exploding-gradient"], 1))
def test_no_number_is_too_long_for_its_bar(name: str) -> None:
    """A layer's z, too, which stands there before its h and may be larger than all of these."""
    debugger = Debugger(load(name))
    while debugger.step < debugger.timeline.length:
        debugger.advance()
        moment = debugger.moment()
        places = places_of(moment.program)
        assert places is not None
        layers = picture(View(moment, Notation(moment.program.symbols), styles(THEMES[0])), places).layers
        for column in range(3):
            scale = Scale.of([layer.whole[column] for layer in layers])
            for layer in layers:
                size = layer.now[column]
                high = 10**scale.high if scale.logarithmic else scale.high
                assert size is None or size <= high * (1 + 1e-12), (debugger.position, layer)
