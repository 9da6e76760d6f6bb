"""`python -m benchmarks [NAME ...]`: every benchmark or those named. A bar that is missed is reported, not failed."""

import argparse
from collections.abc import Callable, Iterator
from importlib import import_module

from benchmarks import environment
from benchmarks.comparison import Comparison

# name -> the function that measures it, pairs, pairs of a quick run
BENCHMARKS = {
    "seeks": ("benchmarks.seeks:at_random", 300, 60),
    "engine": ("benchmarks.engine:against_numpy", 61, 15),
    "models": ("benchmarks.models:against_others", 31, 9),
    "large": ("benchmarks.large_models:against_small", 21, 7),
    "peers": ("benchmarks.peers:against_peers", 31, 15),
    "step": ("benchmarks.screen.step:against_redraw", 57, 19),
    "explain": ("benchmarks.screen.explaining:against_redraw", 57, 19),
    "keys": ("benchmarks.screen.keys:keys", 95, 19),
    "graph": ("benchmarks.screen.keys:graph", 95, 19),
    "meanwhile": ("benchmarks.screen.keys:meanwhile", 200, 40),
    "continue": ("benchmarks.stops:continuing", 31, 7),
    "back": ("benchmarks.stops:going_back", 15, 5),
    "check": ("benchmarks.check:against_trace", 21, 7),
    "causes": ("benchmarks.check:within_limits", 5, 3),
    "start": ("benchmarks.screen.keys:start", 21, 5),
}
HEADER = ("what", "ours", "other", "ratio (p25–p75)", "bar", "")
WIDTHS = (46, 8, 28, 20, 6, 4)


def main() -> int:
    """Print the table row by row; 1 if a benchmark broke."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer pairs")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    environment.ensure()
    _print(HEADER)
    broken = 0
    for name in arguments.names or BENCHMARKS:
        place, pairs, few = BENCHMARKS[name]
        try:
            for comparison in _benchmark(place)(few if arguments.quick else pairs):
                _print(comparison.cells())
        except Exception as error:  # noqa: BLE001 - the others can still be measured
            broken = 1
            print(f"{name} broke: {type(error).__name__}: {error}", flush=True)
    return broken


def _benchmark(place: str) -> Callable[[int], Iterator[Comparison]]:
    module, function = place.split(":")
    found: Callable[[int], Iterator[Comparison]] = getattr(import_module(module), function)
    return found


def _print(cells: tuple[str, ...]) -> None:
    print("  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
