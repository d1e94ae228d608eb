"""What a snapshot says: types from its schema, shaping, the cut at an instant, gaps, calendar."""
