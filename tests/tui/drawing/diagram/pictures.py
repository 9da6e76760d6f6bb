"""Pictures to draw: the article's network at some of its steps, and networks of any size."""

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.diagram_styles import DARK, Palette, palette
from backprop_tui.tui.drawing.diagram.outline import Outline, Outlines
from backprop_tui.tui.drawing.diagram.picture import Address, Column, Direction, Edge, Loss, Node, Picture
from backprop_tui.tui.drawing.glyphs import UNICODE, Glyphs

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
STEPS = ("start", "z1", "h1", "z2", "L", "delta2", "dL_dW2", "delta1", "W2")
_LIT: dict[str, dict[str, dict[str, Any]]] = {
    "start": {},
    "z1": {"x": {"lit": "all"}, "h": {"lit": "all", "lit_edges": "all", "lit_bias": "all", "fresh": "values"}},
    "h1": {"h": {"lit": "all", "fresh": "values"}},
    "z2": {"h": {"lit": "all"}, "ŷ": {"lit": "all", "lit_edges": "all", "lit_bias": "all", "fresh": "values"}},
    "L": {"ŷ": {"lit": "all"}},
    "delta2": {"ŷ": {"lit": "all", "lit_deltas": "all", "fresh": "deltas"}},
    "dL_dW2": {
        "h": {"lit": "all"},
        "ŷ": {"lit_deltas": "all", "lit_edges": "all", "fresh": "weights", "gradients": np.array([[-0.0, -1.0759]])},
    },
    "delta1": {
        "h": {"lit_deltas": "all", "fresh": "deltas"},
        "ŷ": {"lit_deltas": "all", "lit_edges": "all"},
    },
    "W2": {
        "ŷ": {
            "lit_edges": "all",
            "fresh": "weights",
            "weights": np.array([[0.5, -0.8924]]),
            "weights_before": np.array([[0.5, -1.0]]),
        },
    },
}

SIXTEEN = palette(
    positive="bright_cyan",
    negative="bright_yellow",
    text="default",
    muted="default",
    accent="default",
    delta="bright_magenta",
    odd="bright_red",
)


class Drawn(NamedTuple):
    """A picture and its outline, ready to be drawn."""

    picture: Picture
    outlines: Outlines

    def at(self, width: int, height: int, styles: Palette = DARK, glyphs: Glyphs = UNICODE) -> Drawing:
        """The picture in a room."""
        return draw(self.picture, self.outlines, width, height, styles, glyphs)


def article(step: str, selected: Address | None = None) -> Drawn:
    """The article's 3-2-1 network after one of STEPS."""
    count = STEPS.index(step)
    used: dict[str, Any] = _LIT[step]
    h = Column(
        label="z₁" if step == "z1" else "h",
        values=np.array([0.0, 1.4]) if count >= 1 else None,
        off=np.array([True, False]) if count >= 2 else None,
        weights=np.array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]),
        weight_label="W₁",
        biases=np.array([0.1, -0.2]),
        deltas=np.array([-0.0, 0.7685]) if count >= 7 else None,
        delta_label="δ₁",
        **used.get("h", {}),
    )
    y_hat = Column(
        **{
            "label": "ŷ",
            "values": np.array([0.2315]) if count >= 3 else None,
            "weights": np.array([[0.5, -1.0]]),
            "weight_label": "W₂",
            "biases": np.array([0.2]),
            "deltas": np.array([-0.7685]) if count >= 5 else None,
            "delta_label": "δ₂",
            **used.get("ŷ", {}),
        }
    )
    x = Column(label="x", values=np.array([1.0, 0.5, -1.5]), **used.get("x", {}))
    loss = Loss(value=1.4633 if count >= 4 else None, targets=np.array([1.0]), lit=step == "L", fresh=step == "L")
    outlines = Outlines(
        columns=(
            Outline(units=3, decimals=1, own_name=4),
            Outline(units=2, own_name=4, deltas=True, bias=6, weight=6, states=True),
            Outline(units=1, deltas=True, bias=5, weight=6),
        ),
        target=3,
    )
    direction = _direction(0 < count < 8, count >= 5)
    return Drawn(Picture(columns=[x, h, y_hat], loss=loss, direction=direction, selected=selected), outlines)


def _direction(started: bool, backward: bool) -> Direction:
    return None if not started else "backward" if backward else "forward"


