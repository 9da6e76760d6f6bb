"""The commands of the `:` line, a file for each family, and their table."""
