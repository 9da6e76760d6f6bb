"""The scenario format: its tables as types. Those of a model written as formulas are in `model_schema.py`.

The types say what a file may hold, and the JSON Schema is made from them (`json_schema.py`). The names of activations,
losses and so on are those of the tables' rows, and so are their settings: a row that is added is a name that a file may
have. `conformance.py` holds a file to the schema; what takes more than one value to judge is in `scenario/checking`.

msgspec itself only enforces types: `conformance.py` has left out what is not within the bounds before msgspec sees the
file.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from backprop_tui.engine.network.layers import NORMS
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.initializers import INITIALIZERS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.noises import NOISES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Setting
from backprop_tui.engine.training.update_statements import CLIPS, SCHEDULES

REDUCTIONS = ("mean", "sum")
PARAMETERS = ("weights", "bias")
DATASETS: dict[str, Any] = {}  # by name; the rows are in scenario/data, which imports this folder and puts them here
NAMES: dict[str, Mapping[str, Any]] = {  # the tables whose names an `enum` is
    "activations": ACTIVATIONS,
    "losses": LOSSES,
    "optimizers": OPTIMIZERS,
    "initializers": INITIALIZERS,
    "schedules": SCHEDULES,
    "norms": NORMS,
    "datasets": DATASETS,
    "noises": NOISES,
}

NOT_FINITE = "x-not-finite"  # a word of ours beside JSON Schema's: the number may be nan or inf, which JSON has not
MOST_UNITS = 1_000_000
MOST_LAYERS = 100
MOST_WEIGHTS = 10_000_000  # made for one layer: 80 MB
MOST_ITERATIONS = 1_000_000_000
MOST_DECIMALS = 30  # of a printed number
MOST_NOISE = 1_000_000  # far more than makes sense: the data that it is added to lie within 3 of the origin
MOST_TEXTS = 10_000  # tables in a list of tables: each is shown, and looked up, by itself
MOST_NUMBERS = 100_000_000  # in one variable: 800 MB
# The characters of RFC 3986, as browsers copy addresses: nothing that a terminal or Markdown would act on.
WEB_ADDRESS = r"^https?://[A-Za-z0-9\[][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{0,999}$"


def about(description: str, **bounds: Any) -> Meta:
    """What an editor shows for a key, and the bounds on its value in JSON Schema's words."""
    return Meta(description=description, extra_json_schema=bounds or None)


def bounded(**bounds: Any) -> Meta:
    return Meta(extra_json_schema=bounds)


Seed = Annotated[int, bounded(minimum=0, maximum=2**63 - 1)]
Size = Annotated[int, bounded(minimum=1, maximum=MOST_UNITS)]
Count = Annotated[int, bounded(minimum=1, maximum=MOST_ITERATIONS)]
Printed = Annotated[float, bounded(**{NOT_FINITE: True})]
PrintedNumbers = Printed | list[Printed | list[Printed | list[Printed | list[Printed | list[Printed]]]]]
Share = Annotated[float, bounded(minimum=0, exclusiveMaximum=1)]
NotNegative = Annotated[float, bounded(minimum=0)]


Matrix = float | list[float | list[float]]
# nested as deep as an array has axes: 5 at most
Numbers = float | list[float | list[float | list[float | list[float | list[float]]]]]
Table = TypeVar("Table", bound=type[Struct])


def having(settings: Mapping[str, tuple[Setting, str]]) -> Callable[[Table], Table]:
    """Gives a table of the format the keys of settings, after its own; each comes with what an editor says of it."""

    def extended(table: Table) -> Table:
        fields = [(name, _key(setting, about), UNSET) for name, (setting, about) in settings.items()]
        kept = {"__doc__": table.__doc__, "__module__": table.__module__}
        found: Any = msgspec.defstruct(
            table.__name__, fields, bases=(table,), namespace=kept, forbid_unknown_fields=True
        )
        return found  # type: ignore[no-any-return]

    return extended


def _key(setting: Setting, description: str) -> Any:
    """The type of a setting's key."""
    kind: Any = int if setting.whole else float
    bounds = dict(setting.bounds)
    if setting.whole:
        bounds["maximum"] = MOST_ITERATIONS
    number: Any = Annotated[kind, bounded(**bounds)] if bounds else kind
    match setting.default:
        case bool():
            return Annotated[bool | UnsetType, about(description)]
        case tuple():
            return Annotated[list[number] | UnsetType, about(description, minItems=2, maxItems=2)]
    return Annotated[number | UnsetType, about(description)]


