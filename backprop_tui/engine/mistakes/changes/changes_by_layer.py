"""Changes that need to know the layer of what they change: its input, its activation, its neighbours."""

from collections.abc import Mapping

import msgspec

from backprop_tui.engine.mistakes.change import Around, Change, Where
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.algebra import build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.rewriting import contains, match, rewrite
from backprop_tui.formula.language.tree import Call, Name, Number, Tree, names, substitute, walk

NAMED = frozenset({"own", "stable", "self", "param", "digits", "sum", "weights", "into", "output", "local"})


class Instead(msgspec.Struct, frozen=True):
    """In place of the formulas of the variables `at`, `put`, of what `Around.layer` names. Where something of that is
    not there, nothing is changed. With `at_loss`, only the one that has a stable form: the delta of the output.
    """

    at: Where
    put: str
    at_loss: bool = False
    given: tuple[Where, str] | None = None

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The formula in place of the statement's own."""
        if not self.at(statement.variable) or (self.at_loss and statement.stable is None):
            return None
        if self.given and not around.has(*self.given):
            return None
        put, known = parse(self.put), around.layer(statement)
        if any(name in NAMED and name not in known for name in names(put)):
            return None
        return put_in(put, known)


class OtherLayer(msgspec.Struct, frozen=True):
    """The derivative of an activation, taken from the layer `step` further on."""

    step: int

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """A delta with the derivative of another layer in it."""
        own = statement.variable
        locals_of = {s.variable.block: s for s in around.found if s.variable.role is Role.LOCAL_DERIVATIVE}
        mine, other = locals_of.get(own.block), locals_of.get(own.block + self.step)
        if own.role is not Role.GRADIENT or mine is None or other is None or mine.name not in names(statement.tree):
            return None
        match other.tree:
            case Call("fill", (Number(1.0), _)):  # of an identity: then the derivative is left out, which says it all
                return None
        return put_in(statement.tree, {mine.name: other.tree})  # which is computed later, of the layer before


class OfError(msgspec.Struct, frozen=True):
    """An activation's derivative taken at the gradient that comes in: `put` is made of that (`a`), of the function's
    value there (`b`) and of the derivative there (`c`).
    """

    put: str

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """A delta from the derivative at the wrong place."""
        match statement.tree:
            case Call("mul", (Name() as incoming, Name(local))) if local in around.local:
                pass
            case _:
                return None
        derivative = next(s for s in around.found if s.name == local)
        forward = around.tree(derivative.variable.of)
        if forward is None:
            return None
        there = substitute(forward, {derivative.variable.by: incoming})
        known = {derivative.variable.by: incoming, derivative.variable.of: there}
        return put_in(parse(self.put), {"a": incoming, "b": there, "c": put_in(derivative.tree, known)})


class PerParameter(msgspec.Struct, frozen=True):
    """The time step counted on with every parameter that is updated, and not with every iteration: in the order in
    which they are updated here, or `forwards`, from the first layer on; or first all of one kind and then of another.
    """

    at: Where
    forwards: bool = False
    by_kind: bool = False

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The formula with the time step that the parameter then has."""
        if not self.at(statement.variable) or "t" not in names(statement.tree):
            return None
        updated = [s.variable for s in around.found if s.variable.role is Role.PARAMETER]
        updated = sorted(updated, key=lambda v: v.block) if self.forwards else updated
        order = [v.parameter for v in (sorted(updated, key=lambda v: v.kind) if self.by_kind else updated)]
        place = order.index(statement.variable.parameter) + 1 if statement.variable.parameter in order else 0
        if not place or len(order) == 1:
            return None
        return substitute(statement.tree, {"t": parse(f"(t - 1) * {len(order)} + {place}")})


class OfOneOutput(msgspec.Struct, frozen=True):
    """A change that can only be made in a network with one output."""

    change: Change

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The changed formula."""
        return self.change(statement, around) if around.shapes.get("y_hat", ())[:1] == (1,) else None


