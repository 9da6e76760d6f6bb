"""Classic mistakes: made on purpose beside the right run, and recognised from a number."""
