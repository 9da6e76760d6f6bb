"""./dev, as far as that can be tested without installing anything."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def dev(checkout: Path, tmp_path: Path) -> Path:
    """./dev alone, in a checkout whose path has a space."""
    folder = tmp_path / "my checkout"
    folder.mkdir()
    for file in ["constraints.txt", "pyproject.toml"]:
        shutil.copy(checkout / file, folder)
    return Path(shutil.copy(checkout / "dev", folder))


def with_only_tools_of_sh(tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH has what a bare machine has, and no Python."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ["cksum", "dirname", "mkdir", "rm", "sh"]:
        (tools / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return {"PATH": str(tools)}


def make_python(tmp_path: Path, script: str) -> None:
    python = tmp_path / "bin" / "python3"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)


def run(dev: Path, command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([dev, command], env=env, check=False, capture_output=True, text=True)


def test_no_python_is_one_clear_line(dev: Path, tmp_path: Path) -> None:
    result = run(dev, "run", with_only_tools_of_sh(tmp_path))
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed, and python3 is not there" in result.stderr.splitlines()[-1]


def test_an_old_python_is_one_clear_line(dev: Path, tmp_path: Path) -> None:
    env = with_only_tools_of_sh(tmp_path)
    make_python(tmp_path, 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi')
    result = run(dev, "test", env)
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed, and python3 is Python 3.9.2" in result.stderr.splitlines()[-1]


def test_neither_ensurepip_nor_pip_is_one_clear_line(dev: Path, tmp_path: Path) -> None:
    env = with_only_tools_of_sh(tmp_path)
    # Can do nothing but make a "virtual environment" whose Python is as poor.
    make_python(
        tmp_path,
        'case "$*" in *"-m venv"*) mkdir -p "$4/bin"; echo "exit 1" >"$4/bin/python";; *pip*) exit 1;; esac',
    )
    result = run(dev, "run", env)
    assert result.returncode == 1
    assert "sudo apt install python3-venv" in result.stderr.splitlines()[-1]


def test_help_installs_nothing(dev: Path) -> None:
    result = run(dev, "--help", dict(os.environ))
    assert result.stdout.startswith("usage: ./dev")
    assert not (dev.parent / ".venv").exists()


def test_an_unknown_command_is_wrong_usage(dev: Path) -> None:
    result = run(dev, "frobnicate", dict(os.environ))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("usage: ./dev")
