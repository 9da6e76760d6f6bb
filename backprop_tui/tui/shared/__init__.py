"""What panes and dialogs use: keys, colours, bars, background work."""
