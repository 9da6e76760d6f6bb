"""The program and the parameter table."""
