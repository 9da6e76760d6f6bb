"""What the keys do, a group of commands a file; the debugger's screen has them all."""
