"""What a run draws follows from its seed alone; --all takes the rest too."""

from pathlib import Path

import pytest

from tests import sampled
from tests.sampled import is_exhaustive
from tests.tools.test_no_skips import run_pytest

TABLE = [*"abcdefghijklmnopqrstuvwxyz"]
CODE = """
import pytest
from tests.sampled import some

@pytest.mark.parametrize("number", some(range(100), 3))
def test_drawn(number): ...
@pytest.mark.exhaustive
def test_long(): ...
"""


def test_the_same_seed_draws_the_same_rows_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "everything", False)
    drawn = []
    for seed in (1, 2, 1):
        monkeypatch.setattr(sampled, "seed", seed)
        drawn.append(sampled.some(TABLE, 5))
    assert drawn[0] == drawn[2] != drawn[1]
    assert all(found == sorted(found) and len({*found}) == 5 for found in drawn)
    assert sampled.some(TABLE, 99) == TABLE


def test_with_everything_the_others_are_there_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "seed", 1)
    monkeypatch.setattr(sampled, "everything", False)
    drawn = sampled.some(TABLE, 5)
    monkeypatch.setattr(sampled, "everything", True)
    rows = sampled.some(TABLE, 5)
    assert [row for row in rows if not is_exhaustive(row)] == drawn
    assert [row.values[0] if is_exhaustive(row) else row for row in rows] == TABLE
    assert sampled.drawn(TABLE, 5) == drawn
    few = sampled.some(TABLE, 5, most=8)
    assert len(few) == 8
    assert [row for row in few if not is_exhaustive(row)] == drawn
    grid = sampled.crossed(2, "ab", (1, 2, 3))
    assert [row.values for row in grid] == [(letter, number) for letter in "ab" for number in (1, 2, 3)]
    assert [is_exhaustive(row) for row in grid].count(False) == 2


def test_no_example_depends_on_what_is_imported() -> None:
    from hypothesis.internal.conjecture import providers

    import backprop_tui.engine.tables.activations  # noqa: F401 - full of constants

    assert not len(providers._get_local_constants())


def test_with_everything_rows_begin_at_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "seed", 27)
    for everything, first in ((False, "a"), (True, "b")):
        monkeypatch.setattr(sampled, "everything", everything)
        assert sampled.rotated(TABLE)[0] == first
        assert sorted(sampled.rotated(TABLE)) == TABLE
    assert sampled.rotated([]) == []


@pytest.mark.parametrize(("options", "line"), [((), "3 passed, 1 deselected"), (("--all",), "101 passed")])
def test_the_options(tmp_path: Path, options: tuple[str, ...], line: str) -> None:
    marker = "-oaddopts=", "-omarkers=exhaustive", f"-opythonpath={Path(__file__).parents[2]}"
    status, closing_line = run_pytest(tmp_path, CODE, "--seed", "7", *options, *marker, "-p", "no:cacheprovider")
    assert status == pytest.ExitCode.OK
    assert line in closing_line
