"""How the tables of meanings are looked up: by the role of what an operation writes, and its kind among those."""

from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.meanings import Row

MATRICES = "matrices"  # stands for the function where the value is a matrix for each sample

# by role and kind; by the role alone, what holds for every kind of it
Table = dict[tuple[Role, str] | Role, tuple[Row, ...]]


def root_of(operation: Operation) -> str | None:
    """The function at the root of a formula, as the tables have it; None for a variable alone."""
    is_jacobian = len(operation.shape) == 3 and operation.variable.role is Role.LOCAL_DERIVATIVE
    return MATRICES if is_jacobian and not operation.is_stacked else getattr(operation.tree, "function", None)


def row_in(table: Table, operation: Operation) -> Row | None:
    """The row of an operation: its own, that of its kind, or that of its role; None where there is none."""
    variable = operation.variable
    if variable.means is not None and variable.means.row is not None:
        return variable.means.row
    root = root_of(operation)
    rows = (*table.get((variable.role, variable.kind), ()), *table.get(variable.role, ()))
    return next((row for row in rows if not row.function or root in row.function.split("|")), None)
