"""Beside PyTorch, in float64: the gradients of one iteration and the parameters after ten."""

from collections.abc import Mapping
from functools import reduce
from inspect import signature
from itertools import product
from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.network.layers import NORMS
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.evaluation import Evaluator
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.initializers import INITIALIZERS, initial
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value, defaults, variables
from backprop_tui.engine.training.update_statements import CLIPS, SCHEDULES
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.values.compile import compiled
from tests.engine.networks import CASES, TRAINED, Case, outputs
from tests.engine.options import IN_BATCHES, NETWORKS

pytestmark = pytest.mark.reference
torch = pytest.importorskip("torch", reason="PyTorch is not installed, so nothing is compared with it: ./dev reference")

TOLERANCE = 1e-12  # of the largest entry

torch.set_default_dtype(torch.float64)  # nadam keeps a product of the default type
DIVIDING = 1e-10  # of optimizers that divide by what they have collected
ITERATIONS = 10
ABSOLUTE = next(name for name, case in CASES.items() if case.loss == "mean-absolute-error" and case.batch > 1)

F = torch.nn.functional


def named(path: str) -> Any:
    """What PyTorch has under a name, such as torch.nn.functional.relu."""
    return reduce(getattr, path.split(".")[1:], torch)


def counterparts(rows: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What each row says that PyTorch's is, or what it is made of here; a row may have no counterpart at all."""
    return {name: named(row.torch) for name, row in rows.items() if row.torch} | dict(more or {})


# What PyTorch has in another form than its rows' `torch` could say.
TORCH_ACTIVATIONS = counterparts(
    ACTIVATIONS,
    {
        "identity": lambda z: z,
        "gelu-tanh": lambda z: F.gelu(z, approximate="tanh"),
        "softplus": lambda z: F.softplus(z, threshold=1000.0),  # PyTorch's is the identity above 20
        "hard-sigmoid": lambda z: torch.clamp(z / 6 + 0.5, 0, 1),  # F.hardsigmoid has the sixth of a float32
        "softmax": lambda z: torch.softmax(z, dim=0),
        "log-softmax": lambda z: torch.log_softmax(z, dim=0),
    },
)


def over_samples(y_hat: Any, y: Any, reduction: str) -> Any:
    """Summed over the outputs, averaged over the samples, which are columns."""
    return F.mse_loss(y_hat, y, reduction="sum") / (y.shape[1] if reduction == "mean" else 1)


def labels(y: Any) -> Any:
    """Targets as PyTorch's losses of classes want them: the class of each sample."""
    return y.argmax(dim=0)


def logarithms(y_hat: Any) -> Any:
    """Of what a softmax gives; what a log-softmax gives are such already."""
    return torch.log(y_hat) if (y_hat > 0).all() else y_hat


TORCH_LOSSES = counterparts(
    LOSSES,
    {
        "sum-squared-error": over_samples,
        "half-squared-error": lambda y_hat, y, reduction: over_samples(y_hat, y, reduction) / 2,
        # PyTorch has no such loss for targets of −1 and 1, but what it is made of
        "hinge": lambda y_hat, y, reduction: getattr(torch.relu(1 - y * y_hat), reduction)(),
        "categorical-cross-entropy": lambda y_hat, y, reduction: F.nll_loss(
            logarithms(y_hat).T, labels(y), reduction=reduction
        ),
        "output": lambda y_hat, y, reduction: y_hat.sum() / (y_hat.shape[1] if reduction == "mean" else 1),
    },
)
# (loss, output activation) -> PyTorch's loss of the pre-activations, which is what people use
TORCH_WITH_LOGITS: dict[tuple[str, str], Any] = {
    ("binary-cross-entropy", "sigmoid"): F.binary_cross_entropy_with_logits,
    ("categorical-cross-entropy", "softmax"): lambda z, y, reduction: F.cross_entropy(
        z.T, labels(y), reduction=reduction
    ),
    ("categorical-cross-entropy", "log-softmax"): lambda z, y, reduction: F.cross_entropy(
        z.T, labels(y), reduction=reduction
    ),
}
TORCH_OPTIMIZERS = counterparts(OPTIMIZERS)
TORCH_SCHEDULES = counterparts(
    SCHEDULES,
    {
        "step": lambda o, step_size, gamma: torch.optim.lr_scheduler.StepLR(o, int(step_size), gamma),
        "cosine": lambda o, t_max: torch.optim.lr_scheduler.CosineAnnealingLR(o, int(t_max)),
        "warmup": lambda o, steps: torch.optim.lr_scheduler.LambdaLR(o, lambda done: min(1.0, (done + 1) / steps)),
    },
)
TORCH_CLIPS = counterparts(CLIPS)
TORCH_NORMS = counterparts(NORMS)
TORCH_INITIALIZERS = counterparts(INITIALIZERS)
# whose signature has the default of a setting that is not given, and what it calls the setting
DEFAULTS: dict[tuple[str, Value | None], tuple[Any, str]] = {
    ("leaky-relu slope", ACTIVATIONS["leaky-relu"].settings["slope"].default): (F.leaky_relu, "negative_slope"),
    ("step gamma", SCHEDULES["step"].settings["gamma"].default): (torch.optim.lr_scheduler.StepLR, "gamma"),
    **{
        (f"{norm} {setting}", value): (TORCH_NORMS[norm], setting)
        for norm, row in NORMS.items()
        if row.torch
        for setting, value in defaults(row.settings).items()
    },
    **{
        (f"{name} {setting}", value): (TORCH_OPTIMIZERS[name], setting)
        for name, row in OPTIMIZERS.items()
        if row.torch
        for setting, value in row.defaults.items()
    },
}


def compared(network: Network) -> bool:
    """Whether PyTorch has all that a network is made of; what it does not have is held to finite differences alone."""
    return (
        all(layer.activation in TORCH_ACTIVATIONS for layer in network.layers)
        and all(layer.norm in (None, *TORCH_NORMS) for layer in network.layers)
        and network.loss in TORCH_LOSSES
        and network.optimizer in TORCH_OPTIMIZERS
        and (network.clip is None or network.clip[0] in TORCH_CLIPS)
        and (network.schedule is None or network.schedule[0] in TORCH_SCHEDULES)
    )


def those(networks: Mapping[str, Network]) -> list[str]:
    """Which of some networks PyTorch can be compared with."""
    return [name for name, network in networks.items() if compared(network)]


@pytest.mark.parametrize(("what", "value"), DEFAULTS)
def test_a_setting_has_pytorchs_name_and_default(what: str, value: Value) -> None:
    of, setting = DEFAULTS[what, value]
    assert signature(of).parameters[setting].default == value


@pytest.mark.parametrize("name", TORCH_OPTIMIZERS)
def test_the_slots_are_pytorchs_under_the_names_that_the_docs_give(name: str) -> None:
    network = NETWORKS[f"{name} everything"]
    program = Program.of(network)
    kinds = {program.variables[slot].kind for slot in program.slots}
    ours = {equation.target: equation.torch for equation in OPTIMIZERS[name].equations if equation.torch}
    assert kinds == ours.keys()
    tensor = torch.ones(2, requires_grad=True)
    optimizer = trainer(network, [tensor])
    tensor.sum().backward()
    optimizer.step()
    assert {*optimizer.state[tensor]} - {"step"} == {*ours.values()}


@pytest.mark.parametrize("name", TORCH_INITIALIZERS)
def test_first_weights_are_distributed_as_pytorchs(name: str) -> None:
    """The largest distance between the two distributions, of 36,000 weights each; 0.02 is reached once in a million."""
    torch.manual_seed(0)
    theirs = torch.empty(120, 300)
    TORCH_INITIALIZERS[name](theirs)
    ours, theirs = (np.sort(x.ravel()) for x in (initial(name, 120, 300, seed=0, layer=1), theirs.numpy()))
    points = np.concatenate([ours, theirs])
    shares = [np.searchsorted(x, points, side="right") / x.size for x in (ours, theirs)]
    assert np.abs(shares[0] - shares[1]).max() < 0.02


def trainer(network: Network, trained: list[Any]) -> Any:
    """PyTorch's optimizer with the settings that the network gives, and PyTorch's own defaults for the rest."""
    given = dict(network.settings)
    return TORCH_OPTIMIZERS[network.optimizer](trained, lr=given.pop("learning_rate"), **given)


def norms_of(network: Network) -> dict[int, Any]:
    """PyTorch's own layers in their first state; they have a row per sample."""
    return {k: TORCH_NORMS[layer.norm](layer.units) for k, layer in enumerate(network.layers, 1) if layer.norm}


def loss_of(
    network: Network, tensors: dict[str, Any], norms: dict[int, Any], iteration: int, *, with_logits: bool
) -> Any:
    """The forward half in PyTorch, penalty included; the samples and the masks are fed to it."""
    samples = {name: torch.tensor(value) for name, value in network.feed.samples(iteration).items()}
    h = tensors["x"] if samples["x"].shape == network.x.shape else samples["x"]
    masks = network.masks(iteration, h.shape[1])
    z = h
    penalty = 0.0
    for k, layer in enumerate(network.layers, 1):
        weights = tensors[f"W{k}"]
        z = weights @ h
        z = z if layer.bias is None else z + tensors[f"b{k}"]
        z = norms[k](z.T).T if layer.norm else z
        h = TORCH_ACTIVATIONS[layer.activation](z)
        h = torch.tensor(masks[f"mask{k}"]) * h / (1 - layer.dropout) if layer.dropout else h
        penalty = penalty + network.l1 * weights.abs().sum() + network.l2 * (weights**2).sum() / 2
    of, value = TORCH_LOSSES[network.loss], h
    if with_logits:
        of, value = TORCH_WITH_LOGITS[network.loss, network.layers[-1].activation], z
    return of(value, samples.get("y"), reduction=network.reduction) + penalty


def reference(network: Network, *, with_logits: bool = False) -> tuple[dict[str, Any], dict[str, Any], list[float]]:
    """PyTorch's first gradients, last parameters and running statistics, and the loss of every iteration."""
    names = network.trained()
    wanted = [*names, *(["x"] if network.input_gradient else [])]
    start = network.parameters() | {"x": network.x}
    tensors = {name: torch.tensor(value, requires_grad=name in wanted) for name, value in start.items()}
    norms = norms_of(network)
    for k, norm in norms.items():
        tensors |= {f"scale{k}": norm.weight, f"shift{k}": norm.bias}
    trained = [tensors[name] for name in names]
    optimizer = trainer(network, trained)
    schedule = TORCH_SCHEDULES[network.schedule[0]](optimizer, **network.schedule[1]) if network.schedule else None
    gradients: dict[str, Any] = {}
    losses = []
    for iteration in range(1, ITERATIONS + 1):
        for name in wanted:
            tensors[name].grad = None
        loss = loss_of(network, tensors, norms, iteration, with_logits=with_logits)
        losses.append(float(loss.detach()))
        loss.backward()
        gradients = gradients or {
            name: as_ours(tensors[name].grad) for name in wanted if tensors[name].grad is not None
        }
        if network.clip:
            TORCH_CLIPS[network.clip[0]](trained, network.clip[1])
        optimizer.step()
        if schedule:
            schedule.step()
    last = {name: as_ours(tensors[name].detach()) for name in names}
    for k, norm in norms.items():
        last |= {f"running_{name}{k}": as_ours(t) for name, t in running(norm)}
    return gradients, last, losses


def running(norm: Any) -> list[tuple[str, Any]]:
    """The running statistics of a norm, if it has any."""
    return [("mu", norm.running_mean), ("var", norm.running_var)] if hasattr(norm, "running_mean") else []


def as_ours(tensor: Any) -> np.ndarray:
    """A copy, what has one axis as a column."""
    found: np.ndarray = tensor.numpy().copy()
    return found.reshape(-1, 1) if found.ndim == 1 else found


def close(found: Any, expected: Any, what: str, tolerance: float = TOLERANCE, scale: float | None = None) -> None:
    scale = np.abs(expected).max() if scale is None else scale
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * scale, err_msg=what)


