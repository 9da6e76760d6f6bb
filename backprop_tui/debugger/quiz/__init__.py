"""Predictions: the next result is hidden and asked for; hints, score, progress."""
