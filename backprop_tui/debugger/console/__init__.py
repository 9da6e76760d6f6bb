"""The `:` line without a screen: a session that runs commands and scripts, and completes them."""
