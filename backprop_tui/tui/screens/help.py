"""The help: all keys in force, from the key table."""

from collections.abc import Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from backprop_tui.tui.keys import Key, cap
from backprop_tui.tui.notation import Notation
from backprop_tui.tui.screens.dialog import Paged, Sheet

ABOUT = (
    "One key press computes one operation of the chain rule, or takes it back.",
    "A number typed first is a count: 10n goes ten operations on. Clickers send PgDn and PgUp.",
    "{breakpoint} is a breakpoint, {current} the operation computed last. The diagram lights what it read and wrote.",
    "Arrows select one number; every pane shows it.",
)


class HelpScreen(Paged):
    """A sheet over the debugger."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen Sheet {
        width: 88; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    """
    BINDINGS = [Binding("escape,q,question_mark,f1", "dismiss", "close", show=False)]

    def __init__(self, rows: Sequence[Key], notation: Notation) -> None:
        super().__init__()
        self.rows = rows
        self.notation = notation

    def compose(self) -> ComposeResult:
        with Sheet() as sheet:
            sheet.border_title = "Keys"
            sheet.border_subtitle = "Esc closes"
            marks = {what: self.notation.mark(what) for what in ("breakpoint", "current")}
            yield Static(Content("\n".join(ABOUT).format(**marks) + "\n"))
            yield Static(sheet_of_keys(self.rows, ascii_only=self.notation.ascii))


def sheet_of_keys(rows: Sequence[Key], *, ascii_only: bool = False) -> Table:
    """A line per key, under the headings of the table."""
    sheet = Table.grid(padding=(0, 2, 0, 0))
    sheet.add_column(no_wrap=True)
    sheet.add_column()
    for group, members in groupby(rows, key=lambda row: row.group):
        sheet.add_row(Text(group, "bold"), Text())
        for row in members:
            sheet.add_row(Text(f"  {'  '.join(cap(key, ascii_only=ascii_only) for key in row.keys)}"), Text(row.text))
        sheet.add_row()
    return sheet
