"""A comparison: two measures taken in turns, so that what disturbs the machine disturbs both."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import process_time

Measure = Callable[[], float]  # seconds
UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured, in seconds, pair by pair. `bar` is the ratio not to exceed, None where there is none."""

    what: str
    rival: str
    ours: tuple[float, ...]
    others: tuple[float, ...]
    bar: float | None = None

    @property
    def ratios(self) -> tuple[float, float, float]:
        """The 25th percentile, the median and the 75th percentile of ours / other."""
        low, middle, high = quantiles((a / b for a, b in zip(self.ours, self.others, strict=True)), n=4)
        return low, middle, high

    @property
    def verdict(self) -> str:
        """Whether the median keeps to the bar."""
        if self.bar is None:
            return ""
        return "ok" if self.ratios[1] <= self.bar else "over"

    def tail(self, bar: float) -> "Comparison":
        """The slowest hundredth of each, beside each other."""
        ours, others = (quantiles(times, n=100, method="inclusive")[98] for times in (self.ours, self.others))
        return Comparison(f"{self.what}, p99", self.rival, (ours, ours), (others, others), bar)

    def cells(self) -> tuple[str, ...]:
        """Its row of the table."""
        low, middle, high = self.ratios
        return (
            self.what,
            duration(median(self.ours)),
            f"{duration(median(self.others))} {self.rival}",
            f"{middle:.3g} ({low:.3g}–{high:.3g})",
            "" if self.bar is None else f"≤ {self.bar:g}",
            self.verdict,
        )


def paired(what: str, ours: Measure, rival: str, other: Measure, *, pairs: int, bar: float | None = None) -> Comparison:
    """Measure both so many times, each going first every other time, after one of each that does not count."""
    ours(), other()
    found = []
    for number in range(pairs):
        if number % 2:
            b, a = other(), ours()
        else:
            a, b = ours(), other()
        found.append((a, b))
    mine, others = zip(*found, strict=True)
    return Comparison(what, rival, mine, others, bar)


def timed(work: Callable[[], object], times: int = 1) -> Measure:
    """A measure of one of the `times` things that a call does, in processor time: what else runs does not count."""

    def measure() -> float:
        start = process_time()
        work()
        return (process_time() - start) / times

    return measure


def duration(seconds: float) -> str:
    """A time in the unit that suits it."""
    for unit, size in UNITS:
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return "0 s"
