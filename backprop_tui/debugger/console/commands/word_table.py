"""The table of the `:` line's commands."""

from backprop_tui.debugger.console.command import Words
from backprop_tui.debugger.console.commands import (
    auditing,
    changing,
    explaining,
    general,
    moving,
    predicting,
    sampling,
    showing,
    stopping,
)

WORDS = Words(
    *moving.WORDS,
    *stopping.WORDS,
    *changing.WORDS,
    *explaining.WORDS,
    *auditing.WORDS,
    *predicting.WORDS,
    *sampling.WORDS,
    *showing.WORDS,
    *general.WORDS,
)
