"""The diagram of layers as rows of styled cells."""
