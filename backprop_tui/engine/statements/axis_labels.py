"""What the axes of a value are called: `head`, `token`, `feature`; empty where nothing says it.

What an iteration starts from declares its axes in its record (`Variable.axes`). For computed values they follow from
the formula, as the axis of the samples does (`sample_axis.py`): the element rules of the primitives say where an axis
of an operand goes, and the axes of a stack stay where they are. Where one index is made of two, as in `heads`, the row
of the primitive says it (`Primitive.labels`).
"""

from collections.abc import Iterator, Mapping

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitive import Primitive
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Index, Name, Tree, walk
from backprop_tui.formula.values.element import Shape, axes_of, shape

Labels = tuple[str, ...]
Shapes = Mapping[str, Shape]
SAMPLE = "sample"


def labels_of(tree: Tree, known: Mapping[str, Labels], shapes: Shapes) -> Labels:
    """The labels of a formula's axes, one for each; `known` has those of variables."""
    own = shape(tree, shapes)
    match tree:
        case Name(name):
            return known.get(name, ("",) * len(own))
        case Call("fill" | "reshaped", (_, like)):
            return labels_of(like, known, shapes)
        case Call(function, operands):
            row = PRIMITIVES[function]
            inner = [labels_of(operand, known, shapes) for operand in operands]
            if row.is_term_by_term:
                return _merged(inner, [shape(operand, shapes) for operand in operands], own)
            return _by_rule(row, dict(zip(row.parameters, inner, strict=False)), len(own))
    return ("",) * len(own)


def _merged(inner: list[Labels], shapes: list[Shape], own: Shape) -> Labels:
    """Of operands that are broadcast together: of each axis the first label, of an operand that has all of it."""
    found = [""] * len(own)
    for labels, extents in zip(inner, shapes, strict=True):
        for axis in range(1, len(labels) + 1):
            if not found[-axis] and extents[-axis] == own[-axis]:
                found[-axis] = labels[-axis]
    return tuple(found)


def _said(text: str, inner: Mapping[str, Labels]) -> str:
    """A label as a row says it: a word, or that of an operand's axis, `a -2`."""
    operand, _, axis = text.partition(" ")
    if not axis:
        return operand
    labels, place = inner[operand], int(axis)
    return labels[place] if -len(labels) <= place < len(labels) else ""


def _by_rule(row: Primitive, inner: Mapping[str, Labels], rank: int) -> Labels:
    """By an element rule: the label of the axis at which an index stands alone, or else with others."""
    own = axes_of(row) if row.element else ("",) * len(row.labels)
    if len(own) > rank:
        return ("",) * rank
    front = [""] * (rank - len(own))
    alone: dict[str, str] = {}
    among: dict[str, str] = {}
    for operand, places in _indexed(row):
        labels = inner.get(operand, ())
        if len(labels) < len(places):
            continue
        before = labels[: len(labels) - len(places)]
        for axis in range(1, min(len(before), len(front)) + 1):
            front[-axis] = front[-axis] or before[-axis]
        for place, label in zip(places, labels[len(labels) - len(places) :], strict=True):
            found = alone if isinstance(place, Name) else among
            for node in walk(place):
                if isinstance(node, Name):
                    found[node.name] = found.get(node.name) or label
    said = [_said(text, inner) for text in row.labels]
    return (*front, *(said or (_of_index(alone.get(index, ""), among.get(index)) for index in own)))


def _of_index(alone: str, among: str | None) -> str:
    """The label of an index that stands alone at one axis, and among others at another, if that is not None. A part of
    the samples is not all of them, and neither are several values of each side by side.
    """
    return alone or among or "" if among is None or SAMPLE not in (alone, among) else ""


def _indexed(row: Primitive) -> Iterator[tuple[str, tuple[Tree, ...]]]:
    """The places at which a rule reads its operands, those with an index for each axis."""
    for node in walk(parse(row.element or "0")):
        match node:
            case Index(Name(operand), at) if len(at) > 1:
                yield operand, at
