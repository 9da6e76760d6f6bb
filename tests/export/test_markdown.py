"""A trace as Markdown, read again by a parser of Markdown."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from backprop_tui.formula.numbers import format_array
from backprop_tui.scenario import Scenario, load, parse, run
from tests.export.traces import VALID, diverging, trace

SCENARIOS = {path.stem: load(path) for path in VALID} | {"diverging": diverging()}


def texts(lines: list[str], tag: str) -> Iterator[str]:
    """What stands in each element of a kind."""
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    for before, token in pairwise(tokens):
        if before.tag == tag and before.nesting == 1:
            yield "".join(child.content for child in token.children or ())


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_operation_is_a_row(scenario: Scenario) -> None:
    lines = trace(scenario, "markdown", 2)
    cells = list(texts(lines, "td"))
    events = list(run(scenario, iterations=2))
    assert cells == [
        text
        for event in events
        for text in (str(event.step), f"{event.symbol} = {event.formula}", format_array(event.value, 10, minus="-"))
    ]
    assert next(texts(lines, "h1")) == scenario.title
    assert list(texts(lines, "h2")) == ["Iteration 1", "Iteration 2"]


def test_a_choice_of_stages() -> None:
    lines = trace(load("article"), "markdown", 2, ["loss", "delta1"])
    assert list(texts(lines, "h3")) == ["loss", "δ₁", "loss", "δ₁"]


def test_a_title_is_no_markup() -> None:
    title = "a *b* _c_ [d](e) `f` <g> # h | i"
    untitled = next(path for path in VALID if path.stem == "all-frozen").read_text("utf-8")
    scenario = parse(f"title = '{title}'\n{untitled}".encode(), "x.toml")
    assert next(texts(trace(scenario, "markdown"), "h1")) == title
