"""What the commands of the command line do, a module each; `cli` imports the one that is called."""

FINE, FOUND, WRONG, INTERRUPTED = 0, 1, 2, 130  # exit statuses
