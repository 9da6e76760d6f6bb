"""The table of the `:` line's commands."""

from backprop_tui.debugger.line import moving, showing, stopping, trying
from backprop_tui.debugger.line.word import Words

WORDS = Words(*moving.WORDS, *stopping.WORDS, *trying.WORDS, *showing.WORDS)
