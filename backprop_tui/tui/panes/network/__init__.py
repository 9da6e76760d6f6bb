"""The network pane: the diagram of layers, or the graph of operations."""
