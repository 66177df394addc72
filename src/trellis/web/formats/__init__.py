"""Formats of dates and numbers where the framework's do not fit the United States."""
