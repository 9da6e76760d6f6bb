"""The search for the next stop, forwards or back: a generator, so that a screen stays alive and can end it.

Only what breakpoints ask is looked at, an iteration at a time. Going back, frames are visited in short runs forwards,
each twice as long as the one before: what is not kept is replayed once, and a nearby stop is found at once.
"""

from collections.abc import Callable, Generator, Iterable, Mapping

import msgspec

from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint
from backprop_tui.debugger.breakpoints.stop_tests import Points
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.timeline.timeline import Timeline

LONGEST_RUN = 32  # iterations that are visited forwards before the last stop among them is known
Hit = tuple[int, Breakpoint]  # a step, and the breakpoint that holds there


class Count(msgspec.Struct):
    """How often a breakpoint was hit through an iteration; `at` is the step of the hit that it waits for."""

    through: int = 0
    hits: int = 0
    at: int | None = None


class Search:
    """From a step, exclusive, to a limit: the last step that counts forwards, and before the first one going back.

    `counts` belong to the timeline and are kept from one search to the next; a hit count is a function of the position.
    """

    def __init__(self, timeline: Timeline, points: Points, counts: dict[int, Count]) -> None:
        self.timeline = timeline
        self.points = points
        self.counts: Mapping[int, Count] = {
            bp.number: counts.setdefault(bp.number, Count()) for bp in points.breakpoints if bp.hit
        }
        self.looks_back = any(point.looks_back for point in points.all) or bool(timeline.edits)
        for point in points.all:  # the n-th time of what stops every time is known without counting
            if point.of.hit and point.test is None:
                self.counts[point.of.number].at = timeline.step_at(point.of.hit, point.index)
        self.tested = any(point.test for point in points.all) or bool(timeline.edits)  # an edit may change anything
        self.every_time = any(point.test is None and not point.of.hit for point in points.all)

    def first(self, start: int, limit: int, passed: Callable[[Hit], None]) -> Generator[int, None, Hit | None]:
        """The first stop between two steps; yields the iteration reached. `passed` is called for log points."""
        back = limit < start
        yield from self._count(start)
        low, high = (limit + 1, start - 1) if back else (start + 1, limit)
        for hits in self._runs(low, high, back=back):
            if isinstance(hits, int):
                yield hits
                continue
            if not hits:
                continue
            within = [hit for hit in hits if low <= hit[0] <= high]
            stop = self._stop(sorted(within, key=lambda hit: -hit[0]) if back else within, passed)
            if stop is not None:
                return stop
        return None

    def _runs(self, low: int, high: int, *, back: bool) -> Iterable[int | list[Hit]]:
        """What is hit between two steps, in runs, and the iterations reached; empty where nothing can be hit."""
        if low > high or not (self.points.all or self.timeline.edits):
            return ()
        if not self.tested and not self.every_time:  # only hits that are known
            of = {bp.number: bp for bp in self.points.breakpoints}
            known = [(count.at, of[number]) for number, count in self.counts.items() if count.at is not None]
            return (sorted(known, key=lambda hit: hit[0]),)
        iterations = range(self.timeline.locate(low)[0], self.timeline.locate(high)[0] + 1)
        return self._back(iterations) if back else self._forward(iterations)

    def _stop(self, hits: Iterable[Hit], passed: Callable[[Hit], None]) -> Hit | None:
        """The first that stops, after what is only printed on the way and at its step."""
        stop: Hit | None = None
        for hit in hits:
            if stop is not None and hit[0] != stop[0]:
                break
            if hit[1].log:
                passed(hit)
            elif stop is None:
                stop = hit
        return stop

    def _forward(self, iterations: range) -> Iterable[int | list[Hit]]:
        before: Frame | None = None
        if self.looks_back and iterations and iterations[0] > 1:
            for _ in self.timeline.reach(iterations[0] - 1):
                yield iterations[0] - 1
            before = self.timeline.frame(iterations[0] - 1)
        for iteration in iterations:
            if self.tested:
                frame = self.timeline.kept(iteration)
                if frame is None:
                    for at in self.timeline.reach(iteration):
                        if at != iteration:  # others are computed on the way
                            yield iteration - 1
                    frame = self.timeline.frame(iteration)
                yield self._hits(iteration, frame, before)
                before = frame
            else:
                yield self._hits(iteration, None, None)
            yield iteration

    def _back(self, iterations: range) -> Iterable[int | list[Hit]]:
        high, run = iterations.stop - 1, 1
        while iterations and high >= iterations.start:
            low = max(iterations.start, high - run + 1)
            found: list[Hit] = []
            for hits in self._forward(range(low, high + 1)):
                if isinstance(hits, int):
                    yield high  # what lies before is not known yet
                else:
                    found += hits
            yield found
            yield low
            high, run = low - 1, min(2 * run, LONGEST_RUN)

    def _hits(self, iteration: int, frame: Frame | None, before: Frame | None) -> list[Hit]:
        """What holds in an iteration, in order. Each n-th hit that is new in it is counted."""
        edited = self.timeline.entered(iteration) if self.timeline.edits else frozenset()
        held = self.points.all if frame is None else self.points.hits(frame, before, edited)
        found: list[Hit] = []
        for point in held:
            step = self.timeline.step_at(iteration, point.index)
            count = self.counts.get(point.of.number)
            if count is None or count.at == step:
                found.append((step, point.of))
            elif count.at is None and iteration == count.through + 1:
                count.hits += 1
                if count.hits == point.of.hit:
                    count.at = step
                    found.append((step, point.of))
        for count in self.counts.values():
            if iteration == count.through + 1:
                count.through = iteration
        return found

    def _count(self, start: int) -> Generator[int, None, None]:
        """Count from where counting ended through the iteration of a step; the position stays as it is."""
        here = self.timeline.locate(start)[0]
        open_ = [count.through for count in self.counts.values() if count.at is None]
        if open_ and min(open_) < here:
            for hits in self._forward(range(min(open_) + 1, here + 1)):
                if isinstance(hits, int):
                    yield here
