"""A terminal that is gone: Textual would wait for its keys, and for room for what it writes, without end."""

import os
import select
import sys
from signal import SIGHUP
from threading import Thread


def look_out() -> None:
    """Hang up as soon as the terminal has, also where the system tells nobody, as it does without a shell."""
    Thread(target=_wait, name="hangup", daemon=True).start()


def _wait() -> None:
    stdin = sys.__stdin__
    if stdin is None or not hasattr(select, "poll"):
        return
    poll = select.poll()
    poll.register(stdin.fileno(), 0)  # of a hangup it tells in any case
    if any(event & select.POLLHUP for _, event in poll.poll()):
        os.kill(os.getpid(), SIGHUP)
