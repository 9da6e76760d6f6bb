"""`python -m backprop_tui`."""

from backprop_tui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
