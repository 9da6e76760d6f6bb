"""Sessions: what is saved comes back to the last bit, and what is damaged is refused whole."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.state_file import LARGEST
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.sessions import session
from backprop_tui.debugger.sessions.session_file import (
    SESSION,
    Saved,
    SavedBranch,
    SavedEdit,
    SavedScenario,
    SessionError,
)
from backprop_tui.debugger.whatif.branches import MOST_BRANCHES, MOST_EDITS
from backprop_tui.scenario import load
from tests.debugger.scenarios import article, state


def used() -> Debugger:
    """A debugger with something of everything."""
    debugger = Debugger(article(5))
    debugger.seek("2:L")
    debugger.assign("W2[0,1]", 0.1 + 0.2)
    debugger.seek("3:h1")
    debugger.assign("h[1]", 1 / 3)
    debugger.rerun()
    debugger.assign("eta", 1e-300)
    debugger.branches.rename("branch-1", "mine")
    debugger.breakpoints.add("delta1", when="abs(delta1).max() < 1e-6")
    debugger.breakpoints.add_change("W1[0,1]")
    debugger.watches.add("W1[0,1] * 2")
    debugger.view = {"digits": 6}
    debugger.marks.add("a", 7)
    debugger.selection = Address("W1", (0, 1))
    return debugger


def told(debugger: Debugger) -> Any:
    return (
        state(debugger),
        list(debugger.branches),
        debugger.branches.current,
        debugger.breakpoints.to_plain(),
        debugger.watches.to_plain(),
        dict(debugger.marks.items()),
        debugger.selection,
        debugger.view,
    )


def test_what_is_saved_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    debugger = used()
    path = session.save(debugger, tmp_path / "new" / "s.json")
    again = Debugger(article(5))
    assert session.load(again, path) == session.Loaded(debugger.step)
    assert told(again) == told(debugger)
    for branch in debugger.branches:
        debugger.switch(branch.name)
        again.switch(branch.name)
        assert state(again) == state(debugger)
    assert [found.name for found in path.parent.iterdir()] == ["s.json"]


def test_a_debugger_saves_loads_finds_and_gathers() -> None:
    debugger = used()
    path = debugger.save()
    assert path == session.default_path(debugger.scenario)
    again = Debugger(article(5))
    assert again.load().step == debugger.step
    assert told(again) == told(debugger)
    again.seek(1)
    assert (again.find("relu"), again.find("z₁", back=True), again.find("nowhere")) == (2, None, None)
    losses = debugger.series("loss", 4)
    assert losses.tolist() == [float(debugger.timeline.frame(at).at_end("L")) for at in (1, 2, 3, 4)]


def test_saving_a_loaded_session_writes_the_same_file(tmp_path: Path) -> None:
    first = session.save(used(), tmp_path / "a.json")
    again = Debugger(article(5))
    session.load(again, first)
    assert session.save(again, tmp_path / "b.json").read_bytes() == first.read_bytes()


def test_the_matrix_of_a_stack_that_is_shown_is_shown_again(tmp_path: Path) -> None:
    debugger = Debugger("multi-head-attention")
    debugger.seek("1:a")
    debugger.show_sample(1)
    debugger.focus.show_further("a", debugger["a"].shape, 1)
    again = Debugger("multi-head-attention")
    session.load(again, session.save(debugger, tmp_path / "s.json"))
    assert again.focus.shown == {"head": 1, "sample": 1} == debugger.focus.shown
    assert again.moment().matrix_of("a", again["a"].shape) == (1, 1)


def edited(at: str, address: str) -> dict[str, Any]:
    """A branch with an edit, as it stands in a file."""
    return {"name": "a", "parent": "main", "edits": [{"at": at, "address": address, "value": 1}]}


CHANGES: list[tuple[str, Any, str]] = [
    ("version", 2, "a newer"),
    ("version", 0, "another"),
    ("kind", "else", "not a session"),
    ("scenario", {"name": "xor", "digest": "0"}, "it is of xor"),
    ("branch", "nowhere", "no branch"),
    ("position", "-1", "no operation"),
    ("position", str(10**15), "too far"),
    ("position", "3:nope", "no operation 'nope'"),
    ("view", {"digits": "x"}, "damaged"),
    ("shown", {"sample": -1}, "damaged"),
    ("selection", "Q[1]", "no variable"),
    ("marks", {"long name": "3"}, "mark"),
    ("marks", {"a": "1:nope"}, "no operation 'nope'"),
    ("watches", ["nobody + 1"], "nobody"),
    ("watches", [f"L + {number}" for number in range(1001)], "1,000 watches already"),
    ("breakpoints", [{"name": "nobody", "number": 1}], "nobody"),
    ("branches", [{"name": "a b", "parent": "main", "edits": []}], "name"),
    ("branches", [{"name": "a", "parent": "b", "edits": []}], "no branch"),
    (
        "branches",
        [{"name": "a", "parent": "main", "edits": [{"at": "1:z1", "address": "L", "value": 1}]}],
        "no value yet",
    ),
    (
        "branches",
        [{"name": "a", "parent": "main", "edits": [{"at": "1:z1", "address": "W1", "value": 1}]}],
        "say which",
    ),
    (
        "branches",
        [{"name": "a", "parent": "main", "edits": [{"at": "start of x", "address": "L", "value": 1}]}],
        "not an iteration",
    ),
    ("extra", 1, "damaged"),
]


@pytest.mark.parametrize(("key", "value", "why"), CHANGES)
def test_what_does_not_fit_is_refused_in_one_line_and_nothing_is_loaded(
    key: str, value: Any, why: str, tmp_path: Path
) -> None:
    path = session.save(used(), tmp_path / "s.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    refused(path, why)


def test_of_a_changed_scenario_what_fits_is_taken_up_and_the_rest_told(tmp_path: Path) -> None:
    debugger = used()
    debugger.breakpoints.add("L", when="norm(dL_dW2) > 1")
    debugger.watches.add("x[2]")
    path = session.save(debugger, tmp_path / "s.json")
    other = msgspec.structs.replace(debugger.scenario, content=b"another", network=load("xor").network)
    again = Debugger(other)
    loaded = session.load(again, path)
    assert loaded.changed
    assert loaded.lost == ("the watch x[2]",)
    assert [bp.typed for bp in again.breakpoints] == [bp.typed for bp in debugger.breakpoints]
    assert [branch.name for branch in again.branches] == [branch.name for branch in debugger.branches]
    assert again.position == debugger.position
    assert dict(again.marks.items()) == {"a": 7}


def refused(path: Path, why: str = ".") -> None:
    debugger = Debugger(article(5))
    debugger.seek("1:delta2")
    debugger.marks.add("z", 3)
    before = told(debugger)
    with pytest.raises(SessionError, match=why) as found:
        session.load(debugger, path)
    assert "\n" not in str(found.value)
    assert told(debugger) == before


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_truncated_or_garbled_file_never_half_loads(tmp_path: Path, data: st.DataObject) -> None:
    path = session.save(used(), tmp_path / "s.json")
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 3))
    path.write_bytes(data.draw(st.sampled_from([whole[:cut], whole[:cut] + b"\xff\x00" + whole[cut:], b"[" * cut])))
    refused(path)


def test_a_session_of_as_many_branches_as_there_can_be_is_taken_up() -> None:
    debugger, last = Debugger(article()), MOST_BRANCHES - 2  # the first is main
    found = ((f"b{number}", f"b{number - 1}" if number else "main", ()) for number in range(last + 1))
    branches = debugger.branches.restored(found, f"b{last}")
    assert branches.current.parent == f"b{last - 1}"
    assert len(branches) == MOST_BRANCHES


def test_a_session_of_as_many_edits_as_there_can_be_is_not_too_large(tmp_path: Path) -> None:
    edit = SavedEdit("1000000:dL_dbeta10", "beta10[100,100,100]", -1.2345678901234567e-300)
    branches = [SavedBranch("x" * 40, "y" * 40, [edit] * MOST_EDITS)] * MOST_BRANCHES
    scenario = SavedScenario("article", "0" * 64)
    saved = Saved(SESSION.kind, SESSION.version, scenario, "main", "start", None, {}, [], [], branches)
    SESSION.write(tmp_path / "s.json", saved)
    assert SESSION.read(tmp_path / "s.json") == saved
    assert (tmp_path / "s.json").stat().st_size < LARGEST / 2


OTHERS = [b"", b"null", b"[]", b"3", b'"x"', b"{}", b'{"kind": 3}', b"\xff", b" " * (LARGEST + 1)]


@pytest.mark.parametrize("data", OTHERS, ids=range(len(OTHERS)))
def test_other_files_are_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(data)
    refused(path)


def test_there_is_no_session_where_there_is_no_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.json", "no such session")
    refused(tmp_path)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = session.save(used(), tmp_path / "s.json")
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SessionError, match="No space"):
        session.save(used(), path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["s.json"]


def test_its_default_place_is_that_of_the_scenario() -> None:
    scenario = article()
    assert session.default_path(scenario) == session.default_path(article(9))
    assert session.default_path(scenario).name.startswith("article-")
    with pytest.raises(SessionError, match="has no file"):
        session.default_path(msgspec.structs.replace(scenario, path=None, content=b""))
