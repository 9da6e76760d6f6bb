"""Names and symbols: `dL_dW1` in files, ∂L/∂W₁ on the screen, and what people may type for it."""

import re
from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import FRACTION
from backprop_tui.formula.language.tree import ExpressionError, Index, Name, Number, Tree
from backprop_tui.formula.writing.printer import CONSTANTS, Piece, Writer, plain_number, text
from backprop_tui.text import clean

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LETTERS = dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))  # all that Unicode has
WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
GREEK_LETTERS = dict(zip(WORDS.split(), "αβγδεζηθικλμνξπρστφχψω", strict=True))
GREEK = {
    "eta": "η",
    "delta": "δ",
    "beta": "β",
    "gamma": "γ",
    "mu": "μ",
    "eps": "ε",
    "rho": "ρ",
    "alpha": "α",
    "eta0": "η₀",
    "momentum": "μ",
    "weight_decay": "λ",
    "y_hat": "ŷ",
    "z_hat": "ẑ",
    "centered": "c",
    "var": "σ²",
    "std": "σ",
    "scaled": "s",
    "dropout": "p",
}
PLAIN = {"momentum"}  # not shown as a Greek letter: with a layer's number it stands beside μ, the mean
SHORT = {"loss": "L", "pred": "y_hat"}
SETTINGS = {"learning_rate": "eta", "lr": "eta", "betas": "beta1"}
"""What a scenario and PyTorch call the settings whose variables have different names."""
TYPED = {"−": "-", "·": "*", "⊙": "*", "ᵀ": ".T", "²": "**2", "×": "*"}
NUMBERED = re.compile(r"([A-Za-z_]+?)(\d+)")
DERIVATIVE = re.compile(r"d([A-Za-z]\w*?)_d([A-Za-z]\w*)")
SHORT_GRADIENT = re.compile(r"d([A-Za-z]\w*)")
LOOK_ALIKES = str.maketrans("lIO", "110")
LONGEST = 60  # characters of a name
OF_PARAMETER = re.compile(r"(\w+?)_((?:[Wb]|scale|shift|mu|var)\d+)")
OF_PARAMETERS = {"m_hat": "m′", "v_hat": "v′", "mu": "μ", "mu_next": "μ′", "step": "Δ"}  # m̂ and v̂ take two characters
HIDDEN = re.compile(r"h\d+")
INNER_DELTA = re.compile(r"delta_(\w+)")
MEMBER = re.compile(r"([A-Za-z][A-Za-z_]*?)_?(\d+(?:_\d+)*|[a-z]+)")
PART = re.compile(r"(\w+)@(\w+)")
WHOLE_PART = re.compile(rf"(?<!\w){PART.pattern}(?![\w@])")
AT, TYPED_AT = "@", "__at__"  # a step's part of a gradient, `dL_dW@2`, which no expression could read
MOST_TEXTS = 2000  # formulas whose texts are kept
SAMPLE_NUMBER = "@s"  # the number of a sample, in the formula of what it adds: no variable can have the name
HATS = {"y": "ŷ", "z": "ẑ"}
FRACTIONS = {0.5: "½", 0.25: "¼", 0.75: "¾"}


def beyond(shown: str, shape: Iterable[int]) -> str:
    """What is wrong with an index of an array that it does not have."""
    return f"{shown} is {'×'.join(map(str, shape))}, and indices count from 0"


