"""Policy text to a checked plan."""
