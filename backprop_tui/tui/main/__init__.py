"""The main screen: its lines above and below the panes, and what the keys do."""
