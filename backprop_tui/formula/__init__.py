"""The formula language: reading trees, printing them, running them and taking them apart."""
