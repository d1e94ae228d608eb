"""The site of documentation: pages as data, and what writes them as HTML or Markdown."""
