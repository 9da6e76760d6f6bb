"""The score is kept between sessions, whole or not at all; what is no score is left as it is."""

import json
from pathlib import Path

import pytest

from backprop_tui.debugger.quiz.score import TWICE, KeptScore, Score, Tally, default_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "score.json"


def test_it_comes_back(path: Path) -> None:
    score = KeptScore(path)
    score.add("loss", "wrong", 0.5, 2)
    score.add("loss", "first", 1.0, 1)
    score.add("update", "hinted", 0.75, 2)
    again = KeptScore(path)
    assert again.problem == ""
    assert again.tallies == score.tallies
    assert again["loss"] == Tally(asked=2, first=1, wrong=1, credit=1.5, level=2, again=1)
    assert again["weighted sum"] == Tally()


def test_two_sessions_count_both(path: Path) -> None:
    one, other = KeptScore(path), KeptScore(path)
    one.add("loss", "first", 1.0, 2)
    other.add("loss", "first", 1.0, 2)
    assert KeptScore(path)["loss"].asked == 2


def test_a_crash_in_the_middle_leaves_the_old_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    score = KeptScore(path)
    score.add("loss", "first", 1.0, 2)
    before = path.read_bytes()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("os.fsync", "pathlib.Path.replace"):
        with monkeypatch.context() as patch:
            patch.setattr(name, crash)
            with pytest.raises(KeyboardInterrupt):
                score.add("loss", "wrong", 0.0, 2)
        assert path.read_bytes() == before
        assert [file.name for file in path.parent.iterdir()] == ["score.json"]
    assert KeptScore(path)["loss"].asked == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[1]",
        "null",
        '{"kind": "backprop-tui session", "version": 1}',
        '{"kind": "backprop-tui score", "version": 2, "kinds": {}}',
        '{"kind": "backprop-tui score", "version": 1, "kinds": {"loss": {"asked": -1}}}',
        '{"kind": "backprop-tui score", "version": 1, "kinds": {"loss": {"level": 9}}}',
        '{"kind": "backprop-tui score", "version": 1, "kinds": {"loss": {"credit": "x"}}}',
        '{"kind": "backprop-tui score", "version": 1, "kinds": {}, "more": 1}',
        "\udcff",
        "[" * 100_000,
    ],
)
def test_what_is_no_score_is_refused_and_left_alone(path: Path, content: str) -> None:
    path.parent.mkdir()
    data = content.encode("utf-8", "surrogateescape")
    path.write_bytes(data)
    score = KeptScore(path)
    assert score.problem.startswith("the score is not kept: ")
    assert score.problem.isprintable()
    score.add("loss", "first", 1.0, 2)
    assert score["loss"].asked == 1  # in this session
    assert path.read_bytes() == data


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    score = KeptScore(tmp_path / "file" / "score.json")
    score.add("loss", "first", 1.0, 2)
    assert "the score is not kept" in score.problem
    assert score["loss"].asked == 1


def test_it_is_where_the_system_has_such_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    KeptScore().add("loss", "first", 1.0, 2)
    found = json.loads(default_path().read_text("utf-8"))
    assert (found["kind"], found["version"]) == ("backprop-tui score", 1)
    assert found["kinds"]["loss"]["asked"] == 1
    assert tmp_path in default_path().parents


def test_what_to_practise() -> None:
    score = Score()
    for _ in range(3):
        score.add("loss", "first", 1.0, 2)
        score.add("update", "wrong", 0.0, 2)
        score.add("hidden delta", "hinted", 0.5, 2)
    assert score.to_practise == ["hidden delta", "update"]
    assert score.summary() == (
        "9 questions: 3 right first time, 3 with hints, 3 wrong; to practise: hidden delta, update"
    )
    assert score.lines()[0] == "loss          3 of 3 right first time"
    for _ in range(TWICE):
        score.add("update", "first", 1.0, 2)
    assert score["update"].again == 0
