"""csv files as tables. What is wrong with one is in tests/data/invalid."""

import os
from hashlib import sha256
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.scenario import ScenarioError, load, parse
from backprop_tui.scenario.data import csv_reader
from backprop_tui.scenario.data.csv_reader import read_csv
from backprop_tui.scenario.data.sample_table import Table, TableError
from backprop_tui.scenario.format import problem

DATA = Path(__file__).parents[2] / "data"


def table(text: str, **options: object) -> Table:
    return read_csv(text.encode(), "test.csv", **options)  # type: ignore[arg-type]


def problems(text: bytes | str) -> list[str]:
    with pytest.raises(TableError) as raised:
        read_csv(text.encode() if isinstance(text, str) else text, "test.csv")
    return [str(problem) for problem in raised.value.problems]


def test_classes_and_names() -> None:
    found = load(DATA / "valid" / "csv.toml")
    assert found.features == ("length", "the width, in cm")
    assert found.classes == ("setosa", "versicolor")  # sorted
    np.testing.assert_array_equal(found.network.x, [[1.4, 4.7, 4.5, 1.3], [0.2, 1.4, 1.5, 0.2]])
    np.testing.assert_array_equal(found.network.y, [[0, 1, 1, 0]])


def test_classes_in_the_order_that_the_scenario_lists() -> None:
    text = (DATA / "valid" / "csv.toml").read_text("utf-8")
    listed = text.replace('target = "kind"', 'target = "kind"\nclasses = ["versicolor", "setosa"]')
    found = parse(listed.encode(), "csv.toml", DATA / "valid" / "csv.toml")
    assert found.classes == ("versicolor", "setosa")
    np.testing.assert_array_equal(found.network.y, [[1, 0, 0, 1]])


def test_a_listed_class_may_be_nobodys() -> None:
    found = table("a,y\n1,red\n2,blue\n", classes=("blue", "green", "red"))
    assert found.classes == ("blue", "green", "red")
    assert found.targets.tolist() == [[2], [0]]


def test_numbers_of_a_file_without_a_header() -> None:
    found = load(DATA / "valid" / "csv-regression.toml")
    assert found.features == found.classes == ()
    np.testing.assert_array_equal(found.network.x, [[1.5, 2, 0.5], [3, 4, 1], [0, 1, 0]])
    np.testing.assert_array_equal(found.network.y, [[2.5, 3.25, 1]])


@pytest.mark.parametrize(
    ("text", "options", "features", "inputs", "targets"),
    [
        ("a,b,y\n1,2,3\n", {}, ("a", "b"), [[1, 2]], [[3]]),
        ("a,b,y\n1,2,3\n", {"target": "a"}, ("b", "y"), [[2, 3]], [[1]]),
        ("a,b,y\n1,2,3\n", {"target": 1}, ("a", "y"), [[1, 3]], [[2]]),
        ("a,b,y\n1,2,3\n", {"target": -2}, ("a", "y"), [[1, 3]], [[2]]),
        ("a,b,y\n1,2,3\n", {"target": ["y", 0]}, ("b",), [[2]], [[3, 1]]),
        ("1,2,3\n4,5,6\n", {}, (), [[1, 2], [4, 5]], [[3], [6]]),
        ("1,2,3\n4,5,6\n", {"header": True, "target": "2"}, ("1", "3"), [[4, 6]], [[5]]),
        ("a;b\n1.5;2\n", {}, ("a",), [[1.5]], [[2]]),
        ("a\tb\n1.5\t2\n", {}, ("a",), [[1.5]], [[2]]),
        (' a , "b, c" \r\n 1 ,2\r\n\r\n', {}, ("a", '"b'), None, None),  # quotes begin a cell, or are no quotes
        ('"a","b, c",y\r\n 1 ,2e1,"3"\r\n\r\n', {}, ("a", "b, c"), [[1, 20]], [[3]]),
        ("\ufeffa,y\n1,2", {}, ("a",), [[1]], [[2]]),
        ("a,y\r1,2\r", {}, ("a",), [[1]], [[2]]),
        (",y\n1,2\n", {}, ("",), [[1]], [[2]]),
    ],
)
def test_what_is_read(
    text: str,
    options: dict[str, object],
    features: tuple[str, ...],
    inputs: list[list[float]] | None,
    targets: list[list[float]] | None,
) -> None:
    if inputs is None:
        assert problems(text) == ["test.csv:2: has 2 columns, expected 3, as line 1 has"]
        return
    found = table(text, **options)
    assert found.features == features
    assert found.inputs.tolist() == inputs
    assert found.targets.tolist() == targets


