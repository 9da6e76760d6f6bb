"""What a formula gives: all of it or one element, what an element is made of, expressions that people type."""