def compare(network: Network) -> None:
    """First gradients, the loss of every iteration, last parameters; of both forms of a loss that PyTorch has."""
    events = [*run(Program.of(network), ITERATIONS + network.ahead)]
    beside(network, events, reference(network))
    if (network.loss, network.layers[-1].activation) in TORCH_WITH_LOGITS:
        beside(network, events, reference(network, with_logits=True))


def beside(network: Network, events: list[Event], theirs: tuple[dict[str, Any], dict[str, Any], list[float]]) -> None:
    gradients, parameters, losses = theirs
    tolerance = TOLERANCE if network.optimizer == "sgd" else DIVIDING
    # behind a norm some gradients are 0 but for rounding, a bias's for one; of a sum of shares all are
    largest = max(float(np.abs(g).max()) for g in gradients.values())
    scale = largest if any(layer.norm for layer in network.layers) else None
    scale = 1.0 if largest < 1e-14 else scale
    # PyTorch's parameters are the look-ahead points; where these stand apart, they follow in the next iteration
    at, prefix = (ITERATIONS + 1, "ahead_") if network.ahead else (ITERATIONS, "")
    for event in events:
        name = event.name.removeprefix("dL_d")
        if event.name == "L" and event.iteration <= ITERATIONS:
            np.testing.assert_allclose(event.value, losses[event.iteration - 1], rtol=tolerance)
        elif event.name != name and name in gradients and event.iteration == 1:
            close(event.value, gradients.pop(name), event.name, scale=scale)
        elif event.name.removeprefix(prefix) in parameters and event.iteration == at and event.name.startswith(prefix):
            close(event.value, parameters.pop(event.name.removeprefix(prefix)), event.name, tolerance)
    assert not gradients
    assert not parameters


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in CASES.items() if compared(case.network())]
)
def test_training(case: Case) -> None:
    compare(case.network())


