"""The `:` line without a screen: a table of commands in pdb's and gdb's words, and what runs them."""
