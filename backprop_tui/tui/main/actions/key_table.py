"""The key table: what every key does. Footer, help, palette and docs/keys.md come from it.

What steps goes forward in lower case and back in upper case. The rows of a heading stand in a file here,
beside the functions that they name; this is their order in the help.
"""

from backprop_tui.tui.main.actions import (
    explain_actions,
    find_actions,
    look_actions,
    other_actions,
    run_actions,
    select_actions,
    show_actions,
    step_actions,
    what_if_actions,
)

KEYS = (
    *step_actions.KEYS,
    *run_actions.KEYS,
    *what_if_actions.KEYS,
    *select_actions.KEYS,
    *look_actions.KEYS,
    *explain_actions.KEYS,
    *find_actions.KEYS,
    *show_actions.KEYS,
    *other_actions.KEYS,
)
BY_ID = {row.id: row for row in KEYS}

WITHOUT_KEY = (
    what_if_actions.WITHOUT_KEY | explain_actions.WITHOUT_KEY | show_actions.WITHOUT_KEY | other_actions.WITHOUT_KEY
)
"""Commands of the `:` line that need a screen but have no key."""
