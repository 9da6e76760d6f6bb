"""Writes the README's tables from the tables of the program; `--check` says whether they are fresh."""

import re
import sys
from itertools import groupby
from pathlib import Path

from backprop_tui.debugger.line.words import WORDS
from backprop_tui.engine.mistakes import ROWS
from backprop_tui.tui.keys import KEYS, cap

README = Path(__file__).parents[1] / "README.md"


def keys() -> str:
    """The keys as Markdown, a table under each heading."""
    lines = []
    for group, rows in groupby(KEYS, key=lambda row: row.group):
        lines += [f"| {group} | |", "| --- | --- |"]
        lines += [f"| {' '.join(f'`{cap(key)}`' for key in row.keys)} | {row.text} |" for row in rows]
        lines.append("")
    return "\n".join(lines).replace("```", "`` ` ``")


def words() -> str:
    """The commands of the `:` line as Markdown."""
    lines = ["| command | short | what |", "| --- | --- | --- |"]
    for row in WORDS.rows:
        usage, text = row.synopsis.replace("|", "\\|"), row.text.replace("|", "\\|")
        lines.append(f"| `{usage}` | {' '.join(f'`{name}`' for name in row.names[1:])} | {text} |")
    return "\n".join([*lines, ""])


def mistakes() -> str:
    """The classic mistakes as a Markdown table."""
    lines = ["| mistake | what is done | in |", "| --- | --- | --- |"]
    for row in ROWS:
        done = row.when.format(digits=row.digits[0], weights="the output weights")
        lines.append(f"| `{row.name}` | {done} | {row.where} |")
    return "\n".join([*lines, ""])


TABLES = {"keys": keys, "words": words, "mistakes": mistakes}


def fresh(text: str) -> str:
    """The README with the tables put in."""
    for name, table in TABLES.items():
        place = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        made = table().replace("\\", r"\\")
        text = place.sub(rf"\1\n{made}\n\2", text)
    return text


def main() -> int:
    """Write, or with `--check` compare."""
    text = README.read_text("utf-8")
    if "--check" in sys.argv:
        return int(fresh(text) != text)
    README.write_text(fresh(text), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
