"""Breakpoints: as records, as people type them, as tests in a program, and the search for the next stop."""
