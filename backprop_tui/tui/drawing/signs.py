"""The signs that stand beside values."""

from backprop_tui.debugger.basics.printed_values import SIGNS, WRONG

MARKS = {  # what -> Unicode, ASCII; each pair takes the same room
    "current": ("▶", ">"),
    "breakpoint": ("●", "*"),
    "off": ("○", "o"),
    "edited": ("✎", "="),
    "stale": ("↻", "!"),
    "change": ("Δ", "d"),
    **SIGNS,
    "differs": SIGNS[WRONG],
    "other": ("≠", "!"),
    "first": ("◆", "#"),
    "changed": ("▸", ">"),
    "to": ("→", "->"),
    "cut": ("…", "~"),
    "between": ("·", "|"),
    "rule": ("─", "-"),
    "none": ("·", "."),
    "folded": ("▸", "+"),
    "unfolded": ("▾", "-"),
}
