"""`python -m backprop_tui`, and what the command `backprop-tui` runs."""

import os
from typing import NoReturn

from backprop_tui.cli import main


def program() -> NoReturn:
    """Run a command and be gone: what Python tidies up takes three times as long as all the rest of an end."""
    os._exit(main())


if __name__ == "__main__":
    program()
