"""Saving where somebody is in a scenario, and resuming there."""
