"""Runs written out: as text, JSON lines and Markdown."""
