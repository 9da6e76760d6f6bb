"""A sentence in plain words for every operation that fits the case at hand, and the glossary."""
