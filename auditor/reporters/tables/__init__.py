"""Views of a run as rows and columns: what ``csv`` and ``xlsx`` write."""
