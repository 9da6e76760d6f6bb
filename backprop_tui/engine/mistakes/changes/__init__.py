"""Changes of formulas that need to know what stands around them, the layer or a model's lines; changes of the start."""
