"""Explain: where the selected number comes from, what it touches, whether it is right, what its symbol means."""

from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.address import Address, read_address
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Key

if TYPE_CHECKING:
    from backprop_tui.tui.dialogs.views.tree_view import Answer


async def why(desk: DeskScreen) -> None:
    await _open_tree(desk, "why", desk.debugger.moment().chosen_number)


async def touches(desk: DeskScreen) -> None:
    await _open_tree(desk, "touches", desk.debugger.moment().chosen_number)


def why_address(desk: DeskScreen, typed: str) -> None:
    """Open the tree of a number that was named on the `:` line."""
    address = read_address(typed, desk.debugger.program.symbols)
    desk.call_later(_open_tree, desk, "why", address)


def why_number(desk: DeskScreen, typed: str) -> None:
    """Why is a number what it is that was given by its value: its tree, or the list of all that read so."""
    _list_numbers(desk, typed, "why")


def find_number(desk: DeskScreen, typed: str) -> None:
    """List the numbers that read so."""
    _list_numbers(desk, typed, "go")


def _list_numbers(desk: DeskScreen, typed: str, what: str) -> None:
    from backprop_tui.debugger.expressions.find_by_value import Sought

    if (sought := Sought.read(typed, desk.notation.digits)) is not None:
        desk.search.list_numbers(sought, what)


async def _open_tree(desk: DeskScreen, what: str, chosen: Address | None) -> None:
    if chosen is None:
        desk.say("select a number first")
        desk.show()
        return
    from backprop_tui.debugger.explain.asked_number import spot_of
    from backprop_tui.debugger.explain.origin import History
    from backprop_tui.tui.dialogs.views.tree_view import TreeScreen

    moment = desk.debugger.moment()
    try:
        spot = spot_of(moment, chosen)
    except ExpressionError as error:
        desk.say(str(error))
        desk.show()
        return
    desk.show()
    tree = TreeScreen(what, History(moment.scenario, moment.timeline), spot, desk.notation, desk.paint)
    await desk.app.push_screen(tree, lambda answer: _follow(desk, answer))


def _follow(desk: DeskScreen, answer: "Answer | None") -> None:
    """Go where the tree says."""
    if answer is not None:
        desk.go(answer.step, jump=True)
        if answer.address is not None:
            desk.select(answer.address)


def gradcheck(desk: DeskScreen) -> None:
    chosen = desk.debugger.moment().chosen_number
    if chosen is not None:
        desk.command(f"gradcheck {chosen}")
    else:
        desk.say("select a gradient, or what has one")
        desk.show()


def glossary(desk: DeskScreen) -> None:
    chosen = desk.debugger.moment().chosen_number
    if chosen is not None:
        desk.command(f"glossary {chosen.name}")
    else:
        desk.say("select a number, and K says what its symbol stands for")
        desk.show()


EXPLAIN = "Explain"
KEYS = (
    Key("why", ("enter",), "why the selected number is what it is: a tree to unfold", EXPLAIN, why),
    Key("touches", ("o",), "what the selected number has an effect on", EXPLAIN, touches),
    Key("gradcheck", ("x",), "check the selected gradient against finite differences", EXPLAIN, gradcheck),
    Key("glossary", ("K",), "what the selected symbol stands for", EXPLAIN, glossary),
)
WITHOUT_KEY = {"why-address": why_address, "why-number": why_number, "find-number": find_number}
