"""The key table: what every key does. Footer, help, palette and docs/keys.md come from it.

Lower case goes forward, the same letter in upper case goes back. A `counted` command takes the number typed before it.
"""

from msgspec import Struct


class Key(Struct, frozen=True):
    """A row: an id, Textual's names of its keys (the first is shown), the action, and what to say of it.

    `footer` is its word in the footer, where it has a place there; `group` its heading in the help.
    """

    id: str
    keys: tuple[str, ...]
    text: str
    group: str
    footer: str = ""
    counted: bool = False

    @property
    def action(self) -> str:
        """The method of the debugger's screen that it calls."""
        return self.id.replace("-", "_")


KEYS = (
    Key("advance", ("n", "space", "right", "pagedown", "f10"), "next operation", "Step", "next", counted=True),
    Key("rewind", ("N", "backspace", "left", "pageup"), "previous operation", "Step", "back", counted=True),
    Key("into", ("s", "f11"), "step into: the operation an element at a time", "Step", "into", counted=True),
    Key("out-of", ("S",), "an element back", "Step", counted=True),
    Key("finish", ("f", "shift+f11"), "to the end of the stage", "Step", "finish", counted=True),
    Key("unfinish", ("F",), "back to the end of the stage before", "Step", counted=True),
    Key("later", ("i",), "the same operation of the next iteration", "Step", counted=True),
    Key("earlier", ("I",), "the same operation of the previous iteration", "Step", counted=True),
    Key("home", ("home",), "first operation of the iteration", "Step"),
    Key("end", ("end",), "last operation of the iteration", "Step"),
    Key(
        "resume", ("c", "f5"), "continue to the next breakpoint or the last iteration", "Run", "continue", counted=True
    ),
    Key("resume-back", ("C",), "back to the previous breakpoint or step 0", "Run", counted=True),
    Key("goto", ("g",), "go to a step, or to a position such as 1:delta2", "Run"),
    Key("jump-back", ("grave_accent",), "back to where one was", "Run"),
    Key("break", ("b", "f9"), "breakpoint on the current operation, on or off", "Run", "break"),
    Key("breakpoints", ("B",), "all breakpoints: conditions, changes, events, logs", "Run"),
    Key("watches", ("w",), "watches: expressions shown at every step", "Run"),
    Key("last-change", ("u",), "who last changed the selected number; again goes there", "Run"),
    Key("edit", ("e",), "edit the selected number, on a branch of its own", "What if"),
    Key("rerun", ("r",), "do the iteration again with its edits", "What if"),
    Key("undo", ("z", "ctrl+z"), "take back the last edit", "What if"),
    Key("redo", ("Z", "ctrl+y"), "do it again", "What if"),
    Key("branches", ("E",), "branches: switch, rename, compare", "What if"),
    Key("up", ("up", "k"), "selection up", "Select", counted=True),
    Key("down", ("down", "j"), "selection down", "Select", counted=True),
    Key("left", ("h",), "selection left", "Select", counted=True),
    Key("right", ("l",), "selection right", "Select", counted=True),
    Key("next-sample", ("greater_than_sign",), "the next sample of the batch", "Select", counted=True),
    Key("previous-sample", ("less_than_sign",), "the sample before", "Select", counted=True),
    Key("page-up", ("ctrl+u",), "half a page up: the selection, or a long text", "Select", counted=True),
    Key("page-down", ("ctrl+d",), "half a page down: the selection, or a long text", "Select", counted=True),
    Key("next-pane", ("tab",), "next pane", "Look"),
    Key("previous-pane", ("shift+tab",), "previous pane", "Look"),
    Key("enlarge", ("plus", "equals_sign"), "enlarge the pane, or back", "Look"),
    Key("code", ("v",), "the program as mathematics or as NumPy", "Look"),
    Key("graph", ("V",), "the network as neurons or as a graph of operations", "Look"),
    Key("more-digits", ("d",), "more digits", "Look", counted=True),
    Key("fewer-digits", ("D",), "fewer digits", "Look", counted=True),
    Key("copy", ("y",), "copy the current equation", "Look"),
    Key("why", ("enter",), "why is the selected number what it is: a tree to unfold", "Explain"),
    Key("touches", ("o",), "what does the selected number touch", "Explain"),
    Key("gradcheck", ("x",), "check the selected gradient against finite differences", "Explain"),
    Key("glossary", ("K",), "what the selected symbol stands for", "Explain"),
    Key("line", ("colon",), "command line, with the words of pdb and gdb", "Find"),
    Key("search", ("slash",), "search in operations and notes", "Find"),
    Key("search-next", ("right_square_bracket",), "next match", "Find", counted=True),
    Key("search-previous", ("left_square_bracket",), "previous match", "Find", counted=True),
    Key("mark", ("m",), "mark this step with a letter", "Find"),
    Key("to-mark", ("apostrophe",), "to a mark; twice, a list of them", "Find"),
    Key("autoplay", ("a",), "autoplay: + and - change its speed, any other key stops it", "Show", counted=True),
    Key("predict", ("Q",), "predict: n asks for each result first, on or off", "Show"),
    Key("try", ("t",), "try: evaluate an input of one's own, and what is held out", "Show"),
    Key("plot", ("p",), "plots: loss, gradients, what is displayed, decision map", "Show"),
    Key("audit", ("A",), "the audit of what the source printed", "Show"),
    Key("reload", ("R", "ctrl+r"), "read the scenario again, keeping the position", "Show"),
    Key("save", ("W", "ctrl+s"), "save the session, as leaving does", "Show"),
    Key("palette", ("P", "ctrl+p"), "all commands and themes", "Other"),
    Key("help", ("question_mark", "f1"), "this help", "Other", "help"),
    Key("cancel", ("escape",), "leave a continue, a count, an element, a large pane", "Other"),
    Key("quit", ("q", "ctrl+q"), "quit", "Other", "quit"),
)
BY_ID = {row.id: row for row in KEYS}

# Textual's names -> what is printed on a key
CAPS = {
    "space": "Space",
    "enter": "Enter",
    "right": "→",
    "left": "←",
    "up": "↑",
    "down": "↓",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "backspace": "Backspace",
    "home": "Home",
    "end": "End",
    "grave_accent": "`",
    "plus": "+",
    "equals_sign": "=",
    "question_mark": "?",
    "colon": ":",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "slash": "/",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "apostrophe": "'",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "shift+Tab",
    "shift+f11": "shift+F11",
}


# what is printed on a key -> the same in ASCII
ASCII_CAPS = {"→": "Right", "←": "Left", "↑": "Up", "↓": "Down"}


def cap(key: str, *, ascii_only: bool = False) -> str:
    """What is printed on a key."""
    printed = CAPS.get(key)
    if printed and ascii_only:
        return ASCII_CAPS.get(printed, printed)
    return printed or (key.upper() if key[0] == "f" and key[1:].isdecimal() else key)
