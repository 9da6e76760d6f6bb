"""The table of the `:` line's commands."""

from backprop_tui.debugger.line import (
    auditing,
    changing,
    explaining,
    itself,
    moving,
    predicting,
    showing,
    stopping,
    trying,
)
from backprop_tui.debugger.line.word import Words

WORDS = Words(
    *moving.WORDS,
    *stopping.WORDS,
    *changing.WORDS,
    *explaining.WORDS,
    *auditing.WORDS,
    *predicting.WORDS,
    *trying.WORDS,
    *showing.WORDS,
    *itself.WORDS,
)
