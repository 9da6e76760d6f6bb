"""Every row of the key table does what it says, by every one of its keys, with a count where it takes one."""

import re
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from textual.command import CommandPalette

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.sessions.session import default_path, position_in
from backprop_tui.formula.writing.definitions import definitions
from backprop_tui.tui.dialogs.basics.ask_until_right import AskScreen
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.dialogs.basics.letter import LetterScreen
from backprop_tui.tui.dialogs.lists.branches_panel import BranchesScreen
from backprop_tui.tui.dialogs.lists.breakpoints_panel import BreakpointsScreen
from backprop_tui.tui.dialogs.lists.watches_panel import WatchesScreen
from backprop_tui.tui.dialogs.typing.answer_prompt import AnswerScreen
from backprop_tui.tui.dialogs.typing.command_line import LineScreen
from backprop_tui.tui.dialogs.typing.goto_prompt import GotoScreen
from backprop_tui.tui.dialogs.typing.search_prompt import SearchScreen
from backprop_tui.tui.dialogs.views.autoplay import PlayScreen
from backprop_tui.tui.dialogs.views.blank_view import BlankScreen
from backprop_tui.tui.dialogs.views.help_view import HelpScreen
from backprop_tui.tui.dialogs.views.plot_view import PlotScreen
from backprop_tui.tui.dialogs.views.present_view import PresentScreen
from backprop_tui.tui.dialogs.views.tree_view import TreeScreen
from backprop_tui.tui.dialogs.views.trial_view import TryScreen
from backprop_tui.tui.main.actions.key_table import BY_ID, KEYS
from backprop_tui.tui.panes.tables.parameters import ParametersPane
from backprop_tui.tui.shared.keys import cap
from backprop_tui.tui.shared.pane_layout import PANES
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, network, opened

MOVES = {  # id -> from step, to step, and to step with the count 3
    "advance": (5, 6, 8),
    "rewind": (8, 7, 5),
    "page-on": (5, 6, 8),
    "page-back": (8, 7, 5),
    "finish": (2, 4, 8),
    "unfinish": (9, 8, 4),
    "later": (8, 27, 65),
    "earlier": (65, 46, 8),
    "home": (27, 20, 20),
    "end": (27, 38, 38),
    "resume": (5, 19, 62),
    "resume-back": (8, 0, 0),
}
AT_ENDS = (  # key, where, what it says there
    ("N", 0, "this is the start: nothing comes before it"),
    ("F", 0, "this is the start"),
    ("I", 0, "this is the start"),
    ("C", 0, "this is the start"),
    ("I", 3, "this is the first iteration"),
    ("home", 20, "this is the first operation of the iteration"),
    ("end", 19, "this is the last operation of the iteration"),
)
SELECTS = {  # id -> the pane, from where, to where, and to where with the count 3
    "up": ("parameters", "W1[1,2]", "W1[1,1]", "W1[0,2]"),
    "down": ("parameters", "W1[0,0]", "W1[0,1]", "W1[1,0]"),
    "left": ("network", "y_hat[0,0]", "W2[0,1]", "W1[0,2]"),  # at the start the weights are written, too
    "right": ("network", "x[0,0]", "W1[0,0]", "W2[0,0]"),
}
Check = Callable[[Session, str], Awaitable[None]]
CHECKS: dict[str, Check] = {}


def checks(row: str) -> Callable[[Check], Check]:
    """The function checks that a key does what this row says."""

    def keep(check: Check) -> Check:
        CHECKS[row] = check
        return check

    return keep


def address(text: str) -> Address:
    name, _, at = text.rstrip("]").partition("[")
    return Address(name, tuple(map(int, at.split(","))))


@checks("goto")
async def goes_to(s: Session, key: str) -> None:
    await s.press(key)
    assert isinstance(s.app.screen, GotoScreen)
    await s.press(*"2:L", "enter")
    assert s.debugger.step == 24
    assert "step 24" in s.status
    assert "1.0792" in s.pane("equation")


@checks("jump-back")
async def jumps_back(s: Session, key: str) -> None:
    await s.press(key)
    assert s.debugger.step == 0  # there has been no jump yet
    await s.press("3", "n", "g", "8", "enter", key)
    assert s.debugger.step == 3
    await s.press(key)
    assert s.debugger.step == 8


