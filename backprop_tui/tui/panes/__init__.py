"""The panes of the main screen: what they share."""
