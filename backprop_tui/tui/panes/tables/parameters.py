"""The parameter table: a row per scalar, only those in sight are made."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from rich.style import Style
from textual.strip import Strip

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Published
from backprop_tui.tui.drawing.glyphs import ASKED
from backprop_tui.tui.panes.pane import Lines, Pane
from backprop_tui.tui.panes.tables.parameter_rows import Rows
from backprop_tui.tui.shared.styled_line import Run, strip
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.side_by_side import Side
    from backprop_tui.formula.values.reach import Region

HEADER = ("value", "gradient", "change", "after")  # at every step, whatever is computed
PRINTED, MISTAKEN = "printed", "mistaken"  # where the source printed a parameter, where a mistaken run goes beside
SHORTER = {"gradient": ("grad",), MISTAKEN: ("mistake", "wrong")}  # where there is no room for the word and a space
TIGHT = 4  # cells of a column beside its decimals: −0.1234 and a space
MOST_KEPT = 500  # rows of a variable
MANY = 100  # published numbers whose lengths are looked at


class ParametersPane(Pane):
    """Value, gradient, change, value after, and what the source printed of that, for every trained number."""

    title = "Parameters"

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id)
        self.found: tuple[Program, Rows] | None = None  # the rows, and of which program
        self.labels = {False: 0, True: 0}  # how long the longest label is, in symbols and in ASCII
        self.table: Table | None = None  # as it was made last
        self.printed = 0  # how long the longest number is that the source gave to a parameter
        self.kept: dict[str, Kept] = {}  # the rows that were made, by variable

    def _index(self, moment: Moment) -> Rows:
        """Which scalar stands in which row."""
        program, index = self.found or (None, None)
        if program is not moment.program or index is None or index.sample != moment.sample:
            index = Rows.of(moment.program, moment.sample)
            self.found, self.labels = (moment.program, index), {False: 0, True: 0}
            self.printed = _longest(moment)
        return index

    def build(self, view: View, width: int, height: int) -> Lines:
        moment = view.moment
        index, ascii_only = self._index(moment), view.notation.ascii
        if not self.labels[ascii_only]:
            lasts = (index.address(end - 1) for end in index.ends)
            self.labels[ascii_only] = max(len(view.notation.address(address)) for address in lasts)
        table = Table(view, width, self.labels[ascii_only], self.printed)
        row, ahead = index.row(moment.selection) if moment.selection else None, 0
        if row is None and moment.operation is not None:  # keep what changes in sight
            written, reads = index.subject(moment.operation.name), moment.operation.reads
            changing = (written, *(mask for mask in index.masks if mask in reads))
            if found := [name for name in changing if name in index.names]:
                row, last = index.rows(found[0])
                ahead = last - row
            elif read := [row for name, region in table.reads for row in index.span(name, region)]:
                row = self._bring(min(read), max(read), height)
        self.table = table
        return Lines(
            index.ends[-1] + 1,
            lambda line: self._row(table, index.address(line - 1)) if line else table.header(),
            None if row is None else row + 1,
            fixed=1,
            ahead=ahead,
        )

    def _row(self, table: "Table", address: Address) -> Strip:
        """A row, the one that was made before where it would look the same."""
        state = table.state(address.name)
        kept = self.kept.get(address.name)
        if kept is None or kept.state != state:
            kept = self.kept[address.name] = Kept(state, table.alive[address.name], {})
        if address.at not in kept.rows:
            if len(kept.rows) > MOST_KEPT:
                kept.rows.clear()
            kept.rows[address.at] = table.row(address)
        return kept.rows[address.at]

    def _paint(self, width: int, height: int) -> None:
        super()._paint(width, height)
        self.tell_hidden(width, height)

    def _bring(self, first: int, last: int, height: int) -> int:
        """Bring as many of these rows into sight as there is room for; the one in their middle."""
        middle = (first + last) // 2 if last - first < height - 1 else first
        if not self.top <= first <= last < self.top + height - 1:
            self.top = middle + 1 - height // 2
        return middle

    def move(self, view: View, across: int, down: int) -> Address | None:
        selection, index = view.moment.selection, self._index(view.moment)
        row = index.row(selection) if selection else None
        if row is None:
            return index.address(0)
        address = index.address(min(max(row + down, 0), index.ends[-1] - 1))
        beside = across > 0 or (across == 0 and selection is not None and selection.name in index.gradients)
        gradient = view.moment.program.gradients.get(address.name)
        return Address(gradient, address.at) if beside and gradient else address

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        index = self._index(view.moment)
        if self.table is None or not 0 < y <= index.ends[-1]:
            return None
        return self.table.stands_for(index.address(y - 1), x)


def _longest(moment: Moment) -> int:
    """How many characters the source gave to a parameter, in any iteration: the columns are the same in all of them."""
    of = (one for one in moment.scenario.published if one.name in moment.program.parameters)
    return max((len(claim.text) for one in of for claim in one.claims.flat[:MANY]), default=0)


class Kept(NamedTuple):
    """The rows of a variable as they were made: in which state, and each by its place."""

    state: tuple[object, ...]
    alive: tuple[object, ...]
    """What the state has the identities of."""
    rows: dict[Shape, Strip]


class Table:
    """One moment of the table at one width; `printed` is the length of the longest number that the source gave."""

    def __init__(self, view: View, width: int, labels: int, printed: int) -> None:
        self.view, self.width = view, width
        self.moment, self.notation, self.styles = view.moment, view.notation, view.styles
        self.labels = max(14 if width >= 90 else 7, min(labels, width // 3))
        room = width - self.labels - 2
        columns = max(1, room // (self.notation.digits + TIGHT))
        extra = [PRINTED] if printed else []
        if self.moment.side is not None:
            extra = [*extra[: max(0, columns - len(HEADER) - 1)], MISTAKEN]
        self.names = (*HEADER, *extra)[:columns]
        self.cell = room // len(self.names)
        self.rooms = dict.fromkeys(self.names, self.cell)
        least = self.notation.digits + TIGHT
        needs = {PRINTED: printed + 3, MISTAKEN: least + 3}  # a space and a mark, two marks and a space
        wide = {name: needs[name] for name in extra if name in self.rooms and needs[name] > self.cell}
        if wide:  # the others keep their digits
            others = len(self.names) - len(wide)
            self.cell = max((room - sum(wide.values())) // others, least)
            left = (room - others * self.cell) // len(wide)
            self.rooms = dict.fromkeys(self.names, self.cell) | {name: min(needs[name], left) for name in wide}
        self.published: dict[str, list[Published]] = {}
        for published in self.moment.scenario.published:
            operation = self.moment.program.by_name.get(published.name)
            veiled = operation is not None and self.moment.veils(operation)
            if published.iteration == self.moment.iteration and not veiled:
                self.published.setdefault(published.name, []).append(published)
        self.arrays: dict[str, tuple[Any, Any, Any]] = {}
        self.states: dict[str, tuple[object, ...]] = {}
        self.alive: dict[str, tuple[object, ...]] = {}
        moment, at = self.moment, self.moment.place
        inside = moment.operation if at is not None else None
        self.reads: tuple[tuple[str, Region], ...] = ()
        if inside is not None and at is not None:
            from backprop_tui.formula.values.reach import reads

            self.reads = reads(inside.tree, at, moment.shapes)

    def stands_for(self, address: Address, x: int) -> Address | None:
        """What a cell of a scalar's row stands for. Nothing is selected by a number that is no scalar of the run now:
        a value before its update, a change, what a source or a mistaken run has.
        """
        start, own, updated = 2 + self.labels, self._gradient(address.name), self._arrays(address.name, address.at)[2]
        for column, room in self.rooms.items():
            if start <= x < start + room:
                if column == "gradient":
                    return Address(own, address.at) if own else address
                is_now = column == "after" or (updated is None and column in HEADER)
                return address if is_now else None
            start += room
        return address

    def header(self) -> Strip:
        """The names of the columns."""
        runs: list[Run] = [(" " * (2 + self.labels), self.styles.muted)]
        beside = self.moment.beside
        heads = {MISTAKEN: ("variant",)} if beside is not None and beside.changes else {}
        for name, room in self.rooms.items():
            words = heads.get(name, (name, *SHORTER.get(name, ())))
            runs.append((next((word for word in words if len(word) < room), words[-1]).rjust(room), self.styles.muted))
        return strip(runs, self.width)

    def state(self, name: str) -> tuple[object, ...]:
        """All that the rows of a variable depend on beside their places. What steps into an operation, or shows another
        run beside, is different at every step.
        """
        if name not in self.states:
            moment, own = self.moment, self._gradient(name)
            operation, selection = moment.operation, moment.selection
            apart = moment.place is not None or moment.side is not None
            findings = [moment.finding(one) for one in self.published.get(name, ())]
            self.alive[name] = (*self._whole(name), self.styles, *findings)
            self.states[name] = (
                *map(id, self.alive[name]),
                *((moment.step, moment.element) if apart else ()),
                operation.name if operation is not None and operation.name in (name, own) else "",
                selection if selection is not None and selection.name in (name, own) else None,
                *(moment.asks, moment.lineage, len(moment.edits), own in moment.stale, name in moment.stale),
                *(moment.iteration if name in self.published else 0, self.notation),
                *(self.width, self.labels, *self.rooms.items()),
            )
        return self.states[name]

    @np.errstate(invalid="ignore")  # ∞ − ∞
    def row(self, address: Address) -> Strip:
        """One scalar's row; one that the current operation wrote is bold and marked."""
        name, at = address.name, address.at
        before, gradient, after = self._arrays(name, at)
        own = self._gradient(name)
        operation, selection = self.moment.operation, self.moment.selection
        written = operation.name if operation else ""
        selected = selection is not None and selection.at == at and selection.name in (name, own)
        fresh = self.moment.place in (None, at)  # else a different element was stepped into
        changed = fresh and after is not None and written == name
        derived = fresh and bool(own) and written == own
        read = self.lit(name, at)
        mark = self.notation.mark("changed") if changed or derived else self._first(name, at)
        mark = self.notation.glyphs.source if read and mark == " " else mark
        strong, text = self.styles.strong, self.styles.text
        rest = strong if changed or derived else text
        styles = {which: strong if which in read else rest for which in HEADER}
        edited, stale = self._edited(name, at), self.moment.stale
        worth = {
            "value": "edited" if "value" in edited else "",
            "gradient": "stale" if own in stale else "",
            "after": "edited" if "after" in edited else "stale" if name in stale else "",
        }
        numbers = {
            "value": before[at],
            "gradient": None if gradient is None else gradient[at],
            "change": None if after is None else after[at] - before[at],
            "after": None if after is None else after[at],
        }
        asked = {"gradient": derived, "after": written == name}
        cells: dict[str, Run] = {
            column: self._none(asked=asked.get(column, False))
            if number is None
            else self._marked(self._number(number), worth.get(column, ""), styles[column])
            for column, number in numbers.items()
        }
        if self.moment.side is not None:
            cells[MISTAKEN] = self._mistaken(self.moment.side, name, at)
        cells[PRINTED] = self._printed(name, at, after)
        label = f"{self.notation.address(address):<{self.labels}}"
        runs: list[Run] = [
            (f"{mark} ", self.styles.accent),
            (label, self.styles.selected if selected else rest),
            *(
                (self._fitted(cells[column][0], room).rjust(room), cells[column][1])
                for column, room in self.rooms.items()
            ),
        ]
        return strip(runs, self.width, self.notation.mark("cut"))

    def _gradient(self, name: str) -> str:
        """The gradient with respect to a variable; empty where the program has none."""
        return self.moment.program.gradients.get(name, "")

    def lit(self, name: str, at: Shape) -> set[str]:
        """The cells of a row that the element that was stepped into is computed from."""
        from backprop_tui.formula.values.reach import holds

        operation, own = self.moment.operation, self.moment.program.by_name.get(name)
        cells = {name: "after" if own and operation and own.index < operation.index else "value"}
        cells[self._gradient(name)] = "gradient"
        return {cells[variable] for variable, region in self.reads if variable in cells and holds(region, at)}

    def _edited(self, name: str, at: Shape) -> set[str]:
        """Whether a number was edited in this iteration, before its update or after it."""
        if name not in self.moment.edited:
            return set()
        operation, length = self.moment.program.by_name.get(name), self.moment.timeline.length
        own = [edit.place(length)[1] for edit in self.moment.edits if (edit.name, edit.at) == (name, at)]
        return {"after" if operation and index >= operation.index else "value" for index in own}

    def _marked(self, number: str, mark: str, style: Style) -> Run:
        """A number that was edited, or is stale."""
        return (f"{self.notation.mark(mark)}{number}" if mark else number, style)

    def _first(self, name: str, at: Shape) -> str:
        """The mark of the number that differs first of all, or whose gradient does."""
        first = self.moment.side.first if self.moment.side else None
        if first is None or first.address.at != at or first.address.name not in (name, self._gradient(name)):
            return " "
        return self.notation.mark("first")

    def _mistaken(self, side: "Side", name: str, at: Shape) -> Run:
        """What differs in the mistaken run: the value, or its gradient while only that differs."""
        other = self.notation.mark("other")
        for variable, sign in ((name, ""), (self._gradient(name), "∂")):
            where = side.differs(variable) if variable else None
            if where is not None and where[at]:
                right, wrong = (np.asarray(value)[at] for value in (self.moment.value(variable), side.value(variable)))
                head = f"{other} {sign}"
                taken = len(head) + self.cell - self.rooms.get(MISTAKEN, self.cell)
                number = self._number(wrong, taken)
                if number == self._number(right, taken):  # a difference too small to be seen
                    number = f"Δ{self._number(wrong - right, taken + 1)}"
                return (self.notation.text(f"{head}{number}"), self.styles.bad)
        return ("=", self.styles.muted)

    def _whole(self, name: str) -> tuple[Any, Any, Any]:
        """The value before, the gradient, and the value after the update; None before they exist."""
        if name not in self.arrays:
            operation = self.moment.program.by_name.get(name)
            done = operation is not None and operation.index <= self.moment.index
            moment, program = self.moment, self.moment.program
            gradient = moment.value(self._gradient(name)) if self._gradient(name) else None
            last = moment.index if operation is None else min(moment.index, operation.index - 1)
            before = moment.frame[program.key(name, last) or name]  # edits so far included
            self.arrays[name] = (before, gradient, moment.value(name) if done else None)
        return self.arrays[name]

    def _arrays(self, name: str, at: Shape) -> tuple[Any, Any, Any]:
        """The same at a place."""
        before, gradient, after = self._whole(name)
        written, missing = self.moment.operation, self.moment.missing
        if written is not None and missing is not None and name in (written.name, written.variable.wrt):
            gone = missing[at]
            gradient = None if gone and written.name != name else gradient
            after = None if gone and written.name == name else after
        return before, gradient, after

    def _number(self, value: Any, taken: int = 0) -> str:
        """A number with as many digits as leave a gap before it, in a cell of which `taken` is in use."""
        notation = self.notation
        text = notation.number(float(value), fixed=True)
        while len(text) + taken >= self.cell and notation.digits > 1:
            notation = notation.with_digits(notation.digits - 1)
            text = notation.number(float(value), fixed=True)
        return text

    def _shortened(self, printed: str) -> str:
        """What the source printed, cut where it would run into the column before."""
        return self._fitted(printed, self.rooms.get(PRINTED, 0) - 2)  # a space and the mark behind it

    def _fitted(self, text: str, room: int) -> str:
        """A text that leaves a gap before it."""
        cut = self.notation.mark("cut")
        return text if len(text) < room else f"{text[: max(room - 1 - len(cut), 0)]}{cut}"

    def _none(self, *, asked: bool = False) -> Run:
        if asked and self.moment.asks:
            return (ASKED, self.styles.accent)
        return (self.notation.mark("none"), self.styles.muted)

    def _printed(self, name: str, at: Shape, after: Any) -> Run:
        """What the source printed for the parameter after its update, and the verdict on it."""
        found = [(one, claim) for one in self.published.get(name, ()) if (claim := one.claim(at)) is not None]
        if not found:
            return ("", self.styles.muted)
        wrong = [(one, claim) for one, claim in found if after is not None and not claim.agrees(float(after[at]))]
        one, claim = (wrong or found)[-1]
        printed = self._shortened(claim.text.replace("-", self.notation.minus))
        if after is None:
            return (printed, self.styles.muted)
        finding = self.moment.finding(one)
        verdict = finding.verdict(at) if finding else "wrong" if wrong else "agrees"
        return (f"{printed} {self.notation.mark(verdict)}", self.styles.bad if wrong else self.styles.good)
