"""The settings of a row: their defaults, and what an editor, the checks and the glossary say about them.

A setting stands on the row that it belongs to: an activation's, an optimizer's, a schedule's or a norm's. From there
the scenario format takes its keys and their bounds, and the engine takes the variables that formulas read.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

Value = float | bool | tuple[float, float]


NOT_NEGATIVE: Mapping[str, float] = MappingProxyType({"minimum": 0})


class Setting(Struct, frozen=True):
    """A setting. A scenario has to give it where `default` is None; a pair is given as a list of two.

    `about` is what an editor says about its key, and `means` what the glossary says about its variable: one text per
    number of a pair, and none for a switch (on or off), which no formula reads. `bounds` apply to each number and use
    the keywords of JSON Schema.
    """

    default: Value | None
    about: str
    means: str | tuple[str, str] = ""
    whole: bool = False
    bounds: Mapping[str, float] = NOT_NEGATIVE


Settings = Mapping[str, Setting]


def defaults(settings: Settings) -> dict[str, Value]:
    """The settings that may be left out, with the values that they then have."""
    return {name: setting.default for name, setting in settings.items() if setting.default is not None}


def variables(values: Mapping[str, Value]) -> dict[str, float]:
    """The settings that are numbers, under the names by which formulas read them."""
    found: dict[str, float] = {}
    for name, value in values.items():
        match value:
            case bool():
                continue
            case (first, second):
                found |= dict(zip(_pair(name), (first, second), strict=True))
            case _:
                found["eta" if name == "learning_rate" else name] = float(value)
    return found


def meanings(settings: Settings) -> dict[str, str]:
    """What the glossary says of the variables of settings."""
    return dict(_meanings(settings))


def _meanings(settings: Settings) -> Iterator[tuple[str, str]]:
    for name, setting in settings.items():
        if isinstance(setting.means, tuple):
            yield from zip(_pair(name), setting.means, strict=True)
        else:
            yield name, setting.means


def _pair(name: str) -> tuple[str, str]:
    """The variables of a setting that is a pair: beta1 and beta2 of betas."""
    one = name.removesuffix("s")
    return f"{one}1", f"{one}2"
