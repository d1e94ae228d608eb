"""Trying the cases of policies with small changes to the policies."""
