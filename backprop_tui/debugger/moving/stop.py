"""Why a continue stopped, and what log points said on the way."""

import msgspec


class Stop(msgspec.Struct, frozen=True):
    """`reason` is "breakpoint", "change", "nonfinite", "end" or "interrupted".

    `which` names the operation, stage, event or expression that was stopped at, `number` the breakpoint.
    """

    reason: str
    which: str = ""
    number: int = 0

    @property
    def short(self) -> str:
        """In two or three words."""
        what = {"change": "change", "nonfinite": "not finite"}.get(self.reason, "stop")
        return f"{what} ({self.number})" if self.number else self.reason


class Message(msgspec.Struct, frozen=True):
    """What a log point printed: the breakpoint's number, the step and its position, and the text."""

    number: int
    step: int
    position: str
    text: str

    def __str__(self) -> str:
        return f"{self.position}: {self.text}"
