"""Pure renderables: from an immutable description to strips of exact size. No widget, no application, no clock."""
