"""The backward half of a model whose forward half was changed: what a library would have derived from the mistake."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from backprop_tui.engine.statements.derive import Arrangement, Derivation
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Phase, Role, Variable
from backprop_tui.formula.language.algebra import put_in
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.element import Shape

LOSS = "L"


def is_model(found: Sequence[Statement]) -> bool:
    """Whether statements are those of a model written as formulas."""
    return any(statement.variable.role is Role.VALUE for statement in found)


def derived_again(found: Sequence[Statement], shapes: Mapping[str, Shape]) -> list[Statement]:
    """The same statements in the same order, those of the backward half with the formulas that follow from the others.

    What the new backward half does not need stays as it was; what it has besides stands in the formulas that read it.
    """
    forward = [statement for statement in found if statement.variable.phase is Phase.FORWARD]
    written = {statement.name for statement in forward}
    records = {statement.name: statement.variable for statement in forward}
    gradients = [s.variable for s in found if s.variable.role is Role.GRADIENT]
    leaves = [own.of for own in gradients if own.of not in written]
    records |= {own.of: Variable(kind=own.kind, section=own.section) for own in gradients if own.of not in written}
    first: dict[str, str] = {}
    for statement in forward:
        first.setdefault(statement.variable.section, statement.name)
    after = {leaf: first[section] if (section := records[leaf].section) else forward[0].name for leaf in leaves}
    arrangement = Arrangement("dL_d{}".format, lambda _: "", after, records, every=True)
    new = {s.name: s.tree for s in Derivation(forward, LOSS, leaves, dict(shapes), arrangement).run()}
    own = {statement.name for statement in found}
    there = {name for name in shapes if name not in own} | written
    result = []
    for statement in found:
        tree = new.get(statement.name)
        if statement.variable.phase is Phase.BACKWARD and tree is not None:
            statement = replace(statement, tree=_read_from(tree, there, new))
        result.append(statement)
        there.add(statement.name)
    return result


def _read_from(tree: Tree, there: set[str], new: Mapping[str, Tree]) -> Tree:
    """A formula that reads only what is there, with the formulas of the rest put in."""
    missing = {name: _read_from(new[name], there, new) for name in names(tree) if name not in there and name in new}
    return put_in(tree, missing) if missing else tree
