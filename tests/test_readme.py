"""The README says what is so."""

import re
import subprocess
import sys
from pathlib import Path

from backprop_tui.scenario import load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_its_tables_are_fresh() -> None:
    done = subprocess.run([sys.executable, ROOT / "tools" / "readme.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run: ./dev python tools/readme.py"


def test_its_scenario_loads(tmp_path: Path) -> None:
    lines = README.split("    format = 1\n")[1].split("\n\nDense layers")[0].splitlines()
    file = tmp_path / "mine.toml"
    file.write_text("\n".join(["format = 1", *(line.removeprefix("    ") for line in lines)]), "utf-8")
    scenario = load(file)
    assert scenario.iterations == 100
    assert scenario.network.x.shape == (2, 4)


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_its_picture_needs_nothing_from_the_web() -> None:
    svg = (ROOT / "docs" / "screen.svg").read_text("utf-8")
    assert "@font-face" not in svg
    assert not re.search(r"url\(['\"]?http", svg)
