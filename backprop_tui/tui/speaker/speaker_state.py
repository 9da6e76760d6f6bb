"""What a speaker's view is told of a debugger: the operation, the next one with its result, what to say at both."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.scenario import Note
from backprop_tui.tui.speaker.messages import Shown, Talk

if TYPE_CHECKING:
    from backprop_tui.debugger.console.lecture import Lecture

MOST_SHOWN = 400  # characters of a formula with numbers put in
MOST_NUMBERS = 24  # of an array
COMING = 12  # commands of a lecture


def shown(moment: Moment, writing: Writing) -> Shown:
    """The operation of a moment with its result."""
    from backprop_tui.debugger.meaning.sentence import meaning

    event = moment.event
    if event is None:
        return Shown(position=moment.position, symbol="start")
    pieces = writing.numeric_pieces(event.operation.tree, event.inputs.__getitem__)
    numbers = "".join(piece.text for piece in pieces)
    return Shown(
        position=moment.position,
        symbol=writing.symbol(event.name),
        formula=writing.formula(event.operation.tree),
        numbers=numbers if len(numbers) <= MOST_SHOWN else "",
        value=writing.array(event.value, most=MOST_NUMBERS),
        says=meaning(moment, writing),
    )


def following(moment: Moment) -> Moment:
    """The moment of the next operation. If that begins an iteration, it is computed."""
    step = moment.step + 1
    iteration, index = moment.timeline.locate(step)
    frame = moment.timeline.frame(iteration)
    return replace(
        moment, step=step, iteration=iteration, index=index, frame=frame, element=None, prediction=None, veil=None
    )


def texts(notes: Iterable[Note], moment: Moment) -> list[str]:
    """The texts of the notes that stand at a moment's operation."""
    operation = moment.operation
    if operation is None:
        return []
    return [n.text for n in notes if n.at == operation.name and n.iteration in (None, moment.iteration)]


def talk(lecture: "Lecture | None") -> Talk | None:
    """Where a lecture is."""
    if lecture is None:
        return None
    return Talk(
        name=lecture.name,
        done=min(lecture.done, len(lecture.parts) - 1),
        pauses=len(lecture.parts) - 1,
        title=lecture.title,
        remarks=[*lecture.remarks],
        coming=[typed.text.strip() for typed in lecture.coming[:COMING]],
    )
