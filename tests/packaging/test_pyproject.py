"""What pyproject.toml and the files beside it say twice, they say alike."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement


@pytest.fixture
def pyproject(checkout: Path) -> dict[str, Any]:
    return tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))


@pytest.fixture
def pythons(pyproject: dict[str, Any]) -> list[str]:
    """The versions of Python among the classifiers."""
    found = (re.fullmatch(r".* :: (3\.\d+)", text) for text in pyproject["project"]["classifiers"])
    return [match[1] for match in found if match]


def test_dependency_groups_mirror_the_extras(pyproject: dict[str, Any]) -> None:
    assert pyproject["dependency-groups"] == pyproject["project"]["optional-dependencies"]


def test_the_workflow_runs_every_python_that_is_claimed(checkout: Path, pythons: list[str]) -> None:
    workflow = (checkout / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    matrix = re.search(r"python: (\[.*\])", workflow)
    assert matrix
    assert json.loads(matrix[1]) == pythons
    assert "run: .ci/run" in workflow


def test_the_first_python_that_is_claimed_is_the_oldest_that_works(
    pyproject: dict[str, Any], pythons: list[str]
) -> None:
    assert pyproject["project"]["requires-python"] == f">={pythons[0]}"


def test_the_constraints_lock_every_dependency_within_its_range(checkout: Path, pyproject: dict[str, Any]) -> None:
    lines = (checkout / "constraints.txt").read_text("utf-8").splitlines()
    locked = [Requirement(line) for line in lines if not line.startswith("#")]
    assert all(str(one.specifier).startswith("==") and one.url is None for one in locked)
    project = pyproject["project"]
    for wanted in map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["dev"]]):
        found = [one.specifier for one in locked if one.name == wanted.name]
        assert found, wanted.name
        assert all(next(iter(one)).version in wanted.specifier for one in found), wanted.name