@checks("break")
async def breaks(s: Session, key: str) -> None:
    await s.press(key)
    assert not s.debugger.breakpoints  # nothing to stop at before the first operation
    await s.press("8", "n", key)
    assert "1 break" in s.status
    (line,) = [line for line in s.pane("program").splitlines() if "●" in line]
    assert "▶" in line
    assert "δ₂ =" in line
    await s.press("home", key)
    assert "2 breaks" in s.status
    await s.press(key)
    assert "1 break" in s.status
    await s.press("7", "n", key)
    assert "break" not in s.status
    assert "●" not in s.pane("program")


@checks("breakpoints")
async def lists_breakpoints(s: Session, key: str) -> None:
    await s.press("8", "n", "b", key)
    assert isinstance(s.app.screen, BreakpointsScreen)
    assert "1  delta2" in s.text
    await s.press("space")
    assert "delta2, disabled" in s.text
    await s.press("escape")
    assert "break" not in s.status


@checks("watches")
async def watches(s: Session, key: str) -> None:
    await s.press(key)
    assert isinstance(s.app.screen, AskScreen)  # there is none yet
    await s.press(*"loss", "enter")
    assert isinstance(s.app.screen, WatchesScreen)
    await s.press("escape", "5", "n")
    assert "L    1.4633" in s.text


@checks("last-change")
async def tells_who_changed_it(s: Session, key: str) -> None:
    await s.press(key)
    assert "select a number first" in s.footer
    s.screen.select(address("W1[1,0]"))
    await s.press("g", *"2:L", "enter", key)
    assert s.debugger.position == "2:L"
    assert "W₁[1,0] last changed at 1:W1, step 18: 0.7 → 0.6231; press u again to go there" in s.footer
    await s.press(key)
    assert s.debugger.position == "1:W1"


@checks("edit")
async def edits(s: Session, key: str) -> None:
    s.screen.select(address("W2[0,1]"))
    await s.press("3", "n", key)
    assert isinstance(s.app.screen, AskScreen)
    assert "now −1" in s.text
    await s.press(*"W2[0,1] / 2", "enter")
    assert s.debugger["W2"].tolist() == [[0.5, -0.5]]
    assert "branch-1" in s.status
    assert "W₂[0,1] = −0.5 at 1:z2, on branch-1; stale: z₂; rerun does it again" in s.footer
    await s.press("escape")
    s.screen.select(None)
    await s.press("N", "n")
    assert "3 z₂ = W₂h + b₂ ↻ −1.2" in " ".join(s.pane("program").split())


@checks("rerun")
async def does_it_again(s: Session, key: str) -> None:
    await s.press(key)
    assert "nothing was edited in iteration 1 of main" in s.footer
    await s.press("3", "n", "e", *"W2[0,1] = -0.5", "enter", key)
    assert "↻" not in s.text
    assert "3 z₂ = W₂h + b₂ −0.5" in " ".join(s.pane("program").split())


@checks("undo")
async def takes_back(s: Session, key: str) -> None:
    await s.press(key)
    assert "there is nothing to undo" in s.footer
    await s.press("3", "n", "e", *"eta = 0.5", "enter")
    assert "η 0.5✎" in s.status
    await s.press(key)
    assert "η 0.1 " in s.status
    assert "branch" not in s.status


@checks("redo")
async def does_what_was_taken_back(s: Session, key: str) -> None:
    await s.press("3", "n", "e", *"eta = 0.5", "enter", "z", key)
    assert "η 0.5✎" in s.status
    assert "branch-1" in s.status


@checks("save")
async def saves(s: Session, key: str) -> None:
    await s.press("3", "n", key)
    assert "saved: " in s.text
    assert position_in(default_path(s.debugger.scenario)) == "1:z2"


@checks("branches")
async def lists_branches(s: Session, key: str) -> None:
    await s.press("3", "n", "e", *"eta = 0.5", "enter", key)
    assert isinstance(s.app.screen, BranchesScreen)
    assert "η = 0.5 at 1:z2" in s.text
    await s.press("k", "enter")
    assert s.debugger.branches.current.name == "main"


