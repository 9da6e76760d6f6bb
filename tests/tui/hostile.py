"""Texts that do harm to a terminal or to a program that takes them for markup."""

from pathlib import Path

ARTICLE = Path(__file__).parents[2] / "scenarios" / "article.toml"
# kind -> as it is in the file, and a part of how it is shown
HOSTILE = {
    "markup": ("[/] [/red] [@click=app.quit]x[/] [$primary]", "[/] [/red] [@click=app.quit]x[/]"),
    "clipboard": ("\\u001b]52;c;aGk=\\u0007", r"\x1b]52;c;aGk=\x07"),
    "title": ("\\u001b]0;owned\\u0007", r"\x1b]0;owned\x07"),
    "erase": ("\\u001b[2J\\u001b[H\\u001b[31m", r"\x1b[2J\x1b[H\x1b[31m"),
    "C1": ("\\u009b2J\\u009d0;owned\\u009c", r"\x9b2J\x9d0;owned\x9c"),
    "controls": ("a\\u0008b\\rc\\u0000d\\u007f", r"a\x08b"),
    "bidi": ("\\u202eabc\\u2066", r"\u202eabc\u2066"),
    "wide": ("👩‍👩‍👧‍👦 漢字 é́́́́́́́́ 🇩🇪", "漢"),
    "long": ("x" * 5000, "x" * 40),
}


def hostile(text: str) -> str:
    """The article with a text wherever a scenario can have one."""
    kept = [line for line in ARTICLE.read_text("utf-8").splitlines() if not line.startswith(("title", "source"))]
    added = ["[[note]]", 'at = "z1"', f'text = "{text}"', "[[published]]", 'name = "z1"', "value = [1, 2]"]
    return "\n".join([f'title = "{text}"', f'source = "{text}"', *kept, *added, f'where = "{text}"'])
