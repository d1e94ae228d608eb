"""The five OSCAL documents of a run, each in a module of its own, and what they share."""
