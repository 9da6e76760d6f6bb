"""Copying by the terminal (OSC 52), and by a program of the desktop where there is one: some terminals drop OSC 52."""

import shutil
import subprocess

from textual.app import App

PROGRAMS = (("wl-copy",), ("xclip", "-selection", "clipboard"), ("xsel", "-ib"), ("pbcopy",), ("clip.exe",))


def copy(app: App[int], text: str) -> str:
    """Copy a text; what to say of it, which of several lines is the last."""
    app.copy_to_clipboard(text)
    for program in PROGRAMS:
        if shutil.which(program[0]):
            try:
                subprocess.run(  # noqa: S603 - a fixed list
                    program,
                    input=text.encode(),
                    timeout=1,
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                break
            except (OSError, subprocess.SubprocessError):
                continue
    return f"copied: {text.splitlines()[-1]}"
