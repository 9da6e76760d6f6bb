"""Diagrams that were looked at and found good.

After a deliberate change: python -m tests.tui.drawing.diagram.test_golden.
"""

from pathlib import Path

import pytest

from backprop_tui.tui.drawing.diagram.diagram_styles import DARK
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tests.tui.drawing.diagram.pictures import Drawn, article, network

DATA = Path(__file__).parent / "data"
CASES: dict[str, tuple[Drawn, int, int, Glyphs]] = {
    "article-start-78x8": (article("start"), 78, 8, UNICODE),
    "article-z1-80x20": (article("z1"), 80, 20, UNICODE),
    "article-dL_dW2-78x8": (article("dL_dW2"), 78, 8, UNICODE),
    "article-W2-118x12": (article("W2"), 118, 12, UNICODE),
    "article-delta1-48x12": (article("delta1"), 48, 12, UNICODE),
    "article-delta1-60x16": (article("delta1"), 60, 16, UNICODE),
    "article-delta1-110x40": (article("delta1"), 110, 40, UNICODE),
    "article-z1-80x20-ascii": (article("z1"), 80, 20, ASCII),
    "large-110x30": (network(784, 128, 10, lit=1), 110, 30, UNICODE),
    "wide-78x8": (network(6, 5, 2, lit=1, backward=True), 78, 8, UNICODE),
}


def drawn(case: str) -> str:
    """The diagram as text, without the spaces at the ends of lines."""
    picture, width, height, glyphs = CASES[case]
    strips = picture.at(width, height, DARK, glyphs).strips
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    assert drawn(case) == (DATA / f"{case}.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    for name in CASES:
        (DATA / f"{name}.txt").write_text(drawn(name), encoding="utf-8")
