"""The chain rule, always there: the way from the input to L, which fills from the left, and below it the product that
is being built on the way back: what is done as numbers, what is being done, and what is to come.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from rich.style import Style
from textual.strip import Strip

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.chain_rule import Link, Product, links, product, products
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase, Role
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.formula.language.primitive import ATOM, SIGN, SUM
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Name, Tree
from backprop_tui.formula.writing.printer import SOURCE, Piece, Writer, pieces
from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.glyphs import ASKED
from backprop_tui.tui.shared.pane_layout import is_medium
from backprop_tui.tui.shared.rows_below import Below
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import Run, size, strip
from backprop_tui.tui.shared.view import View

ROWS = 2
MOST_NUMBERS = 4  # of a factor that is done: a larger one keeps its symbol
DIGITS = 3  # decimals of a factor
USUAL = -0.123  # a number as wide as most that are multiplied with
RESERVED = 2  # cells about what stands at the right of the way
HERE = "\x00"  # where a product stands in the formula that reads it


class ChainRows(Below):
    """Two rows under the status line, for a network that is a chain."""

    def wants(self, view: View, width: int, height: int) -> int:
        """How many rows there are in a terminal of a size: the same at every step."""
        return ROWS if is_medium(width, height) and links(view.moment.program.plain) else 0

    def show(self, view: View, beside: Sequence[Run] = ()) -> None:
        """Show where a moment is in the chain, and what the status line has no room for."""
        if self.rows:
            self.paint(chain_strips(view, self.app.size.width, beside))


def chain_strips(view: View, width: int, beside: Sequence[Run] = ()) -> list[Strip]:
    """The two rows, of a width; `beside` stands at the right of the first."""
    cut, beside = view.notation.mark("cut"), _begun(view, beside)
    above = way(view, width - (RESERVED + size(beside) if beside else 0))
    if beside:
        above += [(" " * max(width - size([*above, *beside]) - 1, 0), view.styles.bar), *beside]
    return [strip(above, width, cut), strip(product_runs(view, width), width, cut)]


def _begun(view: View, beside: Sequence[Run]) -> list[Run]:
    """What stands beside the way, without what would be between it and something before it."""
    between = f" {view.notation.mark('between')} "
    return [(text.removeprefix(between) if place == 0 else text, style) for place, (text, style) in enumerate(beside)]


# the way from the input to L


def way(view: View, width: int) -> list[Run]:
    """From the input to L; where it is too long, what is about the current operation, and both ends."""
    moment = view.moment
    found = links(moment.program)
    at = _current(moment, found)
    items = [_link(view, link, place, at) for place, link in enumerate(found)]
    sizes = [size(item) for item in items]
    dots: Run = (f" {view.notation.mark('cut')}", view.styles.muted)
    shown = _in_sight(sizes, at, width - 1 - 2 * size([dots]))
    runs: list[Run] = []
    for place, item in enumerate(items):
        if place in shown:
            runs += item
        elif place - 1 in shown:
            runs.append(dots)
    return runs


def _in_sight(sizes: Sequence[int], at: int, room: int) -> set[int]:
    """Which links are shown: all, or the first, the last two, and as many as there is room for about one of them."""
    last = len(sizes) - 1
    if sum(sizes) <= room:
        return {*range(len(sizes))}
    shown = {0, last, last - 1}
    for distance in range(len(sizes)):
        for place in (at - distance, at + distance):
            if 0 <= place <= last and sum(sizes[n] for n in shown | {place}) <= room:
                shown.add(place)
    return shown


def _current(moment: Moment, found: Sequence[Link]) -> int:
    """The link that the current operation is about: what it computes, or what L is differentiated with respect to."""
    operation = moment.operation
    if operation is None:
        return 0
    own = operation.variable
    about = {operation.name, own.of, own.by}
    if own.role in (Role.GRADIENT, Role.LOCAL_DERIVATIVE):
        about = {own.of} if own.role is Role.GRADIENT else {own.by}
    for place, link in enumerate(found):
        if link.name in about or (link.weights and link.weights in (*about, own.parameter)):
            return place
    same = [place for place, link in enumerate(found) if link.layer == own.block]
    return same[0] if own.block and same else len(found) - 1


def _subjects(operation: Operation) -> tuple[str, ...]:
    """What an operation computes, differentiates by, or updates."""
    own = operation.variable
    about = (operation.name, own.of, own.parameter) if own.phase is not Phase.FORWARD else (operation.name,)
    return tuple(filter(None, about))


def _link(view: View, link: Link, place: int, at: int) -> list[Run]:
    """One link: what leads to the variable, and the variable."""
    moment, notation, styles = view.moment, view.notation, view.styles
    done = moment.shown(link.name) is not None
    rule, head = ("-", "->") if notation.ascii else ("─", "→")
    operation = moment.operation
    back = operation is not None and operation.variable.phase is not Phase.FORWARD
    gradient = moment.program.gradients.get(link.name, "")
    has_gradient = back and bool(gradient) and moment.value(gradient) is not None
    style = styles.text if done else styles.muted
    if has_gradient:
        style = styles.drawing.delta
    name_style = style
    if place == at and operation is not None:
        name_style = Style.combine(
            [styles.accent if not back else styles.drawing.delta, Style(bold=True, reverse=back)]
        )
        style = styles.accent if not back else style
    kind = _kind(view, link) if place else ""
    of_weights = operation is not None and link.weights in _subjects(operation)
    runs: list[Run] = [(f" {rule}" if kind else " ", style)]
    runs += [(kind, name_style if of_weights else style), (f"{head} ", style)] if kind else []
    runs.append((notation.symbol(link.name), style if of_weights else name_style))
    if link.kind is Role.LOSS and moment.value(link.name) is not None:
        runs.append((f" {notation.number(float(moment.value(link.name) or 0.0))}", styles.strong))
    return runs


def _kind(view: View, link: Link) -> str:
    """What leads to a variable, in as few cells as say it."""
    program, notation = view.moment.program, view.notation
    if view.moment.veils_formula(program.by_name[link.name]):
        return ASKED  # it is for the question to tell
    if link.weights:
        return notation.symbol(link.weights)
    network = program.network
    if link.kind is Role.LOSS:
        row = LOSSES[network.loss]
        return notation.text(row.short if row.short.isalnum() or "½" in row.short else row.name)
    layer = network.layers[link.layer - 1]
    if link.kind is Role.ACTIVATION:
        activation = ACTIVATIONS[layer.activation]
        shown = activation.shown.partition("(")[0]
        return activation.name if notation.ascii or not shown or "{" in shown else shown
    return f"{layer.norm} norm" if link.kind is Role.NORMALISATION else "dropout"


# the product that is being built


class Part(NamedTuple):
    """A run of a product: a factor of it, or what stands between factors."""

    text: str
    factor: str = ""
    level: int = ATOM


def product_runs(view: View, width: int) -> list[Run]:
    """The gradient that is being built as the product that is computed, as far as the width lets it be written out."""
    moment, styles, notation = view.moment, view.styles, view.notation
    found = product(moment.program, moment.index)
    if found is None or moment.veil is not None:
        return []
    head = _head(notation, found)
    key = _key(view, found, key_words(moment.program.plain, notation, width))
    room = width - width_of(head) - size(key)
    depth, parts = _in_symbols(notation, found, room)
    numbers = {name: _factor(view, found, name) for name in found.factors}
    for _ in numbers:  # as many of them as there is room for, the longest ones last
        with_numbers = _written(notation, found, depth, tuple(numbers.values()))
        if _length(with_numbers) <= room:
            parts = with_numbers
            break
        longest = max(numbers, key=lambda name: width_of(numbers[name].text))
        numbers[longest] = _symbol(notation, longest)
    runs: list[Run] = [(head, styles.strong)]
    runs += [(part.text, _style(view, found, part)) for part in parts]
    return [*runs, (" " * max(width - size([*runs, *key]), 0), styles.text), *key]


def _key(view: View, found: Product, words: Sequence[str]) -> list[Run]:
    """What the colours of a product mean, in these colours as far as they can be met at the step."""
    moment, styles = view.moment, view.styles
    operation = moment.operation
    phase = Phase.FORWARD if operation is None else operation.variable.phase
    multiplies = phase is Phase.BACKWARD or any(_is_now(moment, found, name) for name in found.factors)
    done = styles.muted if phase is Phase.FORWARD else styles.drawing.delta
    now = _now(view) if phase is not Phase.FORWARD and multiplies else styles.muted
    muted = styles.muted
    return list(zip(words, (muted, done, muted, now, muted, muted), strict=True))


def _head(notation: Notation, found: Product) -> str:
    return f" {notation.symbol(found.of)} = "


@lru_cache(maxsize=16)
def key_words(program: Program, notation: Notation, width: int) -> tuple[str, ...]:
    """What says what the colours of a product mean: in full where every product of a program has room beside it with
    its numbers, else in short; the same at each step.
    """
    between = notation.mark("between")
    full = ("   ", "done", f" {between} ", "now", f" {between} ", "to come ")
    short = ("  ", "done", between, "now", between, "to come ")
    few = notation.with_digits(min(DIGITS, notation.digits))

    def usual(name: str) -> Part:
        own = program.shapes[name]
        if prod(own) > MOST_NUMBERS or len(own) > 2:
            return _symbol(notation, name)
        return Part(few.array(np.full(own, USUAL)), name)

    room = width - sum(map(width_of, full))
    for found in products(program):
        parts = _written(notation, found, len(found.operations), tuple(map(usual, found.factors)))
        if width_of(_head(notation, found)) + _length(parts) > room:
            return short
    return full


def _length(parts: Sequence[Part]) -> int:
    return sum([width_of(part.text) for part in parts])


@lru_cache(maxsize=64)
def _in_symbols(notation: Notation, found: Product, room: int) -> tuple[int, tuple[Part, ...]]:
    """How many operations of a product are written out in so many cells, and these in symbols."""
    factors = tuple(_symbol(notation, name) for name in found.factors)
    depths = range(len(found.operations), 0, -1)
    written = ((depth, _written(notation, found, depth, factors)) for depth in depths)
    return next(((depth, parts) for depth, parts in written if _length(parts) <= room or depth == 1))


@lru_cache(maxsize=256)
def _written(notation: Notation, found: Product, depth: int, factors: tuple[Part, ...]) -> tuple[Part, ...]:
    """A product with the last `depth` of its operations written out; those before are one factor, what they give."""
    by_name = {part.factor: part for part in factors}
    operations = found.operations[-depth:]
    first = operations[0]
    begins = depth == len(found.operations) and depth > 1
    if begins:
        parts, level = [by_name[first.name]], ATOM
        rest = operations[1:]
    elif depth == 1 and len(found.operations) == 1:
        return (by_name[first.name],)
    else:
        before = found.operations[-depth - 1]
        parts, level = [by_name[before.name]], ATOM
        rest = operations
    within = found.operations[found.operations.index(rest[0]) - 1].name
    for operation in rest:
        parts, level = _put_into(notation, by_name, operation, within, parts, level)
        within = operation.name
    return tuple(parts)


def _put_into(
    notation: Notation, factors: Mapping[str, Part], operation: Operation, within: str, inner: list[Part], level: int
) -> tuple[list[Part], int]:
    """An operation's formula with a product in place of the gradient that it reads; and how tightly it binds."""
    tree = operation.tree
    symbols = SOURCE if notation.ascii else notation.symbols.writer()

    def leaf(node: Tree) -> Piece:
        if isinstance(node, Name) and node.name == within:
            return Piece(HERE, level)
        if isinstance(node, Name):
            part = factors[node.name]
            return Piece(part.text, part.level, leaf=node)
        return symbols.leaf(node)

    parts: list[Part] = []
    for piece in pieces(tree, Writer(symbols.form, leaf, symbols.is_scalar)):
        if piece.text == HERE:
            parts += inner
        else:
            parts.append(Part(piece.text, piece.leaf.name if isinstance(piece.leaf, Name) else ""))
    if isinstance(tree, Name):
        return parts, level
    # ⊙, a product with each sample's matrix and the matrix product bind alike: within another they have brackets
    binds = isinstance(tree, Call) and tree.function not in ("mul", "vjp")
    return parts, PRIMITIVES[tree.function].level if isinstance(tree, Call) and binds else SUM


