"""--no-skips, on which CI relies: whatever way a test skips, it has failed; an expected failure has not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = """
import pytest

@pytest.fixture
def skipping(): pytest.skip("so")

@pytest.mark.skip
def test_mark(): ...
@pytest.mark.skipif(True, reason="so")
def test_condition(): ...
def test_within(): pytest.skip("so")
def test_module(): pytest.importorskip("no_such_module")
def test_fixture(skipping): ...

def test_fine(): ...
@pytest.mark.xfail
def test_expected_failure(): assert False
"""
SKIPPED_FILE = "import pytest; pytest.importorskip('no_such_module')"


def run_pytest(folder: Path, code: str, *options: str) -> tuple[int, str]:
    """The exit status and the closing line of a pytest that has this project's conftest.py and one file."""
    shutil.copy(Path(__file__).parents[1] / "conftest.py", folder)
    (folder / "test_it.py").write_text(code)
    command = [sys.executable, "-m", "pytest", "--rootdir", str(folder), *options]
    run = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    return run.returncode, run.stdout.splitlines()[-1]


def test_every_skip_is_a_failure(tmp_path: Path) -> None:
    status, closing_line = run_pytest(tmp_path, SKIPS, "--no-skips")
    assert status == pytest.ExitCode.TESTS_FAILED
    # Those that skip before the test itself begins are errors.
    assert "2 failed, 1 passed, 1 xfailed, 3 errors" in closing_line


def test_a_file_that_skips_is_a_failure(tmp_path: Path) -> None:
    status, closing_line = run_pytest(tmp_path, SKIPPED_FILE, "--no-skips")
    assert status == pytest.ExitCode.INTERRUPTED
    assert "1 error" in closing_line


def test_without_the_option_a_skip_is_a_skip(tmp_path: Path) -> None:
    status, closing_line = run_pytest(tmp_path, SKIPS)
    assert status == pytest.ExitCode.OK
    assert "1 passed, 5 skipped, 1 xfailed" in closing_line
