"""Writes the README's table of keys from the key table; `--check` says whether it is fresh."""

import re
import sys
from itertools import groupby
from pathlib import Path

from backprop_tui.tui.keys import KEYS, cap

README = Path(__file__).parents[1] / "README.md"
PLACE = re.compile(r"(<!-- keys: .*? -->\n).*?(<!-- /keys -->)", re.DOTALL)


def table() -> str:
    """The keys as Markdown, a table under each heading."""
    lines = []
    for group, rows in groupby(KEYS, key=lambda row: row.group):
        lines += [f"| {group} | |", "| --- | --- |"]
        lines += [f"| {' '.join(f'`{cap(key)}`' for key in row.keys)} | {row.text} |" for row in rows]
        lines.append("")
    return "\n".join(lines).replace("```", "`` ` ``")


def fresh(text: str) -> str:
    """The README with the table put in."""
    return PLACE.sub(lambda found: f"{found[1]}\n{table()}\n{found[2]}", text)


def main() -> int:
    """Write, or with `--check` compare."""
    text = README.read_text("utf-8")
    if "--check" in sys.argv:
        return int(fresh(text) != text)
    README.write_text(fresh(text), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