@checks("page-up")
async def pages_up(s: Session, key: str) -> None:
    await pages(s, key, -1)


@checks("page-down")
async def pages_down(s: Session, key: str) -> None:
    await pages(s, key, 1)


async def pages(s: Session, key: str, way: int) -> None:
    """Half a page at a time, to the end at the most."""
    pane = s.panes["parameters"]
    assert isinstance(pane, ParametersPane)
    s.screen.focus_pane("parameters")
    await s.settle()
    half, last = pane.size.height // 2, pane._index(s.screen.view().moment).ends[-1] - 1
    assert 1 < half < last
    start = 0 if way > 0 else last
    for count in (1, 2, 99):
        s.screen.select(pane._index(s.screen.view().moment).address(start))
        await s.press(*str(count), key)
        assert s.debugger.selection == pane._index(s.screen.view().moment).address(
            min(max(start + way * count * half, 0), last)
        )
        assert s.marked("parameters")  # it is in sight


@checks("next-pane")
async def goes_through_the_panes(s: Session, key: str) -> None:
    for name in (*PANES, PANES[0]):
        await s.press(key)
        assert s.app.focused is s.panes[name]


@checks("previous-pane")
async def goes_back_through_the_panes(s: Session, key: str) -> None:
    await s.press("tab")
    for name in reversed(PANES):
        await s.press(key)
        assert s.app.focused is s.panes[name]


@checks("graph")
async def switches_to_the_graph(s: Session, key: str) -> None:
    await s.press("8", "n")
    neurons = s.pane("network")
    await s.press(key)
    assert "Graph" in s.frame("network")
    assert "backward ▲" in s.pane("network")
    assert "◉ δ₂" in s.pane("network")
    await s.press("plus")  # and back where it is enlarged
    assert "[Graph]" in s.frame("network")
    await s.press(key)
    assert "[Network]" in s.frame("network")
    await s.press("plus")
    assert s.pane("network") == neurons


@checks("enlarge")
async def enlarges(s: Session, key: str) -> None:
    before = s.text
    await s.press("tab", "tab", key)
    assert s.seen() == ("equation",)
    assert s.panes["equation"].region.size == (120, 32)  # below the chain
    await s.press(key)
    assert s.seen() == PANES
    await s.press(key, "escape")
    assert s.seen() == PANES
    s.app.set_focus(None)
    await s.settle()
    assert s.text == before


@checks("next-matrix")
@checks("previous-matrix")
async def goes_through_matrices(s: Session, key: str) -> None:
    await s.press("n", key)
    assert "more than one matrix" in s.footer  # those of layers are no stacks


@checks("fold")
async def folds(s: Session, key: str) -> None:
    await s.press(key)
    assert "no blocks to fold" in s.footer  # layers have none


@checks("code")
async def shows_code(s: Session, key: str) -> None:
    def whole() -> str:
        lines = s.panes["program"].lines
        return "\n".join(lines.line(row).text for row in range(lines.count))

    await s.press("8", "n")
    mathematics = whole()
    await s.press(key)
    code = whole()
    for operation in s.debugger.program.operations[:8]:
        assert operation.code[:30] in code
    assert "W₁x + b₁" in mathematics
    assert "W₁x + b₁" not in code
    defined = definitions(operation.code for operation in s.debugger.program.operations)
    assert defined
    assert all(line[:30] in code and line[:30] not in mathematics for line in defined)
    await s.press(key)
    assert whole() == mathematics


@checks("more-digits")
async def shows_more_digits(s: Session, key: str) -> None:
    await s.press("4", "n", key)
    assert "0.23148" in s.pane("equation")
    await s.press("3", key)
    assert "0.23147522" in s.pane("equation")
    await s.press("9", "9", key)
    assert "15 digits" in s.footer


@checks("fewer-digits")
async def shows_fewer_digits(s: Session, key: str) -> None:
    await s.press("4", "n", key)
    assert "0.231" in s.pane("equation")
    assert "0.2315" not in s.text
    await s.press("2", key)
    assert "0.23" not in s.pane("program")
    await s.press("9", key)
    assert "1 digit " in s.footer


