"""Samples that are not written in the scenario: from a data set by name, or a csv file beside it.

The csv reader is imported only for scenarios that need it.
"""

from pathlib import Path

from msgspec import UNSET, Struct

from backprop_tui.scenario.data.datasets import DATASETS
from backprop_tui.scenario.data.sample_table import Table
from backprop_tui.scenario.format import schema
from backprop_tui.text import clean


class Files(Struct, frozen=True):
    """The folder that paths in a scenario start from, and what messages call it."""

    folder: Path = Path()
    shown: Path = Path()

    def path(self, data: schema.Data) -> Path | None:
        """The csv file that a scenario names."""
        return self.folder / data.csv if data.csv else None


def read_table(data: schema.Data, files: Files) -> Table | None:
    """The table that a scenario names; None if it names none that exists, or several.

    Raises TableError if it cannot be read.
    """
    if data.x is not UNSET or (data.csv and data.dataset):
        return None
    if data.csv:
        from backprop_tui.scenario.data.csv_reader import content, read_csv

        target = -1 if data.target is UNSET else data.target
        header = None if data.header is UNSET else data.header
        name = clean(str(files.shown / data.csv))
        found = content(files.folder / data.csv, data.csv)
        return read_csv(found, name, target=target, header=header, classes=data.classes or ())
    if data.dataset:
        row = DATASETS.get(data.dataset)
        return None if row is None else row.table(data.dataset, data.samples or None, data.noise or 0.0, data.seed or 0)
    return None
