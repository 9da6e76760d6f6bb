"""Pictures to draw: the article's network at some of its steps, and networks of any size."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from backprop_tui.tui.drawing.diagram.picture import Address, Column, Direction, Edge, Node, Picture

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
STEPS = ("start", "z1", "h1", "z2", "delta2", "dL_dW2", "delta1")
_LIT: dict[str, dict[str, dict[str, Any]]] = {
    "start": {},
    "z1": {"x": {"lit": "all"}, "h": {"lit": "all", "lit_edges": "all", "fresh": "values"}},
    "h1": {"h": {"lit": "all", "fresh": "values"}},
    "z2": {"h": {"lit": "all"}, "ŷ": {"lit": "all", "lit_edges": "all", "fresh": "values"}},
    "delta2": {"ŷ": {"lit": "all", "lit_deltas": "all", "fresh": "deltas"}},
    "dL_dW2": {
        "h": {"lit": "all"},
        "ŷ": {"lit_deltas": "all", "lit_edges": "all", "fresh": "weights", "gradients": np.array([[-0.0, -1.0759]])},
    },
    "delta1": {
        "h": {"lit_deltas": "all", "fresh": "deltas"},
        "ŷ": {"lit_deltas": "all", "lit_edges": "all"},
    },
}


def article(step: str, selected: Address | None = None) -> Picture:
    """The article's 3-2-1 network after one of STEPS."""
    count = STEPS.index(step)
    used: dict[str, Any] = _LIT[step]
    h = Column(
        label="h",
        units=2,
        names="h[{}]".format,
        values=np.array([0.0, 1.4]) if count >= 1 else None,
        off=np.array([True, False]) if count >= 2 else None,
        can_be_off=True,
        weights=np.array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]),
        weight_label="W₁",
        deltas=np.array([-0.0, 0.7685]) if count >= 6 else None,
        **used.get("h", {}),
    )
    y_hat = Column(
        label="ŷ",
        units=1,
        names=["ŷ"],
        values=np.array([0.2315]) if count >= 3 else None,
        weights=np.array([[0.5, -1.0]]),
        weight_label="W₂",
        deltas=np.array([-0.7685]) if count >= 4 else None,
        **used.get("ŷ", {}),
    )
    x = Column(label="x", units=3, names="x[{}]".format, values=np.array([1.0, 0.5, -1.5]), **used.get("x", {}))
    return Picture(columns=[x, h, y_hat], direction=_direction(count > 0, count >= 4), selected=selected)


def _direction(started: bool, backward: bool) -> Direction:
    return None if not started else "backward" if backward else "forward"


def network(*sizes: int, lit: int | None = None, backward: bool = False, seed: int = 0, **more: Any) -> Picture:
    """A network with normal values; one layer in use, forward or backward."""
    random, last = np.random.default_rng(seed), len(sizes) - 1
    columns = []
    for index, units in enumerate(sizes):
        name = "x" if index == 0 else "ŷ" if index == last else f"h{SUBSCRIPTS[index]}"
        values, hidden = random.normal(size=units), 0 < index < last
        used: dict[str, Any] = {}
        if lit is not None and index == lit:
            used = {"lit_deltas": "all", "lit_edges": "all"} if backward else {"lit": "all", "lit_edges": "all"}
        columns.append(
            Column(
                label=name,
                units=units,
                names=f"{name}[{{}}]".format,
                values=np.maximum(values, 0.0) if hidden else values,
                off=values <= 0 if hidden else None,
                deltas=random.normal(size=units) if backward and index else None,
                weights=random.normal(size=(units, sizes[index - 1])) if index else None,
                weight_label=f"W{SUBSCRIPTS[index]}" if index else "",
                **used,
            )
        )
    return Picture(columns=columns, direction=_direction(lit is not None, backward), **more)


VALUES = st.one_of(
    st.floats(-20, 20),
    st.sampled_from([0.0, -0.0, float("nan"), float("inf"), -float("inf"), 1e-12, 1e300, -123456.789]),
)
UNITS = st.one_of(st.integers(1, 12), st.integers(1, 1000))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Any picture: 2 to 9 columns of 1 to 1,000 units, every part present or not."""
    sizes = draw(st.lists(UNITS, min_size=2, max_size=9))
    columns = [_column(draw, sizes, index) for index in range(len(sizes))]
    column = draw(st.integers(0, len(sizes) - 1))
    unit = draw(st.integers(0, sizes[column] - 1))
    addresses: list[Address | None] = [None, Node(column, unit), Node(column, unit, delta=True)]
    if column:
        addresses.append(Edge(column, unit, draw(st.integers(0, sizes[column - 1] - 1))))
    return Picture(
        columns=columns,
        direction=draw(st.sampled_from([None, "forward", "backward"])),
        selected=draw(st.sampled_from(addresses)),
        digits=draw(st.integers(0, 8)),
    )


def _column(draw: st.DrawFn, sizes: list[int], index: int) -> Column:
    units, before = sizes[index], sizes[index - 1] if index else 0
    lit: st.SearchStrategy[Any] = some(st.integers(0, units - 1))
    name = draw(st.sampled_from(["x", "h₁", "ŷ", "petal_length", "花びら", "a_name_that_is_long"]))
    edges = some(st.tuples(st.integers(0, units - 1), st.integers(0, before - 1))) if before else st.none()
    return Column(
        label=name[:2],
        units=units,
        names=f"{name}[{{}}]".format,
        called=draw(st.booleans()),
        values=_array(draw, units),
        deltas=_array(draw, units),
        off=np.arange(units) % 2 == 0 if draw(st.booleans()) else None,
        can_be_off=draw(st.booleans()),
        weights=_weights(draw, units, before),
        weight_label=f"W{index}",
        gradients=_weights(draw, units, before),
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
