"""The program pane: every operation of the iteration with its result once it has one; as mathematics or as NumPy."""

from collections.abc import Callable, Container, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import heading
from backprop_tui.engine.program.chain import name_of
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase, Role
from backprop_tui.formula.writing.symbols import indices
from backprop_tui.tui.drawing.glyphs import ASKED
from backprop_tui.tui.panes.equation.mistaken_lines import against, telling
from backprop_tui.tui.panes.pane import Lines, Pane
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import Run, size, strip
from backprop_tui.tui.shared.theme import Styles
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.side_by_side import Side

GUTTER = 1  # the last column of it


class Line(Struct, frozen=True):
    """A line that defines what the program's code calls and NumPy lacks."""

    text: str


class Block(Struct, frozen=True, eq=False):
    """A block of a model that is folded, as far as its operations follow each other; or its heading where it is not."""

    name: str
    operations: tuple[Operation, ...] = ()


class Rows(Struct, frozen=True):
    """The lines of a program: stages as headings, operations below them; before code, what it needs beside NumPy.

    In the forward half an unfolded block has a heading too; further on its stages have its name.
    """

    entries: tuple[Operation | Line | Block | str, ...]
    place: dict[int, int]

    @classmethod
    def of(cls, program: Program, *, code: bool, folded: Container[str] = ()) -> "Rows":
        needed: Iterable[str] = ()
        if code:
            from backprop_tui.formula.writing.definitions import definitions

            needed = definitions(operation.code for operation in program.operations)
        entries: list[Operation | Line | Block | str] = [*map(Line, needed)]
        place: dict[int, int] = {}
        stage = before = ""
        for (phase, block), run in groupby(
            program.operations, lambda o: (o.variable.phase, program.blocks.get(o.name))
        ):
            operations = tuple(run)
            if before and not block:  # says that these are of no block
                stage = ""
            before = block or ""
            if operations[0].stage != stage and (block not in folded or phase is not Phase.BACKWARD):
                stage = operations[0].stage
                entries.append(stage)
            if block and block in folded:
                place |= dict.fromkeys((operation.index for operation in operations), len(entries))
                entries.append(Block(block, operations))
                stage = operations[-1].stage
                continue
            entries += [Block(block)] if block and phase is Phase.FORWARD else []
            for operation in operations:
                if operation.stage != stage:
                    stage = operation.stage
                    entries.append(stage)
                place[operation.index] = len(entries)
                entries.append(operation)
        return cls(tuple(entries), place)

    def at(self, row: int) -> Operation | None:
        """What is selected in a row: its operation, or the last one of a folded block."""
        match self.entries[row] if 0 <= row < len(self.entries) else "":
            case Operation() as operation:
                return operation
            case Block(_, operations) if operations:
                return operations[-1]
        return None


@lru_cache(maxsize=8)
def listed_rows(program: Program) -> int:
    """How many rows a program takes with nothing folded, and with the loss that comes of it."""
    return len(Rows.of(program, code=False).entries) + 1


