"""Pure renderables: from an immutable description to Strips of exact size. No widget, no app, no clock."""
