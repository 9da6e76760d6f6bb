"""The user's settings: other keys, a theme, and a line for everything that is wrong with them."""

from pathlib import Path

import pytest

from backprop_tui.tui.config import Config, ConfigError, read_config
from backprop_tui.tui.main.actions.key_table import BY_ID, KEYS


def read(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    return read_config(file)


def test_without_a_file_everything_is_as_it_comes(tmp_path: Path) -> None:
    config = read_config(tmp_path / "config.toml")
    assert (config.theme, config.rows) == (None, KEYS)


def test_keys_are_given_and_taken_away(tmp_path: Path) -> None:
    text = """theme = "nord"
[keys]
rewind = ["n", "PgUp", "ctrl+b", "?"]
advance = ["z", "Space"]
page-back = ["ctrl+up"]
"""
    config = read(tmp_path, text)
    keys = {row.id: row.keys for row in config.rows}
    assert config.theme == "nord"
    assert keys["rewind"] == ("n", "pageup", "ctrl+b", "question_mark")
    assert keys["advance"] == ("z", "space")
    assert keys["help"] == ("f1",)
    assert keys["finish"] == BY_ID["finish"].keys


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[keys]\nadvnce = ["z"]', "2:10: keys.advnce: unknown command (did you mean 'advance'?)"),
        ('[keys]\nadvance = ["foo"]', "2:11: keys.advance: there is no key 'foo'"),
        ('[keys]\nadvance = "z"', '2:11: keys.advance: expected a list of keys, such as ["n", "Space", "ctrl+n"]'),
        ('[keys]\nadvance = ["z"]\nrewind = ["z"]', "3:10: keys.rewind: 'z' is given to 'advance' already"),
        ('[keys]\nadvance = ["F"]', "1:1: keys: leaves 'unfinish' without a key"),
        ("them = 1", "1:8: them: unknown key (did you mean 'theme'?)"),
        ("theme = 1", "1:9: theme: expected the name of a theme, as text"),
        ("keys = 1", "1:8: keys: expected a table"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'config.toml'}:{says}"


@pytest.mark.parametrize("text", ["theme = ", "\0", "[keys]\n" + "a." * 2000 + "b = 1"])
def test_no_text_is_a_traceback(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        read(tmp_path, text)
