"""The small ways in which people get a policy wrong: what `auditor policy mutate` tries the cases with."""
