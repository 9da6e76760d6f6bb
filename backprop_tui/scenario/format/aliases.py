"""What people call the things that a scenario names: other libraries' words, short forms, spellings.

A row is a name of the format (a key, or a name in one of its tables) and the words for it, in lower case and without
`-` and `_`. A word may stand for several names; which one is meant depends on what is being looked up.
"""

CALLED: dict[str, str] = {
    # activations
    "relu": "rectifier rectified rectifiedlinear rectifiedlinearunit relu1",
    "leaky-relu": "lrelu leakyrectifier prelu leakyrelu",
    "selu": "scaledelu",
    "silu": "swish swish1",
    "gelu-tanh": "gelunew gelufast geluapproximate gelupytorchtanh",
    "softplus": "smoothrelu",
    "sigmoid": "logistic sigm expit logsig logisticsigmoid σ",
    "hard-sigmoid": "hardsigm hsigmoid",
    "tanh": "hyperbolictangent tansig",
    "softmax": "normalizedexponential softargmax",
    "log-softmax": "logsoft",
    "identity": "linear none lin noop passthrough no purelin id null",
    # losses
    "binary-cross-entropy": "bce bceloss bcewithlogits bcewithlogitsloss binarycrossentropy logloss crossentropy "
    "crossentropyloss xent logisticloss xentropy sigmoidcrossentropy",
    "categorical-cross-entropy": "cce ce crossentropy crossentropyloss xent nll nllloss negativeloglikelihood "
    "sparsecategoricalcrossentropy softmaxcrossentropy celoss multinomiallogloss xentropy",
    "mean-squared-error": "mse mseloss l2 l2loss squarederror quadratic quadraticloss meansquare squaredloss "
    "meansquareerror leastsquares",
    "sum-squared-error": "sse sumofsquares sumsquares sumofsquarederrors residualsumofsquares rss",
    "half-squared-error": "halfmse halfsse halfsquared mse2 halfsumsquarederror halfsumofsquares",
    "mean-absolute-error": "mae l1 l1loss absoluteerror absolute",
    "huber": "huberloss smoothl1 smoothl1loss",
    "hinge": "hingeloss svm maxmargin",
    # optimizers
    "sgd": "gd gradientdescent stochasticgradientdescent momentum nesterov vanilla batchgradientdescent bgd nag "
    "sgdmomentum heavyball",
    "adam": "adamoptimizer amsgrad",
    "adamw": "adamweightdecay decoupledadam",
    "rmsprop": "rms",
    # initializers
    "xavier-uniform": "xavier glorot glorotuniform",
    "xavier-normal": "xavier glorot glorotnormal",
    "he-uniform": "he kaiming kaiminguniform",
    "he-normal": "he kaiming kaimingnormal msra",
    "normal": "gaussian randn randomnormal",
    "uniform": "rand random randomuniform",
    "zeros": "zero",
    # schedules, norms, data sets
    "step": "steplr stepdecay",
    "exponential": "exponentiallr exponentialdecay",
    "cosine": "cosineannealing cosineannealinglr",
    "warmup": "linearwarmup",
    "batch": "batchnorm batchnorm1d bn batchnormalization",
    "layer": "layernorm ln layernormalization",
    "moons": "makemoons twomoons halfmoons",
    "circles": "makecircles",
    "spirals": "spiral",
    "digits": "mnist",
    # keys
    "learning_rate": "lr eta η stepsize learnrate rate",
    "momentum": "beta mu",
    "betas": "beta beta1 beta2",
    "eps": "epsilon",
    "weight_decay": "decay wd l2",
    "regularization": "regularizer penalty",
    "iterations": "steps iters",
    "epochs": "epoch passes",
    "batch_size": "batch minibatch batchsize",
    "units": "neurons size outputs nodes width",
    "weights": "weight w kernel",
    "bias": "biases b",
    "activation": "act function nonlinearity",
    "init": "initializer initialization kernelinitializer",
    "inputs": "input inputsize infeatures",
    "layers": "layer",
    "x": "inputs samples features data",
    "y": "targets target labels t output outputs",
    "l1": "lasso",
    "l2": "ridge lambda",
    "optimizer": "optim optimiser solver",
    "loss": "cost objective criterion",
    "published": "expected claims printed",
    "dropout": "drop dropoutrate",
    "slope": "negativeslope alpha",
    "norm": "normalization batchnorm layernorm",
    "held_out": "validation test testsize validationsplit",
    "classes": "labels classnames",
    "reduction": "reduce",
    "shuffle": "shuffled",
    "name": "type kind",
}

# added to the hint where a word says more than the name that is meant
BESIDE: dict[str, str] = {
    "momentum": "with momentum = 0.9",
    "sgdmomentum": "with momentum = 0.9",
    "heavyball": "with momentum = 0.9",
    "nesterov": "with momentum = 0.9 and nesterov = true",
    "nag": "with momentum = 0.9 and nesterov = true",
    "amsgrad": "with amsgrad = true",
    "beta1": "the list of both, betas = [0.9, 0.999]",
    "beta2": "the list of both, betas = [0.9, 0.999]",
    "batchnorm": "norm = 'batch' in a layer",
    "layernorm": "norm = 'layer' in a layer",
}


PARTS = str.maketrans("", "", "-_ .")  # what separates the parts of a word


def plain(word: str) -> str:
    """A word as the table has it."""
    return word.lower().translate(PARTS)


def _by_word() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, words in CALLED.items():
        for word in words.split():
            found.setdefault(word, []).append(name)
    return found


MEANT = _by_word()