@pytest.mark.parametrize("name", those(TRAINED))
def test_every_activation_loss_and_optimizer(name: str) -> None:
    compare(TRAINED[name])


@pytest.mark.parametrize("name", [name for name in TORCH_ACTIVATIONS if ACTIVATIONS[name].derivative])
def test_at_a_kink_the_derivative_is_pytorchs(name: str) -> None:
    row, theirs = ACTIVATIONS[name], {**TORCH_ACTIVATIONS, "hard-sigmoid": F.hardsigmoid}[name]
    points = np.array([[-3.0, -1.0, -0.0, 0.0, 1.0, 3.0]])
    given = [np.float64(value) for value in variables(defaults(row.settings)).values()]
    names = ("a", *row.settings)
    found = compiled(parse(row.derivative))(
        dict(zip(names, (points, *given), strict=True)) | {"ans": theirs(torch.tensor(points)).numpy()}
    )
    z = torch.tensor(points, requires_grad=True)
    theirs(z).sum().backward()
    rtol = 1e-7 if name == "hard-sigmoid" else 1e-12
    np.testing.assert_allclose(np.broadcast_to(found, points.shape), z.grad.numpy(), rtol=rtol, atol=1e-15)


def test_at_a_kink_of_the_absolute_error_the_derivative_is_pytorchs() -> None:
    """The numbers are small and whole, so that both forward halves give the very same bits."""
    network = Case(("identity",), "mean-absolute-error", batch=3, units=(2,)).network()
    (layer,) = network.layers
    whole = msgspec.structs.replace(layer, weights=np.rint(4 * layer.weights), bias=np.array([[1.0], [-2.0]]))
    network = msgspec.structs.replace(network, layers=(whole,), x=np.rint(4 * network.x))
    found = {event.name: event.value for event in run(Program.of(network), 1)}
    network = msgspec.structs.replace(network, y=found["y_hat"])
    found = {event.name: event.value for event in run(Program.of(network), 1)}
    assert not found["dL_dy_hat"].any()
    gradients, _, _ = reference(network)
    assert not any(gradient.any() for gradient in gradients.values())


