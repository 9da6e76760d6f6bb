"""What the keys do, a group of commands a file."""
