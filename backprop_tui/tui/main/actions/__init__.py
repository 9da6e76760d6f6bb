"""What the keys do: functions of the desk, and the rows of the key table that name them, a file for each heading."""
