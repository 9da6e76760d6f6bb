"""Activation functions, a row each: how it is written, the function and its derivative, both as formulas of `a`.

In a derivative `ans` is the activation's own value. At a kink the derivative is PyTorch's, and `kink` says which.
Each is also a primitive of the formula language under its name, with its settings as further operands. Definitions
and constants are PyTorch's; the paper that introduced a function is named at its row.
"""

from msgspec import Struct

from backprop_tui.engine.tables.meanings import Case, Meaning, Row
from backprop_tui.engine.tables.settings import Setting
from backprop_tui.formula.language.primitives import Primitive, define
from backprop_tui.formula.language.tree import Call, Tree

ANY = (-float("inf"), float("inf"))
ROOT_2, ROOT_2_PI = "1.4142135623730951", "2.5066282746310002"  # √2 and √(2π), exact to the last bit
# gelu-tanh: the argument of its tanh, √(2/π)·(a + 0.044715a³), and that argument's derivative
BEND = "0.7978845608028654 * (a + 0.044715 * a ** 3)"
BEND_SLOPE = "0.7978845608028654 * (1 + 0.134145 * a ** 2)"

# σ′ is below 0.02 there, less than a twelfth of its largest value, ¼
SATURATED = "(ans > 0.98) or (ans < 0.02)"
SWITCH = (
    Case("a > 0", "{a} is positive, so most of it passes"),
    Case("a < 0", "{a} is negative: the further below 0, the smaller the share of it that passes"),
    Case("a == 0", "{a} is exactly 0, and so is {ans}"),
)
EQUAL = Case("max(column) == min(column)", "all shares of its sample are the same, so none stands out")
BENT = (
    Case("a < 0", "{a} is negative, so it is bent towards a floor"),
    Case("a == 0", "{a} is exactly 0, and so is {ans}"),
)


