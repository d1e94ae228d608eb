"""Function libraries: signature, cost, implementation and example together."""