class OnlyWith(msgspec.Struct, frozen=True):
    """A change that is made only in a program where a pattern fits in some variables."""

    given: tuple[Where, str]
    change: Change

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The changed formula."""
        return self.change(statement, around) if around.has(*self.given) else None


class Activation(msgspec.Struct, frozen=True):
    """An activation as `put` has it, of its argument (`a`) and of the function applied twice (`f`)."""

    put: str

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """The activation's formula, changed."""
        if statement.variable.role is not Role.ACTIVATION or not isinstance(statement.tree, Call):
            return None
        argument = statement.tree.operands[0]
        if statement.tree.function in ("identity", "softmax") or not isinstance(argument, Name):
            return None
        return {"a": argument, "f": substitute(statement.tree, {argument.name: statement.tree})}[self.put]


class DerivativeOf(msgspec.Struct, frozen=True):
    """The derivative of an activation that is not what it should be: `as_it_was`, of z alone, or else 1 everywhere."""

    as_it_was: bool

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The local derivative."""
        own = statement.variable
        forward = around.tree(own.of) if own.role is Role.LOCAL_DERIVATIVE else None
        if forward is None or not isinstance(forward, Call) or forward.function in ("identity", "softmax"):
            return None
        return (
            put_in(statement.tree, {own.of: forward}) if self.as_it_was else Call("fill", (Number(1.0), Name(own.by)))
        )


class FunctionForDerivative(msgspec.Struct, frozen=True):
    """The value of an activation in place of its derivative."""

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """A delta with the activation in it."""
        own = statement.variable
        return Name(own.of) if own.role is Role.LOCAL_DERIVATIVE else None


class Diagonal(msgspec.Struct, frozen=True):
    """The derivative of a softmax without what lies off its diagonal."""

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """A delta with the diagonal alone."""
        match statement.tree:
            case Call("vjp", (Name(local), incoming)) if local in around.local:
                of = next(s for s in around.found if s.name == local).variable.of
                return put_in(parse("a * (b * (1 - b))"), {"a": incoming, "b": Name(of)})
        return None


class ActivationForInput(msgspec.Struct, frozen=True):
    """A gradient of weights, made with what the layer gives in place of what it reads."""

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient with the layer's own activation."""
        own, layer = statement.variable, around.layer(statement)
        if own.role is not Role.GRADIENT or own.kind != "W" or not {"into", "output"} <= layer.keys():
            return None
        read = layer["into"]
        return substitute(statement.tree, {read.name: layer["output"]}) if isinstance(read, Name) else None


class Reshaped(msgspec.Struct, frozen=True):
    """Matrices that are reshaped instead of transposed on the way back. Numbers are taken row by row, so it matters how
    a source has them: with a column for each sample, as here, or in `rows`.
    """

    rows: bool

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient of what a layer reads, or of its weights; square matrices would only not be transposed."""
        if statement.variable.role is not Role.GRADIENT:
            return None
        wrong = "refilled({0}.T, {0}).T" if self.rows else "refilled({0}, {0}.T)"
        for find, put in (("a.T @ b", wrong.format("a") + " @ b"), ("a @ b.T", "a @ " + wrong.format("b"))):
            if any(self._fits(tree, find, around) for tree in walk(statement.tree)):
                return rewrite(statement.tree, parse(find), parse(put), {})
        return None

    def _fits(self, tree: Tree, find: str, around: Around) -> bool:
        bound = match(parse(find), tree)
        turned = bound and bound["a" if find.startswith("a.T") else "b"]
        return isinstance(turned, Name) and len({*around.shapes[turned.name]} - {1}) > 1


class OneOutput(msgspec.Struct, frozen=True):
    """What flows back through the weights of one unit alone."""

    unit: int

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient of what a layer reads, from one of its units."""
        match statement.tree:
            case Call("matmul", (Call("transpose", (Name(weights),)), Name(delta))) if (
                1 < around.shapes[weights][0] > self.unit and statement.variable.role is Role.GRADIENT
            ):
                known: dict[str, Tree] = {"a": Name(weights), "b": Name(delta), "c": Number(float(self.unit))}
                return put_in(parse("column(a.T, c) @ column(b.T, c).T"), known)
        return None