@lru_cache(maxsize=256)
def _symbol(notation: Notation, name: str) -> Part:
    return Part(notation.symbol(name), name, notation.symbols.writer().leaf(Name(name)).level)


def _factor(view: View, found: Product, name: str) -> Part:
    """A factor: its number once it is done and is small, else its symbol. The number is the one that was multiplied
    with, which a weight has no longer once it is updated.
    """
    moment, notation = view.moment, view.notation
    if _is_done(moment, found, name):
        value = moment.frame[found.enters(name).keys.get(name, name)]
        if value.size <= MOST_NUMBERS and value.ndim < 3:
            text = notation.with_digits(min(DIGITS, notation.digits)).array(value)
            return Part(text, name, SIGN if text.startswith(notation.minus) else ATOM)
    return _symbol(notation, name)


def _is_done(moment: Moment, found: Product, name: str) -> bool:
    return found.enters(name).index < moment.index


def _is_now(moment: Moment, found: Product, name: str) -> bool:
    """Whether the current operation multiplies with a factor, or computes it."""
    operation = moment.operation
    return operation is not None and (found.enters(name) is operation or operation.name == name)


def _now(view: View) -> Style:
    return Style.combine([view.styles.drawing.delta, Style(bold=True, reverse=True)])


def _style(view: View, found: Product, part: Part) -> Style:
    moment, styles = view.moment, view.styles
    backward = moment.operation is not None and moment.operation.variable.phase is not Phase.FORWARD
    if not part.factor or not backward:
        return styles.muted
    if _is_now(moment, found, part.factor):
        return _now(view)
    return styles.drawing.delta if _is_done(moment, found, part.factor) else styles.muted
