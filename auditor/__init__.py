"""Judge snapshots of client projects against delivery-framework policies."""

__version__ = "0.1.0"
