"""Copying: by the terminal always, and by the first program of the desktop that works."""

import sys
from pathlib import Path

import pytest

from backprop_tui.tui.terminal import clipboard
from tests.tui.harness import asynchronous, opened


def program(folder: Path, name: str, body: str) -> None:
    """A program that stands in for one of the desktop."""
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport sys\n{body}\n", "utf-8")
    file.chmod(0o755)


@pytest.mark.parametrize("first", ["raise SystemExit(1)", "import time; time.sleep(60)", None])
@asynchronous
async def test_programs_in_turn(first: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "copied"
    if first is not None:
        program(tmp_path, "first", first)
    program(tmp_path, "second", f"open({str(target)!r}, 'wb').write(sys.stdin.buffer.read() + sys.argv[1].encode())")
    program(tmp_path, "third", "raise AssertionError")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(clipboard, "PROGRAMS", (("first", "-a"), ("second", "-b"), ("third",)))
    async with opened(at="4") as s:
        await s.press("y")
        expected = "ŷ = σ(z₂) = σ(−1.2) = 0.2315"
        assert s.copied() == expected
        assert target.read_text("utf-8") == f"{expected}-b"
        assert expected in s.footer
