"""The parts of the main screen that keep something between two keys, each in an object of its own."""
