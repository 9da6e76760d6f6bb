"""The equation pane: formula, numbers put in, result, meaning, and what stands beside them."""
