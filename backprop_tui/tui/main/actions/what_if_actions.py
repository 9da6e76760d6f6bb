"""What if: editing a number, doing the iteration again, undo, branches. What it does goes through the `:` line's words,
which say the same.
"""

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.statements.variable import Role
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.bars import key_of
from backprop_tui.tui.shared.keys import Key


async def edit(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.basics.ask_until_right import AskScreen

    if desk.travel.going_home():
        return
    if desk.busy:  # an edit belongs to one step
        desk.stop()
    desk.said = ""
    selection, moment = desk.debugger.selection, desk.debugger.moment()
    now = moment.scalar(selection) if selection else None
    sign = f"{desk.notation.address(selection)} =" if selection else "set"
    example = _setting(moment) if selection else _number(moment)
    others = f"ADDRESS = VALUE sets another number, such as {example} = 0.5" if example else ""
    worth = f"now {desk.notation.number(now)}; a number or an expression" if now is not None else ""
    say = "; ".join(part for part in (worth, others) if part)
    screen = AskScreen(sign, lambda typed: _assign(desk, typed), desk.session, word="set", say=desk.notation.text(say))
    await desk.app.push_screen(screen, lambda typed: _edited(desk, typed))


def _setting(moment: Moment) -> str:
    """The first setting of a program."""
    return next((name for name, own in moment.program.variables.items() if own.role is Role.SETTING), "")


def _number(moment: Moment) -> str:
    """The first number of what was computed last, or of the first parameter."""
    name = moment.operation.name if moment.operation else next(iter(moment.program.parameters), "")
    shape = moment.program.shapes.get(name, ())
    return f"{name}[{','.join('0' * len(shape))}]" if shape else name


def _assign(desk: DeskScreen, typed: str) -> None:
    """Make the edit that was typed: a value for the selected number, or for one that is named."""
    from backprop_tui.debugger.console.commands.changing import EQUALS, VARIABLE

    found = EQUALS.search(typed)
    address: str | Address | None = desk.debugger.selection
    if found:
        address, typed = VARIABLE.sub("", typed[: found.start()].strip()), typed[found.end() :].strip()
    if not address:
        raise ValueError(f"which number? ADDRESS = VALUE, such as {_number(desk.debugger.moment())} = 0.5")
    desk.debugger.assign(address, typed)


def _edited(desk: DeskScreen, typed: str | None) -> None:
    if typed is not None:
        debugger = desk.debugger
        branch = debugger.branches.current
        text = f"{debugger.whatif.told_edit(branch.edits[-1], desk.notation.digits)}, on {branch.name}"
        desk.do(debugger.travel.settling(text, debugger.whatif.stale_now))


def rerun(desk: DeskScreen) -> None:
    desk.command("rerun")


def undo(desk: DeskScreen) -> None:
    desk.command("undo")


def redo(desk: DeskScreen) -> None:
    desk.command("redo")


def branches(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.lists.branches_panel import BranchesScreen

    desk.app.push_screen(BranchesScreen(desk))


def compare(desk: DeskScreen, a: str, b: str) -> None:
    """Show two branches side by side."""
    from backprop_tui.tui.dialogs.views.compare_view import CompareScreen

    desk.app.push_screen(CompareScreen(desk, a, b))


def toggle_beside(desk: DeskScreen) -> None:
    """Put away what runs beside, a variant or a mistake, or bring back what was put away last."""
    debugger = desk.debugger
    was = debugger.beside
    now = debugger.purpose.toggle()
    if was is not None:
        desk.say(f"the run alone, without {was.name}; {key_of('beside', desk.rows)} brings that back")
        desk.show()
    elif now is None:
        desk.say("nothing runs beside: ':variant optimizer.name=adam', ':mistake NAME' do that")
        desk.show()
    else:
        desk.do(debugger.travel.catching_up(f"beside it runs {now.wrong.told}"))


WHAT_IF = "What if"
KEYS = (
    Key("edit", ("e",), "edit the selected number, on a branch of its own", WHAT_IF, edit),
    Key("rerun", ("r",), "do the iteration again with its edits", WHAT_IF, rerun),
    Key("undo", ("z", "ctrl+z"), "undo the last edit", WHAT_IF, undo),
    Key("redo", ("Z", "ctrl+y"), "redo it", WHAT_IF, redo),
    Key("beside", ("M",), "what runs beside, a variant or a mistake: away, and back", WHAT_IF, toggle_beside),
    Key("branches", ("E",), "branches: switch, rename, compare", WHAT_IF, branches),
)
WITHOUT_KEY = {"compare": compare}
