"""How a network or a model is trained: its batches, its schedule, its clipping, and the optimizer's equations."""
