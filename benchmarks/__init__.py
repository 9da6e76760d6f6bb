"""Paired ratios: this program against what it is measured by, in one run. `python -m benchmarks` prints them."""
