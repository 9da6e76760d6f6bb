"""The library and the starter."""

import tomllib

import pytest

from backprop_tui.scenario import bundled, library, load, parse, run, starter
from backprop_tui.scenario.library import names


def test_the_library_is_listed_with_the_article_first() -> None:
    assert bundled()[0] == ("article", "Understanding Backpropagation Through a Basic Neural Network Example")
    assert [name for name, _ in bundled()] == names()


@pytest.mark.parametrize("name", names())
def test_every_bundled_scenario_loads_and_runs_to_its_end(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert list(run(scenario))[-1].iteration == scenario.iterations


def test_the_starter_loads_and_runs() -> None:
    scenario = parse(starter().encode(), "starter.toml")
    assert [scenario.network.x.shape[0], *(layer.units for layer in scenario.network.layers)] == [2, 2, 1]
    assert len({event.iteration for event in run(scenario)}) == 3
    assert len(list(run(scenario, iterations=1))) == 19


def test_the_starters_commented_example_is_right() -> None:
    text = starter()
    claim = "\n".join(
        line[2:] for line in text.splitlines() if line.startswith("# ") and "=" in line and "-" not in line
    )
    scenario = parse(f"{text}\n[[published]]\n{claim}".encode(), "starter.toml")
    computed = next(event.value for event in run(scenario) if event.name == "z1")
    assert tomllib.loads(claim)["name"] == "z1"
    assert scenario.published[0].agrees(computed).all()


def test_every_scenario_is_a_lesson_of_one_group() -> None:
    found = [one for lessons_of_group in library.lessons().values() for one in lessons_of_group]
    assert sorted(found) == sorted(library.bundled())
    assert library.MORE not in library.lessons()
