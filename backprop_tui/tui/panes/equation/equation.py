"""The equation pane: formula, numbers put in, result, what it means, and what the source printed."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.labels import place_names
from backprop_tui.debugger.basics.notation import computed_as, next_loss
from backprop_tui.engine.program.chain import name_of
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.statements.derive import too_large
from backprop_tui.engine.statements.variable import Role
from backprop_tui.tui.panes.equation.mistaken_lines import beside_lines, telling
from backprop_tui.tui.panes.equation.room_for_matrices import Line, Part, fitted
from backprop_tui.tui.panes.kept import Kept
from backprop_tui.tui.panes.pane import Lines, Pane, step_within
from backprop_tui.tui.shared.styled_line import Run, goes_on, is_wrapped, strip, wrap, wrap_runs
from backprop_tui.tui.shared.view import View

MOST_EDITS = 3  # edits of an iteration that are listed, the latest


class EquationPane(Pane):
    """The operation computed last."""

    DEFAULT_CSS = "EquationPane { padding: 0 1; }"
    title = "Equation"
    text: Sequence[Line] = ()

    @cached_property
    def kept(self) -> Kept[tuple[list[Line], list[Strip]]]:
        """The text of the steps around this one, and as it is painted."""
        return Kept()

    def build(self, view: View, width: int, height: int) -> Lines:
        self.text, strips = self._text(view, width, height)
        return Lines(len(strips), strips.__getitem__)

    def strips(self, view: View, width: int, height: int) -> list[Strip]:
        return self._text(view, width, height)[1]

    def _text(self, view: View, width: int, height: int) -> tuple[list[Line], list[Strip]]:
        return self.kept.of(view, (width, height), lambda: equation_strips(view, width, height))

    def lowest(self, row: int) -> Strip:
        """The last row in sight ends in a mark where its sentence goes on below."""
        width = self.inside[0]
        if self.view is None or not is_wrapped(self.text[row], self.text[row + 1], width):
            return super().lowest(row)
        cut = self.view.notation.mark("cut")
        return strip(goes_on(self.text[row], width, cut), width, cut)

    def page(self, view: View, halves: int) -> Address | None:
        """Scroll the text where there is more of it than room, else move the selection."""
        if self.lines.count <= self.size.height:
            return super().page(view, halves)
        self.scroll_lines(halves * self.half)
        return view.moment.selection

    def _paint(self, width: int, height: int) -> None:
        super()._paint(width, height)
        below, above = self.overflows, self.top > 0
        said = "more below" if below else "more above" if above else ""
        if said and self.view is not None:
            key = "page-down" if below and self.has_focus else "page-up" if self.has_focus else "enlarge"
            said += f": {self.view.caps[key]}" if key in self.view.caps else ""
        self.show_below(said)

    def move(self, view: View, across: int, down: int) -> Address | None:
        operation, selection = view.moment.operation, view.moment.selection
        if operation is None:
            return selection
        shape = view.moment.shapes[operation.name]
        if selection is None or selection.name != operation.name:
            return view.moment.first_of(operation.name)
        if 1 in shape[-2:] and not (across and down):  # a column or a row: any arrow goes along it
            along = across or down
            across, down = (along, 0) if shape[-2] == 1 else (0, along)
        return step_within(selection, shape, across, down)


def inside(region: Region) -> tuple[int, int]:
    """Width and height of what is inside of the pane's border and padding."""
    return region.width - 4, region.height - 2


def equation_rows(view: View, width: int, height: int) -> list[Line]:
    """All that there is to say of a moment, its matrices as tall as this many rows have room for."""
    return fitted([*_parts(view, width, height)], height)


def equation_strips(view: View, width: int, height: int) -> tuple[list[Line], list[Strip]]:
    """The same, and as it is painted."""
    rows, cut = equation_rows(view, width, height), view.notation.mark("cut")
    return rows, [strip(runs, width, cut) for runs in rows]


