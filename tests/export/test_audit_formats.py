"""The audit as text and as JSON lines."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.audit.audit import check
from backprop_tui.debugger.audit.audit_text import text
from backprop_tui.debugger.basics.printed_values import AGREES, CARRIED_OVER, WRONG
from backprop_tui.export.audit_formats import FORMATS, jsonl
from backprop_tui.scenario import Claim, Published, load
from tests.debugger.scenarios import training
from tests.engine.networks import article

ARTICLE = Path(__file__).parent / "golden" / "check-article.txt"
KEYS = ["type", "name", "where", "iteration", "published", "computed", "verdict", "follows_from", "mistake", "causes"]
KEYS += ["off"]  # after those that others rely on


def objects(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in jsonl(check(load(name)))]


def test_the_article_as_text() -> None:
    assert "\n".join(text(check(load("article")))) + "\n" == ARTICLE.read_text("utf-8")


def test_iterations_stand_where_there_are_several() -> None:
    lines = [*text(check(load("mazur")))]
    assert "iteration" in lines[lines.index("") + 1]
    assert lines[-5].split()[:3] == ["L", "2", "0.291027924"]


def test_nothing_published() -> None:
    audit = check(training(article()))
    assert [*text(audit)] == ["A test", "nothing is published in it"]
    assert [json.loads(line) for line in jsonl(audit)] == [
        {"type": "end", "agrees": 0, "cut-off": 0, "carried-over": 0, "wrong": 0, "causes": []}
    ]


@pytest.mark.parametrize("name", ["article", "mazur"])
def test_every_line_has_its_keys_in_order(name: str) -> None:
    *published, end = objects(name)
    assert [[*line] for line in published] == [KEYS] * len(load(name).published)
    assert [*end] == ["type", "agrees", "cut-off", "carried-over", "wrong", "causes"]
    assert {line["type"] for line in published} == {"published"}
    assert end["type"] == "end"
    for line in published:
        shape = np.shape(line["published"])
        assert np.shape(line["computed"]) == np.shape(line["verdict"]) == shape
    verdicts = [verdict for line in published for verdict in np.ravel(line["verdict"])]
    assert {name: verdicts.count(name) for name in list(end)[1:-1]} == {
        k: v for k, v in end.items() if k not in ("type", "causes")
    }


def test_the_articles_lines() -> None:
    z1, h1, _, y_hat, loss, *_ = objects("article")
    assert z1["published"] == [[-0.15], [1.8]]
    assert z1["computed"] == [[-0.05000000000000002], [1.4000000000000001]]
    assert z1["verdict"] == [[WRONG], [WRONG]]
    assert z1["mistake"][0] == "z₁[0] = −0.15 is what you get when the bias is left out"
    assert (h1["verdict"], h1["follows_from"], h1["mistake"]) == ([[AGREES], [CARRIED_OVER]], ["z1"], [])
    assert (y_hat["name"], y_hat["verdict"]) == ("y_hat", [[CARRIED_OVER]])
    assert (loss["published"], loss["verdict"], loss["where"]) == (1.79, CARRIED_OVER, "section 3")


def test_an_element_is_named_with_its_place() -> None:
    names = [line["name"] for line in objects("mazur")[:-1]]
    assert "dL_dW2[0,0]" in names
    assert next(line["verdict"] for line in objects("mazur") if line["name"] == "dL_dW2[0,0]") == AGREES


def test_what_is_not_finite_reads_as_in_a_trace() -> None:
    scenario = load("article")
    network = msgspec.structs.replace(scenario.network, settings={"learning_rate": 1.7e308})
    scenario = msgspec.structs.replace(scenario, network=network, published=scenario.published[8:9])
    (line, _) = jsonl(check(scenario))
    assert json.loads(line)["computed"] == [[0.5, "inf"]]
    assert json.loads(line)["verdict"] == [[AGREES, WRONG]]
    assert list(FORMATS) == ["text", "jsonl"]


def test_many_verdicts_are_counted() -> None:
    (line,) = [line for line in text(check(swapped())) if line.startswith("  W₁")]
    assert "[1,0] wrong; 5 of 6 agree" in line


def swapped() -> Any:
    """The article with a number of its last table mistyped."""
    scenario = load("article")
    published = next(one for one in scenario.published if one.name == "W1")
    claims = published.claims.copy()
    claims[1, 0] = claims[1, 1]
    return msgspec.structs.replace(scenario, published=(msgspec.structs.replace(published, claims=claims),))


def test_a_long_row_is_broken_even_where_no_width_is_given() -> None:
    scenario = load("article")
    published = scenario.published[0]
    long = msgspec.structs.replace(published, where=" ".join(["word"] * 100))
    lines = [*text(check(msgspec.structs.replace(scenario, published=(long,))))]
    assert max(map(len, lines)) < 120
    assert " ".join(lines[1:]).count("word") == 100


def test_the_page_of_the_source_stands_in_the_heading() -> None:
    scenario = msgspec.structs.replace(training(article()), source="A. Body", url="https://example.org/a")
    assert [*text(check(scenario))][:2] == ["A test (A. Body)", "https://example.org/a"]


def test_elements_have_their_iteration_where_there_are_several() -> None:
    scenario = load("mazur")
    last = scenario.published[-1]
    claims = np.array(Claim.together([Decimal(t) for t in ("0.1498", "0.1996", "0.2498", "0.2885")]), dtype=object)
    wrong = Published("W1", claims.reshape(2, 2), "", 1)
    lines = [*text(check(msgspec.structs.replace(scenario, published=(wrong, last))))]
    assert "✗ W₁[1,1] in iteration 1: printed 0.2885, computed 0.2995" in lines
