"""The scenario format: its tables as types, and the JSON Schema that editors read.

The types say what a file may hold, and the schema is made from them: names, bounds and kinds are written here and
nowhere else. `structure.py` holds a file to it; what takes more than one value to judge is in `check.py`.

msgspec itself only enforces kinds: `structure.py` has left out what is not within the bounds before it sees a file.
"""

from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

ACTIVATIONS = (
    *("relu", "leaky-relu", "elu", "selu", "gelu", "gelu-tanh", "silu", "softplus", "mish"),
    *("sigmoid", "hard-sigmoid", "tanh", "softmax", "log-softmax", "identity"),
)
LOSSES = (
    *("binary-cross-entropy", "categorical-cross-entropy", "mean-squared-error", "sum-squared-error"),
    *("half-squared-error", "mean-absolute-error", "huber", "hinge", "output"),
)
OPTIMIZERS = ("sgd", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "nadam")
INITIALIZERS = (
    *("zeros", "constant", "uniform", "normal", "xavier-uniform", "xavier-normal"),
    *("he-uniform", "he-normal", "orthogonal"),
)
SCHEDULES = ("step", "exponential", "cosine", "warmup")
NORMS = ("batch", "layer")
REDUCTIONS = ("mean", "sum")
PARAMETERS = ("weights", "bias")
DATASETS = ("xor", "and", "or", "moons", "spirals", "circles", "iris", "digits")

MOST_UNITS = 1_000_000
MOST_LAYERS = 100
MOST_WEIGHTS = 10_000_000  # that are made for one layer
MOST_ITERATIONS = 1_000_000_000
MOST_NOISE = 1_000_000  # the data that it is added to lie within 1 of the origin
MOST_TEXTS = 10_000  # that a list of tables has: each is told, and looked up, by itself
MOST_NUMBERS = 100_000_000  # of one variable: 800 MB
# The characters of RFC 3986, as browsers copy addresses: nothing that a terminal or Markdown would act on.
WEB_ADDRESS = r"^https?://[A-Za-z0-9\[][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{0,999}$"


def about(description: str, **bounds: Any) -> Meta:
    """What an editor shows for a key, and JSON Schema's bounds on its value."""
    return Meta(description=description, extra_json_schema=bounds or None)


def bounded(**bounds: Any) -> Meta:
    return Meta(extra_json_schema=bounds)


Seed = Annotated[int, bounded(minimum=0, maximum=2**63 - 1)]
Size = Annotated[int, bounded(minimum=1, maximum=MOST_UNITS)]
Count = Annotated[int, bounded(minimum=1, maximum=MOST_ITERATIONS)]
Share = Annotated[float, bounded(minimum=0, exclusiveMaximum=1)]
Positive = Annotated[float, bounded(exclusiveMinimum=0)]
NotNegative = Annotated[float, bounded(minimum=0)]


class Layer(Struct, forbid_unknown_fields=True):
    """A dense layer: z = W·(what comes before) + b, then the activation."""

    activation: Annotated[str, about("The function applied to z.", enum=ACTIVATIONS)]
    units: Annotated[Size | UnsetType, about("How many units; may be left out where weights are given.")] = UNSET
    weights: Annotated[list[list[float]] | UnsetType, about("W, one row per unit with one number per input.")] = UNSET
    bias: Annotated[bool | float | list[float] | UnsetType, about("b, one number per unit; false for none.")] = UNSET
    init: Annotated[str | UnsetType, about("How to make the weights, in place of `weights`.", enum=INITIALIZERS)] = (
        UNSET
    )
    seed: Annotated[Seed | UnsetType, about("Where the random numbers of `init` start.")] = UNSET
    freeze: Annotated[
        list[Annotated[str, about("A parameter.", enum=PARAMETERS)]] | UnsetType,
        about("What is not trained."),
    ] = UNSET
    shared_bias: Annotated[bool | UnsetType, about("One trained bias for the whole layer.")] = UNSET
    dropout: Annotated[Share | UnsetType, about("The share of units that training leaves out.")] = UNSET
    norm: Annotated[str | UnsetType, about("Normalise z over the batch or over the layer.", enum=NORMS)] = UNSET
    slope: Annotated[float | UnsetType, about("The slope of leaky-relu below 0.")] = UNSET


