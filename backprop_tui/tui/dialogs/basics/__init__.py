"""What dialogs are made of: a prompt, a list, a question, a letter."""
