"""Somebody who speaks: the clock, and the view of a second terminal, over a socket that only this user can open."""
