"""A plan, facts and an instant to a result document."""
