"""Texts of models by a grammar, for the fuzzer: shapes first, then formulas of those shapes, then mistakes put in."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

Shape: TypeAlias = tuple[int, ...]

EACH = (
    *("tanh", "sigmoid", "relu", "exp", "sin", "cos", "abs", "erf", "softplus", "gelu", "silu"),
    *("floor", "sign", "stop", "log1p", "sqrt"),
)
POSITIVE = ("log1p", "sqrt")  # and what is not, would be nan, which no gradient can be checked at
WRONG_WORDS = (
    *("relu", "softmaks", "np.exp", "torch", "lambda", "L", "dL_da", "x", "W", "a1", "t", "T", "eta", "sum", "mean"),
    *("0", "-1", "1e400", "**", "//", "%", "(", ")", "[", "]", ".T", "@", "=", "==", ":", ",", "#"),
)
RIGHT = "# nothing is wrong with this"


def model_file(chance: Random) -> str:
    """A scenario whose model is written as formulas; the first line says so where nothing is wrong with it."""
    text = ModelText(chance)
    lines = text.lines()
    mistakes = chance.choice((0, 0, 1, 1, 2))
    for _ in range(mistakes):
        lines = chance.choice(MISTAKES)(chance, lines)
    file = text.file(lines)
    if mistakes and chance.random() < 0.3:
        rows = file.split("\n")
        at = chance.randrange(len(rows))
        rows[at] = spoiled(chance, rows[at])
        file = "\n".join(rows)
    return file if mistakes else f"{RIGHT}\n{file}"


class ModelText:
    """Grows a text, with the parameters, constants and inputs that it wants."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.samples = chance.choice(("columns", "columns", "rows", "stack"))
        self.batch = chance.randint(1, 3)
        self.sizes = {"d": chance.randint(1, 4), "e": chance.randint(1, 4), "T": chance.randint(1, 3)}
        self.parameters: dict[str, Shape] = {}
        self.given: dict[str, Shape] = {}
        self.inputs: dict[str, Shape] = {}  # of a sample
        self.classes: dict[str, int] = {}
        self.known: dict[str, Shape] = {}  # what can be read
        self.unread: list[str] = []
        self.count = 0
        for name in ("x", "y")[: chance.randint(1, 2)]:
            self.inputs[name] = own = self.of_a_sample()
            self.known[name] = self.in_a_batch(own)
        if chance.random() < 0.4 and self.samples != "stack":
            self.classes["c"] = chance.randint(2, 4)
            self.inputs["c"] = ()

    # ---- shapes

    def extent(self) -> int:
        return self.chance.choice((*self.sizes.values(), 1, 2, 3))

    def of_a_sample(self) -> Shape:
        if self.samples == "stack":
            return (*((self.extent(),) if self.chance.random() < 0.3 else ()), self.extent(), self.extent())
        return (self.extent(),) if self.chance.random() < 0.8 else ()

    def in_a_batch(self, own: Shape) -> Shape:
        if self.samples == "stack":
            return (self.batch, *own)
        extent = own[0] if own else 1
        return (self.batch, extent) if self.samples == "rows" else (extent, self.batch)

    def some_shape(self) -> Shape:
        """One that is there already, or of its own."""
        if self.known and self.chance.random() < 0.7:
            return self.chance.choice([*self.known.values()])
        return self.chance.choice(((), (self.extent(), self.extent()), (self.extent(), 1), (1, self.extent())))

    # ---- formulas of a shape

    def variable(self, own: Shape) -> str:
        """One that there is, or a parameter that is made for it."""
        fitting = [name for name, shape in self.known.items() if shape == own]
        unread = [name for name in fitting if name in self.unread]
        if fitting and self.chance.random() < 0.75:
            name = self.chance.choice(unread if unread and self.chance.random() < 0.6 else fitting)
        else:
            self.count += 1
            where, letter = (self.given, "g") if self.chance.random() < 0.1 else (self.parameters, "W")
            name = f"{letter}{chr(97 + self.count % 26)}{'' if self.count < 26 else self.count}"
            where[name] = self.known[name] = own
        if name in self.unread:
            self.unread.remove(name)
        return name

    def formula(self, own: Shape, depth: int) -> str:
        """A formula whose value has this shape."""
        ways = [*self.ways(own, depth)]
        if depth <= 0 or self.chance.random() < 0.2:
            return self.variable(own)
        return self.chance.choice(ways)()

    def ways(self, own: Shape, depth: int) -> Iterator[Callable[[], str]]:  # noqa: C901 - one of each
        chance = self.chance

        def inner(shape: Shape) -> str:
            return self.formula(shape, depth - 1)

        def spread() -> Shape:
            """A shape that is stretched to this one."""
            if not own or chance.random() < 0.2:
                return ()
            found = tuple(1 if chance.random() < 0.3 else extent for extent in own)
            return found if len(own) < 3 or chance.random() < 0.6 else found[1:]

        def each() -> str:
            name = chance.choice(EACH)
            return f"{name}(abs({inner(own)}) + 0.5)" if name in POSITIVE else f"{name}({inner(own)})"

        yield each
        yield each
        yield lambda: f"dropout({inner(own)}, {chance.choice(('0.5', '0.2', '0'))})"
        yield lambda: f"({inner(own)} {chance.choice('+-')} {inner(spread())})"
        yield lambda: f"({inner(spread())} * {inner(own)})"
        yield lambda: f"({inner(own)} / (abs({inner(spread())}) + 1))"
        yield lambda: f"({chance.choice(('0.5', '2', '-1', 'd', 'sqrt(d)'))} * ({inner(own)}))"
        yield lambda: f"(({inner(own)}) ** {chance.choice((2, 3))})"
        yield lambda: f"{chance.choice(('min', 'max'))}({inner(own)}, {inner(own)})"
        yield lambda: f"where({inner(own)} > {inner(own)}, {inner(own)}, {inner(own)})"
        if not own:
            yield lambda: f"{chance.choice(('sum', 'mean', 'norm'))}({inner(self.some_shape() or (2, 2))})"
            yield lambda: f"mse({inner(of := self.some_shape())}, {inner(of)})"
            return
        *front, rows, columns = own
        yield lambda: f"{chance.choice(('softmax', 'log_softmax'))}({inner(own)}{chance.choice(('', ', axis=1'))})"
        yield lambda: f"({inner((*front, columns, rows))}).T"
        if len(own) > 2 and len(front) == 1:
            yield lambda: f"({inner((*front, rows, shared := self.extent()))} @ {inner((shared, columns))})"
        if len(own) == 2:
            yield lambda: self.product(rows, columns, inner)
            yield lambda: self.product(rows, columns, inner)
            yield lambda: self.cut(own, inner)
        if len(own) == 2:
            yield lambda: self.joined(rows, columns, inner)
        if rows == columns and len(own) == 2:
            yield lambda: f"softmax({inner(own)} + causal({rows}), axis=1)"
        for axis, extent, of in (
            (0, rows, (*front, self.extent(), columns)),
            (1, columns, (*front, rows, self.extent())),
        ):
            if extent == 1:
                yield lambda axis=axis, of=of: f"{chance.choice(('sum', 'mean', 'max'))}({inner(of)}, axis={axis})"  # type: ignore[misc]

    def product(self, rows: int, columns: int, inner: Callable[[Shape], str]) -> str:
        shared = self.chance.choice([*(s[-2] for s in self.known.values() if len(s) == 2), self.extent()])
        match self.chance.randrange(3):
            case 0:
                return f"(({inner((shared, rows))}).T @ ({inner((shared, columns))}))"
            case 1:
                return f"(({inner((rows, shared))}) @ ({inner((columns, shared))}).T)"
        return f"(({inner((rows, shared))}) @ ({inner((shared, columns))}))"

    def joined(self, rows: int, columns: int, inner: Callable[[Shape], str]) -> str:
        if rows > 1 and (columns == 1 or self.chance.random() < 0.5):
            first = self.chance.randint(1, rows - 1)
            return f"concat({inner((first, columns))}, {inner((rows - first, columns))})"
        if columns > 1:
            first = self.chance.randint(1, columns - 1)
            return f"beside({inner((rows, first))}, {inner((rows, columns - first))})"
        return inner((rows, columns))

    def cut(self, own: Shape, inner: Callable[[Shape], str]) -> str:
        rows, columns = own
        first, more = self.chance.randint(0, 2), self.chance.randint(0, 1)
        if self.chance.random() < 0.5:
            return f"({inner((rows + first + more, columns))})[{first}:{first + rows}]"
        return f"({inner((rows, columns + first + more))})[:, {first}:{first + columns}]"

    # ---- lines

    def assigned(self, name: str, own: Shape, depth: int) -> str:
        line = f"{name} = {self.formula(own, depth)}"
        self.known[name] = own
        self.unread.append(name)
        return line

    def with_features(self, name: str, own: Shape) -> str:
        """A line of which it is plain along which axis features lie: a product with a parameter."""
        self.count += 1
        weights, rows = f"W{self.count}", self.samples == "rows"
        shared = self.known["x"][1 if rows else 0]
        self.parameters[weights] = (shared, own[1]) if rows else (own[0], shared)
        self.known[name] = own
        self.unread.append(name)
        return f"{name} = x @ {weights}" if rows else f"{name} = {weights} @ x"

    def new(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def line(self) -> str:
        return self.assigned(self.new(), self.some_shape(), self.chance.randint(1, 4))

    def lines(self) -> list[str]:
        """The text: plain lines, blocks, a loop, what people call layers; and L of what nothing has read."""
        chance, found = self.chance, []
        for _ in range(chance.randint(1, 4)):
            match chance.randrange(8):
                case 0:
                    found += [f"block {self.new()}:", *(f"    {self.line()}" for _ in range(chance.randint(1, 3)))]
                case 1:
                    found += self.loop()
                case 2 if self.samples != "stack":
                    found += self.layer()
                case 3 if self.samples == "stack":
                    found += self.image()
                case _:
                    found.append(self.line())
        for name, count in self.classes.items():
            logits = self.new()
            own = (self.batch, count) if self.samples == "rows" else (count, self.batch)
            found.append(self.assigned(logits, own, 2))
            self.unread = [one for one in self.unread if one != logits]
            loss = self.new()
            pick = f"-mean(pick(log_softmax({logits}{', axis=1' if self.samples == 'rows' else ''}), {name}))"
            found.append(f"{loss} = {chance.choice((f'cross_entropy({logits}, {name})', pick))}")
            self.known[loss] = ()
            self.unread.append(loss)
        return [*found, f"L = {' + '.join(self.terms())}"]

    def terms(self) -> list[str]:
        """Of all that nothing has read a number, and of something with a parameter."""
        if not self.parameters:
            self.parameters["Wz"] = self.known["Wz"] = (2, 2)
            self.unread.append("Wz")
        unread, self.unread = self.unread or [next(iter(self.parameters))], []
        return [
            name
            if not self.known[name] and self.chance.random() < 0.5
            else self.chance.choice(("mean({})", "0.5 * sum({} ** 2)")).format(name)
            for name in unread
        ]

    def loop(self) -> list[str]:
        own, state = self.some_shape(), self.new() + "h"
        self.given[f"{state}0"] = own
        self.known[f"{state}[t-1]"] = own
        lines = [f"    {self.assigned(f'{state}[t]', own, 3)}"]
        if self.chance.random() < 0.5:
            more = self.new() + "h"
            lines.append(f"    {self.assigned(f'{more}[t]', self.some_shape(), 2)}")
            self.after(more)
        del self.known[f"{state}[t-1]"]
        self.after(state)
        return ["for t in 1..T:", *lines]

    def after(self, state: str) -> None:
        """The loop is over: what can be read is its last step."""
        own = self.known.pop(f"{state}[t]")
        self.known[f"{state}[T]"] = own
        self.unread = [name for name in self.unread if name != f"{state}[t]"] + [f"{state}[T]"]

    def layer(self) -> list[str]:
        """A norm, heads of attention, or a table that is looked up in."""
        name, rows = self.new(), self.samples == "rows"
        own = (self.batch, 2 * self.extent()) if rows else (2 * self.extent(), self.batch)
        of, along = self.new(), (1, own[1]) if rows else (own[0], 1)
        first = self.with_features(of, own)
        match self.chance.randrange(3):
            case 0:
                kind = self.chance.choice(("layer_norm", "batch_norm"))
                scale, shift = self.variable(along), self.variable(along)
                second = f"{name} = {kind}({of}, {scale}, {shift})"
            case 1 if self.classes:
                (ids, count), *_ = self.classes.items()
                table = f"C{name}"
                self.parameters[table] = self.known[table] = (count, own[1]) if rows else (own[0], count)
                second = f"{name} = embed({table}, {ids}) + {of}"
            case _:
                of_heads = f"heads({of}, 2)"
                second = f"{name} = join({self.chance.choice((of_heads, f'tanh({of_heads})', f'2 * {of_heads}'))})"
        self.unread = [one for one in self.unread if one != of]
        self.known[name] = own
        self.unread.append(name)
        return [first, second]

    def image(self) -> list[str]:
        """A convolution and a pool."""
        name, kernel, side = self.new(), self.chance.randint(1, 3), self.chance.randint(4, 5)
        if "i" not in self.inputs:
            self.inputs["i"] = (self.chance.randint(1, 2), side, side)
        channels, side, _ = self.inputs["i"]
        self.parameters[f"K{name}"] = (2, channels, kernel, kernel)
        pad, stride = self.chance.randint(0, 1), self.chance.randint(1, 2)
        settings = "".join(
            f", {name}={value}" for name, value, usual in (("pad", pad, 0), ("stride", stride, 1)) if value != usual
        )
        side = (side + 2 * pad - kernel) // stride + 1
        lines = [f"{name}z = conv(i, K{name}{settings})", f"{name}h = {self.chance.choice(('relu', 'tanh'))}({name}z)"]
        last = f"{name}h"
        if side > 1 and self.chance.random() < 0.6:
            lines.append(
                f"{name}p = {self.chance.choice(('max_pool', 'avg_pool'))}({last}, {self.chance.choice((1, 2))})"
            )
            last = f"{name}p"
        lines.append(f"{name} = mean(flatten({last}))")
        self.known[name] = ()
        self.unread.append(name)
        return lines

    # ---- the file

    def number(self) -> float:
        return self.chance.choice((-1, 1)) * self.chance.randint(1, 20) / 10

    def array(self, own: Shape) -> object:
        return [self.array(own[1:]) for _ in range(own[0])] if own else self.number()

    def value(self, own: Shape) -> str:
        """As people give it: in full, or drawn."""
        if own and self.chance.random() < 0.4:
            shape = ", ".join(map(self.size, own))
            init = self.chance.choice(("normal", "xavier-uniform", "he-normal", "uniform"))
            return f'{{ shape = [{shape}], init = "{init}", seed = 1 }}'
        if len(own) == 2 and own[1] == 1 and self.chance.random() < 0.5:
            return repr([row[0] for row in self.array(own)])  # type: ignore[attr-defined]
        return repr(self.array(own))

    def size(self, extent: int) -> str:
        """An extent as it is written: now and then by the name of a size."""
        names = [name for name, size in self.sizes.items() if size == extent]
        return f'"{names[0]}"' if names and self.chance.random() < 0.3 else str(extent)

    def file(self, lines: list[str]) -> str:
        chance = self.chance
        text = "\n".join(lines)
        found = ["format = 1", "[model]"]
        if self.samples != "columns" and (self.samples == "rows" or chance.random() < 0.3):
            found.append(f'samples = "{self.samples}"')
        found += ["forward = '''", text, "'''"]
        found.append(f"sizes = {{ {', '.join(f'{name} = {size}' for name, size in self.sizes.items())} }}")
        found += ["[model.parameters]", *(f"{name} = {self.value(own)}" for name, own in self.parameters.items())]
        if self.given:
            found += ["[model.given]", *(f"{name} = {self.array(own)!r}" for name, own in self.given.items())]
        found.append("[model.inputs]")
        for name, own in self.inputs.items():
            more = f", classes = {self.classes[name]}" if name in self.classes else ""
            more += ", gradient = true" if not more and chance.random() < 0.3 else ""
            found.append(f"{name} = {{ shape = {[*own]!r}{more} }}")
        found.append("[data]")
        for name, own in self.inputs.items():
            if name in self.classes:
                found.append(f"{name} = {[chance.randrange(self.classes[name]) for _ in range(self.batch)]!r}")
            else:
                found.append(f"{name} = {self.array((self.batch, *own))!r}")
        optimizer = chance.choice(("sgd", "sgd", "adam", "rmsprop", "adagrad"))
        found += ["[optimizer]", f'name = "{optimizer}"', "learning_rate = 0.1"]
        return "\n".join(found) + "\n"


# ---- mistakes: of lines other lines


def spoiled(chance: Random, line: str) -> str:
    """A line with a word or a sign of it left out, doubled, or another."""
    parts = re.split(r"(\w+|\s+|.)", line)
    words = [place for place, part in enumerate(parts) if part.strip()]
    if not words:
        return line
    at = chance.choice(words)
    match chance.randrange(4):
        case 0:
            parts[at] = ""
        case 1:
            parts[at] *= 2
        case 2:
            parts[at] = chance.choice(WRONG_WORDS)
        case _:
            other = chance.choice(words)
            parts[at], parts[other] = parts[other], parts[at]
    return "".join(parts)


def _one(change: Callable[[Random, str], str]) -> Callable[[Random, list[str]], list[str]]:
    """A change of one line, as one of a text."""

    def changed(chance: Random, lines: list[str]) -> list[str]:
        at = chance.randrange(len(lines))
        return [*lines[:at], change(chance, lines[at]), *lines[at + 1 :]]

    return changed


def _replaced(pattern: str, *others: str) -> Callable[[Random, str], str]:
    """A change of one of the places that a pattern fits."""

    def change(chance: Random, line: str) -> str:
        found = [*re.finditer(pattern, line)]
        if not found:
            return line
        one = chance.choice(found)
        return line[: one.start()] + chance.choice(others) + line[one.end() :]

    return change


def _other_name(chance: Random, line: str) -> str:
    """One name of a line in the place of another."""
    names = re.findall(r"[A-Za-z_]\w*", line)
    return _replaced(rf"\b{chance.choice(names)}\b", chance.choice(names))(chance, line) if names else line


def _moved(chance: Random, lines: list[str]) -> list[str]:
    """A line elsewhere, twice, or not at all."""
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines) + 1)
    kept = lines if chance.random() < 0.4 else [*lines[:at], *lines[at + 1 :]]
    return [*kept[:to], *([lines[at]] if chance.random() < 0.8 else []), *kept[to:]] or lines


def _indented(chance: Random, line: str) -> str:
    return " " * chance.choice((0, 1, 4, 8)) + line.lstrip()


MISTAKES = (
    _one(spoiled),
    _one(spoiled),
    _one(_other_name),
    _one(_other_name),
    _one(_indented),
    _moved,
    _one(_replaced(r"\.T", "", ".T.T", ".t()", ".transpose()")),
    _one(_replaced(r"(?<=\w)\b", ".T")),
    _one(_replaced(r" [-+*/@] ", " + ", " * ", " @ ", " / ", " ^ ", " ")),
    _one(_replaced(r"axis=\d", "axis=0", "axis=1", "axis=2", "axis=-1", "dim=1", "axis=d", "axis=None")),
    _one(_replaced(r"\d+", "0", "1", "2", "7", "-1", "1.5", "T", "1e9")),
    _one(_replaced(r"\w+(?=\()", "relu", "sum", "softmax", "norm", "embed", "heads", "conv", "np.exp", "nothing")),
    _one(_replaced(r"\[[^\]]*\]", "[t]", "[t-1]", "[t+1]", "[0]", "[0, 1]", "[T]", "[:]", "[-1]", "[0, 0, 0]", "[]")),
)
