"""The program in a pseudo-terminal, and what is beside a redraw of it."""
