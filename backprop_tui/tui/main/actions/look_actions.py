"""Look: panes, digits, mathematics or code, and what is copied. None of it changes a number."""

from msgspec.structs import replace

from backprop_tui.formula.writing.definitions import definitions
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key
from backprop_tui.tui.shared.pane_layout import EQUATION, NETWORK
from backprop_tui.tui.terminal.clipboard import copy


def next_pane(desk: DeskScreen) -> None:
    desk.focus_pane(desk.pane_beside(1) if desk.focused else desk.current)


def previous_pane(desk: DeskScreen) -> None:
    desk.focus_pane(desk.pane_beside(-1))


def enlarge(desk: DeskScreen) -> None:
    """Enlarge the pane that has the focus; while none was chosen, the equation where it has more to say than room."""
    desk.enlarged = not desk.enlarged
    equation = desk.panes[EQUATION]
    if desk.enlarged and desk.focused is None and equation.display and equation.overflows:
        desk.focus_pane(EQUATION)
    else:
        desk.place()


def code(desk: DeskScreen) -> None:
    desk.code = not desk.code
    desk.show()


def graph(desk: DeskScreen) -> None:
    """Show the network as a graph of operations, or as neurons; where it is hidden, show it."""
    desk.graph = not desk.graph
    if NETWORK in desk.arrangement.regions:
        desk.place()
    else:
        desk.graph = True
        desk.focus_pane(NETWORK)


def fold(desk: DeskScreen) -> None:
    """Fold or unfold a block of a model: that of the selected variable, or of the current operation."""
    moment = desk.view().moment
    selected = [moment.selection.name] if moment.selection else []
    names = [*selected, *([moment.operation.name] if moment.operation else [])]
    block = next((moment.program.blocks[name] for name in names if name in moment.program.blocks), "")
    if block:
        fold_block(desk, block)
    elif moment.program.blocks:
        desk.say("neither what is selected nor the current operation is in a block")
        desk.show()
    else:
        desk.say("this program has no blocks to fold: a model written as formulas may have some")
        desk.show()


def fold_block(desk: DeskScreen, block: str) -> None:
    """Fold or unfold a block by its name."""
    is_folded = block in desk.view().folded
    desk.folds = desk.folds.toggled(block, is_folded=is_folded)
    desk.say(f"{block} is {'unfolded' if is_folded else 'folded'}")
    desk.show()


def toggle_ascii(desk: DeskScreen) -> None:
    """Draw with ASCII characters alone, or with all characters."""
    desk.notation = replace(desk.notation, ascii=not desk.notation.ascii)
    for pane in desk.panes.values():
        pane.set_class(desk.notation.ascii, "-ascii")
    desk.app.set_class(desk.notation.ascii, "-ascii")
    desk.place()


def more_digits(desk: DeskScreen, count: Count) -> None:
    _digits(desk, count)


def fewer_digits(desk: DeskScreen, count: Count) -> None:
    _digits(desk, -count)


def _digits(desk: DeskScreen, by: int) -> None:
    desk.notation = desk.notation.with_digits(desk.notation.digits + by)
    digits = desk.notation.digits
    desk.say(f"{digits} digit{'s' if digits > 1 else ''} after the point")
    desk.show()


def copy_equation(desk: DeskScreen) -> None:
    """Copy the equation; where the program is shown as NumPy, the line that runs, with what it needs beside NumPy."""
    notation, event = desk.notation, desk.view().moment.event
    if event is None:
        desk.say("nothing is computed yet, so there is nothing to copy")
    elif desk.code:
        line = event.operation.code
        desk.say(copy(desk.app, "\n".join((*definitions([line]), line))))
    else:
        numbers = "".join(p.text for p in notation.numeric_pieces(event.operation.tree, event.inputs.__getitem__))
        symbol, formula = notation.symbol(event.name), notation.formula(event.operation.tree)
        desk.say(copy(desk.app, f"{symbol} = {formula} = {numbers} = {notation.array(event.value, most=200)}"))
    desk.show()


LOOK = "Look"
KEYS = (
    Key("next-pane", ("tab",), "next pane", LOOK, next_pane, keeps_said=True),
    Key("previous-pane", ("shift+tab",), "previous pane", LOOK, previous_pane, keeps_said=True),
    Key("enlarge", ("plus", "equals_sign"), "enlarge the pane, or back", LOOK, enlarge),
    Key("code", ("v",), "the program as mathematics or as NumPy", LOOK, code),
    Key("graph", ("V",), "the network as neurons or as a graph of operations", LOOK, graph),
    Key("fold", ("minus",), "fold or unfold the block of a model, or the step of its loop", LOOK, fold),
    Key("more-digits", ("d",), "more digits", LOOK, more_digits, counted=True),
    Key("fewer-digits", ("D",), "fewer digits", LOOK, fewer_digits, counted=True),
    Key("copy", ("y",), "copy the current equation, or its line of NumPy", LOOK, copy_equation),
)