class Network(Struct, forbid_unknown_fields=True):
    """The network: how many inputs, and the layers in order."""

    inputs: Annotated[Size, about("How many numbers a sample has.")]
    layers: Annotated[list[Layer], about("The layers, input side first.", minItems=1, maxItems=MOST_LAYERS)]
    input_gradient: Annotated[bool, about("Also compute ∂L/∂x.")] = False


class Data(Struct, forbid_unknown_fields=True):
    """What the network is trained on: samples written here, a made data set, or a csv file."""

    x: Annotated[
        list[float | list[float]] | UnsetType,
        about("One sample as a list, or a list of samples, one inner list each."),
    ] = UNSET
    y: Annotated[
        float | list[float | list[float]] | UnsetType,
        about("The targets: a number, a list (with a batch: one target per sample), or a list per sample."),
    ] = UNSET
    dataset: Annotated[str | UnsetType, about("A data set by name, in place of x and y.", enum=DATASETS)] = UNSET
    csv: Annotated[str | UnsetType, about("A csv file, its path relative to the scenario, in place of x and y.")] = (
        UNSET
    )
    samples: Annotated[int | UnsetType, about("How many samples to make.", minimum=1, maximum=MOST_UNITS)] = UNSET
    noise: Annotated[
        float | UnsetType, about("Standard deviation of the noise in made data.", minimum=0, maximum=MOST_NOISE)
    ] = UNSET
    seed: Annotated[Seed | UnsetType, about("Where the random numbers of made data start.")] = UNSET
    target: Annotated[
        str | int | list[str | int] | UnsetType,
        about("The csv column that holds the target, by name or counted from 0, or several; the last without it."),
    ] = UNSET
    header: Annotated[bool | UnsetType, about("Whether the csv file begins with column names.")] = UNSET
    features: Annotated[list[str] | UnsetType, about("Names of the inputs.", maxItems=MOST_UNITS)] = UNSET
    classes: Annotated[
        list[str] | UnsetType,
        about(
            "Names of the classes: one for each output, or two for one output that tells them apart.",
            maxItems=MOST_UNITS,
        ),
    ] = UNSET
    held_out: Annotated[Share | UnsetType, about("The share of samples kept for evaluation.")] = UNSET


class Loss(Struct, forbid_unknown_fields=True):
    """What training makes small."""

    name: Annotated[str, about("Which loss.", enum=LOSSES)]
    reduction: Annotated[str, about("How a batch is put together, as in PyTorch.", enum=REDUCTIONS)] = "mean"


class Optimizer(Struct, forbid_unknown_fields=True):
    """How gradients change parameters; the settings have PyTorch's names, meanings and defaults."""

    name: Annotated[str, about("Which optimizer.", enum=OPTIMIZERS)]
    learning_rate: Annotated[float, about("η, the size of a step.", minimum=0)]
    momentum: Annotated[NotNegative | UnsetType, about("sgd, rmsprop: how much of the last step goes on.")] = UNSET
    dampening: Annotated[float | UnsetType, about("sgd: how much less the gradient adds to the momentum.")] = UNSET
    nesterov: Annotated[bool | UnsetType, about("sgd: look ahead along the momentum.")] = UNSET
    weight_decay: Annotated[NotNegative | UnsetType, about("Pull towards 0; adamw: apart from the gradient.")] = UNSET
    betas: Annotated[list[Share] | UnsetType, about("adam and kin: β₁ and β₂.", minItems=2, maxItems=2)] = UNSET
    eps: Annotated[NotNegative | UnsetType, about("ε, what keeps a division finite.")] = UNSET
    alpha: Annotated[NotNegative | UnsetType, about("rmsprop: how slowly the mean square forgets.")] = UNSET
    rho: Annotated[NotNegative | UnsetType, about("adadelta: how slowly the mean squares forget.")] = UNSET
    centered: Annotated[bool | UnsetType, about("rmsprop: divide by the variance.")] = UNSET
    amsgrad: Annotated[bool | UnsetType, about("adam: divide by the largest mean square so far.")] = UNSET
    lr_decay: Annotated[NotNegative | UnsetType, about("adagrad: how fast η falls.")] = UNSET
    initial_accumulator_value: Annotated[NotNegative | UnsetType, about("adagrad: where its sum starts.")] = UNSET
    momentum_decay: Annotated[NotNegative | UnsetType, about("nadam: how fast momentum changes.")] = UNSET


