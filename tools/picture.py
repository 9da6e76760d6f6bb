"""The README's picture: the real application on the article's scenario, some steps in, as a self-contained SVG.

./dev python tools/picture.py [FILE] [--size 120x36] [--theme NAME] [--scenario NAME] [--keys "1 1 n"]
"""

import argparse
import asyncio
import re
from pathlib import Path

from backprop_tui.scenario import load
from backprop_tui.tui.app import BackpropApp

ROOT = Path(__file__).parents[1]
FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
# a text of rich's with braille in it, and the cell that it counts with
BRAILLE_TEXT = re.compile(
    r'<text [^>]*class="(?P<look>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="(?P<wide>[\d.]+)"[^>]*>'
    r"(?P<text>[^<]*[\u2801-\u28ff][^<]*)</text>"
)
BLANK, ASCENT, LINE, RADIUS = 0x2800, 18.5, 24.4, 2.1
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))  # across and down, by bit
STACK = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"


def self_contained(svg: str) -> str:
    """The picture without the fonts that it would fetch from the web."""
    plain = FACES.sub("", svg).replace("Fira Code, monospace", STACK)
    return plain.replace("<text ", '<text xml:space="preserve" ')


def with_dots(svg: str) -> str:
    """The picture with its lines of braille as dots that are drawn: many fonts have none, or wide ones."""
    return BRAILLE_TEXT.sub(_dots, svg)


def _dots(found: re.Match[str]) -> str:
    """A text with braille in it: the dots as circles, and what else is written there."""
    look, left, base, wide, text = found["look"], *map(float, (found["x"], found["y"], found["wide"])), found["text"]
    cell, circles = wide / len(text), []
    for place, character in enumerate(text):
        pattern = ord(character) - BLANK if BLANK <= ord(character) < BLANK + 256 else 0
        for bit, (across, down) in enumerate(DOTS):
            if pattern >> bit & 1:
                x, y = left + cell * (place + 0.25 + across / 2), base - ASCENT + LINE * (down + 0.5) / 4
                half = f"a{RADIUS},{RADIUS} 0 1,0"
                circles.append(f"M{x - RADIUS:.1f},{y:.1f}{half} {2 * RADIUS},0{half} -{2 * RADIUS},0")
    rest = "".join(" " if BLANK <= ord(character) < BLANK + 256 else character for character in text)
    path = f'<path class="{look}" d="{"".join(circles)}"/>'
    return path if not rest.strip() else path + found[0].replace(text, rest)


async def take(arguments: argparse.Namespace) -> str:
    """The screen after some key presses."""
    app = BackpropApp(load(arguments.scenario), mistake=arguments.with_mistake, ascii_only=arguments.ascii)
    if arguments.theme:
        app.theme = arguments.theme
    width, height = map(int, arguments.size.split("x"))
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        for key in arguments.keys.split():
            await pilot.press(key)
        await pilot.pause()
        return with_dots(self_contained(app.export_screenshot(title="backprop-tui")))


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default=str(ROOT / "docs" / "screen.svg"))
    parser.add_argument("--size", default="120x36")
    parser.add_argument("--theme")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--scenario", default="article")
    parser.add_argument("--with-mistake", metavar="NAME")
    parser.add_argument("--keys", default="1 1 n", help="keys, a space between")
    arguments = parser.parse_args()
    svg = asyncio.run(take(arguments))
    Path(arguments.file).write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
