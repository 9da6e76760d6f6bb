"""What went wrong, from all wrong numbers together: changed programs that explain them, and how sure that is."""
