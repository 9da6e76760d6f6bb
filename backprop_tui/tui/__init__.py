"""The screen: keys become calls of the debugger, and panes show the moment that results."""