def _parts(view: View, width: int, height: int) -> Iterator[Part]:
    moment = view.moment
    if moment.prediction is not None:
        from backprop_tui.tui.panes.equation.prediction_lines import prediction_lines

        prediction = moment.prediction
        yield Part(lambda _: prediction_lines(prediction, view, width))
    if moment.event is not None:
        yield from _computed(moment.event, view, width, height)
    elif not moment.asks:
        yield Part(lambda _: beside_lines(view, width))
        yield Part(lambda _: _opening(view, width))
        yield Part(lambda _: what_if_lines(view, width))


def _computed(event: Event, view: View, width: int, height: int) -> Iterator[Part]:
    """All that there is to say of an operation with its result."""
    from backprop_tui.tui.panes.equation.operation_lines import element_lines, operation_lines, terms_of_largest
    from backprop_tui.tui.panes.equation.sample_lines import share_lines

    if view.moment.place is not None:  # what one looks at, who steps into an operation
        yield Part(lambda _: element_lines(event, view, width))
    yield Part(lambda room: operation_lines(event, view, width, room, height), grows=True)
    yield Part(lambda _: _sentence(view, width), waits=True)
    yield Part(lambda _: _left_out(event, view, width))
    if view.moment.place is None:
        yield Part(lambda _: what_if_lines(view, width))
        yield Part(lambda _: _selected(event, view, width))
        yield Part(lambda room: share_lines(event, view, width, room), grows=True)
        yield Part(lambda _: terms_of_largest(event, view, width), spare=True)
    yield Part(lambda _: remark_lines(event, view, width))
    if not view.notes_below:
        yield Part(lambda _: note_lines(view, width), waits=True)


def _sentence(view: View, width: int) -> Iterator[Line]:
    """What the operation means in the case at hand."""
    from backprop_tui.debugger.meaning.sentence import meaning

    said = view.notation.text(meaning(view.moment, view.notation))
    yield from ([(line, view.styles.muted)] for line in wrap(said, width))


def remark_lines(event: Event, view: View, width: int) -> Iterator[Line]:
    """What differs from a mistaken run and from the source, the next loss, and in which form it was computed."""
    from backprop_tui.tui.panes.equation.printed_lines import claim_lines

    moment, notation, styles = view.moment, view.notation, view.styles
    if not np.isfinite(event.value).all():
        first_one = notation.symbol(moment.first_not_finite or event.name)
        text = f"{notation.mark('differs')} not a finite number; the first of this iteration is in {first_one}"
        yield from ([(line, styles.bad)] for line in wrap(notation.text(text), width))
    yield from beside_lines(view, width)
    for claim in moment.verdicts:
        yield from claim_lines(claim, view, width)
    if moment.tells_next_loss:
        yield from wrap_runs(_next_loss(view), width)
    yield from ([(line, styles.muted)] for line in wrap(computed_as(event.operation, notation), width))


def note_lines(view: View, width: int) -> Iterator[Line]:
    """The scenario's notes at a step, with gaps between them."""
    for place, note in enumerate(view.moment.notes):
        yield from [[]] if place else []
        yield from ([(line, view.styles.text)] for line in wrap(view.notation.text(note.text), width))


def what_if_lines(view: View, width: int) -> Iterator[Line]:
    """What was edited in this iteration, and whether what was computed here is stale."""
    moment, notation, styles = view.moment, view.notation, view.styles
    if not moment.timeline.edits:
        return
    for edit in moment.edits[-MOST_EDITS:]:
        value = notation.number(edit.value)
        text = f"{notation.mark('edited')} {notation.address(Address(edit.name, edit.at))} was set to {value}"
        yield from ([(line, styles.accent)] for line in wrap(text, width))
    if moment.operation is not None and moment.operation.name in moment.stale:
        text = f"{notation.mark('stale')} stale, computed before that: r does the iteration again"
        yield from ([(line, styles.bad)] for line in wrap(text, width))
    elif moment.stale:
        count = len(moment.stale)
        said = f"{count} earlier {'value is' if count == 1 else 'values are'} stale: r does the iteration again"
        text = f"{notation.mark('stale')} {said}"
        yield from ([(line, styles.muted)] for line in wrap(text, width))


