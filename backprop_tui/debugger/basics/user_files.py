"""Where the program keeps what lasts: in the places that the system has for such files."""

from pathlib import Path

from platformdirs import user_config_path, user_state_path

APP = "backprop-tui"


def config() -> Path:
    """The user's settings."""
    return user_config_path(APP) / "config.toml"


def sessions() -> Path:
    """The folder of the sessions, a file for each scenario."""
    return user_state_path(APP) / "sessions"


def history() -> Path:
    """The lines that were typed behind a colon."""
    return user_state_path(APP) / "history"


def score() -> Path:
    """The score of predictions, for all scenarios."""
    return user_state_path(APP) / "score.json"
