"""A program as a graph of its operations. Operations and sizes in, strips out."""
