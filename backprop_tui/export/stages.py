"""Stages as headings."""

import re

from backprop_tui.formula.writing.symbols import Symbols

GRADIENTS = re.compile(r"gradients(\d+)")


def heading(stage: str, symbols: Symbols) -> str:
    """`δ₂` for delta2, `gradients of layer 2` for gradients2, the stage's name otherwise."""
    if found := GRADIENTS.fullmatch(stage):
        return f"gradients of layer {found[1]}"
    return symbols.symbol(stage)
