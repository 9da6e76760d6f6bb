"""How the loss reacts to one number, and what each sample adds to a sum."""
