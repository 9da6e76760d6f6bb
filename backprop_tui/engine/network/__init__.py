"""From the layers of a scenario to statements, and the samples of every iteration."""
