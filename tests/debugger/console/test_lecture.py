"""Lectures: files of commands with pauses, tried before they run, and gone through forwards and back."""

from pathlib import Path

import pytest

from backprop_tui.debugger.console.command import LineError, Typed
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.console.lecture import Lecture
from backprop_tui.debugger.console.snapshot import Snapshot
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.sessions.session import saved_of
from backprop_tui.scenario import load
from backprop_tui.scenario.library import find_lecture, folder, lectures


def session(scenario: str = "article") -> LineSession:
    return LineSession(Debugger(load(scenario)), WORDS)


def lecture(text: str) -> Lecture:
    lines = [Typed(line, f"own.demo:{row}") for row, line in enumerate(text.splitlines(), 1)]
    return Lecture("own.demo", lines, WORDS)


def back_at(snapshot: Snapshot, s: LineSession) -> None:
    s.debugger.travel.arrive(snapshot.restoring(s.debugger).finish())


def gone_through(own: Lecture, s: LineSession) -> list[str]:
    """Where each pause leads."""
    found = []
    while (part := own.on()) is not None:
        back_at(own.here, s)
        for typed in part.lines:
            s.run(typed.text)
        own.arrived(s.debugger, {})
        found.append(f"{s.debugger.branches.current.name} {s.debugger.position}")
    return found


def test_parts_pauses_and_remarks() -> None:
    own = lecture("# first of all\nn 2\npause two steps\n# say this\n# and that\nn\n\n# in between\npause\nn 3\n")
    assert [[typed.text for typed in part.lines] for part in own.parts] == [["n 2"], ["n"], ["n 3"]]
    assert [part.title for part in own.parts] == ["two steps", "", ""]
    assert own.waits
    own.begin(Debugger(load("article")), {})
    assert [*own.remarks] == ["first of all"]
    own.arrived(Debugger(load("article")), {})
    assert own.title == "two steps"
    assert [*own.remarks] == ["say this", "and that", "in between"]
    assert not lecture("n\nn").waits


def test_it_replays_the_same_whatever_was_done_meanwhile() -> None:
    s = session()
    own = lecture("n 2\npause\nset W2[0,0] = 1\nn\npause\nb delta2\nc\npause\nswitch main\nn\n")
    own.begin(s.debugger, {})
    first = gone_through(own, s)
    kept = saved_of(s.debugger)
    own.begin(s.debugger, {})
    s.run("goto 1:L ;; set W1[0,0] = 7 ;; b L ;; display loss ;; mark a")
    assert gone_through(own, s) == first == ["main 1:h1", "branch-1 1:z2", "branch-1 1:delta2", "main 1:dL_dW2"]
    assert saved_of(s.debugger) == kept


def test_back_is_where_a_pause_was_reached_without_what_came_after() -> None:
    s = session()
    own = lecture("display loss\nn 2\npause\nset W2[0,0] = 1\nn\nb L\nmistake updates-first\nselect z2\npause\n")
    own.begin(s.debugger, {})
    gone_through(own, s)
    own.done = 2  # at the second pause, of which nothing has happened yet on the copy
    snapshot = own.back()
    assert snapshot is not None
    back_at(snapshot, s)
    debugger = s.debugger
    assert (debugger.position, len(debugger.branches), len(debugger.breakpoints)) == ("1:h1", 1, 0)
    assert (debugger.beside, debugger.selection, len(debugger.watches)) == (None, None, 1)
    assert debugger["W2"].tolist() == [[0.5, -1]]
    assert own.back() is None  # that was the first


def test_a_snapshot_keeps_the_element_and_the_sample() -> None:
    debugger = Debugger(load("xor"))
    debugger.seek("2:z1")
    debugger.into(3)
    debugger.show_sample(2)
    snapshot = Snapshot.of(debugger)
    place = debugger.step, debugger.element, debugger.sample
    debugger.seek(0)
    debugger.show_sample(0)
    debugger.travel.arrive(snapshot.restoring(debugger).finish())
    assert (debugger.step, debugger.element, debugger.sample) == place
    assert not snapshot.is_untouched
    assert Snapshot.of(Debugger(load("xor"))).is_untouched


