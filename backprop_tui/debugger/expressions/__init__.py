"""What people type in: expressions with a value now, named quantities, watches, series, search by text."""
