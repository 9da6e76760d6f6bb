"""A primitive of the formula language: one row holds everything that is known about it.

A row gives, as text in the expression language, how a primitive is written (`source`), run (`numpy`), shown
(`shown`), differentiated (`vjp`) and taken apart into scalars (`element`). In the three spellings an operand
stands in braces, with a mark that says when it needs brackets:

    {a}   looser than this primitive        {a'}  not tighter than it
    {a"}  looser than a sign                {a+}  looser than a product     {a^}  looser than a power
    {a!}  anything but an atom              {a~}  never

`vjp` has one text per operand: what a gradient `g` of the result contributes to that operand; `a`, `b`, … are the
operands and `ans` is the result. An empty text says that nothing flows there. `derivative` takes its place for a
primitive of one operand that works element by element, and makes the local derivative an operation of its own. So does
`jacobian` for one that works sample by sample: a matrix for each sample, whose element i, j is how result i moves with
operand j.

`element` is the scalar at row i, column j (of sample s, where there is a matrix for each sample); other indices are
summed over, and one that stands alone (`a[k]`) runs over all of an array. Without it a primitive works element by
element. `definition` takes the place of `numpy` where a primitive is defined by others. `whole` marks a question about
an array as a whole, which is not taken apart. `side` is for a primitive with a kink or a jump: a formula that is
constant on either side of it and differs between the sides. `part` marks a primitive that takes a part of an array:
with numbers put in, that part is shown.

Further axes in front make a stack of such arrays: a rule is about the last axes, and holds for each of the stack.
`stacked` takes the place of `numpy` there; `alone` marks a rule that takes no stack. `axes` names the axes of the
result that a rule is about, where those are not i and j. Where a rule computes its indices, `extent` has how far those
of the result run, and after them those that it sums over, as far as the operands' axes do not say it: a function of the
operands' shapes and of their values, which are None unless they follow from shapes and numbers alone. With `flat`, the
numbers stay in their order, and `extent` is the whole shape of the result. `example` has operands that such a rule
fits, as shapes or as numbers.

`labels` says what the axes of the result are called where one index of the rule is made of several: for each a word, or
the axis of an operand whose name it has, `a -2`.
"""

from collections.abc import Callable

from msgspec import Struct

# How tightly a form binds; FRACTION is that of a symbol with a bar in it, such as ∂L/∂ŷ.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, FRACTION, SIGN, POWER, ATOM = range(10)


Extent = Callable[[tuple[tuple[int, ...], ...], tuple[float | None, ...]], tuple[int, ...]]


class Primitive(Struct, frozen=True):
    """A row of the table; see the head of this file."""

    name: str
    operands: str = "a"
    source: str = ""
    numpy: str = ""
    shown: str = ""
    level: int = ATOM
    vjp: tuple[str, ...] = ()
    derivative: str = ""
    jacobian: str = ""
    element: str = ""
    definition: str = ""
    side: str = ""
    variadic: bool = False
    whole: bool = False
    part: bool = False
    stacked: str = ""
    axes: str = ""
    extent: Extent | None = None
    flat: bool = False
    alone: bool = False
    example: tuple[tuple[int, ...] | float, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def is_term_by_term(self) -> bool:
        """Whether it works element by element, with NumPy's broadcasting."""
        return not (self.element or self.flat or self.whole)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The operands' names in the row's texts."""
        return tuple(self.operands.split())

    def spelling(self, form: str) -> str:
        """The template of one of the three spellings; a function call unless the row says otherwise."""
        written = self.source or f"{self.name}({', '.join(f'{{{p}~}}' for p in self.parameters)})"
        numpy = self.numpy or written
        return {
            "source": written,
            "numpy": numpy,
            "stacked": self.stacked or numpy,
            "shown": self.shown or written,
        }[form]