@checks("copy")
async def copies(s: Session, key: str) -> None:
    await s.press(key)
    assert not s.copied()
    await s.press("8", "n", key)
    assert s.copied() == "δ₂ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₂ = −4.3201 ⊙ 0.1779 = −0.7685"
    assert "copied" in s.footer
    await s.press("2", "N", "v", key)  # what is shown as NumPy is copied as NumPy, and runs
    scope = {"np": np, "y": s.debugger["y"], "y_hat": s.debugger["y_hat"]}
    exec(s.copied(), scope)
    assert np.array_equal(scope["dL_dy_hat"], s.debugger["dL_dy_hat"])
    assert "copied: dL_dy_hat = ratio(-y, y_hat)" in s.footer


@checks("predict")
async def predicts(s: Session, key: str) -> None:
    await s.press(key)
    assert "each next result is asked for" in s.footer
    assert "predict" in s.status
    await s.press("n")
    assert isinstance(s.app.screen, AnswerScreen)
    assert s.debugger.step == 0
    await s.press("escape", key)
    assert "1 question" in s.footer
    assert "predict" not in s.status
    await s.press("n")
    assert s.debugger.step == 2


@checks("try")
async def tries(s: Session, key: str) -> None:
    await s.press("8", "n", key)
    assert isinstance(s.app.screen, TryScreen)
    assert "ŷ = 0.2315, predicted 0, but it is 1" in s.text
    await s.press("escape")
    assert s.debugger.step == 8


@checks("next-sample")
async def goes_to_the_next_sample(s: Session, key: str) -> None:
    await goes_through_a_batch(s, key, 0, (1, 3, 3))


@checks("previous-sample")
async def goes_to_the_sample_before(s: Session, key: str) -> None:
    await goes_through_a_batch(s, key, 3, (2, 0, 0))


async def goes_through_a_batch(s: Session, key: str, start: int, ends: tuple[int, int, int]) -> None:
    """By one, by a count, and no further than the edge; every pane follows."""
    await s.press(key)
    assert "there is no other sample" in s.footer
    async with opened(network(3, 2, 1, batch=4)) as batch:
        batch.debugger.show_sample(start)
        await batch.press("n", key)
        for keys, end in zip(((), ("9", key), (key,)), ends, strict=True):
            await batch.press(*keys)
            assert batch.debugger.moment().sample == end
            assert f"sample {end + 1}/4" in batch.status
            assert f"{batch.debugger['z1'][1, end]:.4f}".replace("-", "−") in batch.pane("network")
        assert f"is the {'last' if start == 0 else 'first'} of the batch" in batch.footer


@checks("palette")
async def opens_the_palette(s: Session, key: str) -> None:
    await s.press(key)
    assert isinstance(s.app.screen, CommandPalette)
    await s.press(*"end of the stage")
    await s.wait_for(lambda: "to the end of the stage" in s.text)
    await s.press("enter")
    await s.wait_for(lambda: s.debugger.step == 4)
    assert not isinstance(s.app.screen, CommandPalette)


@checks("help")
async def helps(s: Session, key: str) -> None:
    await s.resize(120, 100)
    await s.press(key)
    assert isinstance(s.app.screen, HelpScreen)
    for row in KEYS:
        keys = r" +".join(re.escape(cap(key)) for key in row.keys)
        assert re.search(rf"│ +{keys} +{re.escape(row.text)} +│", s.text)
    await s.press("n", "space")
    assert s.debugger.step == 0  # it is a dialog: keys do not step
    await s.press(key if key != "question_mark" else "escape")
    assert not isinstance(s.app.screen, HelpScreen)


@checks("cancel")
async def cancels(s: Session, key: str) -> None:
    await s.press("plus", "s", "5", key, "n", "N", "s")
    assert (s.debugger.step, s.debugger.element) == (1, 0)  # the count first
    await s.press(key)
    assert (s.debugger.step, s.debugger.element) == (1, None)
    assert len(s.seen()) == 1
    await s.press(key)
    assert s.seen() == PANES


