"""Scenarios whose model is written as formulas: their values as arrays, their rules, and the model itself."""
