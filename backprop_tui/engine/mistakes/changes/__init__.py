"""Changes of formulas that need to know what stands around them, the layer or the lines of a model; changes of the start."""
