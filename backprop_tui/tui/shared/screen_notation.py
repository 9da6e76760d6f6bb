"""How things are written on this screen: digits, symbols or plain ASCII."""

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from backprop_tui.tui.drawing.signs import MARKS


class Notation(Writing, frozen=True):
    """A way of writing the variables of one program, and the signs and drawings around them."""

    @property
    def glyphs(self) -> Glyphs:
        """The characters of drawings."""
        return ASCII if self.ascii else UNICODE

    def mark(self, what: str) -> str:
        """One of the signs that stand beside values."""
        return MARKS[what][self.ascii]

    def text(self, text: str) -> str:
        """Prose."""
        return self.glyphs.text(text)
