"""Opening a page in the user's browser, in a process of its own: what a browser prints does not reach the screen."""

import os
import subprocess
import sys
from threading import Thread

from textual.app import App

from backprop_tui.tui.terminal.clipboard import copy

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
PATIENCE = 60  # seconds for a desktop to take an address


def open_page(app: App[int], url: str) -> str:
    """Open a page, or copy its address where no window can be opened; what to say of it."""
    if app.is_web:
        app.open_url(url)
    elif sys.platform in ("darwin", "win32") or any(map(os.environ.get, DISPLAYS)):
        Thread(target=_open, args=(url,), daemon=True).start()
    else:
        return f"no window can be opened from here; {copy(app, url)}"
    return f"the browser is asked for {url}"


def _open(url: str) -> None:
    command = [sys.executable, "-m", "webbrowser", url]
    nothing = subprocess.DEVNULL
    try:
        subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, timeout=PATIENCE, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return
