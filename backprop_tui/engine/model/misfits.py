"""What to say where the operands of a model's formula do not fit together, and the transpose that would."""

import ast
from collections.abc import Mapping

from backprop_tui.engine.model.layout import Piece
from backprop_tui.formula.language.tree import Call, ExpressionError, Name, Tree, children
from backprop_tui.formula.values.element import Shape, shape
from backprop_tui.text import clean

FEW = 2  # ways to mend a product that are named: of matrices of one shape, either may be the one to transpose
SAME = "each axis has to be the same, or 1"
TERM_BY_TERM = {"add", "sub", "mul", "div", "min", "max", "where", "pow"}


def misfit(
    tree: Tree, shapes: Mapping[str, Shape], spans: Mapping[Tree, ast.expr], piece: Piece
) -> tuple[ast.expr | None, str]:
    """Where in a line the deepest formula stands whose operands do not fit, and what is wrong with it."""
    bad, node = _deepest(tree, shapes, spans, None)

    def written(of: Tree) -> str:
        return clean(piece.written(spans[of]), 30) if of in spans else "what is computed there"

    if bad.function == "add":  # which term
        for count in range(2, len(bad.operands) + 1):
            head, last = Call("add", bad.operands[: count - 1]), bad.operands[count - 1]
            if count == 2:
                head = bad.operands[0]  # type: ignore[assignment]
            if not _fits(Call("add", bad.operands[:count]), shapes):
                are = f"{written(last)} is {by(shape(last, shapes))}, what it is added to is {by(shape(head, shapes))}"
                return spans.get(
                    last, node
                ), f"{are}: {SAME}{_turned(written(last), shape(last, shapes), head, shapes)}"
    inner = [shape(operand, shapes) for operand in bad.operands]
    names = [written(operand) for operand in bad.operands]
    are = " and ".join(f"{name} is {by(own)}" for name, own in zip(names, inner, strict=True))
    if bad.function == "matmul":
        parts = [
            f"({name})" if isinstance(spans.get(operand), ast.BinOp | ast.UnaryOp) else name
            for name, operand in zip(names, bad.operands, strict=True)
        ]
        return node, f"{are}: {_product(parts, inner, tree, bad, shapes)}"
    if bad.function in TERM_BY_TERM:
        hint = _turned(names[-1], inner[-1], bad.operands[0], shapes) if len(inner) == 2 else ""
        return node, f"{are}: {SAME}{hint}"
    return node, f"{are}: {bad.function.replace('_', ' ')} does not take that"


def by(own: Shape) -> str:
    """A shape in words."""
    return "×".join(map(str, own)) or "one number"


def _fits(tree: Tree, shapes: Mapping[str, Shape]) -> bool:
    try:
        shape(tree, shapes)
    except ExpressionError:
        return False
    return True


def _deepest(
    tree: Tree, shapes: Mapping[str, Shape], spans: Mapping[Tree, ast.expr], node: ast.expr | None
) -> tuple[Call, ast.expr | None]:
    """The formula furthest in that does not fit, and the nearest thing around it that was written."""
    node = spans.get(tree, node)
    for child in children(tree):
        if not _fits(child, shapes):
            return _deepest(child, shapes, spans, node)
    assert isinstance(tree, Call)  # noqa: S101 - a name or a number always fits
    return tree, node


def _product(names: list[str], inner: list[Shape], line: Tree, bad: Call, shapes: Mapping[str, Shape]) -> str:
    left, right = inner
    if not left or not right:
        return "@ is for matrices, * for a number"
    if left[-1] == right[-2]:
        return "two stacks need the same number of matrices, or one of them a single matrix"
    a, b = bad.operands
    turned = {
        f"{names[0]} @ {names[1]}.T": Call("matmul", (a, Call("transpose", (b,)))),
        f"{names[0]}.T @ {names[1]}": Call("matmul", (Call("transpose", (a,)), b)),
        f"{names[1]} @ {names[0]}": Call("matmul", (b, a)),
        f"{names[0]} * {names[1]}": Call("mul", (a, b)),
    }
    fitting = [text for text, tree in turned.items() if _fits(tree, shapes)]
    whole = [text for text in fitting if _fits(_replaced(line, bad, turned[text]), shapes)]  # the rest of the line too
    hint = f" (did you mean {' or '.join((whole or fitting)[:FEW])}?)" if fitting else ""
    return f"the columns of the left, {left[-1]}, are not the rows of the right, {right[-2]}{hint}"


def _replaced(tree: Tree, old: Tree, new: Tree) -> Tree:
    if tree == old:
        return new
    return Call(tree.function, tuple(_replaced(o, old, new) for o in tree.operands)) if isinstance(tree, Call) else tree


def _turned(name: str, own: Shape, other: Tree, shapes: Mapping[str, Shape]) -> str:
    if len(own) < 2:
        return ""
    likes = {"a": (*own[:-2], own[-1], own[-2]), "b": shape(other, shapes)}
    fits = _fits(Call("add", (Name("a"), Name("b"))), likes)
    return f" (did you mean {name}.T?)" if fits and name.isidentifier() else ""
