"""The terminal itself: keys typed ahead, a terminal that goes away, the clipboard."""
