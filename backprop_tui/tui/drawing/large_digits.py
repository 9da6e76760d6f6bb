"""Numbers in digits of three rows, which are read from the last row of a room. Pure: text in, rows of text out."""

ROWS = 3
SEGMENTS = {
    "0": ("┏━┓", "┃ ┃", "┗━┛"),
    "1": (" ╻ ", " ┃ ", " ╹ "),
    "2": ("╺━┓", "┏━┛", "┗━╸"),
    "3": ("╺━┓", " ━┫", "╺━┛"),
    "4": ("╻ ╻", "┗━┫", "  ╹"),
    "5": ("┏━╸", "┗━┓", "╺━┛"),
    "6": ("┏━╸", "┣━┓", "┗━┛"),
    "7": ("╺━┓", "  ┃", "  ╹"),
    "8": ("┏━┓", "┣━┫", "┗━┛"),
    "9": ("┏━┓", "┗━┫", "╺━┛"),
    "−": ("   ", "╺━╸", "   "),
    "+": (" ╻ ", "╺╋╸", " ╹ "),
    ".": (" ", " ", "▪"),
    " ": (" ", " ", " "),
    "n": ("   ", "┏━┓", "╹ ╹"),
    "a": ("╺━┓", "┏━┫", "┗━┛"),
    "i": ("▪", "╻", "╹"),
    "f": ("┏━", "╋━", "╹ "),
    "·": (" ", "·", " "),
    "…": ("   ", "   ", "···"),
}
ASCII_SEGMENTS = {
    "0": (" _ ", "| |", "|_|"),
    "1": ("   ", "  |", "  |"),
    "2": (" _ ", " _|", "|_ "),
    "3": (" _ ", " _|", " _|"),
    "4": ("   ", "|_|", "  |"),
    "5": (" _ ", "|_ ", " _|"),
    "6": (" _ ", "|_ ", "|_|"),
    "7": (" _ ", "  |", "  |"),
    "8": (" _ ", "|_|", "|_|"),
    "9": (" _ ", "|_|", " _|"),
    "-": ("   ", " _ ", "   "),
    "+": ("   ", " + ", "   "),
    ".": (" ", " ", "."),
    " ": (" ", " ", " "),
    "n": ("   ", " _ ", "| |"),
    "a": (" _ ", " _|", "|_|"),
    "i": (".", "|", "|"),
    "f": (" _", "|_", "| "),
    "~": ("   ", "   ", "..."),
}
EDGES = ("⎡⎢⎣", "⎤⎥⎦")  # of a matrix at its left and right: the first row, those between, the last
ASCII_EDGES = ("[[[", "]]]")
SUPERSCRIPTS = str.maketrans("0123456789−-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def large(text: str, *, ascii_only: bool = False) -> list[str]:
    """A number as three rows of equal width; a character that there is no drawing of stands in the middle row."""
    table = ASCII_SEGMENTS if ascii_only else SEGMENTS
    mantissa, is_power, power = text.partition("e") if text[:1].isdigit() or text[1:2].isdigit() else (text, "", "")
    drawn = [table.get(character, (" ", character, " ")) for character in mantissa]
    if is_power:  # ×10⁻⁵, its exponent raised
        raised = f"^{power}" if ascii_only else power.translate(SUPERSCRIPTS)
        base = " *10" if ascii_only else " ×10"
        width = len(base) + len(raised)
        drawn.append((" " * len(base) + raised, base + " " * len(raised), " " * width))
    return ["".join(rows) for rows in zip(*drawn, strict=True)] if drawn else ["", "", ""]


def large_matrix(rows: list[list[str]], *, ascii_only: bool = False) -> list[str]:
    """Numbers in rows and columns with a bracket on either side; a single number has none."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return large(rows[0][0], ascii_only=ascii_only)
    cells = [[large(text, ascii_only=ascii_only) for text in row] for row in rows]
    widths = [max(len(row[column][0]) for row in cells) for column in range(len(rows[0]))]
    lines = [
        "   ".join(cell[line].rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in cells
        for line in range(ROWS)
    ]
    edges = ASCII_EDGES if ascii_only else EDGES
    ends = {0: 0, len(lines) - 1: 2}
    return [f"{edges[0][ends.get(place, 1)]} {line} {edges[1][ends.get(place, 1)]}" for place, line in enumerate(lines)]
