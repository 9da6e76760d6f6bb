"""The scenario format of models that are written as formulas: its tables as types, beside those of `schema.py`."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Struct, UnsetType

from backprop_tui.scenario.format.schema import (
    MOST_TEXTS,
    Clip,
    Conventions,
    Loss,
    Note,
    Numbers,
    Optimizer,
    Published,
    Schedule,
    Seed,
    Size,
    Source,
    Start,
    Training,
    about,
)

Extent = int | str
AXES = about("What the axes are called, one name each.")


class Parameter(Struct, forbid_unknown_fields=True):
    """A parameter of a model that is made, or written with what else is to be known of it."""

    value: Annotated[Numbers | UnsetType, about("Its first value, in place of `shape` and `init`.")] = UNSET
    shape: Annotated[list[Extent] | UnsetType, about("Its shape: numbers, or names of sizes.", maxItems=5)] = UNSET
    init: Annotated[str | UnsetType, about("How to make it.", enum="initializers")] = UNSET
    seed: Annotated[Seed | UnsetType, about("Where the random numbers of `init` start.")] = UNSET
    freeze: Annotated[bool, about("Whether it stays as it is, untrained.")] = False
    axes: Annotated[list[str] | UnsetType, AXES] = UNSET


class Given(Struct, forbid_unknown_fields=True):
    """A constant of a model, such as the first state of a recurrent net; or noise, which is drawn in each iteration."""

    value: Annotated[Numbers | UnsetType, about("Its value.")] = UNSET
    noise: Annotated[
        str | UnsetType, about("How it is drawn, anew in every iteration, in place of `value`.", enum="noises")
    ] = UNSET
    shape: Annotated[
        list[Extent] | UnsetType, about("With `noise`: what is drawn for one sample, as for an input.", maxItems=4)
    ] = UNSET
    gradient: Annotated[bool, about("Also compute the gradient of L with respect to it.")] = False
    axes: Annotated[list[str] | UnsetType, AXES] = UNSET


class Input(Struct, forbid_unknown_fields=True):
    """An input of a model: what one sample has of it."""

    shape: Annotated[list[Extent], about("The shape of one sample: numbers, or names of sizes.", maxItems=4)]
    classes: Annotated[
        Extent | list[str] | UnsetType,
        about("How many classes there are, or what they are called, where its numbers are classes."),
    ] = UNSET
    gradient: Annotated[bool, about("Also compute the gradient of L with respect to it.")] = False
    axes: Annotated[list[str] | UnsetType, AXES] = UNSET


LAYOUTS = ("columns", "rows", "stack")


class Model(Struct, forbid_unknown_fields=True):
    """A model written as formulas, in place of layers."""

    forward: Annotated[str, about("The formulas, a line each: name = formula. One of them assigns L.")]
    parameters: Annotated[dict[str, Numbers | Parameter], about("The parameters, by name.")]
    given: Annotated[dict[str, Numbers | Given], about("Constants, by name.")] = {}
    inputs: Annotated[dict[str, Input], about("What a sample has, by name; [data] has the samples.")] = {}
    sizes: Annotated[dict[str, Size], about("Whole numbers by name, for shapes, loops and formulas.")] = {}
    samples: Annotated[str | UnsetType, about("How the samples of a batch lie beside each other.", enum=LAYOUTS)] = (
        UNSET
    )
    output: Annotated[str, about("The variable that is the prediction.")] = ""
    target: Annotated[str, about("The input that the prediction should be.")] = ""
    start: Start = {}
    update: Annotated[
        str, about("Formulas after the backward half, of constants that are carried on: a running mean, for example.")
    ] = ""


class ModelFile(Struct, forbid_unknown_fields=True):
    """A scenario of backprop-tui whose model is written as formulas."""

    format: Annotated[int, about("The version of this format.", enum=(1,))]
    model: Model
    optimizer: Optimizer
    data: Annotated[
        dict[str, Numbers | str],
        about(
            "The samples, a key for each input; one sample, or a list of them. Or npz, a file that has them by name, "
            "its path relative to the scenario. held_out is the share of samples kept for evaluation, seed where the "
            "random numbers of that start."
        ),
    ] = {}
    title: Annotated[str, about("What it is called.")] = ""
    source: Annotated[str | Source, about("Whose example it is; as a table, with the address of its page.")] = ""
    loss: Annotated[Loss | UnsetType, about("What makes L of `output` and `target`, where the text assigns none.")] = (
        UNSET
    )
    training: Training = msgspec.field(default_factory=Training)
    schedule: Schedule | UnsetType = UNSET
    clip: Clip | UnsetType = UNSET
    conventions: Conventions = msgspec.field(default_factory=Conventions)
    published: Annotated[list[Published], about("Values that the source printed.", maxItems=MOST_TEXTS)] = []
    note: Annotated[list[Note], about("Texts shown at operations.", maxItems=MOST_TEXTS)] = []