class ListingPane(Pane):
    """The debugger's listing; a result that was just computed is bold."""

    title = "Program"

    class GutterClicked(Message):
        """Someone clicked beside an operation."""

        def __init__(self, operation: str) -> None:
            super().__init__()
            self.operation = operation

    class BlockClicked(Message):
        """Someone clicked on a block of a model."""

        def __init__(self, block: str) -> None:
            super().__init__()
            self.block = block

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id)
        self.made: dict[tuple[object, ...], Strip] = {}
        self.rows = Rows((), {})
        self.shown: tuple[object, ...] | None = None
        self.paint: Styles | None = None
        self.arrived: tuple[int, Address | None] = (-1, None)  # the step that was shown last, and what was selected
        self.led = False  # by a selection that was made since the step was gone to

    def build(self, view: View, width: int, height: int) -> Lines:
        moment = view.moment
        if self.shown != (moment.program, view.code, view.folded):
            if self.shown is None or self.shown[:2] != (moment.program, view.code):
                self.made = {}
            self.shown = (moment.program, view.code, view.folded)
            self.rows = Rows.of(moment.program, code=view.code, folded=view.folded)
        if self.paint is not view.styles:
            self.paint, self.made = view.styles, {}
        rows = self.rows
        extra = int(moment.tells_next_loss)

        def line(row: int) -> Strip:
            if row >= len(rows.entries):
                return _loss_line(view, width)
            entry = rows.entries[following if row in without_room else row]
            if isinstance(entry, Line):
                return strip([(f"   {entry.text}", view.styles.muted)], width, view.notation.mark("cut"))
            if isinstance(entry, Block):
                return _block_line(entry, view, width)
            if isinstance(entry, str):
                return self._kept((entry, width, view.notation), lambda: _heading(entry, view, width))
            return self._operation(entry, view, width)

        index = moment.operation.index if moment.operation else -1
        focus = len(rows.entries) if extra else rows.place.get(index, 0)
        following = rows.place.get(index + 1, focus)
        chosen = moment.program.by_name.get(moment.selection.name) if moment.selection else None
        (step, selection), self.arrived = self.arrived, (moment.step, moment.selection)
        is_here = step in (-1, moment.step)  # the first time, that is where a session was resumed
        self.led = is_here and (self.led or moment.selection != selection)
        if chosen is not None and self.led:  # a step leads back to the operation that it computes
            focus = following = rows.place[chosen.index]
        # of a heading and what comes next, the latter
        without_room = range(focus + 1, following) if following - focus >= height else range(0)
        return Lines(len(rows.entries) + extra, line, focus, ahead=max(0, following - focus))

    def _paint(self, width: int, height: int) -> None:
        super()._paint(width, height)
        self.tell_hidden(width, height)

    def strips(self, view: View, width: int, height: int) -> Sequence[Strip]:
        program, index = view.moment.program, view.moment.index
        if self.paint is not view.styles or self.shown is None or self.shown[0] is not program:
            return ()
        return [self._operation(operation, view, width) for operation in program.operations[max(index - 1, 0) :][:2]]

    def _operation(self, operation: Operation, view: View, width: int) -> Strip:
        """A line is the same as long as its value, marks and colours are: made once, then looked up."""
        moment = view.moment
        done, current = operation.index <= moment.index, operation is moment.operation
        selected = moment.selection is not None and moment.selection.name == operation.name
        key = (
            *(operation.index, done and moment.iteration, current and (moment.element, moment.step), selected),
            *(operation.name in moment.breakpoints, operation.name in moment.off),
            *(moment.lineage, _value_mark(operation, view), moment.veils_formula(operation)),
            *(width, view.notation.digits, view.notation.ascii, view.code),
            *((id(moment.beside), _first(view) == operation.name) if moment.beside else ()),
        )
        return self._kept(
            key, lambda: _operation_line(operation, view, width, done=done, current=current, selected=selected)
        )

    def _kept(self, key: tuple[object, ...], make: Callable[[], Strip]) -> Strip:
        if key not in self.made:
            if len(self.made) > 2000:
                self.made.clear()
            self.made[key] = make()
        return self.made[key]

    def move(self, view: View, across: int, down: int) -> Address | None:
        selection, by_name = view.moment.selection, view.moment.program.by_name
        rows = Rows.of(view.moment.program, code=view.code, folded=view.folded)
        index = by_name[selection.name].index if selection and selection.name in by_name else view.moment.index
        places = sorted(set(rows.place.values()))
        at = places.index(rows.place[index]) if index >= 0 else -1
        operation = rows.at(places[min(max(at + down, 0), len(places) - 1)])
        return None if operation is None else view.moment.first_of(operation.name)

    def on_click(self, event: events.Click) -> None:
        """In the gutter, a breakpoint on or off; on a block folds or unfolds it; elsewhere what every pane does."""
        inside = event.get_content_offset(self)
        row = -1 if inside is None else inside.y + self.top
        entry = self.rows.entries[row] if 0 <= row < len(self.rows.entries) else ""
        if isinstance(entry, Operation) and inside is not None and inside.x <= GUTTER:
            event.prevent_default()
            self.post_message(self.GutterClicked(entry.name))
        elif isinstance(entry, Block):
            event.prevent_default()
            self.post_message(self.BlockClicked(entry.name))

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        entry = self.rows.entries[y] if y < len(self.rows.entries) else ""
        return view.moment.first_of(entry.name) if isinstance(entry, Operation) else None


