"""Going to another step: running on and back until something is so, and stepping into an operation."""
