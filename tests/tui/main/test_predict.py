"""Predict mode on the screen: what is asked for is nowhere to be seen, and answers, hints and feedback are."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from textual.widgets import Input

from backprop_tui.debugger.quiz.quiz import Quiz
from backprop_tui.debugger.quiz.score import default_path
from backprop_tui.engine.program.program import Frame
from backprop_tui.scenario import bundled, load
from backprop_tui.tui.panes.network.network_pane import NetworkPane
from backprop_tui.tui.panes.tables.listing import ListingPane
from backprop_tui.tui.shared.pane_layout import PANES
from tests import sampled
from tests.debugger.quiz.test_quiz import right
from tests.sampled import crossed, some
from tests.tui.harness import LAPTOP, Session, asynchronous, opened
from tests.tui.terminal.emulated import Emulated, running

SIZES = [(60, 15), (80, 24), LAPTOP]
ARTICLE = Path(__file__).parents[3] / "scenarios" / "article.toml"
FIRST = "predict 2"


def the_quiz(s: Session) -> Quiz:
    quiz = s.debugger.quiz
    assert quiz is not None
    return quiz


def at(s: Session, step: int) -> bool:
    return s.debugger.step == step


async def answer(s: Session, text: str) -> None:
    """Answer, and wait for what is said about it: where it is wrong, why may take longer to find."""
    await s.type(text)
    await s.press("enter")
    await s.wait_for(lambda: not s.is_at_work("reasons"))


def forget(s: Session) -> None:
    """Have every pane made anew, of what it keeps too."""
    for pane in s.panes.values():
        pane.seen = []
    listing, network = s.panes["program"], s.panes["network"]
    assert isinstance(listing, ListingPane)
    assert isinstance(network, NetworkPane)
    listing.shown = None
    vars(network).pop("graph", None)


async def looks(s: Session) -> list[str]:
    """The screen as it is made now, with each of the panes in turn where not all are seen."""
    texts = []
    for _ in range(1 if len(s.seen()) == len(PANES) else len(PANES)):
        forget(s)
        s.screen.place()
        await s.settle()
        texts.append(s.text)
        if len(s.seen()) < len(PANES):
            await s.press("shift+tab")
    return texts


async def check_hidden(s: Session, step: int) -> None:
    """With other numbers in the place of what is asked for and of all that follows, the screen is the same."""
    s.debugger.quiz = None
    s.debugger.seek(step - 1)
    quiz = s.debugger.predict(level=1 + step % 3)
    await s.press("n")
    assert quiz.open is not None
    frame, index = quiz.open.question.frame, quiz.open.question.operation.index
    await check_same(s, frame, index)
    await s.press("escape")
    assert s.debugger.step == step
    await check_same(s, frame, index + 1)


async def check_same(s: Session, frame: Frame, index: int) -> None:
    """The screen is the same whatever the operations from one on compute."""
    if len(s.seen()) < len(PANES):
        await looks(s)  # so that the same pane has the focus
    before, kept = await looks(s), dict(frame)
    for operation in frame.program.operations[index:]:
        frame[operation.key] = np.full(np.shape(frame[operation.key]), 7.77)
    after = await looks(s)
    frame.update(kept)
    assert before == after


@pytest.mark.parametrize("name", some((name for name, _ in bundled()), 2, most=20))
@asynchronous
async def test_nothing_on_the_screen_depends_on_what_is_hidden(name: str) -> None:
    async with opened(name, size=LAPTOP, first="predict 1") as s:
        length = s.debugger.timeline.length
        for step in (2, length // 2, length, length + 1):
            await check_hidden(s, step)


@pytest.mark.parametrize("size", some(SIZES, 1))
@asynchronous
async def test_nor_does_any_pane_of_a_smaller_one(size: tuple[int, int]) -> None:
    async with opened(size=size, first="predict 1") as s:
        for step in range(1, 25) if size == LAPTOP and sampled.everything else (1, 9, 18, 20):
            await check_hidden(s, step)


@pytest.mark.parametrize("name", some(["article", "adam", "xor"], 1))
@asynchronous
async def test_nor_does_the_graph_the_code_a_stepped_element_or_the_mistaken_run(name: str) -> None:
    async with opened(name, mistake="gradient-ascent") as s:
        await s.press("V", "v", "s", "s")
        for step in (2, 9, 15, 18, 20):
            await check_hidden(s, step)


@asynchronous
async def test_what_the_source_printed_and_the_notes_are_hidden_too() -> None:
    async with opened(first=FIRST, at="15", size=(200, 60)) as s:
        assert "0.262" not in s.text  # of W1, published
        assert "−0.892" not in s.text
        await s.press("n")  # W2
        assert "W₂[0," in s.footer
        assert "source prints" not in s.text
        await s.press("escape")
        assert "−0.892 ✓" in s.pane("parameters")
        assert "0.262" not in s.text
        await s.press("Q", *"2n")
        assert "0.262 ✓" in s.pane("parameters")


@asynchronous
async def test_the_loss_to_come_is_hidden_as_long_as_it_is_asked_for() -> None:
    async with opened(first=FIRST, at="19") as s:
        assert "1.0792" not in s.text
        await s.press("Q")
        assert "1.0792" in s.text


@asynchronous
async def test_formulas_are_found_out() -> None:
    async with opened(first=FIRST) as s:
        assert "W₁x + b₁" not in s.text
        await s.press("n", "tab")
        assert "1. z₁ = W₁x + b₁" in s.pane("equation")
        assert "z₁ = W₁x + b₁" in s.pane("program")
        assert "ReLU" not in s.text
        await s.press("escape", "v")
        assert "W1 @ x + b1" in s.pane("program")
        assert "np.maximum" not in s.text
        await s.press("Q")
        assert "np.maximum" in s.text


@asynchronous
async def test_from_question_to_question() -> None:
    async with opened(first=FIRST) as s:
        assert "each next result is asked for, one element" in s.footer
        assert "n asks for the result of the first of the 19 operations" in " ".join(s.pane("equation").split())
        assert "predict" in s.status
        await s.press("n")
        assert "weighted sum" in s.pane("equation")
        assert "z₁[0] = ?" in s.pane("equation")
        assert s.footer.startswith(" z₁[0] = number, fraction, expression; Tab hint, Esc shows")
        assert "step 1/19" in s.status
        await answer(s, "-0.15")
        assert "✗ z₁[0] = −0.15" in s.pane("equation")
        assert "z₁[0] = −0.15 is what you get when the bias is left out" in s.pane("equation")
        assert s.debugger.step == 0
        await answer(s, "one")
        assert "there is no variable 'one'" in s.text
        assert s.footer.startswith(" z₁[0] = one")  # to be mended
        await s.press(*["backspace"] * 3)
        assert "there is no variable" not in s.text
        await s.press("question_mark", "tab")
        assert "2. z₁[0] = 0.2·1 + (−0.4)·0.5 + 0.1·(−1.5) + 0.1" in s.pane("equation")
        await answer(s, "-0.05")
        assert not s.in_dialog
        assert s.debugger.step == 1
        assert "✓ z₁[0] = −0.05" in s.pane("equation")
        assert "weighted sum: it will be asked again" in s.pane("equation")
        assert "[−0.05 1.4]" in s.pane("program")
        await s.press("pagedown")
        assert "h[" in s.footer
        await answer(s, right(the_quiz(s)))
        assert "activation: right first time" in s.pane("equation")


@asynchronous
async def test_a_question_mark_stands_where_the_answer_will() -> None:
    async with opened(first=FIRST, size=(80, 24)) as s:
        await s.press("n")
        assert "⎡?⎤" in s.pane("equation")
        assert "⎣·⎦" in s.pane("equation")
        heading, *_ = s.pane("network").splitlines()
        assert "z₁" in heading
        assert s.pane("network").count("?") == 2
        await s.press("escape", "n")
        heading, *rest = s.pane("network").splitlines()
        assert "z₁" not in heading  # its number would look like the answer
        assert sum(row.count("?") for row in rest) == 2
        assert not any("1.4000" in row for row in rest)


@pytest.mark.parametrize(
    ("at", "shown"), [("9", "∂ ?"), ("13", "◀ ∂L/∂W₁"), ("15", "−1 → ?"), ("17", "0.2 → ?"), ("18", "→ ?")]
)
@asynchronous
async def test_so_it_does_for_gradients_and_updates(at: str, shown: str) -> None:
    async with opened(first=FIRST, at=at, size=(80, 24)) as s:
        await s.press("n")
        assert shown in s.pane("network")
        assert "?" in s.pane("network")


@asynchronous
async def test_an_empty_answer_and_escape_show_the_result() -> None:
    for key in ("enter", "escape"):
        async with opened(first=FIRST) as s:
            await s.press("n", key)
            assert not s.in_dialog
            assert s.debugger.step == 1
            assert "weighted sum: it will be asked again; z₁[0] = −0.05" in s.pane("equation")
            assert the_quiz(s).session.total.wrong == 1


@asynchronous
async def test_what_does_not_ask() -> None:
    async with opened(first=FIRST) as s:
        for keys, step in (("5n", 5), ("f", 8), ("c", 19), ("N", 18), ("n", 19), ("i", 38), ("I", 19)):
            await s.press(*keys)
            await s.wait_for(partial(at, s, step))
            assert not s.in_dialog
        await s.press("g", *"25", "enter")
        await s.wait_for(lambda: s.debugger.step == 25)
        await s.press("home", "n")
        assert not s.in_dialog
        assert s.debugger.step == 21
        assert the_quiz(s).session.total.asked == 0


@asynchronous
async def test_what_went_wrong_comes_again_and_then_it_goes_on() -> None:
    async with opened(first=FIRST) as s:
        await s.press("n", "escape")
        for _ in range(3):
            await s.press("n")
            await answer(s, right(the_quiz(s)))
        await s.press("n")
        assert "weighted sum, again" in s.pane("equation")
        assert "step 1/19" in s.status
        assert "ReLU" not in s.text
        await answer(s, right(the_quiz(s)))
        assert s.debugger.step == 1
        await s.press("n")
        assert "step 5/19" in s.status


@asynchronous
async def test_the_other_panes_are_looked_at_while_one_is_asked() -> None:
    async with opened(first=FIRST, size=(60, 15)) as s:
        await s.press("n")
        assert s.seen() == ("equation",)
        for pane in ("program", "parameters", "network", "equation"):
            await s.press("shift+tab")
            assert s.seen() == (pane,)
            assert s.in_dialog
        await s.press("shift+tab", "down", "down", "pagedown", "up", "pageup")
        await s.type("0,05")
        assert s.footer.startswith(" z₁[0] = 0,05")


@pytest.mark.parametrize(("size", "ascii_only"), crossed(3, [*SIZES, (200, 60)], (False, True)))
@asynchronous
async def test_sizes_and_ascii(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened(first="predict 3", size=size, ascii_only=ascii_only) as s:
        await s.press("n")
        for text in ("1 2", "-0.15 1.8", "x"):
            await s.press("tab")
            await answer(s, text)
            assert all(len(row) == size[0] for row in s.rows)
            assert not ascii_only or s.text.isascii()
        await s.press("escape")
        assert not ascii_only or s.text.isascii()
        assert "it will be asked again" in " ".join(s.pane("equation").split())


@asynchronous
async def test_the_score_is_kept_and_reported() -> None:
    async with opened(first=FIRST) as s:
        await s.press("n", "escape", "n")
        await answer(s, right(the_quiz(s)))
        await s.press("Q")
        assert "2 questions: 1 right first time, 1 wrong; to practise: weighted sum" in s.footer
        assert "predict" not in s.status
        await s.press("colon", *"predict", "enter")
        assert "weighted sum  0 of 1 right first time, 1 wrong" in s.text
    kinds = json.loads(default_path().read_text("utf-8"))["kinds"]
    assert kinds["weighted sum"]["again"] == 2
    async with opened() as s:
        await s.press("Q")
        assert "each next result is asked for; to practise: weighted sum" in s.footer
        await s.press("n")
        assert "Only its sign" in s.pane("equation")  # a level down


@asynchronous
async def test_a_file_that_is_no_score_is_left_alone() -> None:
    default_path().parent.mkdir(parents=True, exist_ok=True)
    default_path().write_text("mine")
    async with opened(first=FIRST, size=(200, 60)) as s:
        assert "the score is not kept:" in s.footer
        await s.press("n", "escape")
        assert the_quiz(s).session.total.asked == 1
    assert default_path().read_text() == "mine"


@asynchronous
async def test_words() -> None:
    async with opened() as s:
        for words, says in (
            ("predict 4", "predict on, off, score, or a level"),
            ("predict off", "predict is off; predict on asks for each next result"),
            ("predict 1", "each next result is asked for, its sign or shape"),
            ("quiz on", "each next result is asked for"),
        ):
            await s.press("colon", *words, "enter")
            assert says in s.footer
        assert the_quiz(s).level is None


@asynchronous
async def test_reasons_come_late_and_the_screen_answers_meanwhile() -> None:
    async with opened("xor", first=FIRST, at="300:dL_dW1") as s:
        the_quiz(s).track.furthest = s.debugger.step
        await s.press("n")
        await answer(s, "77.123")
        await s.press("tab")
        assert "✗" in s.pane("equation")
        assert "1. " in s.pane("equation")
        await s.press("escape")
        assert not s.in_dialog


@asynchronous
async def test_a_reload_keeps_the_quiz(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(ARTICLE.read_text("utf-8"), "utf-8")
    async with opened(load(file), first=FIRST) as s:
        await s.press("n", "escape", "R")
        assert "reloaded" in s.footer
        assert "predict" in s.status
        await s.press("n")
        assert "h[" in s.footer
        await answer(s, right(the_quiz(s)))
        assert the_quiz(s).session.total.asked == 2


@asynchronous
async def test_hostile_answers() -> None:
    async with opened(first=FIRST, size=(80, 24)) as s:
        await s.press("n")
        for text in (
            "__import__('os')",
            "[" * 300,
            "(" * 100,
            "9**9**9**9",
            "\x1b[31m",
            "a" * 700,
            "[/red]",
            "W1.tofile('x')",
        ):
            s.app.screen.query_one(Input).value = text
            await s.press("enter")
            assert s.in_dialog or s.debugger.step == 1
            assert all(cell_len(row) == 80 for row in s.rows), text
        assert s.debugger.step == 0


def test_quiz_from_end_to_end(tmp_path: Path) -> None:
    with running(Emulated, "quiz", str(ARTICLE), "--level", "3", home=tmp_path) as terminal:
        terminal.shows("step 0/19", "predict")
        terminal.press("n")
        terminal.shows("z₁ = ? All 2 numbers, row by row")
        terminal.press("-0.15 1.8\r")
        terminal.shows("✗ z₁[0] = −0.15", "the bias is left out")
        terminal.press("-0.05, 1.4\r")
        terminal.shows("step 1/19", "[−0.05 1.4]")
        terminal.press("q")
        assert isinstance(terminal, Emulated)
        assert terminal.leave() == 0
        assert "1 question: 0 right first time, 1 wrong; to practise: weighted sum" in terminal.text()
