"""The screens: the debugger, and what opens over it."""
