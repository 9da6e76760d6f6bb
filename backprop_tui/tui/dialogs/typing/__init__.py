"""One line to type in: commands, a search, a position, an answer."""