def test_lines_are_counted_where_a_cell_or_a_gap_has_several() -> None:
    found = table('a,"b\nc",y\n\n1,2,3\n\n\n4,"5\n",6\n7,8,9\n')
    assert found.lines == [4, 7, 9]
    assert problems('a,"b\nc",y\n\n1,2,3\n\n\n4,"5\n",x\n7,8,nine\n') == [
        "test.csv:7: column 'y': 'x' is not a number",
        "test.csv:9: column 'y': 'nine' is not a number",
    ]


def test_a_word_among_numbers_is_no_class() -> None:
    assert problems("a,y\n1,2\n1,two\n") == ["test.csv:3: column 'y': 'two' is not a number"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "test.csv: has no rows"),
        ("a,y\n", "test.csv: has a header and no rows"),
        (b"a,y\n1,\xff\n", "test.csv:2: is not UTF-8; save it as that"),
        ("a,y\n1,2\n".encode("utf-16"), "test.csv:1: is not UTF-8; save it as that"),
        (b"x" * (32 * 2**20 + 1), "test.csv: is larger than 32 MiB"),
        (b"a,y\n1,2\n" + b"\n" * 2_000_000, "test.csv: has more than 2,000,000 lines"),
        (b"a,y\r1,2\r" + b"\r" * 2_000_000, "test.csv: has more than 2,000,000 lines"),
        (b"1," * 1_000_000 + b"1", "test.csv:1: has more than 1,000,000 columns"),
        ("a,y\n1," + "2" * 200_000, "test.csv:2: a cell has more than 131,072 characters"),
        ("a,y\n1,1e999\n", "test.csv:2: column 'y': '1e999' is not a finite number"),
        ("a,y\n,2\n", "test.csv:2: column 'a': is empty, expected a number"),
        ('a,y\n"1"2,3\n', "test.csv:2: ',' expected after '\"'"),
        ('a,y\n1,2\n3,"4\n5,6\n', "test.csv:3: a quote is opened and never closed"),
        ("a,y\n1,yes\n2,nan\n3,no\n", "test.csv:3: column 'y': 'nan' is not a class"),
        ("a,y\n1,2\n2,nan\n", "test.csv:3: column 'y': 'nan' is not a finite number"),
        (
            "a y\n1 2\n",
            (
                "test.csv: has 1 column, expected inputs beside the target "
                "(cells are separated by commas, semicolons or tabs)"
            ),
        ),
    ],
)
def test_one_line_says_what_is_wrong(text: bytes | str, said: str) -> None:
    assert problems(text) == [said]


def test_a_file_that_is_wrong_everywhere_has_a_screenful_of_problems() -> None:
    text = "a,y\n" + "x,1\n" * 100_000
    with pytest.raises(ScenarioError) as raised:
        _load_beside(text.encode())
    lines = str(raised.value).splitlines()
    assert len(lines) == 51
    assert lines[0] == "points.csv:2: column 'a': 'x' is not a number"
    assert lines[-1] == "points.csv: and 99,950 more"


