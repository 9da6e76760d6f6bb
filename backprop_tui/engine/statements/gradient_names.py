"""Which variable a gradient belongs to: delta1 is ∂L/∂z₁, dL_dW1 is ∂L/∂W₁."""

DELTA, GRADIENT = "delta", "dL_d"


def gradient_of(variable: str) -> str:
    """What the gradient of L with respect to a variable is called, whether or not a program has it."""
    return f"{DELTA}{variable[1:]}" if variable[:1] == "z" and variable[1:].isdigit() else f"{GRADIENT}{variable}"


def variable_of(name: str) -> str | None:
    """What L is differentiated with respect to in a gradient of that name; None if it is not a gradient of L."""
    if name.startswith(DELTA) and name.removeprefix(DELTA).isdigit():
        return f"z{name.removeprefix(DELTA)}"
    return name.removeprefix(GRADIENT) if name.startswith(GRADIENT) else None
