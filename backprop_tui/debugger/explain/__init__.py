"""Where a number comes from, which paths lead from it to L, and what it touches.

By events and frames, never by names alone: an update gives W2 a new value, and ∂L/∂h was computed from the old one.
"""