def _heading(stage: str, view: View, width: int) -> Strip:
    symbol = stage if view.notation.ascii else heading(stage, view.moment.program)
    return strip([(f"   {symbol}", view.styles.heading)], width)


def _block_line(block: Block, view: View, width: int) -> Strip:
    """A folded block: what is in it, as a line of the listing; or the heading of one that is not folded."""
    moment, notation, styles = view.moment, view.notation, view.styles
    operations, digits = block.operations, len(str(moment.timeline.length))
    if not operations:
        return strip([(f"   {notation.mark('unfolded')} {block.name}", styles.heading)], width)
    names = {operation.name for operation in operations}
    current = moment.operation is not None and moment.operation.name in names
    selected = moment.selection is not None and moment.selection.name in names
    stops = [("breakpoint", moment.breakpoints), ("off", moment.off)]
    stop = next((notation.mark(mark) for mark, found in stops if not names.isdisjoint(found)), " ")
    first = notation.mark("first") if _first(view) in names else " "
    done = operations[-1].index <= moment.index
    style = styles.strong if current else styles.text if done else styles.muted
    phase = operations[0].variable.phase
    said = block.name if phase is Phase.FORWARD else f"{phase.name.lower()} {block.name}"
    count = f"{len(operations)} operation{'s' if len(operations) > 1 else ''}"
    left: list[Run] = [
        (stop, styles.bad),
        (notation.mark("current") if current else first, styles.accent),
        (f"{notation.mark('folded'):>{digits}} ", styles.accent),
        (said, styles.selected if selected else style),
    ]
    differs = any(_differs(operation, view) for operation in operations if operation.index <= moment.index)
    right = [(f"{notation.mark('other')} ", styles.bad)] if differs else []
    right += [(count, styles.muted)] if size(left) + len(count) + 1 < width else []
    return Strip.join([strip(left, width - size(right), notation.mark("cut")), strip(right, size(right))])


def _operation_line(
    operation: Operation, view: View, width: int, *, done: bool, current: bool, selected: bool
) -> Strip:
    moment, notation, styles = view.moment, view.notation, view.styles
    stop = (
        notation.mark("breakpoint")
        if operation.name in moment.breakpoints
        else notation.mark("off")
        if operation.name in moment.off
        else " "
    )
    first = notation.mark("first") if _first(view) == operation.name else " "
    pointer = notation.mark("current") if current else first
    style = styles.strong if current else styles.text if done else styles.muted
    text = _text(operation, view)
    number = f"{operation.index + 1:>{len(str(moment.timeline.length))}} "
    left: list[Run] = [
        (stop, styles.bad),
        (pointer, styles.accent),
        (number, styles.muted),
        (text, styles.selected if selected else style),
    ]
    if not done:
        asked = [(ASKED, styles.accent)] if current else []
        return Strip.join([strip(left, width - len(asked), notation.mark("cut")), strip(asked, len(asked))])
    room, cut = width - size(left) - 2, notation.mark("cut")
    results = _results(operation, view, room, style, inside=current and moment.place is not None)
    taken = size(results)
    if taken > width - size(left) and not _differs(operation, view):  # the formula has the first claim
        results, taken = [], 0
    return Strip.join([strip(left, width - taken, cut), strip(results, taken)])


def _differs(operation: Operation, view: View) -> bool:
    """Whether a mistaken run beside this one has another value: that is what the line is looked at for."""
    side = view.moment.side
    return side is not None and side.differs(operation.name) is not None


def _value_mark(operation: Operation, view: View) -> str:
    """What stands before a value that was edited, or was computed from one that has been edited since."""
    moment, notation = view.moment, view.notation
    if not moment.timeline.edits or operation.index > moment.index:
        return ""
    if operation.name in moment.stale:
        return f"{notation.mark('stale')} "
    return f"{notation.mark('edited')} " if moment.result_edited(operation) else ""


def _text(operation: Operation, view: View) -> str:
    """The operation as mathematics or as NumPy; where its formula is to be predicted, only what it computes."""
    notation = view.notation
    if view.moment.veils_formula(operation):
        return operation.name if view.code else notation.symbol(operation.name)
    if view.code:
        return operation.code
    return f"{notation.symbol(operation.name)} = {notation.formula(operation.tree)}"


