"""The README's picture: the real application on the article's scenario, some steps in, as a self-contained SVG.

./dev python tools/picture.py [FILE] [--size 120x36] [--theme NAME] [--scenario NAME] [--keys "8 n b"]
"""

import argparse
import asyncio
import re
from pathlib import Path

from backprop_tui.scenario import load
from backprop_tui.tui.app import BackpropApp

ROOT = Path(__file__).parents[1]
FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
STACK = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"


def self_contained(svg: str) -> str:
    """The picture without the fonts that it would fetch from the web."""
    plain = FACES.sub("", svg).replace("Fira Code, monospace", STACK)
    return plain.replace("<text ", '<text xml:space="preserve" ')


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
        return self_contained(app.export_screenshot(title="backprop-tui"))


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default=str(ROOT / "docs" / "screen.svg"))
    parser.add_argument("--size", default="120x36")
    parser.add_argument("--theme")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--scenario", default="article")
    parser.add_argument("--with-mistake", metavar="NAME")
    parser.add_argument("--keys", default="8 n b", help="keys, a space between")
    arguments = parser.parse_args()
    svg = asyncio.run(take(arguments))
    Path(arguments.file).write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
