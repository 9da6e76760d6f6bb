"""Models that are written as formulas: from the text of a scenario to statements."""