@checks("into")
async def steps_into(s: Session, key: str) -> None:
    await s.press(key)
    assert (s.debugger.position, s.debugger.element) == ("1:z1", 0)
    assert "z₁[0] = 0.2·1 + (−0.4)·0.5 + 0.1·(−1.5) + 0.1 = −0.05" in s.pane("equation")
    assert "1/2  −0.05" in s.pane("program")
    assert "= 1.4" not in s.pane("equation")
    await s.press(key)
    assert "z₁[1] = 0.7·1 + 0.3·0.5 + (−0.5)·(−1.5) + (−0.2) = 1.4" in s.pane("equation")
    await s.press("3", key)
    assert (s.debugger.position, s.debugger.element) == ("1:z2", 0)
    await s.press("escape", key)
    assert (s.debugger.position, s.debugger.element) == ("1:z2", 0)


@checks("out-of")
async def steps_out(s: Session, key: str) -> None:
    await s.press(key)
    assert s.debugger.step == 0
    await s.press("1", "4", "n", key)
    assert (s.debugger.position, s.debugger.element) == ("1:dL_dW1", 5)
    await s.press("2", key)
    assert "4/6  0.7685" in s.pane("program")
    await s.press("4", key)
    assert (s.debugger.position, s.debugger.element) == ("1:delta1", 1)


@checks("why")
async def asks_why(s: Session, key: str) -> None:
    await s.press(key)
    assert "select a number first" in s.footer
    s.screen.select(address("dL_dW1[1,0]"))
    await s.press(key)
    assert "dL_dW1 is not computed yet" in s.footer
    await s.press("end", key)
    assert isinstance(s.app.screen, TreeScreen)
    assert "Why is ∂L/∂W₁[1,0] 0.7685?" in s.text
    assert "▸ δ₁[1] = ∂L/∂h[1]·f′(z₁)[1] = 0.7685·1 = 0.7685" in s.text


@checks("touches")
async def asks_what_it_touches(s: Session, key: str) -> None:
    await s.press(key)
    assert "select a number first" in s.footer
    s.screen.select(address("W1[1,0]"))
    await s.press(key)
    assert isinstance(s.app.screen, TreeScreen)
    assert "What does W₁[1,0] touch?" in s.text
    assert "▸ z₁[1] = W₁x + b₁" in s.text


@checks("glossary")
async def looks_a_symbol_up(s: Session, key: str) -> None:
    await s.press(key)
    assert "K says what its symbol stands for" in s.footer
    await s.press("n", key)
    assert "z₁ (z1): the pre-activations of layer 1" in s.text
    await s.press("escape")
    s.screen.select(address("W1[1,0]"))
    await s.press(key)
    assert "2 × 3: a row for each unit, a column for each input of the layer" in s.text


@checks("gradcheck")
async def checks_a_gradient(s: Session, key: str) -> None:
    await s.press(key)
    assert "select a gradient, or what has one" in s.footer
    s.screen.select(address("W1[1,0]"))
    await s.press(key)
    assert "dL_dW1 is not computed yet" in s.footer
    await s.press("end", key)
    await s.wait_for(lambda: not s.travelling)  # on a busy machine it goes on in the background
    assert "> ∂L/∂W₁[1,0]    0.7685   0.7685" in s.text
    assert "∂L/∂W₁ agrees; the largest relative error is" in s.text
    await s.press("escape")
    s.screen.select(None)
    await s.press("8", "N", key)  # a local derivative is no gradient of L
    assert s.debugger.position == "1:dL_dh1"
    await s.wait_for(lambda: not s.travelling)
    assert "∂L/∂h beside central differences of L" in s.text
    await s.press("escape", "n", key)
    assert "L is not differentiated by dh1_dz1" in s.footer


@checks("line")
async def opens_the_line(s: Session, key: str) -> None:
    await s.press(key)
    assert isinstance(s.app.screen, LineScreen)
    await s.press(*"next 3", "enter")
    assert s.debugger.step == 3
    assert not s.in_dialog


@checks("search")
async def searches(s: Session, key: str) -> None:
    await s.press(key)
    assert isinstance(s.app.screen, SearchScreen)
    await s.press(*"dL_dW1")
    assert s.debugger.step == 14  # while one types
    await s.press("escape")
    assert s.debugger.step == 0
    await s.press(key, *"dL_dW1", "enter")
    assert s.debugger.position == "1:dL_dW1"


