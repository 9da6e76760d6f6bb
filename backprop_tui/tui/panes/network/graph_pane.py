"""The network pane's other picture: the operations of an iteration as a graph, scrolled to the current one."""

from collections.abc import Iterator, Sequence
from operator import is_

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.labels import matrix_shown
from backprop_tui.engine.program.operation import AFTER
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.graph.contraction import contracted, group_of
from backprop_tui.tui.drawing.graph.flow import Flow
from backprop_tui.tui.drawing.graph.links import Link, links, named
from backprop_tui.tui.drawing.graph.painter import Painter, Row
from backprop_tui.tui.drawing.graph.places import Places
from backprop_tui.tui.drawing.graph.sheet import Sheet
from backprop_tui.tui.drawing.graph.window import aim
from backprop_tui.tui.panes.equation.operation_lines import drawn_of, is_drawn
from backprop_tui.tui.panes.network.graph_card import Card, with_card
from backprop_tui.tui.panes.network.graph_pins import Pin, pin_lines, pinned
from backprop_tui.tui.panes.network.graph_text import WIDEST, Texts, wants
from backprop_tui.tui.panes.pane import Lines
from backprop_tui.tui.shared.styled_line import Run, strip
from backprop_tui.tui.shared.view import View

LEAST_HEADED = 6  # rows, from which on one of them says what the columns are
TALL = 12  # rows of a graph, from which on there is room below it for values that are not written in full
BESIDE_VALUE = 3  # cells of a pin besides its symbol and its value: where it is, and the gaps
MOST_KEPT = 1000  # painted rows of a sheet
MOST_SHEETS = 8