def of_rows(rows: Mapping[str, Any]) -> dict[str, tuple[Setting, str]]:
    """The settings of a table's rows, with what each row says of them: `sgd, rmsprop: how much …; adamw: …`."""
    takers: dict[str, dict[str, list[str]]] = {}
    first: dict[str, Setting] = {}
    for row_name, row in rows.items():
        for name, setting in row.settings.items():
            first.setdefault(name, setting)
            takers.setdefault(name, {}).setdefault(setting.about, []).append(row_name)
    return {
        name: (first[name], "; ".join(f"{', '.join(names)}: {about}" for about, names in says.items()) + ".")
        for name, says in takers.items()
    }


@having(of_rows(ACTIVATIONS))
class Layer(Struct, forbid_unknown_fields=True):
    """A dense layer: z = W·(what comes before) + b, then the activation."""

    activation: Annotated[str, about("The function applied to z.", enum="activations")]
    units: Annotated[Size | UnsetType, about("How many units; may be left out where weights are given.")] = UNSET
    weights: Annotated[list[list[float]] | UnsetType, about("W, one row per unit with one number per input.")] = UNSET
    bias: Annotated[bool | float | list[float] | UnsetType, about("b, one number per unit; false for none.")] = UNSET
    init: Annotated[str | UnsetType, about("How to make the weights, in place of `weights`.", enum="initializers")] = (
        UNSET
    )
    seed: Annotated[Seed | UnsetType, about("Where the random numbers of `init` start.")] = UNSET
    freeze: Annotated[
        list[Annotated[str, about("A parameter.", enum=PARAMETERS)]] | UnsetType,
        about("What is not trained."),
    ] = UNSET
    shared_bias: Annotated[bool | UnsetType, about("One trained bias for the whole layer.")] = UNSET
    dropout: Annotated[Share | UnsetType, about("The probability with which training leaves a unit out.")] = UNSET
    norm: Annotated[str | UnsetType, about("Normalise z over the batch or over the layer.", enum="norms")] = UNSET


Start = Annotated[
    dict[str, Numbers],
    about("What a run starts with besides parameters: slots (m_W1), running statistics; t, the iterations before it."),
]


class Network(Struct, forbid_unknown_fields=True):
    """The network: how many inputs, and the layers in order."""

    inputs: Annotated[Size, about("How many numbers a sample has.")]
    layers: Annotated[list[Layer], about("The layers, input side first.", minItems=1, maxItems=MOST_LAYERS)]
    input_gradient: Annotated[bool, about("Also compute ∂L/∂x.")] = False
    start: Start = {}


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
    dataset: Annotated[str | UnsetType, about("A data set by name, in place of x and y.", enum="datasets")] = UNSET
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
    image: Annotated[
        list[Size] | UnsetType,
        about("Rows and columns, where an input is a picture: [8, 8]; it is drawn as one.", minItems=2, maxItems=2),
    ] = UNSET
    held_out: Annotated[Share | UnsetType, about("The share of samples kept for evaluation.")] = UNSET
    masks: Annotated[
        dict[str, Matrix],
        about("What dropout keeps, mask1 for layer 1: 1 or 0 for each unit, a list per sample; else it is random."),
    ] = {}


class Loss(Struct, forbid_unknown_fields=True):
    """What training makes small."""

    name: Annotated[str, about("Which loss.", enum="losses")]
    reduction: Annotated[str, about("How a batch is put together, as in PyTorch.", enum=REDUCTIONS)] = "mean"


@having(of_rows(OPTIMIZERS))
class Optimizer(Struct, forbid_unknown_fields=True):
    """How gradients change parameters; the settings have PyTorch's names, meanings and defaults."""

    name: Annotated[str, about("Which optimizer.", enum="optimizers")]
    learning_rate: Annotated[float, about("η, the size of a step.", minimum=0)]


class Regularization(Struct, forbid_unknown_fields=True):
    """A penalty on the weights, part of L: l1 Σ|W| + ½ l2 ΣW²."""

    l1: Annotated[NotNegative, about("The weight of Σ|W|.")] = 0.0
    l2: Annotated[NotNegative, about("The weight of ½ΣW².")] = 0.0


