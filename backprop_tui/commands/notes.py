"""The speaker's view of a session, in a second terminal."""

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from backprop_tui.commands import fail

NONE = (
    "there is no session to follow: start one with --present in a first terminal, or press L or type :notes in one"
    " that runs"
)


def notes(arguments: argparse.Namespace) -> int:
    """Follow a session, the only one or the one that is named."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return fail("the speaker's view needs a terminal")
    if os.environ.get("TERM", "").lower() in ("dumb", "unknown"):
        return fail(f"the speaker's view needs a terminal (this one, TERM={os.environ['TERM']}, cannot be drawn on)")
    from backprop_tui.tui.shared.theme import ThemeError
    from backprop_tui.tui.speaker.notes_app import run
    from backprop_tui.tui.speaker.rendezvous import RendezvousError, alive

    try:
        found = alive()
        if not found:
            return fail(NONE)
        if arguments.session is None and len(found) > 1:
            sessions = ", ".join(f"{number} ({_name(place)})" for number, place in found.items())
            return fail(f"there are several sessions, name one by its number: {sessions}")
        place = found.get(arguments.session) if arguments.session is not None else next(iter(found.values()))
        if place is None:
            return fail(f"there is no session {arguments.session}; there are {', '.join(map(str, found))}")
        status, said = run(place, arguments.theme)
    except (RendezvousError, ThemeError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"the session does not answer: {(error.strerror or str(error)).lower()}")
    if said:
        print(said)
    return status


def _name(place: Path) -> str:
    """Which scenario a session has."""
    from backprop_tui.tui.speaker.messages import LONGEST_STATE, MessageError, read_state
    from backprop_tui.tui.speaker.rendezvous import connected

    with suppress(OSError, MessageError), connected(place) as connection, connection.makefile("rb") as stream:
        return read_state(stream.readline(LONGEST_STATE)).session
    return "it does not answer"
