"""README.md and docs/ say what is so: their tables are current, their examples run, their links lead somewhere."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import backprop_tui as bt
from backprop_tui.cli import COMMANDS, main, parser
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.formula.values.expression import CALLED
from backprop_tui.scenario import load
from backprop_tui.scenario.format.conformance import Held
from backprop_tui.scenario.library import folder
from backprop_tui.tui.config import read_config
from tools.docs import PAGES, PLACE, TABLES, fresh

ROOT = Path(__file__).parents[2]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in PAGES}
README = TEXTS["README.md"]
URL: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Homepage"]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
NEEDS_A_TERMINAL = {"run", "quiz"}


def examples(language: str) -> list[tuple[str, str]]:
    """The page and the text of each example in a language."""
    return [(page, text) for page, whole in TEXTS.items() for found, text in FENCE.findall(whole) if found == language]


(README_SCENARIO,) = (text for page, text in examples("toml") if page == "README.md")


def lines(language: str) -> Iterator[str]:
    """The lines of the examples, without the comments behind them."""
    for _, text in examples(language):
        for line in text.splitlines():
            yield re.sub(r"\s{2,}#.*", "", line)


def named(part: str) -> str:
    """A test of an example by its page, and by its first line."""
    return part.partition("\n")[0]


def anchors(text: str) -> set[str]:
    """What a link can lead to in a page: its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def problem(page: str, target: str) -> str:
    """What is wrong with a link on a page."""
    if target.startswith("http"):
        raw = URL.replace("github.com", "raw.githubusercontent.com")
        own = re.fullmatch(rf"(?:{re.escape(URL)}/blob|{re.escape(raw)})/main/([^#]+)(?:#(.*))?", target)
        if own is None:
            return ""
        file, anchor = ROOT / own[1], own[2] or ""
    elif page == "README.md":
        return "is relative, which the page of a package index cannot show"
    else:
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
    if not file.exists():
        return "leads nowhere"
    if anchor and anchor not in anchors(file.read_text("utf-8")):
        return "leads to a heading that is not there"
    return ""


# what is made from the tables


def test_the_tables_are_current() -> None:
    old = [page for page, text in TEXTS.items() if fresh(text) != text]
    assert old == [], "run: ./dev python tools/docs.py"


def test_every_table_is_on_a_page() -> None:
    found = [place[2] for text in TEXTS.values() for place in PLACE.finditer(text)]
    assert sorted(found) == sorted(TABLES)
    assert sum(text.count("<!-- /") for text in TEXTS.values()) == len(found)


def test_what_is_listed_by_hand_is_complete() -> None:
    line = TEXTS["docs/line.md"]
    assert f"`{CALLED}`" in line


# the examples


@pytest.mark.parametrize(("page", "text"), [one for one in examples("toml") if "format = 1" in one[1]], ids=named)
def test_a_scenario_loads_and_runs(page: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    scenario = load(file)
    assert page == "docs/models.md" or scenario.network.x.shape == (2, 4)
    assert len([*bt.run(scenario, iterations=1)]) > 10


@pytest.mark.parametrize(("page", "text"), [one for one in examples("toml") if "format = 1" not in one[1]], ids=named)
def test_a_part_of_a_scenario_has_its_structure(page: str, text: str, tmp_path: Path) -> None:
    if page == "docs/keys.md":
        file = tmp_path / "config.toml"
        file.write_text(text, "utf-8")
        assert read_config(file).theme
        return
    whole = tomllib.loads(README_SCENARIO, parse_float=Decimal)
    assert Held(whole | tomllib.loads(text, parse_float=Decimal)).findings == []


def test_the_scenario_of_the_readme_has_15_lines() -> None:
    assert len(README_SCENARIO.splitlines()) == 15


@pytest.mark.parametrize("page", sorted({page for page, _ in examples("python")}))
def test_python_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "\n".join(text for found, text in examples("python") if found == page)
    names: dict[str, Any] = {}
    exec(compile(code, page, "exec"), names)


def test_what_python_is_said_to_give() -> None:
    debugger = bt.Debugger(load("article"))
    debugger.breakpoints.add("delta1")
    stop = debugger.resume()
    assert (stop.reason, stop.which, stop.number) == ("breakpoint", "delta1", 1)
    debugger.seek("1:")
    assert debugger.explain("dL_dW1[1,0]").children[0].formula == "∂L/∂h[1]·f′(z₁)[1]"
    debugger.seek("1:dL_db1")
    quiz = debugger.predict(level=2)
    question = quiz.ask()
    assert question is not None
    assert question.text == "W₂[0,1] = ?"
    attempt = quiz.answer("-1.108").last
    assert attempt is not None
    assert attempt.reasons


def test_commands_of_the_line_run() -> None:
    session = LineSession(bt.Debugger(load("article")), WORDS)
    said = [session.run(line) for line in lines("gdb")]
    assert len(said) > 5
    assert all(said)


@pytest.mark.parametrize("line", [*lines("sh")])
def test_calls_are_right(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, *words = shlex.split(line)
    assert program == "backprop-tui"
    if words[0] not in COMMANDS:
        words.insert(0, "run")
    arguments = parser().parse_args(words)
    if words[0] in NEEDS_A_TERMINAL:
        assert (folder() / f"{arguments.scenario}.toml").exists()
    else:
        monkeypatch.chdir(tmp_path)
        assert main(words) == (1 if words[0] == "check" else 0)  # what is audited there is wrong


# links, and the README


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_somewhere(page: str) -> None:
    wrong = {target: problem(page, target) for target in LINK.findall(TEXTS[page])}
    assert {target: why for target, why in wrong.items() if why} == {}


def test_the_index_names_every_page() -> None:
    named = set(LINK.findall(TEXTS["docs/README.md"]))
    assert {Path(page).name for page in TEXTS if page.startswith("docs/")} - named == {"README.md"}


def test_the_readme_is_short_and_has_both_commands() -> None:
    assert len(README.splitlines()) <= 150
    assert "\n    ./dev run article\n" in README
    assert "\n    ./dev test\n" in README


def test_no_text_is_mistaken_for_a_list() -> None:
    for page, text in TEXTS.items():
        prose = FENCE.sub("", text).splitlines()
        for before, line in pairwise(prose):
            if re.match(r"[+*-] ", line) and before:
                assert before.startswith(("- ", "  ")), f"{page}: {line}"


def test_the_picture_needs_nothing_from_the_web() -> None:
    svg = (ROOT / "docs" / "screen.svg").read_text("utf-8")
    assert "@font-face" not in svg
    assert not re.search(r"url\(['\"]?http", svg)
