"""The second engine: what cel-python says of the same policies. Nothing here is imported unless it is asked for."""
