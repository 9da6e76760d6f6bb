"""A step of the debugger, with all that there is to show of it, against the least that it takes to show anything."""

from collections.abc import Iterator

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from benchmarks.comparison import Comparison, paired, timed
from benchmarks.screen.keys import BARE, LINE, SIZES
from benchmarks.screen.terminal import Terminal


def against_redraw(pairs: int) -> Iterator[Comparison]:
    """One operation on, new iterations included, and one back."""
    debugger = Debugger(load("article"))

    def forward() -> None:
        debugger.advance()
        debugger.moment()

    def back() -> None:
        debugger.rewind()
        debugger.moment()

    with Terminal(BARE, *SIZES[0]) as bare:
        bare.first_frame(LINE)
        for what, work in (("forward", forward), ("back", back)):
            yield paired(
                f"the debugger, article: a step {what}",
                timed(work),
                "redraw of a bare app",
                lambda: bare.press("n"),
                pairs=pairs,
                bar=1,
            )