@having(of_rows(SCHEDULES))
class Schedule(Struct, forbid_unknown_fields=True):
    """How the learning rate changes."""

    name: Annotated[str, about("Which schedule.", enum="schedules")]


@having({name: (row.setting, row.setting.about) for name, row in CLIPS.items()})
class Clip(Struct, forbid_unknown_fields=True):
    """A bound on the gradients: on the norm of all together, or on every number."""


class Training(Struct, forbid_unknown_fields=True):
    """How long to train, and on how much at a time."""

    iterations: Annotated[Count, about("What “run to the end” means; stepping past it goes on.")] = 1
    epochs: Annotated[Count | UnsetType, about("Passes over the data, in place of iterations.")] = UNSET
    batch_size: Annotated[Count | UnsetType, about("Samples per iteration; without it, all.")] = UNSET
    shuffle: Annotated[bool | UnsetType, about("A different order of the samples in every epoch.")] = UNSET
    seed: Annotated[Seed | UnsetType, about("Where the random numbers of `shuffle`, dropout and noise start.")] = UNSET


class Published(Struct, forbid_unknown_fields=True):
    """A value that the source printed, right or wrong, to be checked at the precision it is written with."""

    name: Annotated[
        str,
        about(
            "Which variable: z1, y_hat, L, delta2, W1 (after its update), step_W1 (what it changes by), …; "
            "or of it one element, dL_dW2[0,0]."
        ),
    ]
    value: Annotated[
        PrintedNumbers,
        about(
            "A number, a list for a column or a row, a list of rows, or lists of these for more axes; 0.167 claims "
            "0.1665 to 0.1675."
        ),
    ]
    digits: Annotated[
        int | UnsetType, about("The decimals that all its numbers were printed with.", minimum=0, maximum=MOST_DECIMALS)
    ] = UNSET
    rtol: Annotated[NotNegative | UnsetType, about("How far off each number may be, as a share of its size.")] = UNSET
    atol: Annotated[NotNegative | UnsetType, about("How far off each number may be.")] = UNSET
    where: Annotated[str, about("Where in the source it stands.")] = ""
    iteration: Annotated[Count, about("The iteration that it was printed for, from 1.")] = 1


class Note(Struct, forbid_unknown_fields=True):
    """A text that is shown when an operation is reached, or that only the speaker's view shows then."""

    at: Annotated[str, about("An operation or a stage (delta2), or a position (3:delta2).")]
    text: Annotated[str | UnsetType, about("What to tell the reader.")] = UNSET
    speaker: Annotated[str | UnsetType, about("What to say there: for the speaker's view alone.")] = UNSET
    iteration: Annotated[Count | UnsetType, about("In which iteration, from 1; without it, in every one.")] = UNSET


class Source(Struct, forbid_unknown_fields=True):
    """Where the example comes from."""

    name: Annotated[str, about("Whose example it is.")] = ""
    url: Annotated[
        str | UnsetType, about("Its page: an address that begins with https:// or http://.", pattern=WEB_ADDRESS)
    ] = UNSET


class Conventions(Struct, forbid_unknown_fields=True):
    """Conventions of the source that differ from those of this program, so that what it printed can be compared."""

    delta: Annotated[str | UnsetType, about("δ is t − o.", enum=("t-o",))] = UNSET
    gradients: Annotated[
        str | UnsetType, about("Gradients have the sign turned, and the update adds them.", enum=("added",))
    ] = UNSET
    mean: Annotated[str | UnsetType, about("Where the mean over the batch is taken.", enum=("in gradients",))] = UNSET
    velocity: Annotated[
        str | UnsetType, about("The velocity has η in it, or is the step itself.", enum=("with rate", "step"))
    ] = UNSET
    layout: Annotated[str | UnsetType, about("Matrices have a row for each sample.", enum=("rows",))] = UNSET
    weights: Annotated[
        str | UnsetType, about("Nesterov's weights are kept apart from the look-ahead.", enum=("without look-ahead",))
    ] = UNSET

    @property
    def chosen(self) -> dict[str, str]:
        """What is declared, by key."""
        found = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return {name: value for name, value in found if value is not UNSET}


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
    conventions: Conventions = msgspec.field(default_factory=Conventions)
    published: Annotated[list[Published], about("Values that the source printed.", maxItems=MOST_TEXTS)] = []
    note: Annotated[list[Note], about("Texts shown at operations.", maxItems=MOST_TEXTS)] = []
