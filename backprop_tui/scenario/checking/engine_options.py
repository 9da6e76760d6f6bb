"""The options of the engine that follow from a file, apart from its numbers."""

from typing import TYPE_CHECKING, Any

from msgspec import UNSET, structs

from backprop_tui.engine.network.layers import NORMS
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value, defaults, variables
from backprop_tui.engine.training import look_ahead, written_steps
from backprop_tui.engine.training.update_statements import SCHEDULES
from backprop_tui.formula.writing.symbols import OF_PARAMETERS
from backprop_tui.scenario.format import schema

if TYPE_CHECKING:
    from backprop_tui.scenario.format.model_schema import ModelFile

# how what a parameter changes by begins, and its look-ahead point, where they are asked for
STEPS = (written_steps.PREFIX, f"{OF_PARAMETERS[written_steps.KIND]}(")
AHEAD = (look_ahead.PREFIX, f"{look_ahead.KIND}(")
KINDS = {"weights": "W", "bias": "b"}


def of_layer(layer: schema.Layer) -> dict[str, Any]:
    """The options of `engine.network.Layer`."""
    row = ACTIVATIONS.get(layer.activation)
    given = {name: getattr(layer, name) for name in (row.settings if row else ())}
    return {
        "settings": {name: value for name, value in given.items() if value is not UNSET},
        "frozen": frozenset(KINDS[name] for name in layer.freeze or () if name in KINDS),
        "norm": layer.norm if layer.norm in NORMS else None,
        "dropout": layer.dropout or 0.0,
    }


def of_network(file: schema.File, optimizer: str) -> dict[str, Any]:
    """The options of `engine.network.Network`."""
    regularization = file.regularization
    return of_training(file, optimizer) | {
        "input_gradient": file.network.input_gradient,
        "reduction": file.loss.reduction if file.loss.reduction in schema.REDUCTIONS else "mean",
        "l1": regularization.l1 if regularization else 0.0,
        "l2": regularization.l2 if regularization else 0.0,
    }


def of_training(file: "schema.File | ModelFile", optimizer: str) -> dict[str, Any]:
    """The options of how a network or a model is trained."""
    schedule = file.schedule
    clip = _given(file.clip) if file.clip else {}
    return {
        "settings": of_optimizer(file.optimizer, optimizer),
        "batch_size": file.training.batch_size or None,
        "shuffle": file.training.shuffle or False,
        "seed": file.training.seed or 0,
        "steps": any(one.name.strip().startswith(STEPS) for one in file.published),
        "ahead": file.conventions.weights is not UNSET
        or any(one.name.strip().startswith(AHEAD) for one in file.published),
        "clip": next(iter(clip.items()), None),
        "schedule": (schedule.name, of_schedule(schedule)) if schedule and schedule.name in SCHEDULES else None,
    }


def of_optimizer(optimizer: schema.Optimizer, name: str) -> dict[str, Value]:
    """The settings of the optimizer that the file gives."""
    given = {key: value for key, value in structs.asdict(optimizer).items() if value is not UNSET}
    if betas := given.pop("betas", ()):
        given["betas"] = tuple((*betas, 0.0)[:2])  # the check says so where they are not two
    return {key: given[key] for key in ("learning_rate", *OPTIMIZERS[name].defaults) if key in given}


def of_schedule(schedule: schema.Schedule) -> dict[str, float]:
    """The settings that the schedule has; the check says so where one is missing."""
    settings = SCHEDULES[schedule.name].settings
    given = variables(defaults(settings) | _given(schedule))
    return {name: given.get(name, 1.0) for name in settings}


def _given(table: schema.Clip | schema.Schedule) -> dict[str, Any]:
    """The entries of a table of the file, except its name."""
    return {name: value for name, value in structs.asdict(table).items() if value is not UNSET and name != "name"}
