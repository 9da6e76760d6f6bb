"""Keys of a scenario set from outside of its file: read, made, and refused as the file is."""

from pathlib import Path

import pytest

from backprop_tui.debugger.sessions.session import default_path
from backprop_tui.scenario import ScenarioError, again, load
from backprop_tui.scenario.format.changes import changed, parted, read_changes

ARTICLE = Path(__file__).parents[3] / "scenarios" / "article.toml"


def problems(*changes: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        load("article", changes, before="--set ")
    return str(error.value).splitlines()


def test_a_change_is_as_if_the_file_said_so(tmp_path: Path) -> None:
    text = ARTICLE.read_text("utf-8")
    file = tmp_path / "article.toml"
    file.write_text(text.replace("learning_rate = 0.1", "learning_rate = 0.25").replace("bias = [0.2]", "bias = [0.4]"))
    ours = load("article", ["optimizer.learning_rate = 0.25", "network.layers[1].bias=[0.4]"])
    theirs = load(file)
    assert ours.network.settings == theirs.network.settings
    for one, other in zip(ours.network.layers, theirs.network.layers, strict=True):
        assert (one.weights == other.weights).all()
        assert one.bias is not None
        assert other.bias is not None
        assert (one.bias == other.bias).all()
    assert ours.title == f"{theirs.title} (optimizer.learning_rate = 0.25, network.layers[1].bias = [0.4])"
    assert ours.label == "article with optimizer.learning_rate = 0.25, network.layers[1].bias=[0.4]"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("optimizer.name=adam", "adam"),
        ('optimizer.name="adam"', "adam"),
        ("data.y=0", 0),
        ("network.input_gradient=true", True),
        ("data.csv=points of today.csv", "points of today.csv"),
        ("title=1st try", "1st try"),
        ("data.x=[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
    ],
)
def test_a_word_needs_no_quotes(text: str, value: object) -> None:
    (change,) = read_changes([text])
    assert change.value == value
    assert not change.removes


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("optimizer.name=adm", "--set optimizer.name=adm: unknown 'adm' (did you mean 'adam'?)"),
        ("optimizer.lr=1", "--set optimizer.lr=1: unknown key (did you mean 'learning_rate'?)"),
        ("optimizer.learning_rate=-1", "--set optimizer.learning_rate=-1: is -1, expected at least 0"),
        ("optimizer={name='sgd'}", "--set optimizer={name='sgd'}: optimizer.learning_rate: is missing"),
        ("network.layers[5].units=1", "--set network.layers[5].units=1: network.layers has 2 entries, counted from 0"),
        ("network.layers.units=1", "--set network.layers.units=1: network.layers is a list: which entry?"),
        ("network[0]=1", "--set network[0]=1: network is not a list"),
        ("format.x=1", "--set format.x=1: format is not a table"),
        ("clip=", "--set clip=: there is no clip to take away"),
        (
            "optimizer.name",
            "--set optimizer.name: a change is KEY=VALUE, such as optimizer.name=adam; KEY= takes the key",
        ),
        ("=1", "--set =1: '' is not a key"),
        ("a..b=1", "--set a..b=1: 'a..b' is not a key"),
        ("data.x=[1, 2", "--set data.x=[1, 2: '[1, 2' is not a TOML value, such as 0.1, adam or [1, 2]"),
        ("title=a\nformat = 2", "--set title=a\\nformat = 2: a value stands on one line"),
        (
            "network.layers[0].units=4",
            "article:12:11: network.layers[0].weights: has 2 rows of 3, expected 4 rows of 3 (units is 4)",
        ),
    ],
)
def test_what_is_wrong_is_told_as_of_a_file(change: str, says: str) -> None:
    assert problems(change)[0].startswith(says)


def test_all_wrong_changes_are_told_at_once() -> None:
    assert [line.partition(": ")[0] for line in problems("x", "y")] == ["--set x", "--set y"]
    assert len(problems("optimizer.name=adm", "loss.name=bcee")) == 2


def test_keys_and_layers_can_be_taken_away_and_added() -> None:
    deeper = load(
        "article",
        [
            "published=",
            "note=",
            "network.layers[2]={activation='sigmoid', units=1, init='xavier-normal'}",
            "network.layers[1].activation=tanh",
        ],
    )
    assert len(deeper.network.layers) == 3
    assert (deeper.published, deeper.notes) == ((), ())


def test_the_document_that_was_read_stays_as_it_is() -> None:
    document = {"a": [{"b": 1}], "c": {"d": 2}}
    assert changed(document, read_changes(["a[0].b=5", "c.d=", "e.f=1"])) == {"a": [{"b": 5}], "c": {}, "e": {"f": 1}}
    assert document == {"a": [{"b": 1}], "c": {"d": 2}}


def test_a_line_has_several_changes() -> None:
    line = "optimizer.name=adam  data.x=[1, 2, 3] network.layers[0].bias=[0, 1] title=a b"
    assert parted(line) == [
        "optimizer.name=adam",
        "data.x=[1, 2, 3]",
        "network.layers[0].bias=[0, 1]",
        "title=a b",
    ]


def test_it_is_read_again_with_its_changes_and_has_a_session_of_its_own() -> None:
    plain, ours = load("article"), load("article", ["optimizer.name=adam"])
    assert again(ours).digest == ours.digest != plain.digest
    assert again(ours, ["optimizer.learning_rate=0.5"]).changes == (
        "optimizer.name=adam",
        "optimizer.learning_rate=0.5",
    )
    assert default_path(ours) != default_path(plain)
