"""What every test of the screen has."""

import pytest

from backprop_tui.tui import app
from backprop_tui.tui.terminal import clipboard


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No settings of the developer's, nothing in the clipboard, and no collection of garbage per test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-settings"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(clipboard, "PROGRAMS", ())
    monkeypatch.setattr(app.BackpropApp, "_settle", lambda _: None)
