"""The fast path: Python code generated from checked policies, which answers only what the exact evaluator answers."""
