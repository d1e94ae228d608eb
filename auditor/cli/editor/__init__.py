"""The editor's server: the Language Server Protocol on one side, `auditor.usecases.editing` on the other."""
