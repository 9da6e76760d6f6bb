"""Activation functions, a row each: how it is written, the function and its derivative, both as formulas of `a`.

In a derivative `ans` is the activation's own value. At a kink the derivative is PyTorch's, and `kink` says which.
Each is also a primitive of the formula language under its name, with its settings as further operands.
"""

from msgspec import Struct

from backprop_tui.formula.language.primitives import Primitive, define

ANY = (-float("inf"), float("inf"))
ROOT_2, ROOT_2_PI = "1.4142135623730951", "2.5066282746310002"
# gelu-tanh: the argument of its tanh, and that argument's derivative
BEND = "0.7978845608028654 * (a + 0.044715 * a ** 3)"
BEND_SLOPE = "0.7978845608028654 * (1 + 0.134145 * a ** 2)"


class Activation(Struct, frozen=True):
    """A row: `f` and `derivative` are formulas; `numpy` stands in for `f` where there is such a function.

    One that works sample by sample has, as primitives do, `element`, `jacobian` and `vjp` in place of `derivative`.
    `output` is the range of its values; `settings` are named with their defaults.
    """

    name: str
    shown: str
    derivative: str = ""
    f: str = ""
    numpy: str = ""
    element: str = ""
    jacobian: str = ""
    vjp: tuple[str, ...] = ()
    output: tuple[float, float] = ANY
    settings: dict[str, float] = {}
    kink: str = ""

    @property
    def primitive(self) -> str:
        """Its name in the formula language."""
        return self.name.replace("-", "_")


ROWS = (
    Activation(
        "relu",
        "ReLU({a~})",
        f="max(a, 0)",
        derivative="indicator(a > 0)",
        output=(0, float("inf")),
        kink="0 at 0",
    ),
    Activation("sigmoid", "σ({a~})", f="1 / (1 + exp(-a))", derivative="ans * (1 - ans)", output=(0, 1)),
    Activation("tanh", "tanh({a~})", numpy="np.tanh({a~})", derivative="1 - ans ** 2", output=(-1, 1)),
    Activation("identity", "{a}", f="a", derivative="fill(1, a)"),
    Activation(
        "leaky-relu",
        "LeakyReLU({a~})",
        f="where(a > 0, a, slope * a)",
        derivative="where(a > 0, 1, slope)",
        settings={"slope": 0.01},
        kink="slope at 0",
    ),
    Activation("elu", "ELU({a~})", f="where(a > 0, a, exp(a) - 1)", derivative="where(a > 0, 1, ans + 1)"),
    Activation(
        "selu",
        "SELU({a~})",
        f="1.0507009873554805 * where(a > 0, a, 1.6732632423543772 * (exp(a) - 1))",
        derivative="where(a > 0, 1.0507009873554805, ans + 1.7580993408473766)",
        kink="1.7581 at 0, as on its left",
    ),
    Activation(
        "gelu",
        "GELU({a~})",
        f=f"0.5 * a * (1 + erf(a / {ROOT_2}))",
        derivative=f"0.5 * (1 + erf(a / {ROOT_2})) + a * exp(-a ** 2 / 2) / {ROOT_2_PI}",
    ),
    Activation(
        "gelu-tanh",
        "GELU({a~})",
        f=f"0.5 * a * (1 + tanh({BEND}))",
        derivative=f"0.5 * (1 + tanh({BEND})) + 0.5 * a * (1 - tanh({BEND}) ** 2) * {BEND_SLOPE}",
    ),
    Activation("silu", "SiLU({a~})", f="a * sigmoid(a)", derivative="sigmoid(a) + ans * (1 - sigmoid(a))"),
    Activation(
        "softplus",
        "softplus({a~})",
        f="max(a, 0) + log1p(exp(-abs(a)))",
        derivative="sigmoid(a)",
        output=(0, float("inf")),
    ),
    Activation(
        "mish",
        "mish({a~})",
        f="a * tanh(softplus(a))",
        derivative="tanh(softplus(a)) + a * (1 - tanh(softplus(a)) ** 2) * sigmoid(a)",
    ),
    Activation(
        "hard-sigmoid",
        "hardσ({a~})",
        f="min(1, max(0, a / 6 + 0.5))",
        derivative="indicator(abs(a) < 3) / 6",
        output=(0, 1),
        kink="0 at −3 and 3",
    ),
    Activation(
        "softmax",
        "softmax({a~})",
        numpy="softmax({a~})",
        element="exp(a[i, j]) / sum(exp(a[k, j]) for k in all)",
        jacobian="diag(ans) - outer(ans, ans)",
        vjp=("ans * (g - sum_units(ans * g))",),
        output=(0, 1),
    ),
    Activation(
        "log-softmax",
        "log softmax({a~})",
        numpy="log_softmax({a~})",
        element="a[i, j] - log(sum(exp(a[k, j]) for k in all))",
        jacobian="diag(fill(1, ans)) - outer(fill(1, ans), exp(ans))",
        vjp=("g - exp(ans) * sum_units(g)",),
        output=(-float("inf"), 0),
    ),
)

ACTIVATIONS = {row.name: row for row in ROWS}

for row in ROWS:
    define(
        Primitive(
            row.primitive,
            operands=" ".join(["a", *row.settings]),
            shown=row.shown,
            numpy=row.numpy,
            definition=row.f,
            derivative=row.derivative,
            jacobian=row.jacobian,
            vjp=row.vjp,
            element=row.element,
        )
    )
