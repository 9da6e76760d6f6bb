"""What a session and a speaker's view tell each other: JSON, an object a line, each with the version of this format.

From the session: what is shown, what comes next, what only the speaker sees. From the view: what is to be done. What is
not in this form ends the connection, and does nothing else.
"""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

VERSION: Literal[1] = 1
LONGEST_WISH = 1000  # bytes of a line that a view may send
LONGEST_STATE = 1_000_000  # and of one that a session may send

Text = Annotated[str, Meta(max_length=20_000)]
Texts = Annotated[list[Text], Meta(max_length=1000)]
Count = Annotated[int, Meta(ge=0)]
Do = Literal["on", "back", "blank", "clock", "anew"]


class MessageError(ValueError):
    """A line that is no message: what is wrong, in a line."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a view asks for: to go on or back, to blank the screen, to stop the clock or set it to zero."""

    do: Do
    version: Literal[1] = VERSION


class Shown(msgspec.Struct, frozen=True):
    """An operation with its result: where it is, its formula with numbers put in, and what it means."""

    position: Text
    symbol: Text
    formula: Text = ""
    numbers: Text = ""
    value: Text = ""
    says: Text = ""


class Talk(msgspec.Struct, frozen=True):
    """Where a lecture is: how many of its pauses are done, what the one says that it waits at, what runs next."""

    name: Text
    done: Count
    pauses: Count
    title: Text = ""
    remarks: Texts = []
    coming: Texts = []


class State(msgspec.Struct, frozen=True):
    """What a session tells: what is shown and what comes next, for the speaker what to say, and the clock in seconds.

    `revealed` is how many parts of the operation the audience sees, out of `parts`; 0 where it sees the debugger.
    """

    session: Text
    step: Count
    last_step: Count
    now: Shown
    next: Shown | None = None
    notes: Texts = []
    remarks: Texts = []
    remarks_next: Texts = []
    talk: Talk | None = None
    clock: float = 0.0
    running: bool = False
    revealed: Count = 0
    parts: Count = 0
    blank: bool = False
    said: Text = ""
    version: Literal[1] = VERSION


WISHES = msgspec.json.Decoder(Wish)
STATES = msgspec.json.Decoder(State)
Message = TypeVar("Message", Wish, State)


def written(message: Wish | State) -> bytes:
    """A message as its line."""
    return msgspec.json.encode(message) + b"\n"


def read_wish(line: bytes) -> Wish:
    """The wish in a line. Raises MessageError."""
    return _read(line, WISHES)


def read_state(line: bytes) -> State:
    """The state in a line. Raises MessageError."""
    return _read(line, STATES)


def _read(line: bytes, decoder: "msgspec.json.Decoder[Message]") -> Message:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(f"no message of version {VERSION}: {error}") from None