class PenalisedTwice(msgspec.Struct, frozen=True):
    """A penalty in which the weights of one layer stand in the place of another's; layers count from 1."""

    at: Where
    twice: int
    never: int

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The penalty with one layer's weights twice."""
        if not self.at(statement.variable):
            return None
        parameters = {s.name: s.variable.block for s in around.found if s.variable.role is Role.PARAMETER}
        by_layer = {parameters.get(name): name for name in names(statement.tree) if name in parameters}
        if not {self.twice, self.never} <= by_layer.keys():
            return None
        return substitute(statement.tree, {by_layer[self.never]: Name(by_layer[self.twice])})


class SlopeOfPenalisedTwice(msgspec.Struct, frozen=True):
    """What the gradients of the weights have of such a penalty: those of one layer twice as much, those of another
    nothing.
    """

    at: Where
    twice: int
    never: int

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient with twice the penalty, or without it."""
        penalised = {
            s.variable.block for s in around.found if self.at(s.variable) and contains(s.tree, parse("a + l2 * b"))
        }
        if not self.at(statement.variable) or not {self.twice, self.never} <= penalised:
            return None
        put = {self.twice: "a + 2 * (l2 * b)", self.never: "a"}.get(statement.variable.block)
        return rewrite(statement.tree, parse("a + l2 * b"), parse(put), {}) if put else None


class NormOverUnits(msgspec.Struct, frozen=True):
    """A batch norm that takes mean and variance over the units of each sample."""

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """What is centered and what is divided, changed."""
        block = _batch_norm(statement, around)
        if block is None or statement.variable.role is not Role.NORMALISATION:
            return None
        match statement.variable.kind, statement.tree:
            case "centered", Call("sub", (z, _)):
                return build("sub", z, Call("mean_units", (z,)))
            case "z_hat", Call("div", (centered, _)):
                return build("div", centered, _deviation_over_units(block))
        return None


class NormGradientOverUnits(msgspec.Struct, frozen=True):
    """What flows back through a batch norm that is taken over the units, in one formula: its means are over the units
    too or, with `over_samples`, still over the samples.
    """

    over_samples: bool = False

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The gradient of what is normed."""
        own, block = statement.variable, _batch_norm(statement, around)
        if block is None or own.role is not Role.GRADIENT or own.kind != "z":
            return None
        normed = block["z_hat"].name
        incoming = next((s.name for s in around.found if s.variable.wrt == normed), "")
        known = {"g": Name(incoming), "a": Name(normed), "s": _deviation_over_units(block)}
        mean = "mean_samples" if self.over_samples else "mean_units"
        return put_in(parse(f"(g - {mean}(g) - a * {mean}(g * a)) / s"), known) if incoming else None


def _batch_norm(statement: Statement, around: Around) -> dict[str, Statement] | None:
    """The forward half of a statement's layer by kind, if that has a batch norm."""
    layer = statement.variable.block
    block = {s.variable.kind: s for s in around.found if s.variable.block == layer and s.stage == "forward"}
    return block if "mu" in block and around.shapes[block["mu"].name][1] == 1 else None


def _deviation_over_units(block: Mapping[str, Statement]) -> Tree:
    """The deviation of what is centered over the units."""
    var = put_in(parse("mean_units(a ** 2)"), {"a": Name(block["centered"].name)})
    return substitute(block["std"].tree, {block["var"].name: var})


class FirstStep(msgspec.Struct, frozen=True):
    """The time step of the first iteration, in every iteration."""

    at: Where

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """The formula with 1 in place of t."""
        return put_in(statement.tree, {"t": Number(1.0)}) if self.at(statement.variable) else None


class LooksAhead(msgspec.Struct, frozen=True):
    """A step along the momentum once more, as Nesterov's."""

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The parameter's update with gradient and momentum."""
        own = statement.variable
        match statement.tree:
            case Call("sub", (Name(), Call("mul", (Name(), Name(buffer))))) if own.role is Role.PARAMETER:
                match around.tree(buffer):
                    case Call("where", (_, gradient, _)) | Call("add", (Call("mul", (Name("momentum"), _)), gradient)):
                        known: dict[str, Tree] = {"a": gradient, "b": Name(buffer)}
                        return substitute(statement.tree, {buffer: put_in(parse("a + momentum * b"), known)})
        return None
