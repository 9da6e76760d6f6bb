"""The panes: thin widgets around what `drawing` and the files here draw of a moment."""
