"""What every part of the debugger shares: addresses, positions, moments, how things are written."""
