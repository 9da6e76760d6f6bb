"""The table of the `:` line's commands."""

from backprop_tui.debugger.line import explaining, moving, showing, stopping, trying
from backprop_tui.debugger.line.word import Words

WORDS = Words(*moving.WORDS, *stopping.WORDS, *explaining.WORDS, *trying.WORDS, *showing.WORDS)
