"""Every matrix is named over the picture, however little room there is."""

import pytest
from msgspec.structs import replace

from tests.tui.drawing.diagram.pictures import Drawn, network


def named(drawn: Drawn, *labels: str, deltas: str = "δ₁") -> Drawn:
    """The same with other names of the weights, and of what flows back to the first layer."""
    columns = [*drawn.picture.columns]
    columns[1] = replace(columns[1], delta_label=deltas)
    for index, label in enumerate(labels, 1):
        columns[index] = replace(columns[index], weight_label=label)
    return drawn._replace(picture=replace(drawn.picture, columns=columns))


@pytest.mark.parametrize(
    ("sizes", "labels", "deltas"),
    [
        ((64, 32, 10), ("W₁", "W₂"), "∂L/∂h"),
        ((64, 32, 10), ("W₁", "∂L/∂W₂"), "δ₁"),
        ((2, 16, 16, 1), ("W₁", "W₂", "∂L/∂W₃"), "δ₁"),
        ((2, 16, 16, 1), ("∂L/∂W₁", "∂L/∂W₂", "∂L/∂W₃"), "δ₁"),
    ],
)
def test_every_matrix_is_named(sizes: tuple[int, ...], labels: tuple[str, ...], deltas: str) -> None:
    image = (8, 8) if sizes[0] == 64 else None
    drawing = named(network(*sizes, lit=1, backward=True, image=image), *labels, deltas=deltas).at(58, 11)
    assert drawing.plan is not None
    rows = [drawing.strips[y].text for y in range(2)]
    for gap, label in zip(drawing.plan.gaps[1:], labels, strict=True):
        (found,) = [row.index(label) for row in rows if label in row]
        assert gap.left - len(label) <= found <= gap.right + 1, label
        assert all(f"{label}{other}" not in row for row in rows for other in "δŷh∂")
