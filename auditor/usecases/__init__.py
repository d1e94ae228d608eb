"""One file per thing that a user can do."""
