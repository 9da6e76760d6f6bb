"""The one error of the expression language."""


class ExpressionError(ValueError):
    """An expression that cannot be read or evaluated: one line, with the column (from 1) where it is known."""

    def __init__(self, message: str, column: int | None = None) -> None:
        super().__init__(message if column is None else f"column {column}: {message}")
        self.column = column
