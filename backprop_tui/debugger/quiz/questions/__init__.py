"""What is asked of which kind of operation, and what is known when it is asked."""
