"""Models written as formulas on the screen: the keys that look at, explain and change things find their way."""

from pathlib import Path

import numpy as np
import pytest

from backprop_tui.scenario import parse
from tests.tui.harness import asynchronous, opened

KEYS = (
    *("f", "f", "f", "n", "s", "s", "S", "j", "enter", "down", "right", "escape", "o", "escape", "x", "escape"),
    *("K", "escape", "n", "v", "V", "V", "L", "n", "n", "escape", "p", "escape", "Q", "n", "escape", "Q", ">", "<"),
    *("F", "I", "i", "u", "End", "Home", "c"),
)


@pytest.mark.parametrize("lesson", ["multi-head-attention", "convolution", "rnn-through-time"])
@asynchronous
async def test_keys_on_a_model(lesson: str) -> None:
    async with opened(lesson, size=(100, 30)) as s:
        await s.press(*KEYS)
        assert s.debugger.step > 0


@asynchronous
async def test_what_a_model_has_not_is_said() -> None:
    async with opened("attention", size=(100, 30)) as s:
        await s.press("n", "t")
        assert "[model] does not say which variable is its output" in s.footer


@asynchronous
async def test_blocks_fold_by_a_key() -> None:
    async with opened("attention", size=(120, 36)) as s:
        await s.press("2", "n")
        assert "k = Wk x" in s.pane("program")
        assert "▸ mix" in s.pane("network")
        await s.press("minus")
        assert "look is folded" in s.footer
        assert "k = Wk x" not in s.pane("program")
        assert "▸ look" in s.pane("network")
        await s.press("minus", "6", "n")
        assert "● k" in s.pane("network"), "what was unfolded by hand stays so"


@asynchronous
async def test_keys_go_through_the_matrices_of_a_stack() -> None:
    async with opened("multi-head-attention", size=(120, 36)) as s:
        await s.press("5", "n")
        assert "of sample 1 of 2, head 1 of 2" in s.pane("equation")
        await s.press("right_curly_bracket", "greater_than_sign")
        assert "of sample 2 of 2, head 2 of 2" in s.pane("equation")
        await s.press("right_curly_bracket")
        assert "a, sample 2 of 2, head 2 of 2 is the last" in s.footer
        await s.press("tab", "tab", "j", "l")  # the equation, and a number in it
        assert "a[1,1," in s.footer
        assert "sample 2, head 2, token" in " ".join(s.pane("equation").split())
        await s.press("left_curly_bracket")
        assert "of sample 2 of 2, head 1 of 2" in s.pane("equation")


@asynchronous
async def test_one_who_has_read_the_page_edits_a_score_and_asks_why() -> None:
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")
    text = page.partition("```toml\n")[2].partition("```")[0]
    async with opened(parse(text.encode(), "mine.toml"), size=(120, 36)) as s:
        await s.press(*"5n", "N", *"2N", "n", "e")
        assert "such as s[0,0] = 0.5" in s.text
        await s.press(*"s[0,1] = 2", "enter", "n")
        assert "s[0,1] was set to 2" in " ".join(s.text.split())
        await s.press("N", "colon", *"select s[0,1]", "enter")
        assert "s[0,1] = 2" in s.pane("equation")  # and no terms, which give another number
        await s.press("n")
        column = np.exp(np.array([s.debugger[f"s[{key},1]"] for key in range(3)]))
        assert s.debugger["a[0,1]"] == pytest.approx(column[0] / column.sum())
        await s.press("c", "colon", *"explain dL_dWq[0,1]", "enter")
        assert "Why is ∂L/∂Wq[0,1]" in s.text
        assert "∂L/∂q[0,0]" in s.text


@asynchronous
async def test_a_model_that_declares_its_output_is_tried_and_has_a_map() -> None:
    async with opened("logistic-regression", size=(100, 30)) as s:
        await s.press("n", "t")
        assert "predicted 1, which is right" in s.text
        await s.press(*"1 3")
        assert "predicted 0" in s.text
        await s.press("escape", "p")
        await s.press("shift+tab")
        assert "[Map]" in s.text
        assert "x[0]" in s.text
