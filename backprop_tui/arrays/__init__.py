"""Arrays of one's own: what a program computed, by the names and in the layout that it has, beside what is right."""