def test_at_a_kink_of_the_hinge_the_derivative_is_that_of_pytorchs_maximum() -> None:
    """PyTorch has no such loss; written with its relu the derivative there is 0, with its maximum it is the half."""
    y = np.array([[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0]])
    program = Program.of(Case(("identity",), "hinge", batch=3, units=(2,)).network())
    found = program.by_name["dL_dy_hat"].run({"y": y, "y_hat": y})
    y_hat = torch.tensor(y, requires_grad=True)
    torch.maximum(torch.zeros(()), 1 - torch.tensor(y) * y_hat).mean().backward()
    np.testing.assert_array_equal(found, y_hat.grad.numpy())
    assert LOSSES["hinge"].kink == "half of −y at yŷ = 1"


def test_at_a_weight_of_0_the_l1_penalty_has_pytorchs_derivative() -> None:
    start = CASES[ABSOLUTE].network()
    last = start.layers[-1]
    zero = msgspec.structs.replace(last, weights=np.zeros_like(last.weights))
    network = msgspec.structs.replace(start, layers=(*start.layers[:-1], zero), l1=0.3)
    found = {event.name: event.value for event in run(Program.of(network), 1)}
    gradients, _, _ = reference(network)
    close(found[f"dL_dW{len(start.layers)}"], gradients[f"W{len(start.layers)}"], "dL_dW")


