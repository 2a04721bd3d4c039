"""Exports in, results out. Ids are text from end to end."""
