"""Where a session and its speaker's view meet: nobody else can look in, answer, or leave anything behind."""

import os
import socket
import stat
import struct
import tempfile
from pathlib import Path

import pytest

from backprop_tui.tui.speaker import rendezvous
from backprop_tui.tui.speaker.rendezvous import RendezvousError, alive, bound, connected, folder, is_mine


def runtime() -> Path:
    return Path(os.environ["XDG_RUNTIME_DIR"])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_the_folder_and_the_socket_are_for_one_user_alone() -> None:
    before = os.umask(0)
    try:
        listening, place = bound()
    finally:
        os.umask(before)
    with listening:
        assert place.parent == runtime() / "backprop-tui"
        assert (mode(place.parent), mode(place)) == (0o700, 0o600)
        assert stat.S_ISSOCK(place.stat().st_mode)


@pytest.mark.parametrize("unsafe", ["missing", "relative", "open to others"])
def test_without_a_safe_runtime_folder_it_is_a_private_one_for_temporary_files(
    unsafe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    given = {"missing": str(tmp_path / "none"), "relative": "run", "open to others": str(tmp_path / "open")}[unsafe]
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    monkeypatch.setenv("XDG_RUNTIME_DIR", given)
    assert folder() == tmp_path / f"backprop-tui-{os.getuid()}"
    assert mode(folder()) == 0o700


@pytest.mark.parametrize("trap", ["a link", "a file", "open to others", "somebody else's"])
def test_a_trap_is_refused(trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = runtime() / "backprop-tui"
    if trap == "a link":
        (tmp_path / "elsewhere").mkdir(0o700)
        place.symlink_to(tmp_path / "elsewhere")
    elif trap == "a file":
        place.touch(0o700)
    else:
        place.mkdir(0o700)
    if trap == "open to others":
        place.chmod(0o755)
    if trap == "somebody else's":
        user = os.getuid()
        found = runtime().stat()
        monkeypatch.setattr(os, "getuid", lambda: user + 1)
        monkeypatch.setattr(rendezvous, "_runtime", lambda: place)
        assert found.st_uid != os.getuid()
    with pytest.raises(RendezvousError, match=r"is not a folder that only this user can open \(mode 0700\)"):
        folder()


def test_sessions_that_are_there_and_sockets_that_were_left() -> None:
    assert alive() == {}
    listening, place = bound()
    with listening:
        listening.listen()
        left = place.with_name("999999.sock")
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(left))
        (place.parent / "notes.sock").touch()  # not ours to judge
        assert alive() == {os.getpid(): place}
        assert not left.exists()
    assert alive() == {}
    assert not place.exists()
    listening, again = bound()
    with listening:
        assert again == place


def test_who_is_at_the_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert is_mine(ours)
        pid, user, group = struct.unpack("=iII", ours.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        assert (pid, user, group) == (os.getpid(), os.getuid(), os.getgid())
        monkeypatch.setattr(os, "getuid", lambda: user + 1)
        assert not is_mine(ours)
    with socket.socket(socket.AF_INET) as stranger:
        assert not is_mine(stranger)


def test_nobody_else_is_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    listening, place = bound()
    with listening:
        listening.listen()
        monkeypatch.setattr(rendezvous, "is_mine", lambda _: False)
        with pytest.raises(PermissionError, match="somebody else answers there"):
            connected(place)


def test_too_long_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(RendezvousError, match="is too long a path for a socket"):
        folder()