@checks("search-next")
async def searches_on(s: Session, key: str) -> None:
    await s.press(key)
    assert "nothing has been searched for" in s.footer
    await s.press("slash", *"delta2", "enter")
    await s.press("2", key)
    assert s.debugger.step == 8


@checks("search-previous")
async def searches_back(s: Session, key: str) -> None:
    await s.press(key)
    assert s.debugger.step == 0
    await s.press("slash", *"σ", "enter")
    await s.press("i", key)
    assert s.debugger.step == 4
    await s.press(key)
    assert "no match for 'σ' before this step" in s.footer
    assert s.debugger.step == 4


@checks("mark")
async def marks(s: Session, key: str) -> None:
    await s.press("8", "n", key)
    assert isinstance(s.app.screen, LetterScreen)
    await s.press("n")
    assert s.debugger.step == 8  # a letter, no command
    assert "mark n is step 8" in s.footer
    await s.press(key, "escape")
    assert [*s.debugger.marks.items()] == [("n", 8)]


@checks("to-mark")
async def goes_to_a_mark(s: Session, key: str) -> None:
    await s.press(key, "a")
    assert "there is no mark 'a'" in s.footer
    await s.press("8", "n", "m", "a")
    await s.press("5", "n", key, "a")
    assert s.debugger.step == 8
    await s.press("m", "b")
    await s.press(key, key)
    assert "a  1:delta2  step 8" in s.text
    assert "b  1:delta2  step 8" in s.text


@checks("autoplay")
async def plays(s: Session, key: str) -> None:
    await s.press("1", key)
    assert isinstance(s.app.screen, PlayScreen)
    await s.press("plus", "plus", "plus")
    await s.wait_for(lambda: s.app.screen is s.screen)
    assert s.debugger.moment().notes  # where the article has something to say
    assert "paused at a note" in s.footer


@checks("plot")
async def plots(s: Session, key: str) -> None:
    await s.press("8", "n", key)
    assert isinstance(s.app.screen, PlotScreen)
    assert "[Loss]" in s.text
    await s.press("tab")
    assert "[Gradients]" in s.text
    assert "|∂L/∂W₂|" in s.text
    await s.press("i", "escape")
    assert s.debugger.step == 27


@checks("audit")
async def opens_the_audit(s: Session, key: str) -> None:
    await s.press(key)
    assert s.in_dialog
    assert "13 agree, 0 cut off, 5 carried over, 2 wrong" in s.text
    await s.press("j", "j", "enter")
    assert not s.in_dialog
    assert s.debugger.position == "1:z2"


@checks("present")
async def presents(s: Session, key: str) -> None:
    await s.press("8", "n", key)
    assert isinstance(s.app.screen, PresentScreen)
    assert "δ₂ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₂" in s.text
    await s.press("L")
    assert not s.in_dialog


@checks("blank")
async def blanks(s: Session, key: str) -> None:
    await s.press(key)
    assert isinstance(s.app.screen, BlankScreen)
    await s.press("n")
    assert s.debugger.step == 0


@checks("reload")
async def reloads(s: Session, key: str) -> None:
    await s.press("8", "n", "b", key)
    assert "reloaded (it is the same)" in s.footer
    assert s.debugger.step == 8
    assert s.debugger.breakpoints.names() == {"delta2"}


@checks("beside")
async def puts_away_what_runs_beside(s: Session, key: str) -> None:
    await s.press(key)
    assert "nothing runs beside" in s.footer
    s.debugger.vary("optimizer.name=adam")
    await s.press(key)
    assert s.debugger.beside is None
    await s.press(key)
    assert s.debugger.beside is not None


@checks("quit-program")
@checks("quit")
async def quits(s: Session, key: str) -> None:
    await s.leave(key)
    assert s.app.return_code == 0


def test_every_row_has_a_check() -> None:
    rows = [*CHECKS, *MOVES, *SELECTS]
    assert sorted(rows) == sorted(row.id for row in KEYS)


def test_ids_and_keys_are_unique() -> None:
    keys = [key for row in KEYS for key in row.keys]
    assert len(keys) == len(set(keys))
    assert len(BY_ID) == len(KEYS)


# The first key of a row, and those that do the same.
FIRST = [pytest.param(row.id, row.keys[0]) for row in KEYS]
ALIKE = [pytest.param(row.id, key) for row in KEYS for key in row.keys[1:]]


