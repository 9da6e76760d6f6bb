"""An executable iteration: compiled operations, frames of values, events."""
