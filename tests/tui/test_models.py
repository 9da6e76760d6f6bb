"""Models written as formulas on the screen: the keys that look at, explain and change things find their way."""

import pytest

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
        assert "only a network of layers is evaluated" in s.footer


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
