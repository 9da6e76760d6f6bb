"""The tables that one row is added to: activations, losses, optimizers, initialisers; and seeded randomness."""
