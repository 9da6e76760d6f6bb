"""pyproject.toml says some things twice, and says them alike."""

import tomllib
from pathlib import Path


def test_dependency_groups_mirror_the_extras(checkout: Path) -> None:
    pyproject = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["dependency-groups"] == pyproject["project"]["optional-dependencies"]