class Regularization(Struct, forbid_unknown_fields=True):
    """A penalty on the weights, part of L: l1 Σ|W| + ½ l2 ΣW²."""

    l1: Annotated[NotNegative, about("The weight of Σ|W|.")] = 0.0
    l2: Annotated[NotNegative, about("The weight of ½ΣW².")] = 0.0


class Schedule(Struct, forbid_unknown_fields=True):
    """How the learning rate changes."""

    name: Annotated[str, about("Which schedule.", enum=SCHEDULES)]
    step_size: Annotated[Count | UnsetType, about("step: iterations between two changes.")] = UNSET
    gamma: Annotated[Positive | UnsetType, about("step (0.1 without it), exponential: what η is multiplied by.")] = (
        UNSET
    )
    t_max: Annotated[Count | UnsetType, about("cosine: iterations down to the lowest η.")] = UNSET
    steps: Annotated[Count | UnsetType, about("warmup: iterations up to the full η.")] = UNSET


class Clip(Struct, forbid_unknown_fields=True):
    """A bound on the gradients: on the norm of all together, or on every number."""

    norm: Annotated[Positive | UnsetType, about("The largest norm of all gradients together.")] = UNSET
    value: Annotated[Positive | UnsetType, about("The largest size of any number of a gradient.")] = UNSET


class Training(Struct, forbid_unknown_fields=True):
    """How long to train, and on how much at a time."""

    iterations: Annotated[Count, about("What “run to the end” means; stepping past it goes on.")] = 1
    epochs: Annotated[Count | UnsetType, about("Passes over the data, in place of iterations.")] = UNSET
    batch_size: Annotated[Count | UnsetType, about("Samples per iteration; without it, all.")] = UNSET
    shuffle: Annotated[bool | UnsetType, about("Another order of the samples in every epoch.")] = UNSET
    seed: Annotated[Seed | UnsetType, about("Where the random numbers of `shuffle` and dropout start.")] = UNSET


class Published(Struct, forbid_unknown_fields=True):
    """A value that the source printed, right or wrong, to be checked at the precision it is written with."""

    name: Annotated[
        str, about("Which variable: z1, y_hat, L, delta2, W1 (after its update), …; or of it one element, dL_dW2[0,0].")
    ]
    value: Annotated[
        float | list[float | list[float]],
        about("A number, a list for a column or a row, or a list of rows; 0.167 claims 0.1665 to 0.1675."),
    ]
    where: Annotated[str, about("Where in the source it stands.")] = ""
    iteration: Annotated[Count, about("Of which iteration, from 1.")] = 1


class Note(Struct, forbid_unknown_fields=True):
    """A text that is shown when an operation is reached."""

    at: Annotated[str, about("An operation or a stage (delta2), or a position (3:delta2).")]
    text: Annotated[str, about("What to tell the reader.")]
    iteration: Annotated[Count | UnsetType, about("In which iteration, from 1; without it, in every one.")] = UNSET


class Source(Struct, forbid_unknown_fields=True):
    """Where the example comes from."""

    name: Annotated[str, about("Whose example it is.")] = ""
    url: Annotated[
        str | UnsetType, about("Its page: an address that begins with https:// or http://.", pattern=WEB_ADDRESS)
    ] = UNSET


class File(Struct, forbid_unknown_fields=True):
    """A scenario of backprop-tui: a network, its data, and how it is trained."""

    format: Annotated[int, about("The version of this format.", enum=(1,))]
    network: Network
    data: Data
    loss: Loss
    optimizer: Optimizer
    title: Annotated[str, about("What it is called.")] = ""
    source: Annotated[str | Source, about("Whose example it is; as a table, with the address of its page.")] = ""
    training: Training = msgspec.field(default_factory=Training)
    regularization: Regularization | UnsetType = UNSET
    schedule: Schedule | UnsetType = UNSET
    clip: Clip | UnsetType = UNSET
    published: Annotated[list[Published], about("Values that the source printed.", maxItems=MOST_TEXTS)] = []
    note: Annotated[list[Note], about("Texts shown at operations.", maxItems=MOST_TEXTS)] = []


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "backprop-tui scenario"}
    return dialect | msgspec.json.schema(File)


def schema_json() -> str:
    """The JSON Schema as `backprop-tui schema` prints it."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"
