"""What the lines and parameters of a model stand for, by the kinds that `engine/model/line_kinds.py` finds."""

from backprop_tui.engine.statements.variable import Role

# role and kind -> what it is; {step} is the step of the loop that it belongs to
ENTRIES: dict[tuple[Role, str], str] = {
    (Role.PARAMETER, "weights"): "weights: how much each number counts that they multiply",
    (Role.PARAMETER, "bias"): "a bias, which is added whatever comes in",
    (Role.PARAMETER, "table"): "a table in which classes are looked up by their numbers",
    (Role.PARAMETER, "kernel"): "kernels, which slide over the image",
    (Role.PARAMETER, "stretch"): "a stretch of what a norm gives, PyTorch's weight",
    (Role.PARAMETER, "shift"): "a shift of what a norm gives, PyTorch's bias",
    (Role.VALUE, "part of L"): "a part of L, which is the sum of its parts",
    (Role.VALUE, "embedding"): "what was looked up in a table",
    (Role.VALUE, "attention"): "shares of attention: how much of each value goes into what comes next",
    (Role.VALUE, "shares"): "shares that add up to 1, made of scores",
    (Role.VALUE, "mixed"): "values, weighted by their shares of attention and added up",
    (Role.VALUE, "scores"): "how well things fit together, before a softmax makes shares of it",
    (Role.VALUE, "logits"): "scores of the classes, before a softmax makes shares of them",
    (Role.VALUE, "keeps"): "a gate: how much of the old state remains, from 0 to 1",
    (Role.VALUE, "lets go"): "a gate: how much of the old state gives way to what is new, from 0 to 1",
    (Role.VALUE, "gate"): "a gate: how much of what it multiplies passes, from 0 to 1",
    (Role.VALUE, "convolution"): "what the kernels give at every place of the image",
    (Role.VALUE, "pool"): "what is left of each window of the image",
    (Role.VALUE, "mean"): "a mean that a norm takes out",
    (Role.VALUE, "centered"): "what a norm is taken of, less its mean",
    (Role.VALUE, "variance"): "the variance of what a norm is taken of",
    (Role.VALUE, "deviation"): "the standard deviation of what a norm is taken of, or one over it",
    (Role.VALUE, "normalised"): "what a norm is taken of, shifted to a mean of 0 and scaled to a variance of 1",
    (Role.VALUE, "stretched"): "what a norm gives, stretched and perhaps shifted",
    (Role.VALUE, "residual"): "something that goes past unchanged, with what was made of it added",
    (Role.VALUE, "drawn"): "something with noise added, which is drawn anew in every iteration",
    (Role.VALUE, "mask"): "which numbers are kept in an iteration, 1, and which are left out, 0",
    (Role.VALUE, "dropped"): "what a mask leaves of something, scaled up",
    (Role.VALUE, "similarity"): "how much two things have in common: their numbers multiplied in pairs and added up",
    (Role.VALUE, "state"): "the state after step {step}, which the loop carries on",
    (Role.VALUE, "weighted"): "inputs, weighted by parameters and added up",
}
