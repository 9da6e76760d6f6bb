"""The numbers: statements derived from a network, programs that run them, and the timeline of a run."""
