"""The parts of the report as one page of HTML."""