OPENING = 4  # rows of a title, and of a source: what to press first stands below them


def _opening(view: View, width: int) -> Iterator[Line]:
    moment, styles, notation = view.moment, view.styles, view.notation
    scenario = moment.scenario
    yield from ([(line, styles.strong)] for line in wrap(notation.text(scenario.title), width)[:OPENING])
    if scenario.source:
        yield from ([(line, styles.muted)] for line in wrap(notation.text(scenario.source), width)[:OPENING])
    if scenario.url:
        link = styles.muted + Style(link=scenario.url)
        yield from ([(line, link)] for line in wrap(scenario.url, width))
    yield []
    advances = "computes" if moment.veil is None else "asks for the result of"
    for key, does in (
        ("n", f"{advances} the first of the {moment.timeline.length} operations of an iteration"),
        ("N", "takes it back"),
        ("?", "shows all keys"),
    ):
        for place, line in enumerate(wrap(does, width - 2)):
            yield [("  " if place else f"{key} ", styles.accent), (line, styles.text)]


def _selected(event: Event, view: View, width: int) -> Iterator[Line]:
    """The selected scalar: an element of the result expanded to its scalar terms, anything else with its value."""
    moment, notation, styles = view.moment, view.notation, view.styles
    address = moment.selection
    value = None if address is None else moment.scalar(address)
    if address is None or value is None:
        return
    middle = ""
    if address.name == event.name:
        from backprop_tui.debugger.basics.scalar_terms import terms

        found = terms(event.operation, moment.frame, address.at)
        if np.array_equal(found.value, value, equal_nan=True):  # an edited number is not what its terms give
            middle = f"{notation.numbers(found.expansion)} = "
    names = f" {notation.mark('to')} ".join(place_names(moment, address))
    ending = f" ({notation.text(names)})" if names else ""
    for line in wrap(f"{notation.address(address)} = {middle}{notation.number(value)}{ending}", width):
        yield [(line, styles.accent)]


def _left_out(event: Event, view: View, width: int) -> Iterator[Line]:
    """What is too large to be an operation, at the place where it would be read, and how to see a part of it."""
    notation, styles, program = view.notation, view.styles, view.moment.program
    for local in too_large(program.statements, program.shapes) if notation.symbols.left_out else ():
        if local.variable.by == event.operation.variable.wrt:
            symbol = notation.symbol(local.name)
            text = f"{symbol} is a matrix for each sample, too large for a step: :print {local.name}[0]"
            yield from ([(line, styles.muted)] for line in wrap(notation.text(text), width))


def _next_loss(view: View) -> list[Run]:
    moment, notation, styles = view.moment, view.notation, view.styles
    loss = name_of(moment.program, Role.LOSS)
    losses = (float(moment.frame[loss]), moment.next_loss or 0.0)
    others = None if moment.side is None else (float(moment.side.wrong[loss]), moment.side.next_loss)
    if moment.side is None or others is None or others == losses:
        return [(next_loss(*losses, notation), styles.strong)]
    notation = telling(notation, *(np.array(pair)[:, np.newaxis] for pair in (losses, others)))
    to, other = notation.mark("to"), notation.mark("other")
    before, after = map(notation.number, losses)
    wrong = [notation.number(value) for value in others]
    return [
        (f"{next_loss(*losses, notation)}; {other} ", styles.strong),
        (wrong[0], styles.strong if wrong[0] == before else styles.bad),
        (f" {to} ", styles.strong),
        (wrong[1], styles.strong if wrong[1] == after else styles.bad),
        (notation.text(f" with {moment.side.beside.wrong.short}"), styles.strong),
    ]
