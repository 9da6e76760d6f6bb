"""The values of formulas: whole or one element, what an element is made of, and expressions that people type."""
