"""Lines of styled text as Strips of an exact width, cut between characters and never within one."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from backprop_tui.text import beginning, wrapped
from backprop_tui.tui.drawing.canvas import width_of

Run = tuple[str, Style]
SHORT = 8  # characters of a word that is not left alone


def strip(runs: Iterable[Run], width: int, cut: str = "…") -> Strip:
    """The runs of text, padded to `width` cells; what is too long ends in `cut`."""
    segments, used = [], 0
    for text, style in runs:
        if not text:
            continue
        size = width_of(text)
        if used + size > width:
            kept = beginning(text, width - used - 1, width_of)
            segments.append(Segment(kept + cut if width > used else "", style))
            used += width_of(kept) + (1 if width > used else 0)
            break
        segments.append(Segment(text, style))
        used += size
    if used < width:
        segments.append(Segment(" " * (width - used)))
    return Strip(segments, width)


def within(runs: Sequence[Run], width: int, cut: str = "…") -> list[Run]:
    """The runs as `strip` has them, in exactly `width` cells; what is filled up looks as the first of them."""
    return [(segment.text, segment.style or runs[0][1]) for segment in strip(runs, width, cut)] if width > 0 else []


def is_wrapped(line: Sequence[Run], following: Sequence[Run], width: int) -> bool:
    """Whether a sentence goes on in the line that follows, of which the first words had no room."""
    text, rest = ("".join(text for text, _ in runs) for runs in (line, following))
    words = rest.split()[:2]
    is_prose = "  " not in f" {text}"  # a row of numbers has gaps
    return is_prose and bool(words) and width_of(" ".join([text, *words])) > width


def goes_on(runs: Sequence[Run], width: int, cut: str = "…") -> list[Run]:
    """A line of a text that goes on where it is not seen: it ends in `cut`."""
    *before, (text, style) = runs or [("", Style.null())]
    line = [*before, (text + cut, style)]
    return within(line, min(size(line), width), cut)


def with_result(text: str, width: int, cut: str = "…") -> str:
    """A text that is too long, cut before its result: `z₁[1] = 0.7·1 + … = 1.4`, `x[0] → … : 0.5`."""
    if width_of(text) > width:
        for mark in (" = ", ": "):
            head, found, tail = text.rpartition(mark)
            room = width - width_of(found + tail) - 1
            if found and room > width // 2:
                return f"{beginning(head, room, width_of)}{cut}{found}{tail}"
    return text


def wrap(text: str, width: int) -> list[str]:
    """Prose in lines of at most `width` cells, broken at spaces where there are any; no short word stands alone in the
    last of them.
    """
    lines = wrapped(text, width, width_of)
    if len(lines) > 1 and " " not in lines[-1] and len(lines[-1]) < SHORT:
        before, _, word = lines[-2].rpartition(" ")
        last = f"{word} {lines[-1]}"
        if before and width_of(last) <= width:
            lines[-2:] = [before, last]
    return lines


def wrap_runs(runs: Iterable[Run], width: int) -> list[list[Run]]:
    """Prose in several styles, wrapped as `wrap` does."""
    runs = list(runs)
    styles = iter([style for text, style in runs for _ in "".join(text.split())])
    lines: list[list[Run]] = []
    style = Style.null()
    for line in wrap("".join(text for text, _ in runs), width):
        found: list[Run] = []
        for character in line:
            style = style if character == " " else next(styles)
            if found and found[-1][1] is style:
                found[-1] = (found[-1][0] + character, style)
            else:
                found.append((character, style))
        lines.append(found)
    return lines


def size(runs: Sequence[Run]) -> int:
    """How many cells the runs take."""
    return sum([width_of(text) for text, _ in runs])
