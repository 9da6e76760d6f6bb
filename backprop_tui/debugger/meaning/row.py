"""A row of the tables of meanings: what an operation does, and what to say where one thing or another is so.

A row is found by the kind of an operation's name, `z#` or `m_#`, and where there are several by the function at the
root of its formula. Of its cases the first that holds is said: of the whole operation (`cases`), or of one number
(`one`), which is selected, stepped into, or all that there is. Where none holds, `says` is said.

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
    samples, units   how many the value has

What is not there makes a case not hold. Of one number every variable of its shape is the number at its place.

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


Table = dict[str, tuple[Row, ...]]
