"""Files that keep something between sessions: JSON with a kind and a version, written whole or not at all."""

import os
import tempfile
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from backprop_tui.text import clean

LARGEST = 32 * 2**20  # bytes: a session of 100 branches of 1,000 edits each has ten million

Record = TypeVar("Record", bound=msgspec.Struct)


class StateError(ValueError):
    """A file that is not what it should be: one line that says why."""


class Head(msgspec.Struct, frozen=True):
    """What is read first, and is in every version of a format."""

    kind: str = ""
    version: int = 0


class StateFile(Generic[Record]):
    """A format: a kind and a version, which the record has as fields of these names; `noun` is what people call it."""

    def __init__(self, kind: str, version: int, noun: str, record: type[Record]) -> None:
        self.kind, self.version, self.noun, self.record = kind, version, noun, record

    def read(self, source: Path) -> Record:
        """What a file says. Raises StateError."""
        try:
            with source.open("rb") as file:
                data = file.read(LARGEST + 1)
        except (OSError, ValueError) as error:  # ValueError: a NUL in a path
            raise StateError(self.reason(error)) from None
        if len(data) > LARGEST:
            raise StateError(f"is larger than {LARGEST // 2**20} MiB, which no {self.noun} is")
        try:
            head = msgspec.json.decode(data, type=Head)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise StateError(f"is not a {self.noun}, or is damaged") from None
        if head.kind != self.kind:
            raise StateError(f"is not a {self.noun} of backprop-tui")
        if head.version != self.version:
            other = "a newer" if head.version > self.version else "another"
            reads = f"format {head.version}; this one reads {self.version}"
            raise StateError(f"was saved by {other} backprop-tui ({reads})")
        try:
            return msgspec.json.decode(data, type=self.record)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise StateError(f"is damaged: {error}") from None

    def write(self, target: Path, record: Record) -> None:
        """Write a file beside the target and then in its place, so that there is always a whole one. Raises OSError."""
        data = msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def reason(self, error: Exception) -> str:
        """What the system says of a file, in one line."""
        if isinstance(error, FileNotFoundError):
            return f"there is no such {self.noun}"
        return clean(getattr(error, "strerror", None) or str(error))
