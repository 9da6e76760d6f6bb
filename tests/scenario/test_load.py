"""What loading makes of a file, and of what is no file."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario, ScenarioError, load, parse, run, starter

DATA = Path(__file__).parents[1] / "data" / "valid"
ARTICLE = Path(__file__).parents[2] / "scenarios" / "article.toml"


def valid(name: str) -> Scenario:
    return load(DATA / f"{name}.toml")


def test_the_article() -> None:
    article = load("article")
    network = article.network
    assert article.name == article.given == "article"
    assert article.title.startswith("Understanding Backpropagation")
    assert article.source == "Priyank Goyal"
    assert article.digest == sha256(ARTICLE.read_bytes()).hexdigest()
    assert [layer.activation for layer in network.layers] == ["relu", "sigmoid"]
    assert [layer.units for layer in network.layers] == [2, 1]
    np.testing.assert_array_equal(network.layers[0].weights, [[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]])
    np.testing.assert_array_equal(network.layers[0].bias, [[0.1], [-0.2]])
    np.testing.assert_array_equal(network.x, [[1.0], [0.5], [-1.5]])
    np.testing.assert_array_equal(network.y, [[1.0]])
    assert (network.loss, network.reduction, network.optimizer) == ("binary-cross-entropy", "mean", "sgd")
    assert network.settings == {"learning_rate": 0.1}
    assert article.iterations == 1


@pytest.mark.parametrize(
    ("written", "source", "url"),
    [
        ('"A. Body"', "A. Body", ""),
        ('{ name = "A. Body", url = "https://example.org/a?b=1#c" }', "A. Body", "https://example.org/a?b=1#c"),
        ('{ url = "http://[::1]:80/~a" }', "", "http://[::1]:80/~a"),
        ('{ name = "A. Body" }', "A. Body", ""),
        ('"https://example.org/a"', "", "https://example.org/a"),
        ('"see https://example.org/a"', "see https://example.org/a", ""),
    ],
)
def test_a_source_is_a_text_or_a_table_with_a_page(written: str, source: str, url: str) -> None:
    smallest = (DATA / "smallest.toml").read_text("utf-8")
    found = parse(f"source = {written}\n{smallest}".encode(), "x.toml")
    assert (found.source, found.url) == (source, url)
    assert found.credit == ", ".join(part for part in (source, url) if part)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://", "ftp://a.org", "https://a b", "https://a\\u001b]8;;", "//a.org", "https://é"],
)
def test_the_address_of_a_page_is_one_of_the_web(url: str) -> None:
    smallest = (DATA / "smallest.toml").read_text("utf-8")
    with pytest.raises(ScenarioError, match=r"x.toml:1:18: source.url: is '.*', expected a web address, such as"):
        parse(f'source = {{ url = "{url}" }}\n{smallest}'.encode(), "x.toml")


def test_the_article_has_all_that_its_source_printed() -> None:
    """The verdicts of shared/facts/worked-examples.md; h's 0 is right, and of one digit."""
    article = load("article")
    computed = {event.name: event.value for event in run(article)}
    verdicts = [(p.name, p.agrees(computed[p.name]).ravel().tolist()) for p in article.published]
    assert verdicts == [
        ("z1", [False, False]),
        ("h1", [True, False]),
        ("z2", [False]),
        ("y_hat", [False]),
        ("L", [False]),
        ("delta2", [False]),
        ("W1", [True] * 6),
        ("b1", [True] * 2),
        ("W2", [True] * 2),
        ("b2", [True]),
        ("L", [True]),
    ]
    assert [p.where[:9] for p in article.published] == [f"section {n}" for n in (2, 2, 2, 2, 3, 4, 6, 6, 6, 6, 6)]
    assert [claim.text for p in article.published[3:6] for claim in p.claims.flat] == ["0.167", "1.79", "-0.83"]
    assert [note.at for note in article.notes] == ["z1", "delta2", "W2"]


def test_arrays_are_read_only_float64() -> None:
    network = valid("batch").network
    assert network.y is not None
    arrays = [network.x, network.y, *network.parameters().values()]
    assert {array.dtype for array in arrays} == {np.dtype("float64")}
    assert not any(array.flags.writeable for array in arrays)
    assert all(array.flags.c_contiguous for array in arrays)


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("batch", [1.0, 0.0, 1.0, 0.5], [[1, 0, 0.5, 1]]),
        ("batch-nested-targets", [1.0, 0.0, 1.0, 0.5], [[1, 0, 1, 0]]),
        ("batch-of-one", [1.0], [[1]]),
        ("two-outputs", [1.0], [[1], [0]]),
        ("two-outputs-batch", [1.0, 0.0, 1.0, 0.5], [[1, 0, 0.5, 1], [0, 1, 0.5, 1]]),
        ("classes-by-number", [1.0, 0.2, -1.0, 0.4], [[1, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 0]]),
        ("classes-one-hot", [1.0, 0.2, -1.0, 0.4], [[1, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 0]]),
        ("classes-of-one", [1.0], [[0], [0], [1]]),
        ("classes-of-one-one-hot", [1.0], [[0], [0], [1]]),
    ],
)
def test_a_batch_has_a_column_per_sample(name: str, x: list[float], y: list[list[float]]) -> None:
    network = valid(name).network
    np.testing.assert_array_equal(network.x[0], x)
    np.testing.assert_array_equal(network.y, y)


