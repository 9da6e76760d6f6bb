"""The table of the `:` line's commands."""

from backprop_tui.debugger.line import moving, showing, stopping
from backprop_tui.debugger.line.word import Words

WORDS = Words(*moving.WORDS, *stopping.WORDS, *showing.WORDS)
