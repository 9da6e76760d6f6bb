"""The formula language: trees, the table of primitives, reading text, and algebra on trees."""