def network(
    *sizes: int, lit: int | None = None, backward: bool = False, seed: int = 0, image: Any = None, **more: Any
) -> Drawn:
    """A network with normal values; one layer in use, forward or backward."""
    random, last = np.random.default_rng(seed), len(sizes) - 1
    columns, outlines = [], []
    for index, units in enumerate(sizes):
        name = "x" if index == 0 else "ŷ" if index == last else f"h{SUBSCRIPTS[index % 10]}"
        values, hidden = random.normal(size=units), 0 < index < last
        used: dict[str, Any] = {}
        if lit is not None and index == lit:
            used = {"lit_deltas": "all", "lit_edges": "all"} if backward else {"lit": "all", "lit_edges": "all"}
        columns.append(
            Column(
                label=name,
                values=np.maximum(values, 0.0) if hidden else values,
                off=values <= 0 if hidden else None,
                deltas=random.normal(size=units) if backward and index else None,
                delta_label=f"δ{SUBSCRIPTS[index % 10]}",
                weights=random.normal(size=(units, sizes[index - 1])) if index else None,
                weight_label=f"W{SUBSCRIPTS[index % 10]}" if index else "",
                **used,
            )
        )
        outlines.append(
            Outline(units=units, deltas=index > 0, weight=6 if index else 0, image=image if index == 0 else None)
        )
    direction = _direction(lit is not None, backward)
    return Drawn(Picture(columns=columns, direction=direction, **more), Outlines(columns=tuple(outlines)))


VALUES = st.one_of(
    st.floats(-20, 20),
    st.sampled_from([0.0, -0.0, float("nan"), float("inf"), -float("inf"), 1e-12, 1e300, -123456.789]),
)
UNITS = st.one_of(st.integers(1, 12), st.integers(1, 1000))
NAMES = ("", "x", "petal length", "花びら", "a name that is far too long")


@st.composite
def pictures(draw: st.DrawFn) -> Drawn:
    """Any picture: 2 to 5 columns of 1 to 1,000 units, every part present or not."""
    sizes = draw(st.lists(UNITS, min_size=2, max_size=5))
    columns = [_column(draw, sizes, index) for index in range(len(sizes))]
    outlines = tuple(_outline(draw, sizes, index) for index in range(len(sizes)))
    column = draw(st.integers(0, len(sizes) - 1))
    unit = draw(st.integers(0, sizes[column] - 1))
    addresses: list[Address | None] = [
        None,
        Node(column, unit),
        Node(column, unit, "deltas"),
        Node(len(sizes), 0, "loss"),
    ]
    if column:
        addresses.append(Edge(column, unit, draw(st.integers(0, sizes[column - 1] - 1))))
    target = draw(st.sampled_from([0, 3, 8]))
    picture = Picture(
        columns=columns,
        loss=Loss(
            value=draw(st.none() | VALUES),
            targets=_array(draw, sizes[-1]) if target else None,
            lit=draw(st.booleans()),
        ),
        direction=draw(st.sampled_from([None, "forward", "backward"])),
        selected=draw(st.sampled_from(addresses)),
    )
    return Drawn(picture, Outlines(columns=outlines, target=target, differs=draw(st.booleans())))


def _outline(draw: st.DrawFn, sizes: list[int], index: int) -> Outline:
    units, name = sizes[index], draw(st.sampled_from(NAMES))
    is_end = index in (0, len(sizes) - 1)
    return Outline(
        units=units,
        whole=draw(st.integers(1, 5)),
        decimals=draw(st.integers(1, 8)),
        names=(name,) * units if name and is_end else (),
        deltas=draw(st.booleans()) and index > 0,
        bias=draw(st.sampled_from([0, 5, 8])) if index else 0,
        weight=draw(st.integers(3, 7)) if index else 0,
        states=draw(st.booleans()),
        image=(1, units) if index == 0 and draw(st.booleans()) else None,
    )


def _column(draw: st.DrawFn, sizes: list[int], index: int) -> Column:
    units, before = sizes[index], sizes[index - 1] if index else 0
    lit: st.SearchStrategy[Any] = some(st.integers(0, units - 1))
    edges = some(st.tuples(st.integers(0, units - 1), st.integers(0, before - 1))) if before else st.none()
    return Column(
        label=draw(st.sampled_from(["x", "h₁", "ŷ", "花"])),
        values=_array(draw, units),
        deltas=_array(draw, units),
        delta_label=draw(st.sampled_from(["δ₁", "∂L/∂h"])),
        others=_array(draw, units),
        off=np.arange(units) % 2 == 0 if draw(st.booleans()) else None,
        weights=_weights(draw, units, before),
        weight_label=f"W{index}",
        gradients=_weights(draw, units, before),
        biases=_array(draw, units) if index else None,
        lit=draw(lit),
        lit_deltas=draw(lit),
        lit_edges=draw(edges),
        fresh=draw(st.sampled_from([None, "values", "deltas", "weights"])),
    )


def some(what: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None, all, or a few of them."""
    return st.one_of(st.none(), st.just("all"), st.frozensets(what, max_size=5))


def _array(draw: st.DrawFn, units: int) -> Any:
    few = draw(st.none() | st.lists(VALUES, min_size=1, max_size=8))
    return None if few is None else np.resize(few, units).astype(float)


def _weights(draw: st.DrawFn, units: int, before: int) -> Any:
    few = draw(st.none() | st.lists(VALUES, min_size=1, max_size=8)) if before else None
    return None if few is None else np.resize(few, (units, before)).astype(float)
