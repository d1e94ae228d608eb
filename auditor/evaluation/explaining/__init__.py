"""Why an expression came to what it did."""
