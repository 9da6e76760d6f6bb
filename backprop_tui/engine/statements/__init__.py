"""Statements, and the derivation of the backward half from the forward one."""
