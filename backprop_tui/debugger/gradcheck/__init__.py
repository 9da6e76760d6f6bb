"""Gradients beside finite differences of L: what backpropagation says and what L does are not the same code."""
