"""Scenarios: TOML files that have been checked, and the library of those that come with the program."""

from backprop_tui.scenario.format.json_schema import schema_json
from backprop_tui.scenario.format.problem import Problem, ScenarioError
from backprop_tui.scenario.library import bundled, starter
from backprop_tui.scenario.load import Wanted, again, load, parse
from backprop_tui.scenario.printed_number import Claim
from backprop_tui.scenario.run_scenario import run
from backprop_tui.scenario.scenario import Note, Published, Scenario

__all__ = [
    "Claim",
    "Note",
    "Problem",
    "Published",
    "Scenario",
    "ScenarioError",
    "Wanted",
    "again",
    "bundled",
    "load",
    "parse",
    "run",
    "schema_json",
    "starter",
]
