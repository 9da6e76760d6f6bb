"""Trees built with the rewriting that a person does without thinking: 1·a is a, −(a/b) is (−a)/b, −(a − b) is b − a.

Moving a sign or dropping a factor of 1 is exact in float64; two constants that meet are multiplied once, here. So what
is derived can be run exactly as it is printed.
"""

from collections.abc import Callable

from backprop_tui.formula.language.tree import Call, Name, Number, Tree, call, number, rebuild


def constant(tree: Tree) -> float | None:
    """The value of a constant of either sign; None for any other tree."""
    match tree:
        case Number(value):
            return value
        case Call("neg", (Number(value),)):
            return -value
    return None


def _neg(a: Tree) -> Tree:
    match a:
        case Call("neg", (inner,)):
            return inner
        case Call("sub", (left, right)):
            return build("sub", right, left)
        case Call("mul" | "matmul" | "div" | "ratio" as function, (left, right)):
            return build(function, build("neg", left), right)
        case Call("fill", (value, like)):
            return Call("fill", (build("neg", value), like))
    return Call("neg", (a,))


def _mul(a: Tree, b: Tree) -> Tree:
    p, q = constant(a), constant(b)
    if p is not None and q is not None:
        return number(p * q)
    if q is not None:
        return _mul(b, a)
    if p == 1:
        return b
    if p == -1:
        return build("neg", b)
    return _factors(a, b, p)


def _factors(a: Tree, b: Tree, p: float | None) -> Tree:
    """A product of which at most the first factor, `p`, is a number."""
    match a, b:
        case (Name(), Call("mul", (Number() as inner, rest))):  # a number comes first
            return build("mul", inner, build("mul", a, rest))
        case (_, Call("div", (Number(1.0), below))) if p is None:
            return build("div", a, below)
        case (Call("div", (above, below)), Name()) if constant(above) is None:  # one fraction
            return build("div", build("mul", above, b), below)
        case (_, Call("mul", (inner, rest))) if p is not None and constant(inner) is not None:
            return build("mul", build("mul", a, inner), rest)
        case (_, Call("div", (above, below))) if p is not None:
            return build("div", build("mul", a, above), below)
        case Call("neg", (left,)), Call("neg", (right,)):
            return build("mul", left, right)
        case _, Call("neg", (right,)) if p is None:
            return build("neg", build("mul", a, right))
        case Call("mul", (Number(0.5), left)), Call("mul", (Number(2.0), right)):  # what a half square leaves
            return build("mul", left, right)
    return Call("mul", (a, b))


def _div(a: Tree, b: Tree) -> Tree:
    return a if constant(b) == 1 else Call("div", (a, b))


def _add(*terms: Tree) -> Tree:
    first, *rest = terms
    total = first
    for term in rest:
        positive = _without_sign(term)
        total = call("add", total, term) if positive is None else Call("sub", (total, positive))
    return total


def _sub(a: Tree, b: Tree) -> Tree:
    p, q = constant(a), constant(b)
    if p is not None and q is not None:
        return number(p - q)
    positive = _without_sign(b)
    return Call("sub", (a, b)) if positive is None else build("add", a, positive)


def _pow(a: Tree, b: Tree) -> Tree:
    return a if constant(b) == 1 else Call("pow", (a, b))


def _sums(function: str) -> Callable[[Tree], Tree]:
    def rule(a: Tree) -> Tree:
        positive = _without_sign(a)
        found = Call(function, (positive or a,))
        return found if positive is None else Call("neg", (found,))

    return rule


def _without_sign(a: Tree) -> Tree | None:
    """The tree without its minus sign, which may be in a product's first factor; None if there is no sign."""
    match a:
        case Call("neg", (inner,)):
            return inner
        case Call("mul" | "div" | "ratio" as function, (left, right)):
            positive = _without_sign(left)
            return None if positive is None else Call(function, (positive, right))
    return None


def _transpose(a: Tree) -> Tree:
    match a:
        case Call("transpose", (inner,)):
            return inner
        case Call("matmul", (left, right)):
            return build("matmul", build("transpose", right), build("transpose", left))
    return Call("transpose", (a,))


RULES: dict[str, Callable[..., Tree]] = {
    "neg": _neg,
    "mul": _mul,
    "div": _div,
    "add": _add,
    "sub": _sub,
    "pow": _pow,
    "transpose": _transpose,
    **{function: _sums(function) for function in ("sum", "sum_samples", "sum_units")},
}


def build(function: str, *operands: Tree) -> Tree:
    """A call, rewritten where a rule applies."""
    rule = RULES.get(function)
    return rule(*operands) if rule else call(function, *operands)


def put_in(rule: Tree, values: dict[str, Tree]) -> Tree:
    """A row's text with trees in place of its operands, rewritten from the leaves up."""
    match rule:
        case Name(name):
            return values.get(name, rule)
        case Call(function, operands):
            return build(function, *(put_in(operand, values) for operand in operands))
    return rule


def at_zero(tree: Tree, zero: frozenset[str]) -> Tree:
    """What is left of a formula where some of its variables are 0: what they are a factor of goes, and so do they.

    It is for comparing formulas: the 0 that stands for a term has no shape.
    """
    match tree:
        case Name(name):
            return Number(0.0) if name in zero else tree
        case Call(function, operands):
            left = tuple(at_zero(operand, zero) for operand in operands)
            gone = [constant(operand) == 0 for operand in left]
            match function:
                case "mul" if any(gone):
                    return Number(0.0)
                case "add":
                    terms = [term for term, is_gone in zip(left, gone, strict=True) if not is_gone]
                    return build("add", *terms) if len(terms) > 1 else terms[0] if terms else Number(0.0)
            return build(function, *left)
    return rebuild(tree, lambda child: at_zero(child, zero))
