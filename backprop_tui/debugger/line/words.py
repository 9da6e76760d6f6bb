"""The table of the `:` line's commands."""

from backprop_tui.debugger.line import changing, itself, moving, showing, stopping
from backprop_tui.debugger.line.word import Words

WORDS = Words(*moving.WORDS, *stopping.WORDS, *changing.WORDS, *showing.WORDS, *itself.WORDS)
