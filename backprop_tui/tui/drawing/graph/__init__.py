"""A program as a graph of its operations. Pure, as all of `drawing`: operations and sizes in, strips out."""
