"""Linear: a tracker for action items."""
