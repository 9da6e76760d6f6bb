"""The samples of a batch, and evaluations of other samples."""
