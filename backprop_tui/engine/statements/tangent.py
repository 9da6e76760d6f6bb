"""How an operation's value moves when one variable that it reads moves: its Jacobian times a direction.

The rules of the primitives say what flows back, `Jᵀ g`. That is linear in `g`, so the same rules applied to it once
more give what flows on, `J t`: the derivative of `t · Jᵀ g` by `g`. No rule is written twice.
"""

from collections.abc import Iterable
from functools import lru_cache

from backprop_tui.engine.statements.derive import Arrangement, Derivation, local_name
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.algebra import build
from backprop_tui.formula.language.tree import Name, Tree, names, substitute
from backprop_tui.formula.values.element import Shape

TANGENT, COTANGENT = "tangent", "cotangent"  # the direction, of the variable's shape, and `g`, of the result's


def tangent(name: str, tree: Tree, variable: str, shapes: tuple[tuple[str, Shape], ...]) -> Tree:
    """The formula of `J t` for `name = tree`, J being its Jacobian with respect to a variable that the tree reads.

    The formula reads `tangent`, what the tree reads, and `name`; if the tree is a function of the tables, it also reads
    the local derivative by that one's name. `shapes` has the shapes of what the tree reads and of `name`.
    """
    # steps of a loop differ only in the names that they read, so it is found for all of them at once
    places = {own: f"v{place}" for place, (own, _) in enumerate(shapes)}
    like = substitute(tree, {own: Name(place) for own, place in places.items()})
    found = _found(places[name], like, places[variable], tuple((places[own], shape) for own, shape in shapes))
    names_of = {place: Name(own) for own, place in places.items()}
    locals_of = {local_name(places[name], place): Name(local_name(name, own)) for own, place in places.items()}
    return substitute(found, {**names_of, **locals_of})


@lru_cache(maxsize=1024)
def _found(name: str, tree: Tree, variable: str, shapes: tuple[tuple[str, Shape], ...]) -> Tree:
    own = dict(shapes)
    own |= {TANGENT: own[variable], COTANGENT: own[name]}
    statement = Statement(name, tree)
    if own[name] == ():
        *local, last = Derivation([statement], name, [variable], own, Arrangement(f"{COTANGENT}_{{}}".format)).run()
        product = build("mul", Name(TANGENT), last.tree)
        return _written_out(build("sum", product) if own[variable] else product, local)
    back = _derived([statement], name, COTANGENT, variable, own)
    forth = _derived(back, back[-1].name, TANGENT, COTANGENT, own)
    found = _written_out(forth[-1].tree, [s for s in (*back, *forth) if not _is_local(s, name)])
    return substitute(found, {COTANGENT: Name(name)})  # where only its shape is meant


def _is_local(statement: Statement, name: str) -> bool:
    """Whether a statement is the local derivative of a variable, which is read under its own name."""
    return statement.variable.role is Role.LOCAL_DERIVATIVE and statement.variable.of == name


def _derived(
    statements: list[Statement], output: str, weight: str, leaf: str, shapes: dict[str, Shape]
) -> list[Statement]:
    """The derivative of the sum of `weight · output` with respect to a leaf, as statements that end with it."""
    total = Statement(f"{weight}_total", build("sum", build("mul", Name(weight), Name(output))))
    shapes[total.name] = ()
    return Derivation([*statements, total], total.name, [leaf], shapes, Arrangement(f"{weight}_{{}}".format)).run()


def _written_out(tree: Tree, statements: Iterable[Statement]) -> Tree:
    """A formula with what it refers to by the names of statements put in."""
    written = {statement.name: statement.tree for statement in statements}
    while inside := {name: written[name] for name in names(tree) if name in written}:
        tree = substitute(tree, inside)
    return tree
