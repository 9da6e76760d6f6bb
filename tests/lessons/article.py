"""The float64 column of what the article printed, by operation; and what the screen shows of it."""

VALUES: dict[str, tuple[float, ...]] = {
    "z1": (-0.05, 1.4),
    "h1": (0.0, 1.4),
    "z2": (-1.2,),
    "y_hat": (0.2314752165,),
    "L": (1.4632824673,),
    "delta2": (-0.7685247835,),
    "W2": (0.5, -0.8924065303),
    "b2": (0.2768524783,),
    "W1": (0.2, -0.4, 0.1, 0.6231475217, 0.2615737608, -0.3847212825),
    "b1": (0.1, -0.2768524783),
}
NEXT_LOSS = 1.0792030650
OPERATIONS = (
    *("z1", "h1", "z2", "y_hat", "L", "dL_dy_hat", "dy_hat_dz2", "delta2", "dL_dW2", "dL_db2"),
    *("dL_dh1", "dh1_dz1", "delta1", "dL_dW1", "dL_db1", "W2", "b2", "W1", "b1"),
)
CLAIMS = {
    "z1": "✗",
    "h1": "✗",
    "z2": "✗",
    "y_hat": "✗",
    "L": "✗✓",
    "delta2": "✗",
    "W1": "✓",
    "b1": "✓",
    "W2": "✓",
    "b2": "✓",
}


def shown(value: float, digits: int = 4) -> str:
    """A number as the screen writes it, by Python's own formatting."""
    text = f"{abs(value):.{digits}f}".rstrip("0").rstrip(".")
    return f"−{text}" if value < 0 and text != "0" else text
