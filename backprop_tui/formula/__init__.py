"""The formula language: trees, reading, printing, running, taking apart."""