def _results(operation: Operation, view: View, room: int, style: Style, *, inside: bool) -> list[Run]:
    """The value, or the element that was stepped into; and what it is in the mistaken run where that differs."""
    moment, notation, styles = view.moment, view.notation, view.styles
    value, side = moment.value(operation.name), moment.side
    mark = f" {_value_mark(operation, view)}"
    room -= len(mark) - 1
    where = side.differs(operation.name) if side else None
    if inside:
        results = [(f"{mark}{_element(value, view)}", style)]
        if side is not None and where is not None and where[moment.place]:
            wrong = notation.number(float(side.value(operation.name)[moment.place]))
            results += [(f" {notation.mark('other')} ", styles.muted), (wrong, styles.bad)]
        return results
    if side is None or where is None:
        return [(f"{mark}{_result(value, room, notation)}", style)]
    right, wrong = _both(operation, side, room - 3, view)
    return [
        (f"{mark}{right}", style),
        (f" {notation.mark('other')} ", styles.muted),
        *against(right, wrong, style, styles.bad),
    ]


def _both(operation: Operation, side: "Side", room: int, view: View) -> tuple[str, str]:
    """Two values that differ, with as few digits as fit and tell them apart; else the first number that differs."""
    right, wrong, where = side.frame[operation.key], side.value(operation.name), side.differs(operation.name)
    widest = telling(view.notation, right, wrong)
    for digits in range(widest.digits, 1, -1):
        notation = widest.with_digits(digits)
        ours, theirs = (_result(value, room // 2, notation, numbers=True) for value in (right, wrong))
        if len(ours) + len(theirs) <= room and ours != theirs:
            return ours, theirs
    at = next(map(tuple, np.argwhere(where))) if where is not None else ()
    tells = telling(view.notation, np.asarray(right)[at], np.asarray(wrong)[at])
    place = indices(tuple(map(int, at)), side.frame.program.shapes[operation.name])
    return f"{place} {tells.number(float(right[at]))}", tells.number(float(wrong[at]))


def _first(view: View) -> str:
    """The operation at which the mistaken run first differs, in this iteration; empty where none does so far."""
    first = view.moment.side.first_here if view.moment.side else None
    return first.address.name if first else ""


def _result(value: Any, room: int, notation: Notation, *, numbers: bool = False) -> str:
    """As much of a value as there is room for: a few of its numbers, fewer of its digits, or its shape alone unless
    `numbers` are asked for.
    """
    if np.size(value) == 1:
        texts = [notation.with_digits(digits).array(value) for digits in range(notation.digits, 0, -1)]
    else:
        texts = [notation.array(value, most=most) for most in (24, 8, 6, 4, 2)]
        texts += [] if numbers else [("x" if notation.ascii else "×").join(map(str, np.shape(value)))]
    return next((text for text in texts if len(text) <= room), texts[-1])


def _element(value: Any, view: View) -> str:
    """The element that was stepped into: which of how many, and its number."""
    moment = view.moment
    return f"{(moment.element or 0) + 1:,}/{value.size:,}  {view.notation.number(float(value[moment.place]))}"


def _loss_line(view: View, width: int) -> Strip:
    moment, notation, styles = view.moment, view.notation, view.styles
    name = name_of(moment.program, Role.LOSS)
    before, after = float(moment.frame[name]), moment.next_loss or 0.0
    loss, other, wrong = f"   {notation.symbol(name)}", "", ""
    if moment.side is not None and moment.side.next_loss != after:
        notation = telling(notation, np.array(after), np.array(moment.side.next_loss))
        other, wrong = f" {notation.mark('other')} ", notation.number(moment.side.next_loss)
    change = f" {notation.mark('to')} ".join(notation.both(before, after))
    said = (f"{loss} with the new parameters", f"{loss} after it", loss)
    text = next((text for text in said if len(text) + len(change) + len(other + wrong) < width), loss)
    room = max(1, width - len(text) - len(other + wrong))
    runs = [(text, styles.strong), (change.rjust(room), styles.strong), (other, styles.muted), (wrong, styles.bad)]
    return strip(runs, width)
