"""Extensions: from installed entry points to typed objects."""
