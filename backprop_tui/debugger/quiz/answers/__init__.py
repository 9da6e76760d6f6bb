"""Answers as people type them: read, judged, and why a wrong one is wrong."""
