"""Predict: the result of the next operation is hidden, and asked for."""
