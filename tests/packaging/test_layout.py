"""The rules of the house: a folder says what it is for and is not too full, and a file name says which file it is."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "backprop_tui"
FILES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = sorted({file.parent for file in FILES})
MOST_ENTRIES = 16  # that are taken in at a glance; what has more is more than one capability


def docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""


def entries(folder: Path) -> list[Path]:
    """The files and folders of the project in a folder; `scenarios`, which a wheel has there too, is no package."""
    return [entry for entry in folder.iterdir() if entry.suffix == ".py" or entry in FOLDERS]


def test_every_folder_says_what_it_is_for() -> None:
    said = {folder: docstring(folder / "__init__.py") for folder in FOLDERS}
    assert len(FOLDERS) > 30  # they are found
    assert [folder for folder, text in said.items() if not text.partition("\n\n")[0].endswith(".")] == []
    assert len(set(said.values())) == len(said)


def test_every_file_has_a_docstring() -> None:
    assert [str(file) for file in FILES if not docstring(file)] == []


def test_no_folder_has_more_entries_than_are_taken_in_at_a_glance() -> None:
    beside = [*(ROOT / name for name in ("benchmarks", "benchmarks/screen", "tools"))]
    count = {str(folder): len(entries(folder)) for folder in (*FOLDERS, *beside)}
    assert {folder: number for folder, number in count.items() if number > MOST_ENTRIES} == {}


def test_no_file_name_stands_twice() -> None:
    by_name = defaultdict(list)
    for file in FILES:
        if file.name != "__init__.py":
            by_name[file.name].append(str(file.relative_to(PACKAGE)))
    assert [files for files in by_name.values() if len(files) > 1] == []


def test_the_tests_mirror_the_package() -> None:
    """A folder of tests is one of the package, below those that test what is of no module; none is too full."""
    tests = ROOT / "tests"
    folders = {file.parent for file in tests.rglob("*.py")}
    own = {tests / name for name in ("lessons", "packaging", "tools")}
    mirrored = {PACKAGE / folder.relative_to(tests) for folder in folders if own.isdisjoint((folder, *folder.parents))}
    assert len(mirrored) > 30  # they are found
    assert mirrored - {PACKAGE, *FOLDERS} == set()
    count = {str(folder): sum(1 for e in folder.iterdir() if e.suffix == ".py" or e in folders) for folder in folders}
    assert {folder: number for folder, number in count.items() if number > MOST_ENTRIES} == {}


def test_files_that_are_named_are_there() -> None:
    """In CONTRIBUTING, the guide and comments: by the path in the checkout or the package, or the name alone."""
    names = {file.name for file in FILES}

    def gone(page: Path) -> list[str]:
        named = re.findall(r"`([\w/]+(?:\.py|/))`", page.read_text("utf-8"))
        return [p for p in named if p not in names and not (ROOT / p).exists() and not (PACKAGE / p).exists()]

    assert {
        page.name: gone(page) for page in (ROOT / "CONTRIBUTING.md", ROOT / "docs" / "guide.md", *FILES) if gone(page)
    } == {}