def test_none_is_left_out() -> None:
    """Every activation hidden with every loss and optimizer, and each that a loss takes as its output."""
    found = {
        (layer.activation, network.loss, network.optimizer) for network in TRAINED.values() for layer in network.layers
    }
    assert found == {*product(ACTIVATIONS, LOSSES, OPTIMIZERS)}
    last = {(network.layers[-1].activation, network.loss, network.optimizer) for network in TRAINED.values()}
    flat = {("softmax", "output", optimizer) for optimizer in OPTIMIZERS if optimizer != "sgd"}
    wanted = {(name, loss.name, o) for loss in LOSSES.values() for name in outputs(loss) for o in OPTIMIZERS}
    assert last == wanted - flat


@pytest.mark.parametrize("name", [name for name in those(NETWORKS) if NETWORKS[name].trained()])
def test_training_with(name: str) -> None:
    compare(NETWORKS[name])


@pytest.mark.parametrize("name", those(IN_BATCHES))
def test_training_in_batches(name: str) -> None:
    compare(IN_BATCHES[name])


@pytest.mark.parametrize("name", ["batch norm everywhere", "layer norm everywhere", "dropout and norms"])
def test_evaluating(name: str) -> None:
    """PyTorch's layers in eval mode with what ten iterations of ours have left."""
    network = NETWORKS[name]
    program = Program.of(network)
    frame = program.first()
    for _ in range(ITERATIONS):
        frame = program.following(program.fill(frame))
    h, y = torch.tensor(network.x), torch.tensor(network.y)
    penalty = 0.0
    for k, layer in enumerate(network.layers, 1):
        weights, bias = (torch.tensor(frame[f"{kind}{k}"]) for kind in "Wb")
        norm = TORCH_NORMS[layer.norm or ""](layer.units)
        theirs = {"weight": "scale", "bias": "shift", "running_mean": "running_mu", "running_var": "running_var"}
        known = {
            name: torch.tensor(frame[f"{ours}{k}"]).flatten() for name, ours in theirs.items() if hasattr(norm, name)
        }
        norm.load_state_dict(known, strict=False)
        mode = torch.nn.Sequential(norm.eval(), torch.nn.Dropout(layer.dropout)).eval()
        h = TORCH_ACTIVATIONS[layer.activation](mode((weights @ h + bias).T).T)
        penalty = penalty + network.l2 * (weights**2).sum() / 2
    loss = TORCH_LOSSES[network.loss](h, y, reduction=network.reduction) + penalty
    found = Evaluator(network)(frame.__getitem__, network.x, network.y)
    close(found.y_hat, h.detach().numpy(), "y_hat")
    assert found.loss == pytest.approx(float(loss.detach()), rel=TOLERANCE)
