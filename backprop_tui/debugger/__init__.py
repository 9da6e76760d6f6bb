"""The whole program without a screen: the `Debugger`, and what it is composed of."""
