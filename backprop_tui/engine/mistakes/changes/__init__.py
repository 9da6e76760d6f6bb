"""Changes of formulas that need to know what stands around them: the layer, or the lines and steps of a model."""
