"""Runs written out: as text and as JSON lines."""
