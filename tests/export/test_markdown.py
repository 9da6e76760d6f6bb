"""A trace as Markdown, read again by a parser of Markdown."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from backprop_tui.export.handout import Form
from backprop_tui.formula.writing.numbers import format_array
from backprop_tui.scenario import load, parse, run
from tests.export.traces import SATURATED, VALID, diverging, trace
from tests.sampled import some

SCENARIOS = {path.stem: load(path) for path in VALID} | {"diverging": diverging()}


def texts(lines: list[str], tag: str) -> Iterator[str]:
    """What stands in each element of a kind."""
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    for before, token in pairwise(tokens):
        if before.tag == tag and before.nesting == 1:
            yield "".join(child.content for child in token.children or ())


@pytest.mark.parametrize("name", some(SCENARIOS, 12))
def test_every_operation_is_a_row(name: str) -> None:
    scenario = SCENARIOS[name]
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


def test_what_there_is_to_say_stands_below_the_table() -> None:
    lines = trace(load("article"), "markdown")
    said = list(texts(lines, "p"))
    assert list(texts(lines, "h2")) == ["Iteration 1"]
    assert said[1] == "Given:"
    assert "W₁ = [[0.2 -0.4 0.1] [0.7 0.3 -0.5]]" in said
    assert "δ₂: computed as ŷ − y, which stays exact where ŷ is nearly 0 or 1" in said
    assert "z₁: z₁[0] = −0.15 is what you get when the bias is left out" in said
    assert any(text.startswith("z₁: the source prints [-0.15 1.8] (section 2): ") for text in said)
    assert any(text.startswith("z₁: Here the prose and the code part. −0.15") for text in said)
    assert said[-1] == "L 1.4632824673 → 1.0792030650 with the new parameters"


def test_digits_and_whole_arrays() -> None:
    scenario = SCENARIOS["softmax-batch"]
    cells = list(texts(trace(scenario, "markdown", None, (), Form(2, full=True)), "td"))
    values = [event.value for event in run(scenario)]
    assert cells[2::3] == [format_array(value, 2, most=10**6, minus="-") for value in values]
    assert not any("..." in cell for cell in cells)


@pytest.mark.parametrize(
    ("source", "shown", "href"),
    [
        ("'2015. A *body*'", "2015. A *body*", None),
        (
            "{ name = 'A [body]', url = 'https://x.org/a_(b)?c=1&copy;=2' }",
            "A [body]",
            "https://x.org/a_(b)?c=1&copy;=2",
        ),
        ("'https://x.org/a_b'", "https://x.org/a_b", "https://x.org/a_b"),
    ],
)
def test_the_source_is_a_link_where_it_has_a_page(source: str, shown: str, href: str | None) -> None:
    lines = trace(parse(f"source = {source}\n".encode() + SATURATED, "x.toml"), "markdown")
    assert next(texts(lines, "p")) == shown
    tokens = MarkdownIt("commonmark").parse("\n".join(lines))
    links = [child.attrs["href"] for token in tokens for child in token.children or () if child.type == "link_open"]
    assert links == ([href] if href else [])


def test_a_choice_of_stages() -> None:
    lines = trace(load("article"), "markdown", 2, ["loss", "delta1"])
    assert list(texts(lines, "h3")) == ["loss", "δ₁", "loss", "δ₁"]


def test_a_title_is_no_markup() -> None:
    title = "a *b* _c_ [d](e) `f` <g> # h | i"
    untitled = next(path for path in VALID if path.stem == "all-frozen").read_text("utf-8")
    scenario = parse(f"title = '{title}'\n{untitled}".encode(), "x.toml")
    assert next(texts(trace(scenario, "markdown"), "h1")) == title