class Activation(Struct, frozen=True):
    """A row: `f` and `derivative` are formulas; `numpy` takes the place of `f` where NumPy has the function.

    An activation that works sample by sample has `element`, `jacobian` and `vjp` in place of `derivative`, as
    primitives do. `output` is the range of its values. `meaning` is what is said of it; without it, only what holds
    for every activation is said. `torch` names PyTorch's function, where it has the same one. `off` says that the
    value and the derivative are exactly 0 for all inputs up to 0: such a unit can be off, or dead.
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
    settings: dict[str, Setting] = {}
    kink: str = ""
    meaning: Meaning | None = None
    torch: str = ""
    off: bool = False

    @property
    def primitive(self) -> str:
        """Its name in the formula language."""
        return self.name.replace("-", "_")


ROWS = (
    # Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines"
    Activation(
        "relu",
        "ReLU({a~})",
        f="max(a, 0)",
        derivative="indicator(a > 0)",
        output=(0, float("inf")),
        kink="0 at 0",
        torch="torch.relu",
        off=True,
        meaning=Meaning(
            Row(
                "positive values pass, the others are switched off",
                cases=(
                    Case("all(a > 0)", "every unit of layer {k} is on, so everything passes unchanged"),
                    Case("all(a <= 0)", "every unit of layer {k} is off, so it passes nothing on"),
                    Case(
                        "samples > 1 and any(sum_samples(ans) == 0)",
                        "{which} {is} off for the whole batch, which teaches {it} nothing",
                        which="sum_samples(ans) == 0",
                    ),
                    Case("any(a <= 0)", "{which} {is} off, and the rest passes unchanged", which="a <= 0"),
                ),
                one=(
                    Case("a > 0", "{a} is positive, so it passes unchanged"),
                    Case("a < 0", "{a} is negative, so {ans} is off and passes nothing on"),
                    Case("a == 0", "{a} is exactly 0, on the kink, so {ans} is off"),
                ),
            )
        ),
    ),
    Activation(
        "sigmoid",
        "σ({a~})",
        f="1 / (1 + exp(-a))",
        derivative="ans * (1 - ans)",
        output=(0, 1),
        torch="torch.sigmoid",
        meaning=Meaning(
            Row(
                "each value is squeezed to between 0 and 1",
                cases=(
                    Case(f"all({SATURATED}) and is_output == 1", "every output is saturated, where σ is nearly flat"),
                    Case(
                        f"all({SATURATED})",
                        "every unit of layer {k} is saturated: σ is nearly flat there, so little gradient gets through",
                    ),
                    Case(
                        f"any({SATURATED}) and is_output == 1",
                        "{which} {is} saturated, where σ is nearly flat",
                        which=SATURATED,
                    ),
                    Case(
                        f"any({SATURATED})",
                        "{which} {is} saturated: σ is nearly flat there, so little gradient gets through {it}",
                        which=SATURATED,
                    ),
                ),
                one=(
                    Case("ans > 0.98", "{a} is so large that {ans} is nearly 1, where σ is nearly flat"),
                    Case("ans < 0.02", "{a} is so far below 0 that {ans} is nearly 0, where σ is nearly flat"),
                    Case("a > 0", "{a} is positive, so {ans} is above ½"),
                    Case("a < 0", "{a} is negative, so {ans} is below ½"),
                    Case("a == 0", "{a} is exactly 0, so {ans} is undecided, ½"),
                ),
            )
        ),
    ),
    Activation(
        "tanh",
        "tanh({a~})",
        numpy="np.tanh({a~})",
        derivative="1 - ans ** 2",
        output=(-1, 1),
        torch="torch.tanh",
        meaning=Meaning(
            Row(
                "each value is squeezed to between −1 and 1",
                cases=(
                    Case(
                        "all(abs(ans) > 0.96)",
                        "every unit of layer {k} is saturated: tanh is nearly flat there: little gradient gets through",
                    ),
                    Case(
                        "any(abs(ans) > 0.96)",
                        "{which} {is} saturated, where tanh is nearly flat",
                        which="abs(ans) > 0.96",
                    ),
                ),
                one=(
                    Case(
                        "abs(ans) > 0.96",
                        "{a} is so far from 0 that {ans} is near −1 or 1, where tanh is nearly flat",
                    ),
                    Case("a > 0", "{a} is positive, so {ans} lies between 0 and 1"),
                    Case("a < 0", "{a} is negative, so {ans} lies between −1 and 0"),
                    Case("a == 0", "{a} is exactly 0, and so is {ans}"),
                ),
            )
        ),
    ),
    Activation(
        "identity",
        "{a}",
        f="a",
        derivative="fill(1, a)",
        meaning=Meaning(Row("passed on unchanged")),
    ),
    # Maas, Hannun & Ng 2013, "Rectifier nonlinearities improve neural network acoustic models"
    Activation(
        "leaky-relu",
        "LeakyReLU({a~})",
        f="where(a > 0, a, slope * a)",
        derivative="where(a > 0, 1, slope)",
        settings={
            "slope": Setting(
                0.01,
                "the slope below 0",
                "the slope of layer {k}'s activation where its input is negative",
                bounds={},
            )
        },
        kink="slope at 0",
        torch="torch.nn.functional.leaky_relu",
        meaning=Meaning(
            Row(
                "positive values pass, the others are multiplied by the slope",
                cases=(
                    Case("all(a > 0)", "every unit of layer {k} is on, so everything passes unchanged"),
                    Case(
                        "all(a < 0)", "everything that layer {k} adds up is negative, so it is multiplied by the slope"
                    ),
                ),
                one=(
                    Case("a > 0", "{a} is positive, so it passes unchanged"),
                    Case("a < 0", "{a} is negative, so it is multiplied by the slope"),
                    Case("a == 0", "{a} is exactly 0, and so is {ans}"),
                ),
            )
        ),
    ),
    # Clevert, Unterthiner & Hochreiter 2016, "Fast and accurate deep network learning by exponential linear units"
    Activation(
        "elu",
        "ELU({a~})",
        f="where(a > 0, a, exp(a) - 1)",
        derivative="where(a > 0, 1, ans + 1)",
        torch="torch.nn.functional.elu",
        meaning=Meaning(
            Row(
                "positive values pass, the others bend towards −1",
                one=(Case("a > 0", "{a} is positive, so it passes unchanged"), *BENT),
            )
        ),
    ),
    # Klambauer et al. 2017, "Self-normalizing neural networks": the two constants keep mean 0 and variance 1
    Activation(
        "selu",
        "SELU({a~})",
        f="1.0507009873554805 * where(a > 0, a, 1.6732632423543772 * (exp(a) - 1))",
        derivative="where(a > 0, 1.0507009873554805, ans + 1.7580993408473766)",
        kink="1.7581 at 0, as on its left",
        torch="torch.nn.functional.selu",
        meaning=Meaning(
            Row(
                "positive values are stretched a little, the others bend towards a floor: signals keep their scale",
                one=(Case("a > 0", "{a} is positive, so it passes, stretched a little"), *BENT),
            )
        ),
    ),
    # Hendrycks & Gimpel 2016, "Gaussian error linear units"
    Activation(
        "gelu",
        "GELU({a~})",
        f=f"0.5 * a * (1 + erf(a / {ROOT_2}))",
        derivative=f"0.5 * (1 + erf(a / {ROOT_2})) + a * exp(-a ** 2 / 2) / {ROOT_2_PI}",
        torch="torch.nn.functional.gelu",
        meaning=Meaning(
            Row("each input times the share of a bell curve that lies below it: a soft switch", one=SWITCH)
        ),
    ),
    # the same paper's approximation
    Activation(
        "gelu-tanh",
        "GELU({a~})",
        f=f"0.5 * a * (1 + tanh({BEND}))",
        derivative=f"0.5 * (1 + tanh({BEND})) + 0.5 * a * (1 - tanh({BEND}) ** 2) * {BEND_SLOPE}",
        meaning=Meaning(
            Row(
                "each input times, very nearly, the share of a bell curve that lies below it: a soft switch", one=SWITCH
            )
        ),
    ),
    # Elfwing, Uchibe & Doya 2018, "Sigmoid-weighted linear units"; also called swish
    Activation(
        "silu",
        "SiLU({a~})",
        f="a * sigmoid(a)",
        derivative="sigmoid(a) + ans * (1 - sigmoid(a))",
        torch="torch.nn.functional.silu",
        meaning=Meaning(Row("each input times its own sigmoid: a soft switch", one=SWITCH)),
    ),
    # Dugas et al. 2001, "Incorporating second-order functional knowledge"; written so that exp cannot overflow
    Activation(
        "softplus",
        "softplus({a~})",
        f="max(a, 0) + log1p(exp(-abs(a)))",
        derivative="sigmoid(a)",
        output=(0, float("inf")),
        meaning=Meaning(
            Row(
                "a smooth switch: near 0 far below zero, the input itself far above",
                one=(
                    Case("a > 3", "{a} is so large that {ans} is nearly the same"),
                    Case("a < -3", "{a} is so far below 0 that {ans} is nearly 0"),
                    Case("abs(a) <= 3", "{a} lies where the switch bends"),
                ),
            )
        ),
    ),
    # Misra 2019, "Mish: a self regularized non-monotonic activation function"
    Activation(
        "mish",
        "mish({a~})",
        f="a * tanh(softplus(a))",
        derivative="tanh(softplus(a)) + a * (1 - tanh(softplus(a)) ** 2) * sigmoid(a)",
        torch="torch.nn.functional.mish",
        meaning=Meaning(Row("each input times the tanh of its softplus: a soft switch", one=SWITCH)),
    ),
    Activation(
        "hard-sigmoid",
        "hardσ({a~})",
        f="min(1, max(0, a / 6 + 0.5))",
        derivative="indicator(abs(a) < 3) / 6",
        output=(0, 1),
        kink="0 at −3 and 3",
        meaning=Meaning(
            Row(
                "a straight line between 0 and 1, flat outside −3 to 3",
                cases=(
                    Case(
                        "any(abs(a) >= 3)",
                        "{which} {is} on a flat part, which lets no gradient through",
                        which="abs(a) >= 3",
                    ),
                ),
                one=(
                    Case("a >= 3", "{a} is 3 or more, on the flat part, so {ans} is 1"),
                    Case("a <= -3", "{a} is −3 or less, on the flat part, so {ans} is 0"),
                    Case("abs(a) < 3", "{a} lies on the straight part between −3 and 3"),
                ),
            )
        ),
    ),
    Activation(
        "softmax",
        "softmax({a~})",
        numpy="softmax({a~})",
        element="exp(a[i, j]) / sum(exp(a[k, j]) for k in all)",
        jacobian="diag(ans) - outer(ans, ans)",
        vjp=("ans * (g - sum_units(ans * g))",),
        output=(0, 1),
        meaning=Meaning(
            Row(
                "shares that add up to 1 in each sample: the larger the input, the larger the share",
                cases=(
                    Case("samples == 1 and max(ans) > 0.9", "one share is nearly all of it: a clear choice"),
                    Case("samples == 1 and max(ans) < 1.5 * min(ans)", "the shares are nearly equal: no clear choice"),
                ),
                one=(
                    EQUAL,
                    Case(
                        "ans == max(column) and is_output == 1",
                        "{ans} is the largest share of its sample, which makes it the guess",
                    ),
                    Case("ans == max(column)", "{ans} is the largest share of its sample"),
                    Case("ans < max(column)", "{ans} is not the largest share of its sample"),
                ),
            )
        ),
    ),
    Activation(
        "log-softmax",
        "log softmax({a~})",
        numpy="log_softmax({a~})",
        element="a[i, j] - log(sum(exp(a[k, j]) for k in all))",
        jacobian="diag(fill(1, ans)) - outer(fill(1, ans), exp(ans))",
        vjp=("g - exp(ans) * sum_units(g)",),
        output=(-float("inf"), 0),
        meaning=Meaning(
            Row(
                "the logarithms of shares that add up to 1 in each sample: 0 is the logarithm of all of it",
                one=(
                    EQUAL,
                    Case(
                        "ans == max(column) and is_output == 1",
                        "{ans} belongs to the largest share of its sample, which makes it the guess",
                    ),
                    Case("ans == max(column)", "{ans} belongs to the largest share of its sample"),
                    Case("ans < max(column)", "{ans} belongs to a share that is not the largest of its sample"),
                ),
            )
        ),
    ),
)

ACTIVATIONS: dict[str, Activation] = {}


def add(row: Activation) -> None:
    """Add a row. Those of this file are added below; others can be added before a scenario is read.

    Raises ValueError where a primitive of that name exists.
    """
    ACTIVATIONS[row.name] = row
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


OF_ROWS = "_rows"  # how a function of each row ends, which else is of each column


def activation_of(tree: Tree) -> Activation | None:
    """The row whose function a formula applies last, to columns or rows; None where it ends with no activation."""
    if not isinstance(tree, Call):
        return None
    return ACTIVATIONS.get(tree.function.removesuffix(OF_ROWS).replace("_", "-"))


for row in ROWS:
    add(row)
