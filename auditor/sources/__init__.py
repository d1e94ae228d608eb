"""A tool, an export, a folder or a file to a snapshot."""
