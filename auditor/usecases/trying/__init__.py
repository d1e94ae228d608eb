"""The parts of ``auditor policy try``: the policy that is being written, and what is tried on snapshots."""
