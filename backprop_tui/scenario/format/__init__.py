"""The scenario format: its schema, what does not conform to it, and where in a file a value stands."""
