"""Where sessions and speakers' views of one user meet: sockets in a folder that nobody else can look into.

The folder is in the system's place for such files (XDG_RUNTIME_DIR) where that is this user's own, else in the one for
temporary files. It must be a real folder, this user's, with the mode 0700; whoever answers must be this user, too. A
socket whose session is gone is taken away by the next one that looks.
"""

import os
import socket
import stat
import struct
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

NAME = "backprop-tui"
SUFFIX = ".sock"
MINE_ALONE = 0o700
PATIENCE = 0.5  # seconds that a session has to answer whether it is there
LONGEST = 100  # bytes of a path: systems take 104 or 108

# the option that tells who is at the other end: its level and number, its size, and where in it the user stands
PEERS = {"linux": (socket.SOL_SOCKET, 17, 12, 4), "darwin": (0, 1, 76, 4), "freebsd": (0, 1, 104, 4)}


class RendezvousError(OSError):
    """There is no safe place to meet: one line that says why."""

    def __str__(self) -> str:
        return str(self.args[0])


def folder() -> Path:
    """The folder of the sockets, made where it is missing. Raises RendezvousError."""
    if not hasattr(socket, "AF_UNIX") or not hasattr(os, "getuid"):
        raise RendezvousError("this system has no sockets that only one user can open")
    place = _runtime()
    try:
        with suppress(FileExistsError):
            place.mkdir(MINE_ALONE)
        found = place.lstat()
    except OSError as error:
        raise RendezvousError(f"{place}: {(error.strerror or 'cannot be used').lower()}") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != MINE_ALONE:
        raise RendezvousError(f"{place}: is not a folder that only this user can open (mode 0700)")
    if len(os.fsencode(place)) > LONGEST - len(f"/{os.getpid()}{SUFFIX}"):
        raise RendezvousError(f"{place}: is too long a path for a socket")
    return place


def _runtime() -> Path:
    """The folder's place: in the user's own runtime folder if that is safe, else in the one for temporary files."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    with suppress(OSError, ValueError):
        found = Path(given).stat() if Path(given).is_absolute() else None
        if found and stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022:
            return Path(given) / NAME
    return Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid()}"


def bound() -> tuple[socket.socket, Path]:
    """A socket of this process that only this user can open, and where it is. Raises OSError."""
    place = folder() / f"{os.getpid()}{SUFFIX}"
    alive()  # takes away what others have left
    with suppress(FileNotFoundError):
        place.unlink()  # of an earlier process that had this number
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        found.bind(str(place))
        place.chmod(0o600)
        found.setblocking(False)
    except OSError:
        found.close()
        raise
    finally:
        os.umask(before)
    return found, place


def is_mine(connection: socket.socket) -> bool:
    """Whether the process at the other end is this user's."""
    known = next((row for name, row in PEERS.items() if sys.platform.startswith(name)), None)
    if known is None:
        return False
    level, option, size, at = known
    try:
        found = connection.getsockopt(level, option, size)
        return bool(struct.unpack_from("=I", found, at)[0] == os.getuid())
    except (OSError, struct.error):
        return False


def alive() -> dict[int, Path]:
    """The sessions that can be looked at, by the number of their process; sockets that nobody listens at go.

    Raises RendezvousError.
    """
    found = {}
    for place in sorted(folder().glob(f"*{SUFFIX}")):
        number = place.name.removesuffix(SUFFIX)
        if not number.isdecimal():
            continue
        try:
            with connected(place):
                found[int(number)] = place
        except ConnectionRefusedError:  # it was left by a process that could not clean up any more
            with suppress(OSError):
                place.unlink()
        except OSError:
            continue
    return found


def connected(place: Path) -> socket.socket:
    """A connection to a session of this user's. Raises OSError."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(PATIENCE)
        connection.connect(str(place))
        if not is_mine(connection):
            raise PermissionError("somebody else answers there")
    except OSError:
        connection.close()
        raise
    return connection
