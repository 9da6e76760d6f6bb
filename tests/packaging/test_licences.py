"""Whoever gets the data gets their licences, from a wheel and from a source archive."""

import re
import tarfile
import tomllib
import zipfile
from pathlib import Path

DATA = Path("backprop_tui/scenario/data")


def licences(checkout: Path) -> dict[str, str]:
    """The licences of what is not the project's own, by their SPDX identifiers."""
    return {file.stem: file.read_text("utf-8") for file in (checkout / "LICENSES").iterdir()}


def test_every_shipped_file_of_data_has_a_source(checkout: Path) -> None:
    said = (checkout / DATA / "SOURCES.md").read_text("utf-8")
    shipped = {
        file.name for file in (checkout / DATA).iterdir() if file.suffix not in (".py", ".md") and file.is_file()
    }
    assert shipped == set(re.findall(r"`([\w.]+\.(?:csv|txt))`", said))


def test_the_licences_that_are_named_are_there_and_no_others(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    said = (checkout / DATA / "SOURCES.md").read_text("utf-8")
    assert project["license"].split(" AND ") == ["MIT", *sorted(licences(checkout))]
    assert set(re.findall(r"([A-Z][\w.-]+)\.txt", said)) == set(licences(checkout))


def test_a_wheel_has_them(wheel: Path, checkout: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        found = {
            Path(name).stem: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/licenses/LICENSES/" in name
        }
        assert f"{DATA.as_posix()}/SOURCES.md" in archive.namelist()
    assert found == licences(checkout)


def test_a_source_archive_has_them(sdist: Path, checkout: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"LICENSES/{name}.txt" for name in licences(checkout)} <= names
    assert {"LICENSE", f"{DATA.as_posix()}/SOURCES.md", f"{DATA.as_posix()}/iris.csv"} <= names