def test_names_of_inputs_and_classes_are_clean() -> None:
    names = valid("names")
    assert names.features == ("petal length", r"width, in [cm] and \x1b[31mred")
    assert names.classes == ("setosa", "versicolor", "[/] [@click=app.quit]virginica")


def test_a_loss_that_is_the_output_has_no_targets() -> None:
    network = valid("output").network
    assert network.y is None
    assert "y" not in Program.of(network).shapes


def test_published_values_have_their_variables_names_and_shapes() -> None:
    published = valid("published").published
    names = ["z1", "z1", "h1", "L", "y_hat", "dL_dW1", "dL_dW2", "delta2", "W2", "dL_dh1"]
    shapes = [(2, 1), (2, 1), (2, 1), (), (1, 1), (2, 3), (1, 2), (1, 1), (1, 2), (2, 1)]
    assert [(p.name, p.claims.shape) for p in published] == list(zip(names, shapes, strict=True))
    assert published[0].claims[1, 0].text == "1.80"
    assert published[0].agrees([[-0.15], [1.8]]).tolist() == [[True], [True]]
    assert published[3].agrees(1.461).tolist() is True


def test_published_elements_have_their_place_in_the_variable() -> None:
    published = valid("published-elements").published
    assert [(p.name, p.at, p.claims.shape) for p in published] == [
        ("dL_dW1", (1, 0), ()),
        ("h1", (1, 1), ()),
        ("dL_dW2", (0, 1), ()),
        ("y_hat", (0, 1), ()),
    ]
    assert published[0].claims.item().text == "0.10"
    assert published[0].agrees([[0.0, 0.0], [0.1, 0.0]]).tolist() is True


def test_a_note_stands_at_an_operation() -> None:
    deep = valid("deep")
    assert [(note.at, note.iteration) for note in deep.notes] == [("dL_dW3", None), ("z1", 2), ("z2", 1)]
    assert deep.published[0].iteration == 2


def test_what_is_left_out_has_a_default() -> None:
    smallest = valid("smallest")
    assert (smallest.title, smallest.source, smallest.iterations) == ("smallest", "", 1)
    assert valid("dotted-keys").iterations == 1000
    assert valid("no-units").network.layers[0].units == 2


def test_texts_are_clean() -> None:
    hostile = valid("hostile-text")
    assert hostile.title.startswith(r"[/] [@click=app.quit]x[/] \x1b]52;c;aGk=\x07 \u202eevil")
    assert hostile.source == "a[i] = b[j]"
    assert hostile.notes[0].text == "one\n\\x1b[2Jtwo"
    assert hostile.published[0].where == r"p. 1\n[/red]"


def test_a_bundled_name_is_the_bundled_scenario_wherever_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "article").write_text("no scenario")
    monkeypatch.chdir(tmp_path)
    assert load("article").path == ARTICLE
    with pytest.raises(ScenarioError, match="Expected '=' after a key"):
        load("./article")
    with pytest.raises(ScenarioError, match="Expected '=' after a key"):
        load(Path("article"))


def test_standard_input() -> None:
    code = "from backprop_tui.scenario import load; s = load('-'); print(s.name, s.path, s.title)"
    command = [sys.executable, "-c", code]
    good = subprocess.run(command, input=starter(), capture_output=True, encoding="utf-8", check=True)
    assert good.stdout == "standard input None My network\n"
    bad = subprocess.run(command, input="format = 1 2", capture_output=True, encoding="utf-8", check=False)
    assert "<stdin>:1:12: comes after a value" in bad.stderr
    closed = subprocess.run([*command], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False)
    assert "<stdin>:1:1: format: is missing" in closed.stderr


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("artcle", "artcle: is neither a file nor a bundled scenario (did you mean 'article'?)"),
        ("nothing-like-it", "nothing-like-it: is neither a file nor a bundled scenario (known: article"),
        ("artcle.toml", "artcle.toml: no such file"),
        ("no/such", "no/such: no such file"),
        (".", ".: is a directory; name a .toml file in it"),
        ("a\0b", r"a\x00b: embedded null byte"),
        ("\x1b[2J", r"\x1b[2J: is neither a file"),
    ],
)
def test_what_cannot_be_read_is_one_line(given: str, message: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        load(given)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(os.name != "posix", reason="has no such file")
def test_a_file_without_end_is_too_large() -> None:
    with pytest.raises(ScenarioError, match=r"^/dev/zero: is larger than 16 MiB"):
        load("/dev/zero")


def test_many_problems_are_cut_short() -> None:
    text = starter().replace("[1.0, 2.0]", f"[{', '.join(['nan'] * 1000)}]", 1)
    with pytest.raises(ScenarioError) as raised:
        parse(text.encode(), "x.toml")
    assert len(raised.value.problems) + raised.value.more == 1001
    assert len(str(raised.value).splitlines()) == 51
    assert str(raised.value).endswith("x.toml: and 951 more")
