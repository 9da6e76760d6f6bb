"""The verdicts on a published number, each with its sign."""

VERDICTS = AGREES, CUT_OFF, CARRIED_OVER, WRONG = ("agrees", "cut-off", "carried-over", "wrong")
SIGNS = dict(zip(VERDICTS, (("✓", "+"), ("≈", "~"), ("←", "<"), ("✗", "x")), strict=True))  # in Unicode, in ASCII
