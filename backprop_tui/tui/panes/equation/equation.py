"""The equation pane: formula, numbers put in, result, what it means, and what the source printed."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from backprop_tui.debugger.basics.address import Address, first
from backprop_tui.debugger.basics.labels import names_at
from backprop_tui.debugger.basics.notation import computed_as, next_loss
from backprop_tui.engine.program.chain import name_of
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.statements.derive import too_large
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.values.element import Shape
from backprop_tui.tui.panes.equation.formula_block import block
from backprop_tui.tui.panes.equation.mistaken_lines import beside_lines
from backprop_tui.tui.panes.equation.printed_lines import claim_lines
from backprop_tui.tui.panes.equation.room_for_matrices import NUMBERS, RESULT, Line, Part, fitted
from backprop_tui.tui.panes.equation.sample_lines import share_lines
from backprop_tui.tui.panes.pane import Lines, Pane, step_within
from backprop_tui.tui.shared.styled_line import Run, strip, wrap, wrap_runs
from backprop_tui.tui.shared.view import View

MOST_EDITS = 3  # edits of an iteration that are listed, the latest


class EquationPane(Pane):
    """The operation computed last."""

    DEFAULT_CSS = "EquationPane { padding: 0 1; }"
    title = "Equation"

    def build(self, view: View, width: int, height: int) -> Lines:
        cut = view.notation.mark("cut")
        made: list[Strip] = [strip(runs, width, cut) for runs in equation_rows(view, width, height)]
        return Lines(len(made), made.__getitem__)

    def page(self, view: View, halves: int) -> Address | None:
        """Scroll the text where there is more of it than room, else move the selection."""
        if self.lines.count <= self.size.height:
            return super().page(view, halves)
        self.scroll_lines(halves * self.half)
        return view.moment.selection

    def _paint(self) -> None:
        super()._paint()
        below, above = self.lines.count > self.top + self.size.height, self.top > 0
        self.show_below("more below" if below else "more above" if above else "")

    def move(self, view: View, across: int, down: int) -> Address | None:
        operation, selection = view.moment.operation, view.moment.selection
        if operation is None:
            return selection
        shape = view.moment.shapes[operation.name]
        if selection is None or selection.name != operation.name:
            return first(operation.name, shape)
        if 1 in shape[-2:] and not (across and down):  # a column or a row: any arrow goes along it
            along = across or down
            across, down = (along, 0) if shape[-2] == 1 else (0, along)
        return step_within(selection, shape, across, down)


def inside(region: Region) -> tuple[int, int]:
    """Width and height of what is inside of the pane's border and padding."""
    return region.width - 4, region.height - 2


def equation_rows(view: View, width: int, height: int) -> list[Line]:
    """All that there is to say of a moment, its matrices as tall as this many rows have room for."""
    return fitted([*_parts(view, width)], height)


def _parts(view: View, width: int) -> Iterator[Part]:
    moment = view.moment
    if moment.prediction is not None:
        from backprop_tui.tui.panes.equation.prediction_lines import prediction_lines

        prediction = moment.prediction
        yield None, lambda _: prediction_lines(prediction, view, width)
    if moment.event is not None:
        yield from _computed(moment.event, view, width)
    elif not moment.asks:
        yield None, lambda _: beside_lines(view, width)
        yield None, lambda _: _opening(view, width)
        yield None, lambda _: _what_if(view, width)


def _computed(event: Event, view: View, width: int) -> Iterator[Part]:
    """All that there is to say of an operation with its result."""
    place = view.moment.place
    yield None, lambda _: _formula(event, view, width)
    yield None, lambda _: _left_out(event, view, width)
    if place is None:
        yield NUMBERS, lambda rows: _numbers(event, view, width, rows)
        yield RESULT, lambda rows: _result(event, _values(event, view)[1], view, width, rows)
        yield None, lambda _: _what_if(view, width)
        yield NUMBERS, lambda rows: share_lines(event, view, width, rows=rows)
        yield None, lambda _: _selected(event, view, width)
    else:
        yield RESULT, lambda rows: _element(event, place, view, width, rows)
    yield None, lambda _: _remarks(event, view, width)


def _formula(event: Event, view: View, width: int) -> Iterator[Line]:
    """The formula, and what it means."""
    from backprop_tui.debugger.meaning.sentence import meaning

    notation, styles = view.notation, view.styles
    said = notation.text(meaning(view.moment, notation))
    formula = f"{notation.symbol(event.name)} = {notation.formula(event.operation.tree)}"
    room = width - len(formula) - 2
    if said and len(said) <= room:
        yield [(formula, styles.strong), (" " * (room - len(said) + 2), styles.text), (said, styles.muted)]
    else:
        yield from ([(line, styles.strong)] for line in wrap(formula, width))
        yield from ([(line, styles.muted)] for line in wrap(said, width))