class Symbols:
    """The variables of one program, each with its symbol.

    If there is one hidden layer, `h1` is shown as h, and `h` is accepted for it. `left_out` has formulas with a matrix
    for each sample and too many numbers to be variables: those of one sample can be asked for, `dy_hat_dz2[3]`.
    """

    def __init__(
        self,
        shapes: Mapping[str, tuple[int, ...]],
        left_out: Mapping[str, Tree] | None = None,
        own: Container[str] = (),
        slots: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self.shapes = shapes
        self.own = own
        self.slots = slots or {}
        self.left_out = left_out or {}
        self._texts: dict[Tree, str] = {}
        hidden = [name for name in shapes if HIDDEN.fullmatch(name) and name not in own]
        self._single = hidden[0] if len(hidden) == 1 else ""
        self._symbols = {name: self._make(name) for name in shapes}
        self._names = {self._make(name): name for name in (*shapes, *self.left_out)}
        self._parts = {name for name in shapes if AT in name}

    @cached_property
    def _special(self) -> list[str]:
        """Every symbol that is no name as it stands, the longest first, and what stands for operators."""
        special = (s for s in self._names if not s.isidentifier() or not s.isascii())
        return [*sorted(special, key=len, reverse=True), *TYPED]

    def _make(self, name: str) -> str:
        if name in self.own:
            return _written(name)
        if name == self._single:
            return "h"
        if found := PART.fullmatch(name):
            of, step = found.groups()
            return f"{self._make(of)}|{_lowered(step)}"
        if name in self.slots:
            kind, parameter = self.slots[name]
            return f"{OF_PARAMETERS.get(kind, kind)}({self._make(parameter)})"
        if (found := INNER_DELTA.fullmatch(name)) and found[1] in self.own:
            return f"δ({self._make(found[1])})"
        if name in GREEK:
            return GREEK[name]
        if found := DERIVATIVE.fullmatch(name):
            of, by = self._make(found[1]), self._make(found[2])
            return f"f′({by})" if HIDDEN.fullmatch(found[1]) else f"∂{of}/∂{by}"
        if found := OF_PARAMETER.fullmatch(name):
            return f"{OF_PARAMETERS.get(found[1], found[1])}({self._make(found[2])})"
        if found := NUMBERED.fullmatch(name):
            base = found[1] if found[1] in PLAIN else GREEK.get(found[1], found[1])
            return base + found[2].translate(SUBSCRIPTS)
        return name

    def symbol(self, name: str) -> str:
        """How a variable is shown."""
        if name == SAMPLE_NUMBER:
            return "s"
        return self._symbols.get(name) or self._make(name)

    def resolve(self, typed: str) -> str | None:
        """The variable meant by its name, its symbol or a short form; None if there is none."""
        typed = typed.strip().replace(TYPED_AT, AT)
        if len(typed) > LONGEST:
            return None
        for guess in (typed, self._names.get(typed, ""), SHORT.get(typed, "")):
            if guess in self._symbols:
                return guess
        if typed == "h" and self._single:
            return self._single
        if found := DERIVATIVE.fullmatch(typed):
            of, by = self.resolve(found[1]), self.resolve(found[2])
            guess = f"d{of}_d{by}"
            return guess if guess in self._symbols else None
        if found := SHORT_GRADIENT.fullmatch(typed):
            guess = f"dL_d{self.resolve(found[1]) or found[1]}"
            return guess if guess in self._symbols else None
        return None

    def unknown(self, typed: str) -> str:
        """A message that there is no such variable, and which one may have been meant."""
        return f"there is no variable '{clean(typed, 40)}'" + (
            f" (did you mean {close}?)" if (close := self._meant(typed[:LONGEST])) else ""
        )

    def _meant(self, typed: str) -> str:
        """The variable that was probably meant; empty if none is close."""
        setting = SETTINGS.get(typed.lower(), "")
        if setting in self.shapes:
            return setting
        folded = {name.casefold(): name for name in reversed([*self.shapes])}
        for guess in (typed.translate(LOOK_ALIKES), typed):  # W1 and w1: short words differ too much to be close
            if found := self.resolve(guess) or folded.get(guess.casefold()):
                return found
        return next(iter(get_close_matches(typed, [*self.shapes, *SHORT], 1)), "")

    def ascii(self, typed: str) -> str:
        """An expression as typed or copied from the screen, with symbols turned into names."""
        plain = typed
        if there := [symbol for symbol in self._special if symbol in typed]:  # few of what may be a thousand
            pattern = "|".join(map(re.escape, there))
            plain = re.sub(pattern, lambda found: self._names.get(found[0]) or TYPED[found[0]], typed)
        return WHOLE_PART.sub(
            lambda found: found[0].replace(AT, TYPED_AT) if found[0] in self._parts else found[0], plain
        )

    def is_scalar(self, name: str) -> bool:
        """Whether a variable is a plain number rather than an array."""
        return self.shapes.get(name) == ()

    def writer(self) -> Writer:
        """How the screen writes a formula in symbols."""
        return Writer("shown", self._leaf, self.is_scalar)

    def text(self, tree: Tree) -> str:
        """A formula in symbols, `W₁x + b₁`."""
        if tree not in self._texts:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            self._texts[tree] = text(tree, self.writer())
        return self._texts[tree]

    def address(self, name: str, at: tuple[int, ...]) -> str:
        """One scalar's address, `W₁[0,1]`; the index of an only sample is left out, and a plain number has none."""
        return self.symbol(name) + indices(at, self.shapes[name])

    def place(self, typed: str) -> tuple[str, tuple[int, ...]]:
        """The variable that someone means and the place in it: `W1[0,1]`, `W₁[0,1]`, `h[1]`; () for all of it.

        If some indices are given, the missing ones are 0. Raises ExpressionError if there is no such variable or place.
        """
        tree = parse(self.ascii(typed))
        of, at = (tree.of, tree.at) if isinstance(tree, Index) else (tree, ())
        name = self.resolve(of.name) if isinstance(of, Name) else None
        if name is None:
            raise ExpressionError(self.unknown(of.name if isinstance(of, Name) else typed))
        shape = self.shapes[name]
        places = [int(i.value) for i in at if isinstance(i, Number) and i.value.is_integer()]
        if len(places) != len(at) or len(places) > len(shape):
            if not shape:
                raise ExpressionError(f"{name} is one number, and takes no index")
            raise ExpressionError(f"{name} has {len(shape)} indices, such as {name}[{','.join('0' * len(shape))}]")
        if len(places) == 2 and len(shape) == 3 and shape[0] == 1:  # of the one sample
            places.insert(0, 0)
        if places:
            places += [0] * (len(shape) - len(places))
        if any(place >= extent for place, extent in zip(places, shape, strict=False)):
            raise ExpressionError(beyond(name, shape))
        return name, tuple(places)

    def _leaf(self, tree: Tree) -> Piece:
        match tree:
            case Number(value):
                return Piece(FRACTIONS.get(value) or CONSTANTS.get(value) or plain_number(value), leaf=tree)
            case Name(name):
                symbol = self.symbol(name)
                return Piece(symbol, FRACTION if "/" in symbol else 9, leaf=tree)
            case Index(Name(name), at):
                return Piece(self.address(name, tuple(int(i.value) for i in at if isinstance(i, Number))), leaf=tree)
        raise TypeError(tree)


def _written(name: str) -> str:
    """A variable that a person named: Greek words as letters, a trailing number or `_i` as a subscript."""
    if name in GREEK_LETTERS:
        return GREEK_LETTERS[name]
    if name.endswith("_hat") and name[:-4] in HATS:
        return HATS[name[:-4]]
    if found := MEMBER.fullmatch(name):
        base, below = found[1], found[2]
        if below[0].isdigit():
            return GREEK_LETTERS.get(base, base) + _lowered(below)
        if name[len(base)] == "_" and len(below) <= 2 and "_" not in base and all(each in LETTERS for each in below):
            return GREEK_LETTERS.get(base, base) + "".join(LETTERS[letter] for letter in below)
    return name


def _lowered(places: str) -> str:
    """Numbers as subscripts, `2_1` as ₂¸₁."""
    return places.translate(SUBSCRIPTS).replace("_", "¸")


def indices(at: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """`[0,1]`; without the index of the sample where there is only one, `[0]`; nothing for a scalar."""
    match shape:
        case ():
            return ""
        case (_, 1):
            at = at[:1]
        case (1, _, _):
            at = at[1:]
    return f"[{','.join(map(str, at))}]"
