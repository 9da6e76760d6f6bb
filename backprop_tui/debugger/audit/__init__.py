"""What a source printed, judged number by number: verdicts, causes, the text of it."""
