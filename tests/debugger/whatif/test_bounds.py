"""What a session keeps has a bound, however long it is used: the iterations, branches, undo, predictions."""

import random
import sys
from collections.abc import Callable
from subprocess import run
from types import SimpleNamespace
from typing import cast

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.quiz.prediction import Prediction
from backprop_tui.debugger.quiz.progress import KEPT, Track
from backprop_tui.debugger.whatif import branches
from backprop_tui.debugger.whatif.branches import MOST_BRANCHES, MOST_EDITS, MOST_UNDONE
from backprop_tui.debugger.whatif.edits import EditError
from backprop_tui.engine.timeline import frame_store
from backprop_tui.engine.timeline.timeline import CHECKPOINT_BYTES, RECENT_BYTES
from backprop_tui.scenario import load
from tests.debugger.whatif.replay import replay

MEGABYTE = 1_000_000
PROGRAM = 150 * MEGABYTE  # Python, NumPy, the scenario and all that is made once


def soak(debugger: Debugger, count: int, seed: int) -> None:
    """So many steps, seeks, edits, changes of branches and what takes them back, at random."""
    chance, names = random.Random(seed), list(debugger.program.parameters)
    debugger.watches.add("loss")

    def edit() -> None:
        name = chance.choice(names)
        at = ",".join(str(chance.randrange(extent)) for extent in debugger.program.shapes[name])
        debugger.assign(f"{name}[{at}]", chance.uniform(-1, 1))

    doings: dict[Callable[[], object], int] = {
        lambda: debugger.advance(chance.choice((1, 1, 7, 50))): 40,
        lambda: debugger.rewind(chance.choice((1, 1, 9))): 20,
        lambda: debugger.seek(chance.randrange(40 * debugger.timeline.length)): 6,
        edit: 20,
        debugger.undo: 4,
        debugger.redo: 2,
        debugger.rerun: 2,
        lambda: debugger.switch(chance.choice([branch.name for branch in debugger.branches])): 6,
    }
    for _ in range(count):
        try:
            chance.choices([*doings], [*doings.values()])[0]()
        except EditError:
            continue
        debugger.moment().value("L")


def check(debugger: Debugger) -> None:
    """That all that is kept is within its bounds."""
    kept, found = debugger.timeline.store, debugger.branches
    arrays = {id(value): value.nbytes for frame in kept.recent.values() for value in frame.values()}
    assert sum(arrays.values()) <= RECENT_BYTES
    assert len(kept.recent) <= kept.most_recent
    assert len(kept.checkpoints) <= kept.most_checkpoints
    assert len(kept.editions) <= frame_store.MOST_EDITIONS
    assert len(found) <= MOST_BRANCHES
    assert len(found._done) + len(found._undone) <= MOST_UNDONE
    lineages = sum(len(branch.edits) for branch in found)
    assert len(kept._lineages) <= lineages
    assert len(kept.furthest) <= lineages + 1


def test_a_soak_stays_within_bounds_and_is_right() -> None:
    debugger = Debugger(load("article"))
    soak(debugger, 700, seed=1)
    check(debugger)
    iterations = min(3, debugger.iteration)
    steps = iterations * debugger.timeline.length
    for step, (values, _) in zip(
        range(steps + 1), replay(debugger.program, debugger.timeline.edits, iterations), strict=True
    ):
        debugger.seek(step)
        moment = debugger.moment()
        for name in debugger.program.by_name:
            if (value := moment.value(name)) is not None:
                assert value.tobytes() == values[name].tobytes()


def test_the_oldest_branch_goes_and_what_came_from_it_comes_from_its_parent() -> None:
    debugger = Debugger(load("article"))
    debugger.advance()
    for number in range(MOST_BRANCHES - 1):
        debugger.assign("W1[0,0]", number)
        debugger.advance()
    assert len(debugger.branches) == MOST_BRANCHES
    assert debugger.branches["branch-2"].parent == "branch-1"
    edits = debugger.branches["branch-2"].edits
    debugger.assign("W1[0,0]", -1.0)
    assert len(debugger.branches) == MOST_BRANCHES
    first = next(iter(debugger.branches))
    second = debugger.branches["branch-2"]
    assert (first.name, second.parent, second.edits) == ("main", "main", edits)
    debugger.undo()
    assert debugger.branches["branch-1"].edits == edits[:1]  # undo has it


def test_a_branch_has_only_so_many_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_EDITS == 1000
    monkeypatch.setattr(branches, "MOST_EDITS", 3)
    debugger = Debugger(load("article"))
    for number in range(3):
        debugger.advance()
        debugger.assign("W1[0,0]", number)
    before = debugger.branches.snapshot
    debugger.advance()
    with pytest.raises(EditError, match="branch-3 has 3 edits, which is as many as there can be"):
        debugger.assign("W1[0,0]", 4)
    assert debugger.branches.snapshot is before


def test_a_session_with_too_many_branches_is_refused() -> None:
    found = Debugger(load("article")).branches
    many = [(f"b{number}", "main", ()) for number in range(MOST_BRANCHES)]
    assert len(found.restored(many[1:], "main")) == MOST_BRANCHES
    with pytest.raises(EditError, match="there can be 100 branches"):
        found.restored(many, "main")


def test_a_lineage_that_is_no_more_has_no_number_and_none_is_used_twice() -> None:
    debugger = Debugger(load("article"))
    debugger.advance()
    debugger.assign("W1[0,0]", 1)
    first = debugger.timeline.lineages[-1]
    debugger.undo()
    assert not debugger.timeline.store._lineages
    debugger.assign("W1[0,0]", 2)
    assert debugger.timeline.lineages[-1] > first


def test_only_the_last_predictions_are_kept() -> None:
    track = Track(0)
    for step in (*range(KEPT + 5), KEPT):
        track.keep(cast("Prediction", SimpleNamespace(question=SimpleNamespace(step=step))))
    assert [*track.closed] == [*range(5, KEPT), *range(KEPT + 1, KEPT + 5), KEPT]


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", ["article", "digits", "spirals"])
def test_a_hundred_thousand_moves_stay_under_the_bound(scenario: str) -> None:
    code = (  # the peak is the process's own: ru_maxrss would be its parent's, where that is larger
        "from tests.debugger.whatif.test_bounds import check, soak;"
        "from backprop_tui.debugger.debugger import Debugger; from backprop_tui.scenario import load;"
        f"debugger = Debugger(load('{scenario}')); soak(debugger, 100_000, seed=2); check(debugger);"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 < PROGRAM + RECENT_BYTES + CHECKPOINT_BYTES
