"""Random access to all steps of a run: what is kept, what is replayed, and edits."""