def test_so_many_wrong_cells_are_not_counted_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(csv_reader, "MANY", 100)
    monkeypatch.setattr(problem, "MANY", 100)
    monkeypatch.setattr(csv_reader, "_is_finite", tried.append)  # which says None: that it is not
    with pytest.raises(ScenarioError) as raised:
        _load_beside(b"a,y\n" + b"x,1\n" * 100_000)
    assert str(raised.value).splitlines()[-1] == "points.csv: and at least 100 more"
    assert len(tried) < 500


def _load_beside(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "points.csv").write_bytes(data)
        text = (
            (DATA / "valid" / "csv.toml").read_text("utf-8").replace('"flowers.csv"\ntarget = "kind"', '"points.csv"')
        )
        parse(text.encode(), "x.toml", Path(folder) / "x.toml")


def test_a_hundred_thousand_rows_are_loaded() -> None:
    rows = np.random.default_rng(0).normal(size=(100_000, 5)).round(4)
    text = "a,b,c,d,y\n" + "\n".join(",".join(map(str, row)) for row in rows.tolist())
    began = process_time()
    found = table(text)
    print(f"100,000 rows of 5 in {process_time() - began:.2f} s")
    np.testing.assert_array_equal(found.inputs, rows[:, :4])
    np.testing.assert_array_equal(found.targets, rows[:, 4:])


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_table_or_say_why_not(data: bytes) -> None:
    try:
        found = read_csv(data, "test.csv")
    except TableError:
        said = problems(data)
        assert said
        assert "".join(said).isprintable()
    else:
        assert np.isfinite(found.inputs).all()
        assert len(found.inputs) == len(found.targets) == len(found.lines) >= 1
        assert "".join((*found.features, *found.classes)).isprintable()


@given(
    st.lists(
        st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2, st.text("ab\"',;\n \t", min_size=1)),
        min_size=1,
        max_size=6,
    ).filter(lambda rows: all(text.strip() for *_, text in rows))
)
def test_what_the_csv_module_writes_is_read_back(rows: list[tuple[float, float, str]]) -> None:
    import csv
    from io import StringIO

    stream = StringIO(newline="")
    csv.writer(stream).writerows([("one", "two", "three"), *rows])
    found = table(stream.getvalue())
    assert found.inputs.tolist() == [[one, two] for one, two, _ in rows]
    labels = found.targets[:, 0].astype(int)
    assert len(found.classes) == len({text.strip() for *_, text in rows})
    order = sorted({text.strip() for *_, text in rows})
    assert [order[label] for label in labels] == [text.strip() for *_, text in rows]


def test_a_path_starts_from_the_scenarios_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    for name in ("csv.toml", "flowers.csv"):
        (tmp_path / "there" / name).write_bytes((DATA / "valid" / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    found = load("there/csv.toml")
    assert found.beside == Path("there/flowers.csv")
    Path("there/flowers.csv").write_text("a,b,kind\n1,2,red\nx,2,blue\n", "utf-8")
    with pytest.raises(ScenarioError) as raised:
        load("there/csv.toml")
    assert str(raised.value) == "there/flowers.csv:3: column 'a': 'x' is not a number"


def test_the_digest_is_of_both_files(tmp_path: Path) -> None:
    for name in ("csv.toml", "flowers.csv"):
        (tmp_path / name).write_bytes((DATA / "valid" / name).read_bytes())
    before = load(tmp_path / "csv.toml").digest
    content = (tmp_path / "flowers.csv").read_bytes()
    assert before == sha256((tmp_path / "csv.toml").read_bytes() + sha256(content).digest()).hexdigest()
    (tmp_path / "flowers.csv").write_bytes(content.replace(b"1.4", b"1.5", 1))
    assert load(tmp_path / "csv.toml").digest != before


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "flowers.csv")
    text = (DATA / "valid" / "csv.toml").read_bytes()
    with pytest.raises(ScenarioError, match=r"'flowers\.csv' is not a file"):
        parse(text, "x.toml", tmp_path / "x.toml")