def test_all_bad_lines_are_told_with_their_place_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "bad.demo"
    file.write_text("n 3\npuase\ngoto 1:delta7\nset W1[9,9] = 1\npause\nb L ;; nxt\n# c\nprint W9\nsave /nowhere\n")
    s = session()
    with pytest.raises(LineError) as error:
        s.run(f"source {file}")
    assert str(error.value).splitlines() == [
        f"{file}:2: there is no command 'puase' (did you mean pause?)",
        f"{file}:3: there is no operation 'delta7' (did you mean delta2?)",
        f"{file}:4: W1 is 2×3, and indices count from 0",
        f"{file}:6: there is no command 'nxt' (did you mean next?)",
        f"{file}:8: there is no variable 'W9'",
    ]
    assert (s.debugger.step, len(s.debugger.breakpoints)) == (0, 0)


def test_what_depends_on_lines_before_is_tried_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "own.demo"
    file.write_text("goto 1:z2\nset W2[0,0] = 1\nrename mine\npause\nswitch main\nswitch mine\nc\n")
    s = session()
    s.run(f"source {file}")
    assert s.debugger.branches.current.name == "mine"
    s.debugger.seek(0)
    lines = tmp_path / "lines"
    lines.write_text("switch mine\nrename yours\n")  # without pauses it goes on from where somebody is
    s.run(f"source {lines}")
    assert s.debugger.branches.current.name == "yours"


def test_files_that_read_one_another(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text(f"n\nsource {two}\nn\n")
    two.write_text("n 2\npause\nnxt\n")
    s = session()
    with pytest.raises(LineError, match=rf"{two}:3: there is no command 'nxt'"):
        s.run(f"source {one}")
    two.write_text(f"source {one}\n")
    with pytest.raises(LineError, match="reads itself"):
        s.run(f"source {one}")
    with pytest.raises(LineError, match="no such file"):
        s.run(f"source {tmp_path / 'none'}")


def test_bundled_lectures_are_found_by_name() -> None:
    assert "article.demo" in lectures()
    assert find_lecture("article") == find_lecture("article.demo") == folder() / "article.demo"
    assert find_lecture("nope") is None


@pytest.mark.parametrize("name", lectures())
def test_bundled_lectures_run_and_say_what_is_so(name: str) -> None:
    s = session(name.removesuffix(".demo"))
    s.run(f"source {name}")
    own = Lecture(name, [Typed(line) for line in (folder() / name).read_text("utf-8").splitlines()], WORDS)
    assert len(own.parts) > 10
    assert all(part.remarks for part in own.parts[:-1])
    assert all(0 < len(part.title) < 72 for part in own.parts[:-1])
    own.begin(s.debugger, {})
    assert own.trying(s).finish().text == ""
    assert own.wrong == []


def test_the_article_in_ten_minutes() -> None:
    s = session()
    own = Lecture(
        "article.demo", [Typed(line) for line in (folder() / "article.demo").read_text("utf-8").splitlines()], WORDS
    )
    own.begin(s.debugger, {})
    positions = gone_through(own, s)
    assert positions[:6] == [f"main {at}" for at in ("start", "1:z1", "1:h1", "1:y_hat", "1:L", "1:dL_dy_hat")]
    assert positions[12] == "branch-1 1:L"
    assert own.reached[13].step == 5
    losses = s.debugger.series("L", 8)
    assert [f"{loss:.2f}" for loss in losses[:4]] == ["1.46", "1.08", "0.86", "0.72"]
    s.debugger.seek("8:h1")
    assert s.debugger["h1"].tolist() == [[0], [0]]
    beside = s.debugger.vary("optimizer.name=adam")
    assert [beside.b.frame(iteration)["z1"][1, 0] > 0 for iteration in (4, 5)] == [True, False]
    text = " ".join(remark for part in own.parts for remark in part.remarks)
    for number in ("0.2315", "1.4633", "−4.32", "0.1779", "−0.7685", "−1.0759", "0.6858", "1.0792", "1.4710"):
        assert number in text
