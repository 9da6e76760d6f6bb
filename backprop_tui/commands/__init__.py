"""What the commands of the command line do, a module each; `cli` imports the one that is called."""

import sys

from backprop_tui.text import clean

FINE, FOUND, WRONG, INTERRUPTED = 0, 1, 2, 130  # exit statuses


def fail(message: str) -> int:
    """Say in a line what is wrong; the exit status."""
    print(f"backprop-tui: {clean(message)}", file=sys.stderr)
    return WRONG
