"""What the source prints, beside the equation."""

from decimal import Decimal

import numpy as np
import pytest

from backprop_tui.debugger.basics.printed_values import Verdict
from backprop_tui.scenario import Claim, Published
from backprop_tui.tui.panes.equation.printed_lines import _prints


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (0, "the source prints the same 9 numbers"),
        (1, "1 of the 9 numbers that the source prints differs"),
        (2, "2 of the 9 numbers that the source prints differ"),
    ],
)
def test_of_many_numbers_it_is_said_how_many_differ(off: int, said: str) -> None:
    claims = np.array(Claim.together([Decimal("0.5")] * 9), dtype=object)
    published = Published("z1", claims, "", 1)
    assert _prints(Verdict(published, np.arange(9) >= off, np.full(9, 0.5))) == said
