"""The lines above and below the panes: where we are, and which keys there are."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.strip import Strip

from backprop_tui.debugger.moving.task import Task
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.chain import chain_of, name_of
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import variables
from backprop_tui.formula.writing.numbers import format_number
from backprop_tui.tui.shared.keys import Key, cap
from backprop_tui.tui.shared.painted import Painted
from backprop_tui.tui.shared.styled_line import Run, size, strip
from backprop_tui.tui.shared.theme import Styles
from backprop_tui.tui.shared.view import View

LINE = 16  # cells of the line of progress


class Bar(Painted):
    """One line."""

    DEFAULT_CSS = """
    Bar { height: 1; background: $panel; }
    Bar.-top { dock: top; }
    Bar.-bottom { dock: bottom; }
    """

    def __init__(self, id: str, classes: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, classes=classes)
        self.runs: list[Run] = []
        self.right: list[Run] = []
        self.cut = "…"

    def show(self, runs: list[Run], right: list[Run] | None = None) -> None:
        """Show text at the left and at the right; what is at the right has precedence."""
        if (runs, right or []) != (self.runs, self.right):
            self.runs, self.right = runs, right or []
            self.changed([0])

    def row(self, y: int) -> Strip:
        width = self.inside.width
        right = size(self.right)
        if right >= width:
            return strip(self.right, width, self.cut)
        left = strip(self.runs, max(0, width - right - 1) if right else width, self.cut)
        return Strip.join([left, Strip.blank(min(1, width - right) if right else 0), strip(self.right, right)])


def heading(view: View, room: int) -> list[Run]:
    """What is being run: `article · 3-2-1 · BCE · SGD η 0.1`; with a batch, first which sample is shown.

    Where there is no room for all, the epoch goes first, then the loss, the units, the size of the batch and the
    optimizer.
    """
    scenario, program = view.moment.scenario, view.moment.program
    chain = chain_of(program)
    loss = LOSSES[program.network.loss] if isinstance(program.network, Network) else None
    columns = (chain.input, *(block.activation for block in chain.blocks)) if chain else ()
    units = "-".join(str(program.shapes[name][0]) for name in columns)
    between = f" {view.notation.mark('between')} "
    beside = view.moment.beside
    name = f" {view.notation.text(scenario.label)}"
    wrong = f"{between}{view.notation.mark('other')} {beside.name}" if beside else ""
    room -= cell_len(name + wrong)
    shown = view.moment.sample_shown
    parts = {
        "sample": f"batch {view.moment.samples:,}, {shown}" if shown else "",
        "units": units,
        "loss": loss.short or loss.name if loss else "",
        "optimizer": _optimizer(view),
        "epoch": view.moment.epoch,
    }
    bare = shown.partition(" (")[0]
    fewer = (
        ("epoch", ""),
        ("loss", ""),
        ("units", ""),
        ("sample", shown),
        ("optimizer", ""),
        ("sample", bare),
        ("sample", ""),
    )
    for part, shorter in fewer:
        if sum(cell_len(between + view.notation.text(text)) for text in parts.values() if text) > room:
            parts[part] = shorter
    rest = view.notation.text("".join(between + text for text in parts.values() if text))
    return [(name, view.styles.strong), (wrong, view.styles.bad), (rest, view.styles.bar)]


def least_heading(view: View) -> int:
    """The cells of what always has to be said of a run: its name, the mistake in it, an edited learning rate."""
    beside, edited = view.moment.beside, view.moment.timeline.edits
    optimizer = cell_len(_optimizer(view)) + 3 if edited else 0
    return cell_len(f" {view.notation.text(view.moment.scenario.label)}") + (
        (cell_len(beside.name) + 5 if beside else 0) + optimizer
    )


def _optimizer(view: View) -> str:
    """The optimizer and its learning rate now, marked where that is edited."""
    program = view.moment.program
    row, rate = OPTIMIZERS[program.network.optimizer], variables(program.network.settings)["eta"]
    setting = name_of(program, Role.SETTING, "eta")
    now = view.moment.value(setting) if setting else None
    eta = format_number(rate if now is None else float(now), 6, minus=view.notation.minus)
    edited = view.notation.mark("edited") if now is not None and now != rate else ""
    symbol = view.notation.symbol(setting or name_of(program, Role.LEARNING_RATE) or "eta")
    return f"{row.short or row.name} {symbol} {eta}{edited}"


def progress(task: Task, rate: float, view: View) -> list[Run]:
    """How far work in the background is: the iteration or what else it counts, how many a second, and how to end it."""
    whole = abs(task.goal - task.start)
    share = abs(task.reached - task.start) / whole if whole else 1.0
    text = f" Esc stops: {task.unit} {task.reached:,} of {task.goal:,}, {rate:,.0f} {task.unit}s/s "
    return [(text, view.styles.bar), *progress_line(share, view)]


def progress_line(share: float, view: View) -> list[Run]:
    """A share of a whole as a line."""
    past, coming = ("=", "-") if view.notation.ascii else ("━", "─")
    done = round(min(1.0, share) * LINE)
    return [(past * done, view.styles.accent), (coming * (LINE - done), view.styles.muted)]


def key_of(row: str, rows: Sequence[Key]) -> str:
    """What is printed on the key of a command."""
    return next(cap(one.keys[0]) for one in rows if one.id == row)


def keys(rows: Sequence[Key], paint: Styles, width: int) -> list[Run]:
    """The footer: the keys that have a word there, as many as there is room for, and always the one for help."""
    words = [(cap(row.keys[0]), row.footer) for row in rows if row.footer]
    return hints(words, paint, width, next(row.footer for row in rows if row.id == "help"))


def hints(words: Sequence[tuple[str, str]], paint: Styles, room: int, always: str = "close") -> list[Run]:
    """Keys and a word for each, as many as there is room for, and always the one with a certain word."""
    pairs = [((f" {key}", paint.accent), (f" {word} ", paint.bar)) for key, word in words]
    room -= sum(size(pair) for pair, (_, word) in zip(pairs, words, strict=True) if word == always)
    chosen: list[Run] = []
    for pair, (_, word) in zip(pairs, words, strict=True):
        wide = 0 if word == always else size(pair)
        if wide <= room:
            room -= wide
            chosen += pair
    return chosen
