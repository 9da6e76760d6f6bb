"""The table of classic mistakes, and programs and runs with one of them made."""
