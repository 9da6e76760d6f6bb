"""What the format has and the engine has not yet. An issue that builds one of these deletes its row."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from backprop_tui.scenario.problem import Finding, Path, key

PLACE = re.compile(r"\[[0-9]+\]")


class Later(NamedTuple):
    """A key, which of its values cannot be had yet, and what there is today."""

    key: str
    today: str
    refused: Callable[[Any], bool] = lambda _: True


LATER = (
    Later("data.features", "leave it out"),
    Later("data.classes", "leave it out"),
)


def refusals(document: Mapping[str, Any]) -> Iterator[Finding]:
    """What a document asks for that has to wait."""
    rows = {row.key: row for row in LATER}
    for path, value in _keys(document):
        row = rows.get(PLACE.sub("[]", key(path)))
        if row and row.refused(value):
            yield path, f"is not supported yet (today: {row.today})"


def _keys(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value with its path, down to keys: the items of a list of numbers do not count."""
    yield path, value
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _keys(item, (*path, name))
    elif isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        for place, item in enumerate(value):
            yield from _keys(item, (*path, place))
