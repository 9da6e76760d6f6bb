"""Values as Python and NumPy print them, which TOML cannot read: what to write in their place."""

import re
from bisect import bisect_right

# Where a value begins, and what ends it: the next key or header on a line of its own.
KEY = re.compile(r"^[ \t]*[\w.\"'-]+[ \t]*=[ \t]*", re.MULTILINE)
NEXT = re.compile(r"\n[ \t]*(?:[A-Za-z_\"'][\w.\"' \t-]*=|\[\[?[A-Za-z_]|$)")
LONGEST = 2000  # characters of a value that are looked at; the beginning of a longer one is enough
SHOWN = 60  # characters of the replacement: a message stays on one line

NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?!\w)|[+-]?(?:nan|inf)\b"
TOKENS = re.compile(rf"(?P<number>{NUMBER})|(?P<cut>\.\.\.)|[\[\],]|[ \t\n]+")
CALL = re.compile(r"(?:\w+\.)?(?:array|asarray|matrix|tensor|Tensor|float(?:16|32|64)|int(?:32|64))\(")
INNERMOST = re.compile(rf"{CALL.pattern}([^()]*)\)")
TUPLE = str.maketrans("()", "[]")
OPTIONS = re.compile(r",\s*(?:dtype|device|requires_grad|grad_fn)\s*=[^\]]*$")
WORDS = {"True": "true", "False": "false", "NaN": "nan", "-Infinity": "-inf", "Infinity": "inf"}


def written(text: str, offset: int) -> str:
    """What is wrong with the value at an error of the syntax, if Python or NumPy printed it; nothing otherwise."""
    start = text.rfind("\n", 0, max(0, offset - LONGEST)) + 1
    keys = [found.end() for found in KEY.finditer(text, start, offset + LONGEST)]
    before = bisect_right(keys, offset) - 1
    if before < 0:
        return ""
    ended = NEXT.search(text, keys[before])
    value = text[keys[before] : min(keys[before] + LONGEST, ended.start() if ended else len(text))].strip()
    bare = value.partition("#")[0].strip()
    if bare in WORDS:
        return f"is written as Python does, expected {WORDS[bare]}"
    toml = as_toml(bare)
    if toml == "...":
        return "has numbers left out by NumPy (...); print(a.tolist()) prints all, as TOML has them"
    if not toml or toml == bare:
        return ""
    shown = toml if len(toml) <= SHOWN else f"{toml[:SHOWN]}…"
    if "[" not in toml or bare.startswith("("):
        return f"is written as Python does, expected {shown}"
    return f"is written as NumPy prints it, expected {shown} (print(a.tolist()) prints it so; check --paste reads this)"


def as_toml(value: str) -> str:
    """A printed number or array in TOML, with `...` where numbers are left out; empty if it is neither.

    An array that is cut off, or lacks its closing brackets, is converted as far as it goes.
    """
    while call := CALL.match(value):
        value = OPTIONS.sub("", value[call.end() :].removesuffix(")"))
    if value.startswith(("[", "(")):
        value = _without_calls(value).translate(TUPLE)
    parts: list[str] = []
    at = 0
    while at < len(value):
        token = TOKENS.match(value, at)
        if token is None:
            return ""
        at = token.end()
        if token["cut"]:
            return "..."
        part = _number(token[0]) if token["number"] else token[0].strip(" \t\n,")
        if part in ("", "]"):
            parts += [part] if part else []
            continue
        if parts and parts[-1] != "[":
            if not value.startswith("["):
                return ""
            parts.append(", ")
        parts.append(part)
    return "".join(parts)


def _without_calls(value: str) -> str:
    """A value of whose arrays and numbers the contents are left: `(np.float64(0.1), 2)` becomes `(0.1, 2)`."""
    while (shorter := INNERMOST.sub(r"\1", value)) != value:
        value = shorter
    return CALL.sub("", value)


def _number(text: str) -> str:
    """A number with digits on both sides of its point."""
    sign = text[:1] if text[:1] in "+-" else ""
    digits, exponent = re.fullmatch(r"([^eE]*)(.*)", text.removeprefix(sign)).groups()  # type: ignore[union-attr]
    if digits in ("nan", "inf") or "." not in digits:
        return text
    whole, _, part = digits.partition(".")
    return f"{sign}{whole or '0'}.{part or '0'}{exponent}"
