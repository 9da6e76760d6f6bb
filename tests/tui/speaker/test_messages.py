"""What a session and a speaker's view tell each other, and what neither takes for a message."""

import pytest

from backprop_tui.tui.speaker.messages import MessageError, Shown, State, Talk, Wish, read_state, read_wish, written

STATE = State(
    session="article",
    step=8,
    last_step=19,
    now=Shown("1:delta2", "δ₂", "∂L/∂ŷ ⊙ ∂ŷ/∂z₂", "−4.3201 ⊙ 0.1779", "−0.7685", "L falls"),
    next=Shown("1:dL_dW2", "∂L/∂W₂", "δ₂hᵀ", "", "[0 −1.0759]"),
    notes=["for all"],
    remarks=["for me"],
    talk=Talk("article.demo", 8, 19, "the chain rule", ["say this"], ["goto 1:dL_dW2"]),
    clock=61.5,
    running=True,
    revealed=2,
    parts=4,
)


def test_a_line_each() -> None:
    for message, read in ((STATE, read_state), (Wish("on"), read_wish)):
        line = written(message)
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert b'"version":1' in line
        assert read(line) == message


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"on\n",
        b"{}\n",
        b'{"do":"on","version":2}\n',
        b'{"do":"rm -rf","version":1}\n',
        b'{"do":"on","version":1,"more":1}\n',
        b'{"do":["on"]}\n',
        b'\xff\xfe{"do":"on"}\n',
        b'{"do":"on"}{"do":"on"}\n',
        b"[" * 500 + b"\n",
        b'{"do":' * 200 + b"\n",
        b"null\n",
        b"GET / HTTP/1.1\r\n",
    ],
)
def test_what_is_no_message(line: bytes) -> None:
    for read in (read_wish, read_state):
        with pytest.raises(MessageError, match="no message of version 1"):
            read(line)
