"""The lines typed before, kept between sessions in the place that the system has for such files."""

from pathlib import Path

from backprop_tui.debugger.basics import user_files

MOST = 500  # lines that are kept: the file is read whole when the line is first opened


def path() -> Path:
    """Where the history is."""
    return user_files.history()


def read() -> list[str]:
    """The lines, oldest first; none where there is no file that can be read."""
    try:
        return path().read_text("utf-8", errors="replace").splitlines()[-MOST:]
    except OSError:
        return []


def keep(lines: list[str]) -> None:
    """Write the last lines, all or nothing; a place that cannot be written to keeps none."""
    file = path()
    new = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text("".join(f"{line}\n" for line in lines[-MOST:]), "utf-8", errors="replace")
        new.replace(file)
    except OSError:
        return
