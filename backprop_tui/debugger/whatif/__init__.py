"""What if: edits of numbers and the branches of the run that they make."""
