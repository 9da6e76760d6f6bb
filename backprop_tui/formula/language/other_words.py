"""What people write in other languages, and what is written in a formula for it."""

import ast
from collections.abc import Collection
from difflib import get_close_matches

# a function elsewhere -> the same here
WRITTEN = {
    **dict.fromkeys(("matmul", "mm", "bmm", "dot", "inner"), "a @ b"),
    **dict.fromkeys(("transpose", "swapaxes", "permute", "t", "T", "mT"), "a.T"),
    **dict.fromkeys(("pow", "power"), "a ** b"),
    **dict.fromkeys(("square", "sqr"), "a ** 2"),
    **dict.fromkeys(("ln", "logarithm"), "log(a)"),
    **dict.fromkeys(("maximum", "amax"), "max(a, b)"),
    **dict.fromkeys(("minimum", "amin"), "min(a, b)"),
    **dict.fromkeys(("clip", "clamp"), "min(max(a, low), high)"),
    **dict.fromkeys(("cat", "concatenate", "vstack"), "concat(a, b), or beside(a, b)"),
    **dict.fromkeys(("hstack", "column_stack"), "beside(a, b)"),
    **dict.fromkeys(("detach", "stop_gradient", "no_grad"), "stop(a)"),
    **dict.fromkeys(("tril", "triu", "masked_fill"), "causal(T), which is added"),
    **dict.fromkeys(("conv1d", "conv2d"), "conv(x, K)"),
    **dict.fromkeys(("maxpool", "maxpool2d", "max_pool2d"), "max_pool(h, 2)"),
    **dict.fromkeys(("avgpool", "avg_pool2d"), "avg_pool(h, 2)"),
    **dict.fromkeys(("var", "variance"), "mean((a - mean(a)) ** 2)"),
    **dict.fromkeys(("std", "stddev"), "sqrt(mean((a - mean(a)) ** 2))"),
    **dict.fromkeys(("embedding", "one_hot", "onehot"), "embed(table, ids)"),
    **dict.fromkeys(("gather", "nll_loss"), "pick(a, y)"),
    "logsumexp": "log(sum(exp(a), axis=0))",
    "logsigmoid": "log(sigmoid(a))",
    "mse_loss": "mse(a, b)",
    "binary_cross_entropy": "-mean(y * log(p) + (1 - y) * log(1 - p))",
    "linear": "W @ x + b",
    "reciprocal": "1 / a",
}


def of_function(name: str, functions: Collection[str]) -> str:
    """What may have been meant by a name that is no function, in brackets; empty where nothing is known."""
    for known in (name, name.lower()):
        if known in WRITTEN:
            return f" (did you mean {WRITTEN[known]}?)"
    close = get_close_matches(name, functions, 1) or get_close_matches(name.lower(), functions, 1)
    return f" (did you mean {close[0]}?)" if close else ""


def of_syntax(node: ast.expr, functions: Collection[str]) -> str:
    """What is written here for what Python would read, in brackets; empty where nothing is known."""
    match node:
        case ast.BinOp(_, ast.BitXor(), _):
            return " (did you mean a ** b?)"
        case ast.IfExp():
            return " (did you mean where(a > b, c, d)?)"
        case ast.Call(ast.Attribute(_, name)) if name in functions:
            return f" (did you mean {name}(…)?)"
        case ast.Call(ast.Attribute(_, name)) | ast.Attribute(_, name):
            return of_function(name, functions)
    return ""
