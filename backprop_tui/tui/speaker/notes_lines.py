"""The speaker's view as lines: what to say, the operation, and what comes next with its result. Pure."""

from collections.abc import Iterable, Iterator

from backprop_tui.text import clean
from backprop_tui.tui.shared.styled_line import Run, wrap
from backprop_tui.tui.shared.theme import Styles
from backprop_tui.tui.speaker.messages import Shown, State

Line = list[Run]
PARTS = ("", "the formula", "the formula and the numbers", "all but the sentence", "all of it")


def notes_lines(state: State, width: int, paint: Styles) -> list[Line]:
    """All that the speaker sees, what to say first."""
    found: list[Line] = []
    remarks = [*(state.talk.remarks if state.talk is not None else ()), *state.remarks]
    if state.blank:
        found += [[("The screen is blank.", paint.bad)], []]
    found += _part("Say", remarks or ["(nothing is noted here)"], width, paint, strong=bool(remarks))
    found += _part("On the screen", _shown(state), width, paint)
    found += _part("What all can read", state.notes, width, paint)
    if state.next is not None:
        found += _part("Next", [*_operation(state.next), *state.remarks_next], width, paint)
    if state.talk is not None:
        coming = state.talk.coming or ["(this is the last pause)"]
        found += _part(f"The next part of {state.talk.name}", coming, width, paint)
    return found


def _part(title: str, texts: Iterable[str], width: int, paint: Styles, *, strong: bool = False) -> Iterator[Line]:
    texts = [*texts]
    if not texts:
        return
    yield [(title, paint.accent)]
    for text in texts:
        for line in clean(text, 4000, lines=True).split("\n"):
            yield from (
                [(f"  {part}", paint.strong if strong else paint.text)] for part in wrap(line, max(10, width - 2))
            )
    yield []


def _shown(state: State) -> Iterator[str]:
    yield from _operation(state.now)
    if state.parts:
        yield f"(shown: {PARTS[min(state.revealed, len(PARTS) - 1)]})"
    if state.said:
        yield f"(in the last line: {state.said})"


def _operation(shown: Shown) -> Iterator[str]:
    """An operation on a line, its numbers and result on another, and what it means."""
    if not shown.formula:
        yield shown.symbol
        return
    yield f"{shown.symbol} = {shown.formula} ({shown.position})"
    yield " ".join(f"= {part}" for part in (shown.numbers, shown.value) if part)
    if shown.says:
        yield shown.says
