"""The wheel has everything, and works where there is no checkout."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import backprop_tui

Run = Callable[..., str]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True, text=True)
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Runs a program against the installed wheel, in an empty folder."""

    def run(*command: str | Path) -> str:
        env = os.environ | {"PYTHONPATH": str(installed)}
        result = subprocess.run(command, cwd=tmp_path, env=env, check=False, capture_output=True, encoding="utf-8")
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


def test_the_wheel_holds_the_scenarios_and_no_tests(wheel: Path, checkout: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (checkout / "scenarios").rglob("*") if path.is_file()]
    scenarios = {f"backprop_tui/{path.relative_to(checkout).as_posix()}" for path in files}
    assert {"backprop_tui/scenarios/article.toml", "backprop_tui/scenarios/article.demo"} <= set(scenarios)
    assert scenarios | {"backprop_tui/scenario/data/SOURCES.md"} <= names
    assert {name.partition("/")[0] for name in names} == {
        "backprop_tui",
        f"backprop_tui-{backprop_tui.__version__}.dist-info",
    }


def test_the_installed_wheel_is_the_one_under_test(run: Run, installed: Path) -> None:
    origin = run(sys.executable, "-c", "import backprop_tui; print(backprop_tui.__file__)")
    assert Path(origin.strip()) == installed / "backprop_tui" / "__init__.py"


def test_the_installed_command_says_its_version(run: Run, installed: Path) -> None:
    assert backprop_tui.__version__ in run(installed / "bin" / "backprop-tui", "--version").split()


def test_a_bundled_name_works_anywhere(run: Run, installed: Path) -> None:
    lines = run(installed / "bin" / "backprop-tui", "trace", "article", "--format", "jsonl").splitlines()
    first, *operations, last = map(json.loads, lines)
    assert first["type"] == "scenario"
    assert [operation["step"] for operation in operations] == list(range(1, 20))
    assert (last["type"], last["steps"]) == ("end", 19)


def test_data_sets_are_there(run: Run) -> None:
    code = "from backprop_tui.scenario.data.datasets import *; print(iris().inputs.shape, digits().inputs.shape)"
    assert run(sys.executable, "-c", code).strip() == "(150, 4) (1797, 64)"


def test_the_library_is_listed_anywhere(run: Run) -> None:
    assert "article" in run(sys.executable, "-m", "backprop_tui", "scenarios")
