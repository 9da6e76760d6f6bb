"""The audit: every number that the source printed with its verdict, and all that is said of the one that is chosen."""

from collections.abc import Iterator, Sequence

import numpy as np
from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.debugger.audit.beginning import beginning
from backprop_tui.debugger.audit.finding import Finding
from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.printed_values import VERDICTS, printed
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.shared.background import go_on, in_slices
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.terminal.textual_private import Options

Chosen = tuple[int, Address | None]
HEADINGS = ("  value", "iteration", "printed", "computed", "verdict")
MOST = 116  # cells of the sheet, as its style has it
FRAME = 7  # cells of it that its border, the list's and a scrollbar take
MOST_OFF = 4  # elements that get a line each; the rest are counted
LEAST = 10  # cells of a published or a computed value


class AuditScreen(Dialog[Chosen | None]):
    """A sheet over the debugger; it answers with the step of a value that was chosen and its number that is wrong."""

    DEFAULT_CSS = """
    AuditScreen { align: center middle; }
    AuditScreen Vertical {
        width: 100%; max-width: 116; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    AuditScreen OptionList { height: auto; max-height: 50vh; background: $surface; }
    AuditScreen OptionList, AuditScreen OptionList:focus { border: none; padding: 0; }
    AuditScreen #begins { height: auto; text-style: bold; margin: 0 0 1 0; }
    AuditScreen #head { height: 1; color: $text-muted; }
    AuditScreen #said { height: auto; margin: 1 0 0 0; }
    AuditScreen #counts { height: auto; color: $text-muted; }
    """
    BINDINGS = [
        Binding("escape,q,A", "dismiss(None)", "close", show=False),
        Binding("j", "move(1)", "down", show=False),
        Binding("k", "move(-1)", "up", show=False),
    ]

    looking: Iterator[int] | None = None
    """The audit that is under way."""

    def __init__(self, audit: Audit, notation: Notation) -> None:
        super().__init__()
        self.audit = audit
        self.notation = notation

    def compose(self) -> ComposeResult:
        with Vertical() as sheet:
            sheet.border_title = "Audit"
            sheet.border_subtitle = "Enter goes there, Esc closes"
            yield Static("", id="begins", markup=False)
            yield Static("", id="head", markup=False)
            yield Options(markup=False)
            yield Static("", id="said", markup=False)
            yield Static("", id="counts", markup=False)

    def on_mount(self) -> None:
        self.query_one(Options).focus()
        self.looking = self.audit.reach()
        go_on(self, self._look, "audit")

    async def _look(self) -> None:
        """Look at what has not been looked at yet."""
        async for at in in_slices(self, self.looking or ()):
            self._count(f"looking at iteration {at:,}")
        self.looking = None
        findings = list(self.audit)
        self._list(next((place for place, one in enumerate(findings) if not one.agrees), 0))
        self.query_one("#begins", Static).update(Content(self.notation.text(beginning(self.audit))))
        self._count(", ".join(f"{count} {word}" for word, count in self.audit.in_words().items()))

    def _list(self, highlighted: int | None) -> None:
        options = self.query_one(Options)
        head, *lines = _lines(list(self.audit), self.notation, min(self.app.size.width, MOST) - FRAME)
        self.query_one("#head", Static).update(Content(head))
        options.clear_options().add_options(Option(Content(line)) for line in lines)
        options.highlighted = highlighted

    def on_resize(self) -> None:
        options = self.query_one(Options)
        if options.option_count:
            self._list(options.highlighted)

    def _count(self, text: str) -> None:
        self.query_one("#counts", Static).update(Content(text))

    def action_move(self, by: int) -> None:
        options = self.query_one(Options)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        finding = list(self.audit)[event.option_index]
        off = [f"{self.notation.mark(verdict)} {said}" for verdict, said in finding.elements(self.notation.symbols)]
        more = [f"… {len(off) - MOST_OFF:,} more"] if len(off) > MOST_OFF else []
        lines = [finding.published.where, *off[:MOST_OFF], *more, *finding.mistakes, finding.remark]
        text = "\n".join(line for line in lines if line)
        self.query_one("#said", Static).update(Content(self.notation.text(text)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        finding = list(self.audit)[event.option_index]
        published, timeline = finding.published, self.audit.timeline
        operation = timeline.program.by_name.get(published.name)
        at = worst_place(finding)
        address = None if at is None else Address(published.name, published.at or at)
        self.dismiss((timeline.step_at(published.iteration, operation.index if operation else -1), address))


def worst_place(finding: Finding) -> tuple[int, ...] | None:
    """The first of the numbers with the worst verdict; None where all agree."""
    found = zip(np.ndindex(finding.verdicts.shape), finding.verdicts.flat, strict=True)
    return None if finding.agrees else max(found, key=lambda one: VERDICTS.index(str(one[1])))[0]


def _lines(findings: Sequence[Finding], notation: Notation, width: int) -> list[str]:
    """Headings and a line per finding, in columns; the values take what room the others leave."""
    rows = [HEADINGS, *(_row(finding, notation) for finding in findings)]
    if len({row[1] for row in rows[1:]}) == 1:  # all of one iteration
        rows = [(row[0], *row[2:]) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    *before, published, computed, verdict = widths
    room = width - sum(before) - min(verdict, max(width // 3, 28)) - 2 * (len(widths) - 1)
    published, computed = (max(LEAST, min(wanted, room // 2)) for wanted in (published, computed))
    rows = [_counted(row, published, computed) for row in rows]
    values = [max(map(cell_len, column)) for column in zip(*rows, strict=True)][
        len(before) : -1
    ]  # as they are told now
    widths = [*before, *values, width]
    return [
        _cell("  ".join(_cell(cell, wide, notation) for cell, wide in zip(row, widths, strict=True)), width, notation)
        for row in rows
    ]


def _counted(row: tuple[str, ...], published: int, computed: int) -> tuple[str, ...]:
    """A row in which an array without room is told by its count: the numbers themselves are said below."""
    *before, printed_here, computed_here, verdict = row
    if max(cell_len(printed_here) - published, cell_len(computed_here) - computed) <= 0:
        return row
    count = len(printed_here.replace("[", " ").replace("]", " ").split())
    return (*before, f"{count:,} numbers", "", verdict)


def _row(finding: Finding, notation: Notation) -> tuple[str, ...]:
    published = finding.published
    digits = max(notation.digits, *(claim.decimals for claim in published.claims.flat))
    name = Address(published.name, published.at)
    worst = next(verdict for verdict in reversed(VERDICTS) if verdict in finding.verdicts)
    return (
        f"{notation.mark(worst)} {notation.address(name) if published.at else notation.symbol(published.name)}",
        f"{published.iteration:,}",
        notation.text(printed(published)),
        notation.with_digits(digits).array(finding.computed, most=24),
        notation.text(finding.words(notation.symbol)),
    )


def _cell(text: str, width: int, notation: Notation) -> str:
    if cell_len(text.rstrip()) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + notation.mark("cut")
