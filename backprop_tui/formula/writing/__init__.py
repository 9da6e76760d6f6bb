"""Formulas and numbers as text: symbols on the screen, names in files, NumPy code, matrices in lines."""
