"""Rules for scenario files beyond the schema: shapes, names, what fits together."""
