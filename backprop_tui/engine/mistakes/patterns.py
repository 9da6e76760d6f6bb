"""Which variables the rows of the table of mistakes speak of."""

from backprop_tui.engine.mistakes.change import Where
from backprop_tui.engine.statements.variable import Role

ANY = Where()
SUM, ACTIVATION, PENALTY, LOSS = (
    Where((role,)) for role in (Role.WEIGHTED_SUM, Role.ACTIVATION, Role.PENALTY, Role.LOSS)
)
SHARES = Where((Role.ACTIVATION,), ("y_hat",))  # what a softmax output gives
NORM, DROPOUT = Where((Role.NORMALISATION,)), Where((Role.DROPOUT,))
OUTPUT = Where((Role.GRADIENT,), ("y_hat",))  # ∂L/∂ŷ
LOCAL = Where((Role.LOCAL_DERIVATIVE,))
BACKWARD = Where((Role.GRADIENT, Role.LOCAL_DERIVATIVE))
INNER = Where((Role.DELTA,))
DELTA = Where((Role.GRADIENT,), ("z",))
FLOWING = Where((Role.GRADIENT,))
GRADIENT = Where((Role.GRADIENT,), of_parameters=True)
OF_CENTERED, OF_VARIANCE = Where((Role.GRADIENT,), ("centered",)), Where((Role.GRADIENT,), ("var",))  # of a norm
OF_WEIGHTS, OF_BIASES = Where((Role.GRADIENT,), ("W",)), Where((Role.GRADIENT,), ("b",))
PARAMETERS, WEIGHTS = Where((Role.PARAMETER,)), Where((Role.PARAMETER,), ("W",))
STEP, CLIPPING, RATE = Where((Role.STEP,)), Where((Role.CLIPPING,)), Where((Role.LEARNING_RATE,))
UPDATE = Where((Role.LEARNING_RATE, Role.CLIPPING, Role.STEP, Role.PARAMETER))
# what reads the time step; momentum only asks whether it is the first
TIMED = Where((Role.LEARNING_RATE, Role.STEP), ("eta", "m_hat", "v_hat", "mu", "mu_next", "rate"))
DECAYED, SHRUNK = Where((Role.STEP,), ("d",)), Where((Role.STEP,), ("u",))
AHEAD = Where((Role.VALUE,), ("ahead",))
HALVED = (LOSS, "0.5 * a")
PENALISED = (OF_WEIGHTS, "a + l2 * b")
