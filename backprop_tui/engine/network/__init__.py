"""Dense layers, and the classes that their outputs stand for."""
