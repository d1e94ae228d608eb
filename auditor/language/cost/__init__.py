"""What a policy can cost at most, in steps, before anything is evaluated."""