@pytest.mark.parametrize(("row", "key"), [*some(FIRST, 28), *some(ALIKE, 4)])
@asynchronous
async def test_key(row: str, key: str) -> None:
    async with opened(at=str(MOVES[row][0]) if row in MOVES else None) as s:
        if row in MOVES:
            await s.press(key)
            assert s.debugger.step == MOVES[row][1]
            assert re.search(rf"step {s.debugger.step}\b", s.status)
        elif row in SELECTS:
            pane, start, end, _ = SELECTS[row]
            s.screen.focus_pane(pane)
            s.screen.select(address(start))
            await s.settle()
            await s.press(key)
            assert s.debugger.selection == address(end)
            assert s.marked(pane)
        else:
            await CHECKS[row](s, key)


COUNTED = [row for row in KEYS if row.counted]


@pytest.mark.parametrize("row", some([row.id for row in COUNTED if row.id in MOVES or row.id in SELECTS], 7))
@asynchronous
async def test_counts(row: str) -> None:
    key = BY_ID[row].keys[0]
    async with opened(at=str(MOVES[row][0]) if row in MOVES else None) as s:
        if row in MOVES:
            await s.press("3", key)
            assert s.debugger.step == MOVES[row][2]
        else:
            pane, start, _, end = SELECTS[row]
            s.screen.focus_pane(pane)
            s.screen.select(address(start))
            await s.press("3", key)
            assert s.debugger.selection == address(end)
        assert not s.screen.pending


ENDS = ("cancel", "quit", "quit-program")


@pytest.mark.parametrize("row", some([row.id for row in KEYS if not row.counted and row.id not in ENDS], 4))
@asynchronous
async def test_a_count_before_anything_else_is_forgotten(row: str) -> None:
    async with opened(at="5") as s:
        await s.press("3", BY_ID[row].keys[0])
        if isinstance(s.app.screen, Dialog):
            await s.press("L" if s.app.screen.closed_by == "L" else "escape")
        step = s.debugger.step
        await s.press("n")
        if s.in_dialog:  # it asks
            await s.press("escape")
        assert s.debugger.step == step + 1


@asynchronous
async def test_a_count_is_shown_while_it_is_typed() -> None:
    async with opened() as s:
        before = s.text
        await s.press("1")
        assert " 1…" in s.status
        await s.press("0")
        assert " 10…" in s.status
        await s.press("n")
        assert s.debugger.step == 10
        assert "10…" not in s.status
        await s.press("0", "N")  # 0 begins no count
        assert s.debugger.step == 9
        await s.press("1", "2", "escape")
        assert "12…" not in s.status
        await s.press("n", "1", "0", "N")
        assert s.text == before


@pytest.mark.parametrize("focus", [None, *PANES])
@asynchronous
async def test_stepping_works_whatever_pane_has_the_focus(focus: str | None) -> None:
    async with opened() as s:
        if focus:
            s.screen.focus_pane(focus)
        start = s.text
        forward, back = (BY_ID[row].keys for row in ("advance", "rewind"))
        for number, key in enumerate(forward, 1):
            await s.press(key)
            assert s.debugger.step == number
        await s.press(*"n" * (len(back) - len(forward)))
        for _ in range(len(forward) - len(back)):
            await s.press("N")
        for key in back:
            await s.press(key)
        assert s.debugger.step == 0
        await s.settle()
        assert s.screen.current == (focus or "network")
        if focus is None:
            assert s.text == start


@asynchronous
async def test_unbound_keys_do_nothing() -> None:
    async with opened(at="3") as s:
        before = s.text
        await s.press("full_stop", "f7", "f12", "ctrl+t", "tilde")
        assert s.text == before


@asynchronous
async def test_home_and_end_keep_the_iteration() -> None:
    async with opened() as s:
        await s.press("end", "n", "home", "end", "end")
        assert s.debugger.step == 38


@asynchronous
async def test_a_key_that_leads_nowhere_says_so() -> None:
    async with opened() as s:
        for key, step, said in AT_ENDS:
            await s.press("g", *str(step), "enter", key)
            assert s.debugger.step == step
            assert said in s.footer
            await s.press("n")
            assert said not in s.text
