"""Looking out for changes of the scenario's file."""

from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.shared.background import anew

EVERY = 1.0  # seconds between two looks at the file

Stamp = tuple[tuple[int, int], ...]


class FileWatch:
    """What is known of the file, and of a csv file that it names."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.stamp: Stamp | None = None
        """When the files were written, and their sizes, as they were read."""
        self.notice = ""
        """What stands in the footer until the file is read again."""

    def begin(self) -> None:
        """Look again and again, where there is a file."""
        self.take()
        if self.stamp is not None:
            anew(self.host.app, self.host.set_interval, EVERY, self.look)

    def take(self) -> None:
        """Take the files as they are now for read."""
        self.stamp, self.notice = self._stamp(), ""

    def look(self) -> None:
        """Say so where a file differs from what was read."""
        stamp = self._stamp()
        if stamp is None or stamp == self.stamp or self.notice:
            return
        key = next(row.keys[0] for row in self.host.rows if row.id == "reload")
        self.notice = f"the file changed: {key} reloads"
        if self.host.is_current:
            self.host.show()

    def _stamp(self) -> Stamp | None:
        scenario = self.host.debugger.scenario
        if scenario.path is None:
            return None
        try:
            found = [path.stat() for path in (scenario.path, scenario.beside) if path is not None]
        except OSError:
            return None
        return tuple((one.st_mtime_ns, one.st_size) for one in found)
