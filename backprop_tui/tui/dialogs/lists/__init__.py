"""Lists to choose from: breakpoints, watches, branches, scenarios."""