def _remarks(event: Event, view: View, width: int) -> Iterator[Line]:
    """How it was computed, what differs from a mistaken run and from the source, the next loss, and the notes."""
    moment, notation, styles = view.moment, view.notation, view.styles
    yield from ([(line, styles.muted)] for line in wrap(computed_as(event.operation, notation), width))
    if not np.isfinite(event.value).all():
        first_one = notation.symbol(moment.first_not_finite or event.name)
        text = f"{notation.mark('differs')} not a finite number; the first of this iteration is in {first_one}"
        yield from ([(line, styles.bad)] for line in wrap(notation.text(text), width))
    yield from beside_lines(view, width)
    for claim in moment.verdicts:
        yield from claim_lines(claim, view, width)
    if moment.tells_next_loss:
        yield from wrap_runs(_next_loss(view), width)
    if not view.notes_below:
        yield from note_lines(view, width)


def note_lines(view: View, width: int) -> Iterator[Line]:
    """The scenario's notes at a step, each after a gap."""
    for note in view.moment.notes:
        yield []
        yield from ([(line, view.styles.text)] for line in wrap(view.notation.text(note.text), width))


def _what_if(view: View, width: int) -> Iterator[Line]:
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


def _values(event: Event, view: View) -> tuple[Mapping[str, Any], Any, int]:
    """What the operation read, its result, and how many matrices there are where each sample has one: then these are
    the ones of the sample that is shown.
    """
    values, result = event.inputs, event.value
    count = next((len(array) for array in (result, *values.values()) if array.ndim > 2), 0)
    if not count:
        return values, result, 0
    sample = min(view.moment.sample, count - 1)
    return {name: of_sample(array, sample) for name, array in values.items()}, of_sample(result, sample), count


def _numbers(event: Event, view: View, width: int, rows: int) -> Iterator[Line]:
    """The formula with numbers put in, as matrices where there is room."""
    tree, styles = event.operation.tree, view.styles
    values, _, count = _values(event, view)
    if count > 1:
        yield [(f"of sample {min(view.moment.sample, count - 1) + 1} of {count}", styles.muted)]
    marked = (lambda _: None) if count else view.moment.column_of
    indent = len(view.notation.symbol(event.name)) + 1
    read = sum(array.size for array in values.values())
    yield from block(
        lambda n: n.numeric_pieces(tree, values.__getitem__, marked),
        *(read, (styles.text, styles.accent), view, indent, width),
        rows=rows,
    )


def _result(event: Event, value: Any, view: View, width: int, rows: int) -> Iterator[Line]:
    strong = view.styles.strong
    indent = len(view.notation.symbol(event.name)) + 1
    marked = view.moment.column_of(event.name) if value.ndim and value.shape[-1] == view.moment.samples else None
    yield from block(
        lambda n: [n.value_piece(value, marked)],
        *(value.size, (strong, strong), view, indent, width),
        rows=rows,
    )


def _element(event: Event, at: Shape, view: View, width: int, rows: int) -> Iterator[Line]:
    """The element that was stepped into: its terms in symbols and in numbers, and what there is of the result."""
    from numpy.ma import MaskedArray

    from backprop_tui.debugger.basics.scalar_terms import terms
    from backprop_tui.formula.values.expansion import MOST

    moment, notation, styles = view.moment, view.notation, view.styles
    found = terms(event.operation, moment.frame, at, most=max(MOST, width // 8))
    address = notation.address(Address(event.name, at))
    count = f"element {(moment.element or 0) + 1:,} of {event.value.size:,}"
    yield from ([(line, styles.text)] for line in wrap(f"{address} = {notation.terms(found.expansion)}", width))
    numbers = f"{address} = {notation.numbers(found.expansion)} = {notation.number(found.value)}"
    yield from ([(line, styles.accent)] for line in wrap(numbers, width))
    if event.value.size > 1:
        missing = False if moment.missing is None else moment.missing
        shown = MaskedArray(event.value, missing)
        yield from _result(event, of_sample(shown, at[0]) if shown.ndim > 2 else shown, view, width, rows)
        yield [(count, styles.muted)]


def of_sample(array: Any, sample: int) -> Any:
    """One sample's part: its matrix, or its column."""
    return array[sample] if array.ndim > 2 else array[:, sample : sample + 1] if array.ndim else array


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

        middle = f"{notation.numbers(terms(event.operation, moment.frame, address.at).expansion)} = "
    names = f" {notation.mark('to')} ".join(names_at(moment.scenario, address, moment.program))
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
    text = next_loss(*losses, notation)
    if moment.side is None:
        return [(text, styles.strong)]
    to, other = notation.mark("to"), notation.mark("other")
    before, after = map(notation.number, losses)
    wrong = [notation.number(value) for value in (float(moment.side.wrong[loss]), moment.side.next_loss)]
    return [
        (f"{text}; {other} ", styles.strong),
        (wrong[0], styles.strong if wrong[0] == before else styles.bad),
        (f" {to} ", styles.strong),
        (wrong[1], styles.strong if wrong[1] == after else styles.bad),
        (notation.text(f" with {moment.side.beside.wrong.short}"), styles.strong),
    ]
