"""Whatever a file holds, loading it ends in a scenario or in a ScenarioError of clean lines."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.scenario import ScenarioError, parse

FOLDER = Path(__file__).parents[1] / "data"
FILES = [path.read_bytes() for path in sorted(FOLDER.rglob("*.toml")) if path.stat().st_size < 4000]
FILES.append((FOLDER.parents[1] / "scenarios" / "article.toml").read_bytes())
TOKENS = sorted({token for file in FILES for token in file.split()})
SPLICES = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(TOKENS),
    st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"-1", b"0", b"1e400", b"nan", b"[]", b"{}", b"[[1]]", b"true", b'""', b"1979-05-27", b"0xff", b"\n"]
    ),
)


def load(data: bytes) -> None:
    try:
        parse(data, "x.toml")
    except ScenarioError as error:
        said = str(error)
    else:
        return
    assert said
    for line in said.split("\n"):
        assert line.startswith("x.toml")
        assert line.isprintable()


@given(st.sampled_from(FILES), st.data())
def test_a_mutated_file(file: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(file)))
        length = data.draw(st.sampled_from([0, 1, 2, 5, 20]))
        file = file[:start] + data.draw(SPLICES) + file[start + length :]
    load(file)


@given(st.sampled_from(FILES), st.data())
def test_a_file_with_other_values(file: bytes, data: st.DataObject) -> None:
    """Mutations that keep the syntax, so that they get further."""
    lines = file.split(b"\n")
    places = [place for place, line in enumerate(lines) if b" = " in line]
    for _ in range(data.draw(st.integers(1, 3))) if places else ():
        place, other = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))
        value = lines[other].partition(b" = ")[2]
        lines[place] = data.draw(
            st.sampled_from([b"", lines[other], lines[place].partition(b" = ")[0] + b" = " + value])
        )
    load(b"\n".join(lines))


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    load(data)


VALUES: st.SearchStrategy[Any] = st.sampled_from(["0", "1", "-2.50", "nan", "[]", "[1]", "[[1]]", '"z1"', "true", "{}"])


@given(st.dictionaries(st.sampled_from(["inputs", "layers", "input_gradient", "x"]), VALUES), VALUES, VALUES)
def test_any_structure(network: dict[str, str], layer: str, data: str) -> None:
    keys = "\n".join(f"network.{key} = {value}" for key, value in network.items())
    load(f"format = 1\n{keys}\n[[published]]\nvalue = {layer}\n[data]\nx = {data}".encode())
