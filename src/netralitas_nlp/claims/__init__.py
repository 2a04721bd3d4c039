"""A local list of claims that fact-checkers have judged, and posts that repeat one of them."""