class Graph:
    """The graph of a program. It keeps no state of the run, only what it has painted and where it is scrolled to."""

    def __init__(self) -> None:
        self.program: Program | None = None
        self.folded: frozenset[str] = frozenset()
        self.arranged: dict[frozenset[str], tuple[Places, tuple[Link, ...]]] = {}  # by what is folded
        self.places = Places(Flow({}, {}), {})
        self.links: tuple[Link, ...] = ()
        self.flow = Flow({}, {})
        self.sheet: Sheet | None = None
        self.sheets: dict[tuple[object, ...], Sheet] = {}  # by what is folded, and what they are made for
        self.made_for: tuple[object, ...] = ()
        self.kept: dict[Sheet, dict[tuple[object, ...], Row]] = {}  # rows of each sheet,
        self.ground: tuple[object, ...] = ()  # and all that they depend on beside the step
        self.top = self.left = self.body = 0
        self.aimed: tuple[object, ...] = ()  # what is in sight
        self.chosen = ""  # the key of the selected node: a parameter has one before its update and one after
        self.rows: list[Row] = []

    def build(self, view: View, width: int, height: int) -> Lines:
        """The rows in sight: headings, a part of the graph, and what is read from elsewhere."""
        sheet = self._prepare(view, width, height)
        before = self.chosen
        self.chosen = self._choose(view)
        texts = Texts(view, self.places.flow, named(self.links), self.chosen)
        painter = self._painter(view, sheet, texts)
        must = self.chosen if self.chosen not in ("", before) else painter.current
        aimed = (sheet, painter.current, self.chosen)
        headed = height >= LEAST_HEADED
        kept, pins, start = 0, list[list[Pin]](), (self.top, self.left)
        for _ in range(height):  # pins take rows, and then others may be out of sight
            self.body = max(1, height - headed - kept)
            self.top, self.left = start
            self._scroll(sheet, painter, must if aimed != self.aimed else None, width)
            pins = pin_lines([*self._pins(view, sheet, painter, texts, width)], width, height - headed)
            if len(pins) <= kept:
                break
            kept = len(pins)
        self.aimed = aimed
        self.rows = [self._heading(view, sheet, painter, width)] if headed else []
        body = [self._row(view, sheet, painter, y, width) for y in range(self.top, self.top + self.body)]
        card = self._card(view, sheet, painter, texts)
        self.rows += body if card is None else with_card(body, card, view, width)
        self.rows += [pinned(line, view, width) for line in pins]
        strips = [row for row, _ in self.rows]
        return Lines(len(strips), strips.__getitem__)

    def scroll(self, count: int) -> None:
        """Show a different part; the selection stays."""
        self.top += count

    def _arrange(self, view: View) -> None:
        """Have the nodes of the program, some of its blocks folded; when there are others, none is chosen."""
        program, folded = view.moment.program.plain, view.folded
        if self.program is program and self.folded == folded:
            return
        if self.program is not program:
            self.program, self.arranged, self.sheets, self.kept = program, {}, {}, {}
            self.flow = Flow.of(program)
        self.folded, self.sheet = folded, None
        if folded not in self.arranged:
            places = Places.arrange(contracted(self.flow, program.blocks, folded))
            self.arranged[folded] = places, links(places)
        self.places, self.links = self.arranged[folded]
        self.chosen = self.chosen if self.chosen in self.places.of else ""

    def _prepare(self, view: View, width: int, height: int) -> Sheet:
        """The sheet of the program, made again when that, the size or the notation changes."""
        self._arrange(view)
        notation = view.notation
        made_for = (width, height, notation.digits, notation.ascii)
        if self.sheet is None or self.made_for != made_for:
            self.sheet = self._sheet(view, (self.folded, *made_for), (width, height))
            self.made_for, self.aimed = made_for, ()
        side = view.moment.side
        beside = (side.beside, side.first_here) if side else (None, None)
        ground = (view.moment.frame, view.styles, notation, *beside)
        same = len(self.ground) == len(ground) and all(map(is_, self.ground, ground))
        if not same or view.moment.program.versions:  # an edit changes what is there already
            self.ground, self.kept = ground, {}
        return self.sheet

    def _sheet(self, view: View, key: tuple[object, ...], size: tuple[int, int]) -> Sheet:
        """A sheet that was made before, or a new one: the way back goes through the same folds."""
        found = self.sheets.pop(key, None)
        if found is None:
            room = wants(self.places, Texts(view, self.places.flow, named(self.links)))
            found = Sheet(self.places, self.links, room, size, view.notation.glyphs)
        self.sheets[key] = found
        for old in [*self.sheets][:-MOST_SHEETS]:
            self.kept.pop(self.sheets.pop(old), None)
        return found

    def _choose(self, view: View) -> str:
        """The node of the selection: the one chosen before, or the newest that is computed."""
        selection = view.moment.selection
        keys = [] if selection is None else group_of(self.places.flow, (selection.name + AFTER, selection.name))
        if self.chosen in keys:
            return self._now(view, self.chosen)
        done = [key for key in keys if self.places.flow.nodes[key].index <= view.moment.index]
        return next(iter(done or keys), "")

    def _now(self, view: View, key: str) -> str:
        """The node with the number that its variable has now: of a parameter, that of its update once that is done."""
        nodes = self.places.flow.nodes
        newer = group_of(self.places.flow, [nodes[key].name + AFTER])
        return newer[0] if newer and nodes[newer[0]].index <= view.moment.index else key

    def _painter(self, view: View, sheet: Sheet, texts: Texts) -> Painter:
        """The step in the keys of nodes."""
        nodes, operation = self.places.flow.nodes.values(), view.moment.operation
        current = next((node.key for node in nodes if operation is not None and node.is_of(operation.index)), "")
        return Painter(sheet, view.styles.drawing, view.moment.index, current, texts.text, texts.first_node)

    # where somebody is looking

    def _scroll(self, sheet: Sheet, painter: Painter, must: str | None, width: int) -> None:
        """Bring a node into sight, and with the current one as much as possible of what it reads."""
        total = sheet.geometry.width
        if must:
            wishes = [key for key in painter.lit if key in self.places.of] if must == painter.current else []
            self.top = aim(self.top, self.body, sheet.height, sheet.rows(must), map(sheet.rows, wishes))
            self.left = aim(self.left, width, total, sheet.cells(must), map(sheet.cells, wishes))
        elif must is not None:  # nothing is computed yet
            self.top = self.left = 0
        self.top = max(0, min(self.top, sheet.height - self.body))
        self.left = max(0, min(self.left, total - width))

    def _away(self, sheet: Sheet, key: str, width: int) -> str:
        """A glyph that points to a node out of sight; empty for one in sight."""
        y, (start, end), glyphs = sheet.y(key), sheet.symbol_cells(key), sheet.glyphs
        if not self.top <= y < self.top + self.body:
            return glyphs.up if y < self.top else glyphs.down
        if start < self.left or end > self.left + width:
            return glyphs.backward if start < self.left else glyphs.forward
        return ""

    def _pins(self, view: View, sheet: Sheet, painter: Painter, texts: Texts, width: int) -> Iterator[Pin]:
        """What of the current operation and its operands is out of sight, and in a tall pane what is not in full."""
        if not painter.current:
            return
        node, tall = sheet.node(painter.current), self.body >= TALL
        unnamed = [key for key in dict.fromkeys(node.reads) if key not in texts.named.get(node.key, ())]
        for key in (node.key, *unnamed):
            symbol = texts.symbol(key)
            written = texts.written(key, min(WIDEST, width - width_of(symbol) - BESIDE_VALUE))
            glyph = self._away(sheet, key, width)
            if not glyph and tall and written != texts.written(key, sheet.column(key).room):
                glyph = sheet.glyphs.fresh if key == node.key else sheet.glyphs.source
            if glyph:
                yield Pin(glyph, symbol, written, sheet.node(key).name, key)
        if sheet.names_are_written and not self._away(sheet, node.key, width):
            return
        for key, name in texts.names(node.key):
            value, symbol = texts.value(key) if key else view.moment.value(name), texts.called(key, name)
            room = min(WIDEST, width - width_of(symbol) - BESIDE_VALUE)
            written = "" if value is None else texts.array(value, room)
            yield Pin(sheet.glyphs.source, symbol, written, name, key)

    # what is seen

    def _heading(self, view: View, sheet: Sheet, painter: Painter, width: int) -> Row:
        """What the columns are, over the first of each half and of the update."""
        palette, glyphs = view.styles.drawing, sheet.glyphs
        now = sheet.node(painter.current).phase if painter.current else None
        words = {Phase.FORWARD: glyphs.down, Phase.BACKWARD: glyphs.up, Phase.UPDATE: glyphs.forward}
        runs: list[Run] = []
        x, whole = 0, max(sheet.geometry.width, width)
        for part, column in zip(Phase, sheet.geometry.columns, strict=False):
            text = f"{part.name.lower()} {words[part]}"
            start = max(min(column.spine, whole - len(text)), x)
            if self.left <= start and start + len(text) <= self.left + width:
                emphasis = Emphasis.LIT if part is now else Emphasis.NORMAL
                runs += [(" " * (start - x), palette.name), (text, emphasised(palette.label, emphasis))]
                x = start + len(text)
        return strip(runs, whole, "").crop(self.left, self.left + width), ()

    def _row(self, view: View, sheet: Sheet, painter: Painter, y: int, width: int) -> Row:
        """A row of the graph, painted when it is seen first or has changed."""
        if y >= sheet.height:
            return Strip.blank(width), ()
        selected = view.moment.selection if self.chosen and sheet.y(self.chosen) == y else None
        element = view.moment.element if painter.current and sheet.y(painter.current) == y else None
        key = (*painter.key(y), self.left, element, selected, self.chosen if selected else "")
        kept = self.kept.setdefault(sheet, {})
        if key not in kept:
            if len(kept) > MOST_KEPT:
                kept.clear()
            kept[key] = clipped(painter.paint(y), self.left, width, view.notation.mark("cut"))
        return kept[key]

    def _card(self, view: View, sheet: Sheet, painter: Painter, texts: Texts) -> Card | None:
        """The matrix of the selected node, or of the current one, where it is too large to be told by numbers."""
        for key in filter(None, (self.chosen, painter.current)):
            value = texts.value(key)
            name = sheet.node(key).name
            if value is not None and is_drawn(value):
                times = sheet.glyphs.times
                where = matrix_shown(view.moment, name, np.shape(value), short=True)
                caption = f"{texts.symbol(key)} {view.notation.text(where) or times.join(map(str, np.shape(value)))}"
                drawn = drawn_of(name, value, view, whole=key != painter.current)
                return Card(caption, drawn, sheet.y(key) - self.top, name, key)
        return None

    # pointing

    def move(self, view: View, across: int, down: int) -> Address | None:
        """The node that is `down` places further in its column, or `across` columns further along its links."""
        self._arrange(view)
        here = view.moment.operation
        wishes = (self.chosen, *group_of(self.places.flow, [here.key] if here else []), *self.places.of)
        key = self._now(view, next(wish for wish in wishes if wish in self.places.of))
        there = [other for other in self.places.of if self._now(view, other) == other]
        for _ in range(abs(across)):
            key = self._beside(key, 1 if across > 0 else -1, there)
        column = [other for other in there if self.places.of[other].column == self.places.of[key].column]
        column.sort(key=lambda other: self.places.of[other].row)
        key = column[max(0, min(column.index(key) + down, len(column) - 1))]
        return self._address(view, key)

    def _beside(self, key: str, way: int, among: Sequence[str]) -> str:
        """The nearest node in the next column that has one, of those linked with a node if there are any."""
        place = self.places.of[key]
        spots = {other: self.places.of[other] for other in among}
        columns = [other.column for other in spots.values() if (other.column - place.column) * way > 0]
        if not columns:
            return key
        next_one = min(columns, key=lambda column: abs(column - place.column))
        linked = {link.source if way < 0 else link.target for link in self.links if key in (link.source, link.target)}
        there = [other for other, spot in spots.items() if spot.column == next_one]
        there = [other for other in there if other in linked] or there
        return min(there, key=lambda other: abs(spots[other].row - place.row))

    def _address(self, view: View, key: str) -> Address:
        """A scalar of a node: the selected one's place in it where the shapes are the same, or the sample's first."""
        self.chosen = key = self._now(view, key)
        moment, name = view.moment, self.places.flow.nodes[key].name
        shapes, selection, column = moment.shapes, moment.selection, moment.column_of(name)
        if selection is not None and shapes.get(selection.name) == shapes[name]:
            return Address(name, selection.at)
        return moment.first_of(name) if column is None else Address(name, (0, column))

    def address_at(self, view: View, x: int, y: int) -> Address | None:
        """The variable at a cell."""
        _, spots = self.rows[y] if 0 <= y < len(self.rows) else (None, ())
        spot = next((spot for spot in spots if spot.x <= x < spot.x + spot.width), None)
        if spot is None:
            return None
        return self._address(view, spot.key) if spot.key else view.moment.first_of(spot.name)


def clipped(row: Row, left: int, width: int, cut: str) -> Row:
    """The part of a row that is in sight; a text that is only in part is left out."""
    painted, spots = row
    whole = [spot for spot in spots if left <= spot.x and spot.x + spot.width <= left + width]
    line = painted.crop(left, left + width).adjust_cell_length(width)
    for spot in spots:
        start, end = max(spot.x, left) - left, min(spot.x + spot.width, left + width) - left
        if spot not in whole and start < end:
            line = Strip.join([line.crop(0, start), Strip([Segment(cut.ljust(end - start))]), line.crop(end)])
    return line, tuple(spot._replace(x=spot.x - left) for spot in whole)
