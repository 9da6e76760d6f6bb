"""Tables that are extended by one row: activations, losses, optimizers, initialisers; and seeded randomness."""
