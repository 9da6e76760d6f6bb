"""Whatever text a scenario has, the screen shows it as text."""

import pytest
from rich.cells import cell_len

from backprop_tui.scenario import parse
from tests.sampled import crossed, some
from tests.tui.harness import asynchronous, opened
from tests.tui.hostile import HOSTILE, hostile


@pytest.mark.parametrize(("name", "size"), crossed(2, HOSTILE, [(120, 36), (80, 24), (60, 15)], most=15))
@asynchronous
async def test_it_is_shown_as_text(name: str, size: tuple[int, int]) -> None:
    text, harmless = HOSTILE[name]
    scenario = parse(hostile(text).encode(), "[/] [red]\x1b[31m.toml")
    async with opened(scenario, size=size) as s:
        s.screen.focus_pane("equation")
        await s.settle()
        for _ in range(3):
            for row in s.rows:
                assert cell_len(row) == size[0]
                assert row.isprintable()
            await s.press("n")
        await s.press("g", "g")
        seen = "".join(s.pane("equation").split())
        assert "".join(harmless.split())[:20] in seen
        for line in s.cells():  # [@click=…] is no link
            assert not any("@click" in style.meta for _, style in line)
        await s.press("n", "y", "1", "b", "question_mark", "escape", "P", "escape", "escape")
        assert s.copied().isprintable()


@pytest.mark.parametrize("name", some(HOSTILE, 2))
@asynchronous
async def test_it_is_shown_in_ascii_too(name: str) -> None:
    text, _ = HOSTILE[name]
    async with opened(parse(hostile(text).encode(), "ŷ👩‍👩‍👧‍👦.toml"), ascii_only=True) as s:
        for _ in range(3):
            assert s.text.isascii()
            await s.press("n")
