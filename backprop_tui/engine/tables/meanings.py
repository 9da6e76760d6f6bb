"""What a row of a table says about its operation: what the operation does, and what to add in particular cases.

A meaning stands on the row of an activation or of an optimizer's equation, or in the tables of `debugger/meaning`,
under the role and the kind of the variable that is written; where several would fit, the function at the root of the
formula decides. The first case that holds is said: one of `cases` about the whole operation, or one of `one` about a
single number, which is selected, stepped into, or all that there is. Where none holds, `says` is said.

A condition is written in the expression language. It reads `ans`, the value; `a`, what the formula reads first; any
variable by its name, with `{k}` for the layer and `{p}` for the parameter; and roles:

    gate, flow    of δ: the local derivative, and the gradient that comes back to it
    switch        of δ: the gate, where it is one that is open or closed, as relu's is
    w, g          of an update: the parameter before it, and its gradient
    old, new      of a slot: its value before, and what comes in; of L, old is that of the iteration before, where the
                  samples are the same
    inputs        of z: what the layer reads
    left, right   of one number of a matrix product: the row and the column that it is made of
    terms         of one number of a sum: its terms
    column        of one number: all numbers of its sample
    samples       how many the value has
    is_output     1 of the prediction, 0 of anything else
    along, peaks, choices   of shares that add up to 1: those that one number stands among, the largest of each such
                  set, and how many a set has
    past          of a sum: what goes past unchanged
    later, here   of the gradient of a state: what comes back from later steps, and the rest
    parts         of a gradient: how many steps of a loop have a part in it

A case that reads something that does not exist does not hold. In a case about one number, every variable of the same
shape stands for its number at that place.

A sentence has addresses in place of `{ans}`, `{a}`, `{w}`, `{unit}` (what a gate or δ belongs to) and `{of}` (what L is
differentiated by); `{value}`, `{old}` and `{strongest}` are numbers, `{which}` are the addresses where `which` is true,
and `{is}` and `{it}` go with how many they are.
"""

from msgspec import Struct


class Case(Struct, frozen=True):
    """What is said where a condition holds. `label` is the role whose addresses `which` has."""

    when: str
    says: str
    which: str = ""
    label: str = "ans"


class Row(Struct, frozen=True):
    """A row; `function` names those at the root of the formula, a bar between, or is empty for any."""

    says: str
    function: str = ""
    cases: tuple[Case, ...] = ()
    one: tuple[Case, ...] = ()


class Meaning(Struct, frozen=True):
    """What a row says about the operation that it makes, and about the variable which that writes: its `entry` in the
    glossary, where `{w}` is the parameter and `{k}` the layer that it belongs to. Where a row leaves something out,
    what holds for its kind or role is said. A setting has an entry and no operation. `asked` is the kind that
    predictions of an optimizer's equation count as, where that has a kind of its own: "weight decay" or "learning
    rate".
    """

    row: Row | None = None
    entry: str = ""
    asked: str = ""
