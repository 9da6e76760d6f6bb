"""The user's own settings: a theme, and other keys. A TOML file in the place that the system has for such files.

theme = "textual-light"

[keys]
advance = ["n", "x", "Space"]     # an id of the key table, and the keys that it has instead
"""

from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from textual.keys import Keys

from backprop_tui.debugger.basics import user_files
from backprop_tui.scenario.format.problem import Finding, Problem, ScenarioError, hint, quote
from backprop_tui.scenario.format.toml_reader import TomlError, read_toml
from backprop_tui.text import clean
from backprop_tui.tui.main.actions.key_table import BY_ID, KEYS
from backprop_tui.tui.shared.keys import CAPS, Key
from backprop_tui.tui.terminal.textual_private import key_of_character

LARGEST = 2**18  # bytes; a hundred times what settings that rebind every key need
NAMED = {str(known.value) for known in Keys if not known.value.startswith("<")}
BY_CAP = {printed.lower(): name for name, printed in CAPS.items()}


class ConfigError(ValueError):
    """All that is wrong with the settings, one line each."""


class Config(Struct, frozen=True):
    """Settings: the theme, if any, and the rows of the key table in force."""

    theme: str | None = None
    rows: tuple[Key, ...] = KEYS


def path() -> Path:
    """Where the settings are."""
    return user_files.config()


def read_config(file: Path | None = None) -> Config:
    """The user's settings; the defaults where there is no file. Raises ConfigError."""
    from backprop_tui.scenario.format.toml_positions import Places

    file = file or path()
    name = clean(str(file))
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        text = data.removeprefix(BOM_UTF8).decode().replace("\r\n", "\n")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}: cannot be read: {clean(str(error))}") from None
    if len(data) > LARGEST:
        raise ConfigError(f"{name}: is larger than {LARGEST // 2**10} KiB, which no settings are")
    try:
        document = read_toml(text)
    except TomlError as error:
        raise ConfigError(str(Problem(name, error.message, "", *error.place))) from None
    findings: list[Finding] = []
    config = _config(document, findings)
    if findings:
        places = Places(text, [path for path, _ in findings])
        problems = {Problem.of(finding, name, *places[finding[0]]) for finding in findings}
        listed = sorted(problems, key=lambda p: (p.line, p.column, p.key, p.message))
        raise ConfigError(str(ScenarioError(listed)))
    return config


def _config(document: dict[str, Any], findings: list[Finding]) -> Config:
    known = ("theme", "keys")
    findings += [((name,), f"unknown key {hint(name, known)}") for name in document if name not in known]
    theme, keys = document.get("theme"), document.get("keys", {})
    if theme is not None and not isinstance(theme, str):
        findings.append((("theme",), "expected the name of a theme, as text"))
    if not isinstance(keys, dict):
        findings.append((("keys",), "expected a table"))
        return Config()
    changed: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for row, wanted in keys.items():
        where = ("keys", row)
        if row not in BY_ID:
            findings.append((where, f"unknown command {hint(row, list(BY_ID))}"))
            continue
        if not isinstance(wanted, list) or not wanted or not all(isinstance(one, str) for one in wanted):
            findings.append((where, 'expected a list of keys, such as ["n", "Space", "ctrl+n"]'))
            continue
        found = tuple(_key_name(one) for one in wanted)
        for typed, name in zip(wanted, found, strict=True):
            if not name:
                findings.append((where, f"there is no key {quote(typed)}"))
            elif taken.setdefault(name, row) != row:
                findings.append((where, f"{quote(typed)} is given to '{taken[name]}' already"))
        changed[row] = found
    rows = in_force(changed)
    findings += [(("keys",), f"leaves '{row.id}' without a key") for row in rows if not row.keys]
    return Config(theme, rows)


def _key_name(typed: str) -> str:
    """Textual's name of a key as people write it; empty where there is none."""
    lowered = typed.strip().lower()
    if len(typed) == 1 and typed.isprintable():
        return BY_CAP.get(typed) or key_of_character(typed)
    name = BY_CAP.get(lowered, lowered)
    return name if name in NAMED or name in CAPS else ""


def in_force(changed: dict[str, tuple[str, ...]]) -> tuple[Key, ...]:
    """The key table with some rows' keys replaced; a key that moves to another row leaves its old one."""
    given = {name for keys in changed.values() for name in keys}
    return tuple(
        replace(row, keys=changed[row.id] if row.id in changed else tuple(k for k in row.keys if k not in given))
        for row in KEYS
    )
