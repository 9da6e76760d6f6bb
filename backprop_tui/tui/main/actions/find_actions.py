"""Find: the `:` line, search, and marks."""

from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key

LIST = "'"  # typed in place of a mark's letter, it lists them


async def line(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.typing.command_line import LineScreen

    screen = LineScreen(desk.session, desk.line.recalled)
    await desk.app.push_screen(screen, desk.line.typed)  # keys that follow go to the prompt


async def search(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.typing.search_prompt import SearchScreen

    desk.search.begin()
    await desk.app.push_screen(SearchScreen(desk.search.preview), desk.search.search)


def search_next(desk: DeskScreen, count: Count) -> None:
    desk.search.find(count)


def search_previous(desk: DeskScreen, count: Count) -> None:
    desk.search.find(-count)


async def mark(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.basics.letter import LetterScreen

    def answered(letter: str | None) -> None:
        if letter:
            desk.command(f"mark {letter}")

    await desk.app.push_screen(LetterScreen("mark this step: a letter or digit"), answered)


async def to_mark(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.basics.letter import LetterScreen

    def answered(letter: str | None) -> None:
        if letter:
            desk.command("marks" if letter == LIST else f"marks {letter}")

    letters = " ".join(sorted(letter for letter, _ in desk.debugger.marks.items())) or "none is set, m sets one"
    await desk.app.push_screen(LetterScreen(f"to a mark: {letters}; ' lists them"), answered)


FIND = "Find"
KEYS = (
    Key("line", ("colon",), "command line, with the words of pdb and gdb", FIND, line),
    Key("search", ("slash",), "search in operations and notes", FIND, search),
    Key("search-next", ("right_square_bracket",), "next match", FIND, search_next, counted=True),
    Key("search-previous", ("left_square_bracket",), "previous match", FIND, search_previous, counted=True),
    Key("mark", ("m",), "mark this step with a letter", FIND, mark),
    Key("to-mark", ("apostrophe",), "go to a mark; pressed twice, a list of them", FIND, to_mark),
)
