"""How a new policy is written: shapes, what can stand in their blanks, and the text that comes of it."""
