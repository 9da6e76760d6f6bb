"""Values as TOML writes them: what a scenario file is made of where the program writes one."""

from collections.abc import Mapping
from typing import Any

import numpy as np

ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def toml(value: Any) -> str:
    """A value on one line: a text, a number, which reads back as the same, a list, an array, a table."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value.translate(ESCAPED)}"'
        case Mapping():
            return f"{{ {', '.join(f'{key} = {toml(each)}' for key, each in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case np.ndarray():
            return toml(value.tolist())
    return repr(value)


def paragraph(text: str) -> str:
    """A text of several lines, as it is read."""
    inner = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\n{inner}"""' if "\n" in text else toml(text)
